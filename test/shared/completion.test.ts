import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CompletionReader, type CompletionSink, CompletionWriter } from '../../src/shared/completion.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import { createRing, RingReader, RingWriter } from '../../src/shared/ring.ts'

function ends(capacity = 4096) {
  const memory = createRing(capacity)
  const writer = new CompletionWriter(new RingWriter(memory), () => {})
  const reader = new CompletionReader(new RingReader(memory))
  const seen: unknown[] = []
  const sink: CompletionSink = {
    onAcked: (...entry) => seen.push(['acked', ...entry]),
    onFailed: (lane, count, bytes, error) => seen.push(['failed', lane, count, bytes, error]),
    onFetched: (ticket, nextOffset, epoch, bytes) => seen.push(['fetched', ticket, nextOffset, epoch, bytes]),
    onFetchFailed: (ticket, error) => seen.push(['fetchFailed', ticket, error]),
  }
  return { writer, reader, seen, sink }
}

const error = new KafkaError('BROKER_ERROR', 'it would not', {
  topic: 'a',
  partition: 1,
  retriable: true,
  outcome: 'possibly-written',
  cause: new Error('why'),
})

describe('completions', () => {
  it('carry verdicts exactly', () => {
    const { writer, reader, seen, sink } = ends()
    writer.acked(1, 2, 2 ** 40, -1, 3000)
    writer.failed(4, 5, 600, error)
    writer.flush()
    reader.drain(sink)
    expect(seen[0]).toEqual(['acked', 1, 2, 2 ** 40, -1, 3000])
    const [, lane, count, bytes, told] = seen[1] as [string, number, number, number, KafkaError]
    expect([lane, count, bytes]).toEqual([4, 5, 600])
    expect(told).toBeInstanceOf(KafkaError)
    expect(told).toMatchObject({
      code: error.code,
      message: error.message,
      outcome: error.outcome,
      retriable: true,
      context: error.context,
    })
    expect((told.cause as Error).message).toBe('why')
  })

  it('carry fetched bytes larger than the ring, in one buffer of the reader', () => {
    const { writer, reader, seen, sink } = ends(2048)
    const chunks = [Buffer.alloc(3000, 1), Buffer.alloc(10, 2), Buffer.alloc(5000, 3)]
    let copied = false
    writer.fetched(9, 77, 3, chunks, () => {
      copied = true
    })
    expect(writer.blocked).toBe(true)
    expect(copied).toBe(false)
    for (let rounds = 0; rounds < 100 && !writer.flush(); rounds++) reader.drain(sink)
    reader.drain(sink)
    expect(copied).toBe(true)
    expect(seen).toEqual([['fetched', 9, 77, 3, Buffer.concat(chunks)]])
    chunks[0]!.fill(0)
    expect((seen[0] as [string, number, number, number, Buffer])[4][0]).toBe(1)
  })

  it('say that nothing was there', () => {
    const { writer, reader, seen, sink } = ends()
    writer.fetched(1, 5, -1, [])
    writer.fetchFailed(2, error)
    writer.flush()
    reader.drain(sink)
    expect(seen[0]).toEqual(['fetched', 1, 5, -1, Buffer.alloc(0)])
    expect((seen[1] as [string, number, KafkaError])[2]).toMatchObject({ code: 'BROKER_ERROR' })
  })

  property.prop([
    fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('acked' as const), count: fc.nat(1000) }),
        fc.record({
          kind: fc.constant('fetched' as const),
          sizes: fc.array(fc.integer({ min: 1, max: 1500 }), { maxLength: 4 }),
        }),
        fc.record({ kind: fc.constant('drain' as const) }),
      ),
      { maxLength: 80 },
    ),
  ])('come in the order they were said, whatever the pace of the reader', (steps) => {
    const { writer, reader, seen, sink } = ends(2048)
    const said: unknown[] = []
    for (const [i, step] of steps.entries()) {
      if (step.kind === 'acked') {
        writer.acked(i, step.count, i, -1, i)
        said.push(['acked', i, step.count, i, -1, i])
      } else if (step.kind === 'fetched') {
        const chunks = step.sizes.map((size, n) => Buffer.alloc(size, i + n))
        writer.fetched(i, i, i + 1, chunks)
        said.push(['fetched', i, i, i + 1, Buffer.concat(chunks)])
      } else {
        writer.flush()
        reader.drain(sink)
      }
    }
    while (!writer.flush()) reader.drain(sink)
    reader.drain(sink)
    expect(seen).toEqual(said)
  })
})
