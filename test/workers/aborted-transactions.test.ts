import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  attributes,
  BATCH_OVERHEAD,
  BatchField,
  batchCrc,
  readRecords,
  writeInt32,
  writeInt64,
} from '../../src/shared/record-batch.ts'
import type { FetchedRecord } from '../../src/shared/types.ts'
import { type AbortedTransaction, AbortedTransactions } from '../../src/workers/aborted-transactions.ts'
import { inspectBatches } from '../../src/workers/fetched-batches.ts'
import { compressBatch } from '../../src/workers/record-batch.ts'
import { makeBatch, type TestRecord } from './batches.ts'

const limits = { maxBatchBytes: 1 << 20 }

type Kind = 'plain' | 'transactional' | 'abort' | 'commit'

interface Entry {
  kind: Kind
  producer: number
  /** Of the batch; markers have one. */
  records?: number
  gzip?: boolean
  /** The header alone is left, as after compaction. */
  empty?: boolean
  /** Offsets that compaction took away in front of it. */
  gap?: number
  epoch?: number
}

interface Log {
  bytes: Buffer
  /** Of each entry. */
  first: number[]
  last: number[]
  end: number
}

function marker(type: 'abort' | 'commit'): TestRecord[] {
  return [{ timestamp: 1, key: Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]), value: Buffer.from([0, 0, 0, 0, 0, 0]) }]
}

function batchOf({ kind, producer, records = 1, gzip = false, empty = false, epoch = 3 }: Entry, base: number): Buffer {
  const control = kind === 'abort' || kind === 'commit'
  const made = control ? marker(kind) : Array.from({ length: records }, (_, i) => ({ timestamp: 1, value: `${base + i}` }))
  const bits = attributes.make(0, { transactional: kind !== 'plain', control })
  let batch = makeBatch(made, { producerId: producer, producerEpoch: 0, baseSequence: 0, attributes: bits })
  if (gzip && !control) batch = compressBatch(batch, 0, batch.length, 'gzip', undefined)
  if (empty) {
    batch = Buffer.from(batch.subarray(0, BATCH_OVERHEAD))
    writeInt32(batch, BatchField.length, BATCH_OVERHEAD - 12)
    writeInt32(batch, BatchField.recordCount, 0)
    writeInt32(batch, BatchField.crc, batchCrc(batch, 0, batch.length))
  }
  writeInt64(batch, 0, base)
  writeInt32(batch, BatchField.partitionLeaderEpoch, epoch)
  return batch
}

function logOf(entries: readonly Entry[]): Log {
  const log: Log = { bytes: Buffer.alloc(0), first: [], last: [], end: 0 }
  const parts: Buffer[] = []
  for (const entry of entries) {
    const base = log.end + (entry.gap ?? 0)
    parts.push(batchOf(entry, base))
    log.first.push(base)
    log.end = base + (entry.kind === 'abort' || entry.kind === 'commit' ? 1 : (entry.records ?? 1))
    log.last.push(log.end - 1)
  }
  log.bytes = Buffer.concat(parts)
  return log
}

function read(log: Log, aborted: AbortedTransaction[], from = 0) {
  const found = inspectBatches(log.bytes, limits, from, new AbortedTransactions(aborted))
  const records: FetchedRecord[] = []
  readRecords('t', 0, Buffer.concat(found.chunks), from, records)
  return {
    offsets: records.map(({ offset }) => offset),
    nextOffset: found.nextOffset,
    lastEpoch: found.lastEpoch,
    error: found.error,
  }
}

const t = (producer: number, records = 1, more: Partial<Entry> = {}): Entry => ({
  kind: 'transactional',
  producer,
  records,
  ...more,
})
const abort = (producer: number): Entry => ({ kind: 'abort', producer })
const commit = (producer: number): Entry => ({ kind: 'commit', producer })

