/**
 * What the rings cost: records on their way to the I/O thread, results and fetched bytes on their way back. Both ends run on one
 * thread here, one after the other, so that nothing but the work itself is measured. `node bench/micro/ring.ts`
 */
import { CompletionReader, CompletionWriter } from '../../src/shared/completion.ts'
import { BATCH_OVERHEAD } from '../../src/shared/record-batch.ts'
import { createRing, RingReader, RingWriter } from '../../src/shared/ring.ts'
import { SubmissionWriter } from '../../src/shared/submission.ts'
import { SubmissionReader, type SubmissionSink } from '../../src/shared/submission-reader.ts'
import { tailBound } from '../../src/shared/tail.ts'
import type { Bytes } from '../../src/shared/types.ts'
import { writeRecord } from '../../src/workers/record-batch.ts'
import { main } from './measure.ts'

const CAPACITY = 4 << 20
const ENTRIES = 2000
const LARGE = 256 * 1024
const READ_BUDGET = 512 * 1024
const nothing = () => {}

let seen = 0
const target = Buffer.alloc(CAPACITY)
let filled = BATCH_OVERHEAD

/** Looks at entries only, or copies records into a batch as the I/O core does. */
function sink(onRecord: SubmissionSink['onRecord']): SubmissionSink {
  return {
    onRecord,
    onCredit: () => void seen++,
    onCancel: nothing,
    onWaited: nothing,
    onFlush: nothing,
    onDrained: nothing,
  }
}

const counting = sink((_lane, _timestamp, _source, start, end) => {
  seen += end - start
})
const batching = sink((lane, _timestamp, source, start, end) => {
  if (filled + end - start + 32 > target.length) filled = BATCH_OVERHEAD
  filled = writeRecord(target, filled, 0, lane, source, start, end)
})

function submission() {
  const ring = createRing(CAPACITY)
  return {
    writer: new SubmissionWriter(new RingWriter(ring), nothing, () => performance.now()),
    reader: new SubmissionReader(new RingReader(ring)),
  }
}

function completion() {
  const ring = createRing(CAPACITY * 2)
  return { writer: new CompletionWriter(new RingWriter(ring), nothing), reader: new CompletionReader(new RingReader(ring)) }
}

const values: [string, Bytes][] = [
  ['100-byte Buffer', Buffer.alloc(100, 97)],
  ['100-byte text', 'a'.repeat(100)],
  ['1000-byte Buffer', Buffer.alloc(1000, 97)],
]

const submitted = values.flatMap(([name, value]) =>
  [counting, batching].map((into) => {
    const { writer, reader } = submission()
    const bytes = tailBound(null, value, undefined)
    return {
      name: `${name}, ${into === counting ? 'looked at' : 'copied into a batch'}`,
      units: ENTRIES,
      bytes: value!.length,
      run() {
        for (let i = 0; i < ENTRIES; i++) writer.record(i % 6, 1_764_000_000_000, null, value, undefined, bytes)
        writer.publish()
        while (reader.drain(into, READ_BUDGET));
      },
    }
  }),
)

const credits = submission()
const results = completion()
const fetches = completion()
const chunk = Buffer.alloc(LARGE, 97)
const receiver = {
  onAcked: (_lane: number, count: number) => void (seen += count),
  onFailed: nothing,
  onFetched: (_ticket: number, _next: number, _epoch: number, bytes: Buffer) => void (seen += bytes.length),
  onFetchFailed: nothing,
}

const terms = {
  offset: 0,
  maxBytes: LARGE,
  maxWaitMs: 500,
  minBytes: 1,
  fetcher: 0,
  readCommitted: false,
  lastFetchedEpoch: -1,
  patient: false,
}

const credit = {
  name: 'written and read',
  units: ENTRIES,
  run() {
    for (let i = 0; i < ENTRIES; i++) {
      terms.offset = i
      credits.writer.credit(i, 1, terms)
    }
    credits.writer.publish()
    while (credits.reader.drain(counting, READ_BUDGET));
  },
}

const acknowledgement = {
  name: 'written and read',
  units: ENTRIES,
  run() {
    for (let i = 0; i < ENTRIES; i++) results.writer.acked(i % 6, 1000, i, -1, 100_000)
    results.writer.flush()
    results.reader.drain(receiver)
  },
}

const fetched = {
  name: 'of 256 KiB, written and read',
  units: 1,
  bytes: LARGE,
  run() {
    fetches.writer.fetched(1, 1, -1, [chunk])
    fetches.writer.flush()
    fetches.reader.drain(receiver)
  },
}

await main('ring', [
  { title: 'Submission ring: records', unit: 'record', subjects: submitted },
  { title: 'Submission ring: credits', unit: 'credit', subjects: [credit] },
  { title: 'Completion ring: acknowledgements', unit: 'batch', subjects: [acknowledgement] },
  { title: 'Completion ring: fetched answers', unit: 'answer', subjects: [fetched] },
])
if (seen === 0) throw new Error('nothing was read')
