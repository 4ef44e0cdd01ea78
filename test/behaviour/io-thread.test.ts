/** The life of I/O threads: however one ends, another goes on with its work, and nothing is lost, repeated or reordered. */
import { afterEach, describe, expect, it } from 'vitest'
import type { IoThreadEvent, Kafka, KafkaError, KafkaOptions } from '../../src/main/index.ts'
import { valuesByPartition } from './log-reader.ts'
import { onBrokers, onEmbedded, type World } from './on-brokers.ts'

type Sabotage = { kind: 'throws' | 'rejects' | 'exits' | 'runs out of memory' } | { kind: 'stalls'; ms: number }

/** How often the long test kills a thread. */
const KILLS = Number(process.env['ODRADEK_KILLS'] ?? 100)
const PARTITIONS = 6

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Breaks every I/O thread of this process from within. */
function order(sabotage: Sabotage): void {
  const channel = new BroadcastChannel('sabotage')
  channel.postMessage(sabotage)
  channel.close()
}

function news(kafka: Kafka, state: IoThreadEvent['state']): Promise<IoThreadEvent> {
  return new Promise((resolve) => {
    const listener = (event: IoThreadEvent): void => {
      if (event.state !== state) return
      kafka.off('ioThread', listener)
      resolve(event)
    }
    kafka.on('ioThread', listener)
  })
}

/** Callers that each write to every partition until told to stop; what they wrote, and what became of it. */
class Load {
  readonly sent = new Map<number, string[]>()
  readonly errors: KafkaError[] = []
  acked = 0
  readonly #done: Promise<void>
  #over = false
  #unsettled = 0

  constructor(kafka: Kafka, topic: string, size = 100) {
    loads.add(this)
    this.#done = this.#run(kafka, topic, size)
  }

  /** Until the first record is there, nothing can be broken: the thread may still be starting. */
  async begun(): Promise<void> {
    while (this.acked === 0) await sleep(5)
  }

  stop(): void {
    this.#over = true
  }

