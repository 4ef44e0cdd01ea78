import { describe, expect, it } from 'vitest'
import { CompletionReader } from '../../src/shared/completion.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import { createIoMemory, localBells } from '../../src/shared/io-memory.ts'
import { createOffsetTable } from '../../src/shared/offset-table.ts'
import { RingReader, RingWriter } from '../../src/shared/ring.ts'
import { SubmissionWriter } from '../../src/shared/submission.ts'
import { IoCore } from '../../src/workers/io-core.ts'
import { SimEnv } from '../support/sim-env.ts'

function core() {
  const env = new SimEnv(1)
  const sizes = { submissionRingBytes: 65_536, completionRingBytes: 65_536, batchStoreBytes: 65_536 }
  const memory = createIoMemory(sizes, createOffsetTable())
  const bells = localBells(env)
  const options = {
    clientId: 'test',
    connectTimeoutMs: 1000,
    requestTimeoutMs: 1000,
    reconnectBackoffMs: 100,
    reconnectBackoffMaxMs: 1000,
    retryBackoffMs: 100,
    retryBackoffMaxMs: 1000,
    maxInFlightRequests: 5,
    pipelineBytes: 0,
    maxRequestBytes: 1 << 20,
    maxResponseBytes: 1 << 20,
    maxInflatedBatchBytes: 1 << 20,
    metadataMaxAgeMs: 300_000,
  }
  const io = new IoCore(env, options, memory, bells, () => {})
  const submission = new SubmissionWriter(
    new RingWriter(memory.submission),
    () => bells.submitted.ring(),
    () => performance.now(),
  )
  const completion = new CompletionReader(new RingReader(memory.completion))
  const told: string[] = []
  const read = async () => {
    submission.publish()
    await env.run(new Promise<void>((resolve) => env.setTimeout(resolve, 50)))
    completion.drain({
      onAcked: () => told.push('acked'),
      onFailed: (lane, count, _bytes, error) => told.push(`lane ${lane}: ${count} ${error.code} ${error.outcome}`),
      onFetched: () => told.push('fetched'),
      onFetchFailed: (ticket, error) => told.push(`ticket ${ticket}: ${error.code}`),
    })
    return told
  }
  const producer = { producer: 0, acks: -1, idempotent: true, codecs: [] } as const
  io.openProducer({ ...producer, batchBytes: 10_000, lingerMs: 0, deliveryTimeoutMs: 60_000 })
  return { io, submission, read }
}

const gone = new KafkaError('UNKNOWN_TOPIC', 'it was deleted').toWire()
const partition = { handle: 0, topic: 'a', topicId: 'id', partition: 0, leader: -1, leaderEpoch: -1 }

describe('F10: what main says of a partition before it heard that it was dropped', () => {
  it('a read is answered, not a crash', async () => {
    const { io, submission, read } = core()
    io.setPartitions([partition])
    io.dropPartitions([0], gone)
    const flags = { readCommitted: false, patient: false }
    submission.credit(5, 0, {
      offset: 0,
      maxBytes: 1000,
      maxWaitMs: 500,
      minBytes: 1,
      fetcher: 0,
      lastFetchedEpoch: -1,
      ...flags,
    })
    expect(await read()).toEqual(['ticket 5: UNKNOWN_TOPIC'])
  })

  it('records end at once as not written, on old lanes and on new ones', async () => {
    const { io, submission, read } = core()
    io.setPartitions([partition])
    io.openLanes([{ lane: 0, serial: 0, producer: 0, handle: 0, taken: 0, compression: 'none' }])
    submission.record(0, 1, null, 'before', undefined, 100)
    await read()
    io.dropPartitions([0], gone)
    io.openLanes([{ lane: 1, serial: 1, producer: 0, handle: 0, taken: 0, compression: 'none' }])
    submission.record(0, 1, null, 'after', undefined, 100)
    submission.record(1, 1, null, 'new lane', undefined, 100)
    expect(await read()).toEqual([
      'lane 0: 1 UNKNOWN_TOPIC not-written',
      'lane 0: 1 UNKNOWN_TOPIC not-written',
      'lane 1: 1 UNKNOWN_TOPIC not-written',
    ])
  })
})
