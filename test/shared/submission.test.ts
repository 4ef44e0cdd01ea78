import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRing, RingReader, RingWriter } from '../../src/shared/ring.ts'
import { SubmissionWriter } from '../../src/shared/submission.ts'
import { SubmissionReader, type SubmissionSink } from '../../src/shared/submission-reader.ts'
import { tailBound, tailSize, writeTail } from '../../src/shared/tail.ts'

interface Seen {
  lane: number
  timestamp: number
  tail: Buffer
  bytes: number
}

function ends(capacity = 4096) {
  const memory = createRing(capacity)
  const clock = { now: 0 }
  const wakes: number[] = []
  const writer = new SubmissionWriter(
    new RingWriter(memory),
    () => wakes.push(1),
    () => clock.now,
  )
  const reader = new SubmissionReader(new RingReader(memory))
  const records: Seen[] = []
  const others: unknown[] = []
  const sink: SubmissionSink = {
    onRecord: (lane, timestamp, source, start, end, bytes) =>
      records.push({ lane, timestamp, tail: Buffer.from(source.subarray(start, end)), bytes }),
    onCredit: (...credit) => others.push(['credit', ...credit]),
    onCancel: (ticket) => others.push(['cancel', ticket]),
    onWaited: (ms) => others.push(['waited', ms]),
    onFlush: (producer) => others.push(['flush', producer]),
    onDrained: () => {},
  }
  return { memory, clock, writer, reader, records, others, sink, wakes }
}

function tailOf(value: string | Buffer): Buffer {
  const bytes = Buffer.alloc(tailSize(null, value, undefined))
  writeTail(bytes, 0, null, value, undefined)
  return bytes
}

function write(writer: SubmissionWriter, lane: number, value: string | Buffer): number {
  return writer.record(lane, 1000 + lane, null, value, undefined, tailBound(null, value, undefined))
}

describe('submissions', () => {
  it('carry a record as its tail', () => {
    const { writer, reader, records, sink } = ends()
    const bytes = write(writer, 3, 'grüße')
    writer.publish()
    reader.drain(sink, Number.POSITIVE_INFINITY)
    expect(records).toEqual([{ lane: 3, timestamp: 1003, tail: tailOf('grüße'), bytes }])
  })

  it('carry credits, cancellations and flushes in order with records', () => {
    const { writer, reader, others, sink } = ends()
    const terms = { offset: 2 ** 40, maxBytes: 1000, maxWaitMs: 500, minBytes: 1, fetcher: 3, lastFetchedEpoch: 6 }
    writer.credit(7, 8, { ...terms, readCommitted: true, patient: false })
    writer.credit(9, 8, { ...terms, readCommitted: false, patient: true, lastFetchedEpoch: -1 })
    writer.cancel(7)
    writer.waited(250)
    writer.flush(2)
    writer.publish()
    reader.drain(sink, Number.POSITIVE_INFINITY)
    expect(others).toEqual([
      ['credit', 7, 8, { ...terms, readCommitted: true, patient: false }],
      ['credit', 9, 8, { ...terms, readCommitted: false, patient: true, lastFetchedEpoch: -1 }],
      ['cancel', 7],
      ['waited', 250],
      ['flush', 2],
    ])
  })

  it('become visible at the end of the turn without being asked for', async () => {
    const { writer, reader, records, sink, wakes } = ends()
    write(writer, 0, 'a')
    write(writer, 0, 'b')
    expect(wakes.length).toBe(0)
    // behind the microtasks of the turn
    await Promise.resolve()
    expect(wakes.length).toBe(0)
    await new Promise((resolve) => process.nextTick(resolve))
    expect(wakes.length).toBe(1)
    reader.drain(sink, Number.POSITIVE_INFINITY)
    expect(records.length).toBe(2)
  })

  it('stop after the budget, so that sockets get their turn', () => {
    const { writer, reader, records, sink } = ends(8192)
    for (let i = 0; i < 50; i++) write(writer, i, 'x'.repeat(50))
    writer.publish()
    reader.drain(sink, 400)
    expect(records.length).toBeGreaterThan(0)
    expect(records.length).toBeLessThan(10)
  })

  it('F30: spill when the ring is full and follow in order, records larger than an entry among them', () => {
    const { writer, reader, records, sink } = ends(4096)
    const values = Array.from({ length: 60 }, (_, i) => Buffer.alloc(i % 9 === 4 ? 3000 + i : 10 + i, i))
    let bytes = 0
    for (const [i, value] of values.entries()) bytes += write(writer, i, value)
    writer.publish()
    expect(writer.spilled).toBe(true)
    while (!writer.unspill()) reader.drain(sink, Number.POSITIVE_INFINITY)
    reader.drain(sink, Number.POSITIVE_INFINITY)
    expect(records.map(({ lane }) => lane)).toEqual(values.map((_, i) => i))
    expect(records.map(({ tail }) => tail)).toEqual(values.map(tailOf))
    expect(records.reduce((sum, record) => sum + record.bytes, 0)).toBe(bytes)
    expect(writer.spilled).toBe(false)
  })

  property.prop([fc.array(fc.record({ size: fc.integer({ min: 0, max: 2000 }), drain: fc.boolean() }), { maxLength: 120 })])(
    'lose, repeat and reorder nothing, whatever the sizes and the pace of the reader',
    (steps) => {
      const { writer, reader, records, sink } = ends(2048)
      for (const [lane, { size, drain }] of steps.entries()) {
        write(writer, lane, Buffer.alloc(size, lane))
        if (drain) {
          writer.publish()
          reader.drain(sink, 500)
          writer.unspill()
        }
      }
      writer.publish()
      do reader.drain(sink, Number.POSITIVE_INFINITY)
      while (!writer.unspill())
      reader.drain(sink, Number.POSITIVE_INFINITY)
      expect(records.map(({ lane, tail }) => [lane, tail])).toEqual(
        steps.map(({ size }, lane) => [lane, tailOf(Buffer.alloc(size, lane))]),
      )
    },
  )
})

describe('after a crash', () => {
  it('IP7: what lay in the ring is as old as it was for the crashed core', () => {
    const { memory, clock, writer, reader, others, records, sink } = ends()
    write(writer, 1, 'taken')
    writer.publish()
    clock.now = 1_000
    reader.drain(sink, Number.POSITIVE_INFINITY)
    write(writer, 1, 'a')
    writer.publish()
    clock.now = 1_300
    writer.waited(250)
    write(writer, 2, 'b')
    write(writer, 1, 'c')
    writer.publish()
    clock.now = 1_500
    write(writer, 1, 'd')
    const fresh = createRing(4096)
    writer.moveTo(new RingWriter(fresh), memory, new Map([[1, 1]]))
    writer.unspill()
    others.length = records.length = 0
    new SubmissionReader(new RingReader(fresh)).drain(sink, Number.POSITIVE_INFINITY)
    expect(records.map(({ lane }) => lane)).toEqual([2, 1, 1])
    expect(others).toEqual([
      ['waited', 450],
      ['waited', 200],
    ])
  })
})