  async end(): Promise<void> {
    this.stop()
    await this.#done
    while (this.#unsettled > 0) await sleep(5)
  }

  async #run(kafka: Kafka, topic: string, size: number): Promise<void> {
    const producer = kafka.producer({ batchBytes: 16_384 })
    for (let count = 0; !this.#over; ) {
      for (let burst = 0; burst < 60; burst++, count++) {
        const partition = count % PARTITIONS
        // now and then one that takes several entries of the ring
        const value = `${count}`.padEnd(count % 997 === 0 ? 12_000 : size, '.')
        const values = this.sent.get(partition)
        if (values) values.push(value)
        else this.sent.set(partition, [value])
        this.#unsettled++
        producer.produce({ topic, partition, value }).then(
          () => {
            this.#unsettled--
            this.acked++
          },
          (error) => {
            this.#unsettled--
            this.errors.push(error)
          },
        )
      }
      await sleep(1)
      while (this.#unsettled > 5_000) await sleep(2)
    }
  }
}

/** A test that fails must not leave its load running. */
const loads = new Set<Load>()
afterEach(() => {
  for (const load of loads) load.stop()
  loads.clear()
})

async function expectExactlyOnce(world: World, topic: string, load: Load): Promise<void> {
  await load.end()
  expect([...new Set(load.errors.map(({ message, outcome }) => `${outcome}: ${message}`))]).toEqual([])
  const found = valuesByPartition(await world.log(topic))
  for (const [partition, sent] of load.sent) {
    const log = found.get(partition) ?? []
    // whole lists would make a failure unreadable
    const at = sent.findIndex((value, index) => log[index] !== value)
    expect(log.slice(Math.max(0, at), at + 5), `partition ${partition} from ${at}`).toEqual(sent.slice(Math.max(0, at), at + 5))
    expect(log).toHaveLength(sent.length)
  }
}

const ways = ['throws', 'rejects', 'exits'] as const
const rings: Partial<KafkaOptions> = { submissionRingBytes: 65_536, completionRingBytes: 65_536 }

onBrokers('I/O threads', (world) => {
  it.each(world.target === 'embedded-1' ? [...ways, 'runs out of memory' as const] : ways)(
    'F28: one that %s is replaced, what was under way arrives once and in order',
    async (kind) => {
      const topic = await world.topic(PARTITIONS)
      const kafka = world.client()
      const load = new Load(kafka, topic)
      await load.begun()
      const [crashed, restarted] = [news(kafka, 'crashed'), news(kafka, 'restarted')]
      order({ kind })
      expect(await crashed).toMatchObject({ thread: 0, error: { code: 'WORKER_DIED', retriable: true } })
      const { state, elapsedMs } = (await restarted) as Extract<IoThreadEvent, { state: 'restarted' }>
      console.log(`${world.target}: a thread that ${kind} was ${state} after ${elapsedMs.toFixed(0)} ms`)
      const before = load.acked
      while (load.acked < before + 1_000) await sleep(5)
      await expectExactlyOnce(world, topic, load)
    },
  )

  it('F28: readers lose and repeat nothing when it is replaced, a long poll goes on', async () => {
    const topic = await world.topic(1)
    const kafka = world.client({ ...rings, ioThreadCrashLimit: 1_000 })
    const writer = world.client().producer()
    const sent: string[] = []
    const read: string[] = []
    const poll = kafka.fetch([{ topic, partition: 0, offset: 0 }], { maxWaitMs: 20_000, timeoutMs: 40_000 })
    await sleep(50)
    kafka.crashIoThread(0)
    await news(kafka, 'restarted')
    for (let i = 0; i < 3_000; i++) sent.push(`${i}`.padEnd(i % 500, '.'))
    const results = writer.produceBatch(sent.map((value) => ({ topic, partition: 0, value })))
    read.push(...(await poll)[0]!.records.map(({ value }) => String(value)))
    for (let kills = 0; read.length < sent.length; ) {
      if (kills++ < 5) setTimeout(() => kafka.crashIoThread(0), 10 * kills)
      const [batch] = await kafka.fetch([{ topic, partition: 0, offset: read.length, maxBytes: 50_000 }])
      read.push(...batch!.records.map(({ value }) => String(value)))
    }
    expect(read).toEqual(sent)
    expect((await results).every(({ ok }) => ok)).toBe(true)
  })

  it('F28: metadata and admin calls that were under way are made again', async () => {
    const topic = await world.topic(2)
    const kafka = world.client()
    await kafka.connect()
    const offsets = kafka.admin.listOffsets([0, 1].map((partition) => ({ topic, partition, timestamp: 'latest' as const })))
    kafka.crashIoThread(0)
    expect(await offsets).toMatchObject([{ offset: 0 }, { offset: 0 }])
    expect(await kafka.producer().produce({ topic, partition: 1, value: 'after' })).toMatchObject({ offset: 0 })
  })
})

onEmbedded('I/O threads', 1, (world) => {
  it(`IP3 F28 F31 IX8: killed ${KILLS} times at any instant under load: nothing lost, repeated, reordered or left waiting`, async () => {
    const topic = await world.topic(PARTITIONS)
    const kafka = world.client({ ...rings, ioThreadCrashLimit: 1_000_000 })
    const load = new Load(kafka, topic)
    const pauses: number[] = []
    for (let kills = 0; kills < KILLS; kills++) {
      await sleep(Math.random() * 60)
      const restarted = news(kafka, 'restarted')
      kafka.crashIoThread(0)
      const event = await restarted
      if (event.state === 'restarted') pauses.push(event.elapsedMs)
      const before = load.acked
      while (load.acked === before) await sleep(1)
    }
    pauses.sort((a, b) => a - b)
    const of = (share: number): string => pauses[Math.floor((pauses.length - 1) * share)]!.toFixed(0)
    console.log(`${KILLS} kills, ${load.acked} records; replaced after ${of(0.5)} ms, 99 %: ${of(0.99)} ms, at most ${of(1)} ms`)
    await expectExactlyOnce(world, topic, load)
  }, 1_200_000)

  it('F28: what no memory outlives ends as possibly written, never in silence, and the budget is whole again', async () => {
    const topic = await world.topic(1)
    // batches of half a MiB find no room in so small a store
    const kafka = world.client({ ...rings, batchStoreBytes: 65_536 })
    const producer = kafka.producer({ batchBytes: 500_000 })
    await producer.produce({ topic, partition: 0, value: 'first' })
    const fault = await world.broker.faults.hang('Produce', { times: 1 })
    const sends = Array.from({ length: 40 }, () => producer.produce({ topic, partition: 0, value: Buffer.alloc(10_000) }))
    const outcomes = Promise.allSettled(sends)
    while ((await fault.hits()) === 0) await sleep(5)
    kafka.crashIoThread(0)
    const rejected = (await outcomes).flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(rejected.length).toBeGreaterThan(0)
    for (const error of rejected) expect(error).toMatchObject({ code: 'WORKER_DIED', outcome: 'possibly-written' })
    expect(await producer.produce({ topic, partition: 0, value: 'last' })).toMatchObject({ partition: 0 })
    expect(producer.bufferedBytes).toBe(0)
  })

  it.each([1, 3])('F28: crash number %i within ten seconds ends the client with a typed error', async (limit) => {
    const topic = await world.topic(1)
    const kafka = world.client({ ioThreadCrashLimit: limit })
    const producer = kafka.producer()
    await producer.produce({ topic, partition: 0, value: 'first' })
    for (let crashes = 1; crashes < limit; crashes++) {
      const restarted = news(kafka, 'restarted')
      kafka.crashIoThread(0)
      await restarted
    }
    const fatal = new Promise<KafkaError>((resolve) => kafka.once('fatal', resolve))
    const fault = await world.broker.faults.hang('Produce', { times: 1 })
    const send = producer.produce({ topic, partition: 0, value: 'second' })
    while ((await fault.hits()) === 0) await sleep(5)
    kafka.crashIoThread(0)
    expect(await fatal).toMatchObject({ code: 'WORKER_DIED', retriable: false, context: { tries: limit } })
    expect((await fatal).message).toContain(`ioThreadCrashLimit ${limit}`)
    await expect(send).rejects.toMatchObject({ code: 'WORKER_DIED', outcome: 'possibly-written' })
    await expect(kafka.connect()).rejects.toMatchObject({ code: 'WORKER_DIED' })
    await kafka.close()
  })

  it('IX1: a listener that throws when it hears of a crash keeps nothing from going on', async () => {
    const topic = await world.topic(1)
    const kafka = world.client()
    const producer = kafka.producer()
    await producer.produce({ topic, partition: 0, value: 'first' })
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
    kafka.on('ioThread', () => {
      throw new Error('of a listener')
    })
    kafka.crashIoThread(0)
    expect(await producer.produce({ topic, partition: 0, value: 'second' })).toMatchObject({ offset: 1 })
    expect(await warned).toMatchObject({ name: 'Error', message: 'of a listener' })
  })

  describe('F29: one that does not react', () => {
    it('is reported, and reported again when it reacts', async () => {
      const topic = await world.topic(1)
      const kafka = world.client({ ioThreadStallMs: 300 })
      const producer = kafka.producer()
      await producer.produce({ topic, partition: 0, value: 'first' })
      const [stalled, recovered] = [news(kafka, 'stalled'), news(kafka, 'recovered')]
      order({ kind: 'stalls', ms: 1_500 })
      const send = producer.produce({ topic, partition: 0, value: 'second' })
      expect(await stalled).toMatchObject({ thread: 0 })
      expect(await recovered).toMatchObject({ thread: 0 })
      expect(await send).toMatchObject({ offset: 1 })
    })

    it('is replaced in the end', async () => {
      const topic = await world.topic(1)
      const kafka = world.client({ ioThreadStallMs: 100 })
      const producer = kafka.producer()
      await producer.produce({ topic, partition: 0, value: 'first' })
      const crashed = news(kafka, 'crashed')
      order({ kind: 'stalls', ms: 120_000 })
      const send = producer.produce({ topic, partition: 0, value: 'second' })
      expect(((await crashed) as Extract<IoThreadEvent, { state: 'crashed' }>).error.message).toContain('did not react')
      expect(await send).toMatchObject({ offset: 1 })
    })

    it('does not keep close() waiting', async () => {
      const kafka = world.client()
      await kafka.connect()
      order({ kind: 'stalls', ms: 120_000 })
      await sleep(50)
      await kafka.close({ timeoutMs: 100 })
    })
  })

  it('a thread that only has nothing to do is not taken for one that does not react', async () => {
    const kafka = world.client({ ioThreadStallMs: 500 })
    await kafka.connect()
    const events: IoThreadEvent[] = []
    kafka.on('ioThread', (event) => events.push(event))
    await sleep(2_500)
    expect(events).toEqual([])
  })

  it('ioThreads 0: what the core throws ends the core, not the process, and another one goes on', async () => {
    const topic = await world.topic(PARTITIONS)
    const kafka = world.client({ ioThreads: 0 })
    const load = new Load(kafka, topic)
    await load.begun()
    const restarted = news(kafka, 'restarted')
    kafka.crashIoThread(0)
    await restarted
    await expectExactlyOnce(world, topic, load)
  })
})