describe('C18, IC6: read_committed', () => {
  it('leaves out an aborted transaction, between others and with the markers passed', () => {
    const log = logOf([t(1, 2), commit(1), t(1, 3), abort(1), t(1, 1), commit(1)])
    expect(read(log, [{ producerId: 1, firstOffset: 3 }])).toEqual({
      offsets: [0, 1, 7],
      nextOffset: 9,
      lastEpoch: 3,
      error: undefined,
    })
  })

  it('several aborted transactions of one producer in one response, in any order of the list', () => {
    const log = logOf([t(1), abort(1), t(1), commit(1), t(1), t(1), abort(1), t(1), commit(1)])
    const aborted = [
      { producerId: 1, firstOffset: 4 },
      { producerId: 1, firstOffset: 0 },
    ]
    expect(read(log, aborted)).toMatchObject({ offsets: [2, 7], nextOffset: 9 })
  })

  it('interleaved transactions of several producers, and records outside of any', () => {
    const plain: Entry = { kind: 'plain', producer: -1, records: 1 }
    const idempotent: Entry = { kind: 'plain', producer: 1, records: 1 }
    const log = logOf([t(1), t(2), plain, t(1), idempotent, abort(1), t(2), commit(2)])
    expect(read(log, [{ producerId: 1, firstOffset: 0 }])).toMatchObject({ offsets: [1, 2, 4, 6], nextOffset: 8 })
  })

  it('an abort marker without an entry in the list is passed', () => {
    expect(read(logOf([abort(1), t(2), commit(2)]), [])).toMatchObject({ offsets: [1], nextOffset: 3 })
  })

  it('a transaction that began before what is read', () => {
    const log = logOf([t(1, 4), t(2), abort(1), t(1), commit(1)])
    expect(read(log, [{ producerId: 1, firstOffset: 0 }], 2)).toMatchObject({ offsets: [4, 6], nextOffset: 8 })
    // its abort marker is before what is asked for, and in the response all the same
    expect(read(logOf([t(1), abort(1), t(1), commit(1)]), [{ producerId: 1, firstOffset: 0 }], 2)).toMatchObject({ offsets: [2] })
  })

  it('F19: only aborted records: nothing to read, and the position moves', () => {
    const log = logOf([t(1, 5), t(1, 5, { gzip: true }), abort(1)])
    expect(read(log, [{ producerId: 1, firstOffset: 0 }])).toEqual({
      offsets: [],
      nextOffset: 11,
      lastEpoch: 3,
      error: undefined,
    })
  })

  it('F19: empty batches, gaps and an empty marker after compaction move the position', () => {
    const log = logOf([t(1, 3, { empty: true }), t(2, 1, { gap: 4 }), abort(2), { ...commit(1), empty: true, gap: 2 }])
    expect(read(log, [{ producerId: 2, firstOffset: 7 }])).toMatchObject({ offsets: [], nextOffset: 12 })
  })

  it('an empty control batch does not end an aborted transaction', () => {
    const log = logOf([t(1), { ...abort(1), empty: true }, t(1), abort(1)])
    expect(read(log, [{ producerId: 1, firstOffset: 0 }])).toMatchObject({ offsets: [], nextOffset: 4 })
  })

  it('F19: batches stamped on append are records like others', () => {
    const stamped = makeBatch([{ timestamp: 5, value: 'v' }], {
      producerId: 1,
      attributes: attributes.make(0, { transactional: true, logAppendTime: true }),
    })
    const bytes = Buffer.concat([stamped])
    expect(inspectBatches(bytes, limits, 0, new AbortedTransactions([])).chunks).toHaveLength(1)
    expect(inspectBatches(bytes, limits, 0, new AbortedTransactions([{ producerId: 1, firstOffset: 0 }])).chunks).toEqual([])
  })

  it('the last leader epoch is that of whatever moved the position', () => {
    const log = logOf([t(1, 1, { epoch: 2 }), { ...abort(1), epoch: 5 }])
    expect(read(log, [{ producerId: 1, firstOffset: 0 }])).toMatchObject({ nextOffset: 2, lastEpoch: 5 })
  })

  it('IC7: a damaged batch is an error also within an aborted transaction', () => {
    const log = logOf([t(1), t(1, 3), abort(1)])
    log.bytes[log.bytes.length - 90]! ^= 0x40
    const { error, nextOffset } = read(log, [{ producerId: 1, firstOffset: 0 }])
    expect(error).toMatchObject({ code: 'CORRUPT_BATCH' })
    expect(nextOffset).toBeLessThan(log.end)
  })

  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        act: fc.constant('write' as const),
        producer: fc.nat(3),
        records: fc.integer({ min: 1, max: 3 }),
        gzip: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('abort' as const, 'commit' as const), producer: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('plain' as const), producer: fc.nat(3) }) },
  )

  test.prop([fc.array(step, { maxLength: 40 }), fc.nat()], { numRuns: 500 })(
    'whatever producers do, what is read is what a reader who knows all outcomes would keep',
    (steps, start) => {
      const entries: Entry[] = []
      /** The index of the transaction of each entry, and the outcome of each transaction. */
      const transactionOf: (number | undefined)[] = []
      const outcomes: ('open' | 'abort' | 'commit')[] = []
      const open = new Map<number, number>()
      for (const { act, producer, ...more } of steps) {
        if (act === 'plain') {
          entries.push({ kind: 'plain', producer: producer === 3 ? -1 : producer, records: 1 })
          transactionOf.push(undefined)
        } else if (act === 'write') {
          if (!open.has(producer)) open.set(producer, outcomes.push('open') - 1)
          entries.push({ kind: 'transactional', producer, ...more })
          transactionOf.push(open.get(producer))
        } else {
          // an end without a transaction: a marker that nothing belongs to
          const ended = open.get(producer)
          if (ended !== undefined) outcomes[ended] = act
          open.delete(producer)
          entries.push({ kind: act, producer })
          transactionOf.push(undefined)
        }
      }
      const log = logOf(entries)
      const firstOf = (transaction: number) => log.first[transactionOf.indexOf(transaction)]!
      const lso = Math.min(log.end, ...outcomes.flatMap((outcome, i) => (outcome === 'open' ? [firstOf(i)] : [])))
      const below = entries.filter((_, i) => log.last[i]! < lso).length
      const from = lso === 0 ? 0 : start % lso
      const kept = entries.flatMap((entry, i) => {
        const transaction = transactionOf[i]
        const isRecord = entry.kind === 'plain' || entry.kind === 'transactional'
        if (i >= below || !isRecord || (transaction !== undefined && outcomes[transaction] === 'abort')) return []
        return Array.from({ length: entry.records ?? 1 }, (_, n) => log.first[i]! + n).filter((offset) => offset >= from)
      })
      // as a broker answers: from the batch that holds the offset, up to the last stable offset, with the aborted ones of that range
      const begin = entries.findIndex((_, i) => log.last[i]! >= from)
      const answer = {
        ...log,
        bytes: Buffer.concat(
          entries.slice(Math.max(0, begin), below).map((entry, i) => batchOf(entry, log.first[Math.max(0, begin) + i]!)),
        ),
      }
      const aborted = outcomes.flatMap((outcome, i) => {
        if (outcome !== 'abort') return []
        const entry = entries[transactionOf.indexOf(i)]!
        const end = entries.findIndex(
          (other, at) => at > transactionOf.lastIndexOf(i) && other.kind === 'abort' && other.producer === entry.producer,
        )
        return log.last[end]! >= from && firstOf(i) < lso ? [{ producerId: entry.producer, firstOffset: firstOf(i) }] : []
      })
      const { offsets, nextOffset, error } = read(answer, aborted, from)
      expect(error).toBeUndefined()
      expect(offsets).toEqual(kept)
      expect(nextOffset).toBe(below === 0 ? from : Math.max(from, log.last[below - 1]! + 1))
    },
  )
})
