/** IP7 and IX5: close ends everything, once, and leaves nothing behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Kafka, type KafkaError } from '../../src/main/index.ts'
import { onBrokers, onEmbedded } from './on-brokers.ts'

/** The exit code of a process and all that it said. */
async function run(args: string[]): Promise<[code: number, said: string]> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk))
  const [code] = (await once(child, 'close')) as [number]
  return [code, said]
}

onBrokers('close', (world) => {
  it('sends what was accepted; every promise and callback settles once', async () => {
    const topic = await world.topic(3)
    const kafka = world.client()
    const producer = kafka.producer({ lingerMs: 10_000 })
    const calls = new Map<number, number>()
    for (let i = 0; i < 100; i++) {
      producer.produceAsync({ topic, value: `${i}` }, (error) => calls.set(i, (calls.get(i) ?? 0) + (error ? 100 : 1)))
    }
    const sends = Array.from({ length: 100 }, (_, i) => producer.produce({ topic, value: `p${i}` }))
    await kafka.close()
    expect([...calls.values()]).toEqual(new Array(100).fill(1))
    expect(await Promise.all(sends)).toHaveLength(100)
    expect(await world.log(topic)).toHaveLength(200)
  })

  it('F33: before the client was ever used, and twice at once', async () => {
    const kafka = world.client()
    const both = [kafka.close(), kafka.close()]
    await Promise.all(both)
    await using other = new Kafka({ brokers: world.brokers, ioThreads: 0 })
    await other.close()
  })

  it('F33: while it connects: what was waiting ends with CLOSED', async () => {
    const kafka = world.client()
    const waiting = [
      kafka.connect(),
      kafka.producer().produce({ topic: world.freshName(), value: 'x' }),
      kafka.fetch([{ topic: world.freshName(), partition: 0, offset: 0 }]),
      kafka.admin.listOffsets([{ topic: world.freshName(), partition: 0, timestamp: 'latest' }]),
    ]
    const outcomes = Promise.allSettled(waiting)
    await kafka.close({ timeoutMs: 0 })
    const codes = (await outcomes).map((one) => (one.status === 'rejected' ? (one.reason as KafkaError).code : 'ok'))
    expect(codes.slice(1)).toEqual(['CLOSED', 'CLOSED', 'CLOSED'])
    expect(['CLOSED', 'ok']).toContain(codes[0])
  })

  it('during a long poll: it ends with CLOSED', async () => {
    const topic = await world.topic(1)
    const kafka = world.client()
    const poll = kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 60_000, timeoutMs: 90_000 })
    const outcome = poll.catch((error: unknown) => error)
    await new Promise((resolve) => setTimeout(resolve, 200))
    const started = performance.now()
    await kafka.close()
    expect(await outcome).toMatchObject({ code: 'CLOSED' })
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it.each([0, 1, 2])('IX5: a process with ioThreads %i exits by itself', async (ioThreads) => {
    const topic = await world.topic(1)
    const args = [join(import.meta.dirname, 'close-child.ts'), JSON.stringify({ brokers: world.brokers, topic, ioThreads })]
    expect(await run(args)).toEqual([0, '100 written, closed\n'])
  })

  it('F33: from inside a callback, twice at once, while others send: every send settles once, and none is taken afterwards', async () => {
    const topic = await world.topic(3)
    const kafka = world.client()
    const producer = kafka.producer()
    await producer.produce({ topic, value: 'open' })
    const ends: string[] = []
    const closings: Promise<void>[] = []
    const end = (how: string) => void ends.push(how)
    producer.produceAsync({ topic, value: 'x' }, () => closings.push(kafka.close(), kafka.close()))
    let taken = 0
    while (closings.length === 0) {
      for (let i = 0; i < 20; i++, taken++) {
        producer.produce({ topic, value: `${i}` }).then(
          () => end('ok'),
          ({ code }: KafkaError) => end(code),
        )
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(closings)
    await expect(producer.produce({ topic, value: 'late' })).rejects.toMatchObject({ code: 'CLOSED', outcome: 'not-written' })
    expect(ends).toHaveLength(taken)
    const written = ends.filter((how) => how === 'ok').length
    expect(ends.filter((how) => how !== 'ok' && how !== 'CLOSED')).toEqual([])
    expect(await world.log(topic)).toHaveLength(written + 2)
  })
})

onEmbedded('close under faults', 1, (world) => {
  it('IP7: a broker that never answers: close returns by its time, and every send ends once with its outcome', async () => {
    const topic = await world.topic(1)
    const kafka = world.client()
    const producer = kafka.producer({ bufferMemory: 64 * 1024, batchBytes: 16 * 1024 })
    await producer.produce({ topic, value: 'open' })
    await world.broker.faults.hang('Produce')
    const ends = new Map<number, string[]>()
    const sends = Array.from({ length: 120 }, (_, i) =>
      producer.produce({ topic, value: Buffer.alloc(1000) }).then(
        () => ends.set(i, [...(ends.get(i) ?? []), 'ok']),
        (error: KafkaError) => ends.set(i, [...(ends.get(i) ?? []), `${error.code} ${error.outcome}`]),
      ),
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    const started = performance.now()
    await kafka.close({ timeoutMs: 500 })
    expect(performance.now() - started).toBeLessThan(8_000)
    await Promise.all(sends)
    expect(ends.size).toBe(120)
    expect(ends.get(0)).toEqual(['CLOSED possibly-written'])
    expect(ends.get(119)).toEqual(['CLOSED not-written'])
    for (const end of ends.values()) expect(end).toHaveLength(1)
  })

  /** No broker listens there. */
  const dead = ['127.0.0.1:1', '127.0.0.1:2']
  const scenarios: [what: string, hangs: string | undefined, alive: boolean, after: string[], outcomes: string][] = [
    [
      'while it connects and no broker is alive',
      undefined,
      false,
      ['connect'],
      'connect NO_BROKER, produce CLOSED, fetch CLOSED, listOffsets CLOSED',
    ],
    [
      'while a handshake gets no answer',
      'ApiVersions',
      true,
      [],
      'connect CLOSED, produce CLOSED, fetch CLOSED, listOffsets CLOSED',
    ],
    [
      'while a request gets no answer',
      'Produce',
      true,
      ['connect', 'fetch', 'listOffsets'],
      'connect ok, produce CLOSED, fetch ok, listOffsets ok',
    ],
  ]
  describe.each([0, 1])('F33: in a process with ioThreads %i, close', (ioThreads) => {
    it.each(scenarios)(
      '%s returns by its time, everything settles, and the process exits by itself',
      async (_what, hangs, alive, after, outcomes) => {
        const topic = await world.topic(1)
        if (hangs) await world.broker.faults.hang(hangs, { times: Number.POSITIVE_INFINITY })
        const script = join(import.meta.dirname, 'close-trouble-child.ts')
        const brokers = alive ? world.brokers : dead
        expect(await run([script, JSON.stringify({ brokers, topic, ioThreads, handler: false, after })])).toEqual([
          0,
          `${outcomes}, in time\n`,
        ])
      },
    )

    it('from inside an event handler returns, and the process exits by itself', async () => {
      const topic = await world.topic(1)
      const script = join(import.meta.dirname, 'close-trouble-child.ts')
      const [code, said] = await run([
        script,
        JSON.stringify({ brokers: world.brokers, topic, ioThreads, handler: true, after: [] }),
      ])
      expect([code, said.endsWith(', in time\n')]).toEqual([0, true])
    })
  })
})
