/** F11 within one client: a partition that is flooded or a leader that is dead never holds back the others. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Kafka, KafkaError, Producer } from '../../src/main/index.ts'
import { expectNumbered } from './load.ts'
import { writeNumbered } from './numbered-values.ts'
import { onBrokers, onEmbedded, type World } from './on-brokers.ts'
import { EAGER, onChaos } from './on-chaos.ts'

const MIB = 1024 * 1024
const VALUE_BYTES = 1_000
/** How long a leader is dead. */
const DEAD_MS = 10_000

/** Numbered records to one partition each, judged in the end. */
class Sender {
  readonly sent: number[]
  acked = 0
  /** How often there was no room in a flood. */
  refused = 0
  readonly errors: KafkaError[] = []
  readonly #producer: Producer
  readonly #topic: string
  #over = false
  readonly #running: Promise<void>[] = []

  constructor(producer: Producer, topic: string, partitions: number) {
    this.#producer = producer
    this.#topic = topic
    this.sent = new Array<number>(partitions).fill(0)
  }

  record(partition: number): { topic: string; partition: number; value: Buffer } {
    const value = writeNumbered(Buffer.alloc(VALUE_BYTES), partition, 0, this.sent[partition]!)
    return { topic: this.#topic, partition, value }
  }

  /** One record; resolves when it is there. */
  async send(partition: number): Promise<void> {
    const record = this.record(partition)
    this.sent[partition]!++
    await this.#producer.produce(record).then(this.#onAck, this.#onError)
  }

  /** As many as there is room for, as long as it runs. */
  flood(...partitions: number[]): this {
    this.#running.push(this.#flood(partitions))
    return this
  }

  /** Callers that send one record after the other, with a pause. */
  pace(partitions: readonly number[], paceMs: number): this {
    for (const partition of partitions) this.#running.push(this.#pace(partition, paceMs))
    return this
  }

  async end(): Promise<void> {
    this.#over = true
    await Promise.all(this.#running)
    await this.#producer.flush()
  }

  /** Everything arrived, once and in order. */
  async settle(world: World): Promise<void> {
    await this.end()
    expect(this.errors).toEqual([])
    await expectNumbered(world.brokers, this.#topic, this.sent, VALUE_BYTES)
  }

  async #flood(partitions: readonly number[]): Promise<void> {
    while (!this.#over) {
      let refused = 0
      for (let i = 0; i < 200 && refused < partitions.length; i++) {
        const partition = partitions[i % partitions.length]!
        const sending = this.#producer.tryProduce(this.record(partition))
        if (sending) {
          this.sent[partition]!++
          sending.then(this.#onAck, this.#onError)
        } else refused++
      }
      this.refused += refused
      await sleep(2)
    }
  }

  async #pace(partition: number, paceMs: number): Promise<void> {
    while (!this.#over) {
      await this.send(partition)
      await sleep(paceMs)
    }
  }

  readonly #onAck = (): void => void this.acked++
  readonly #onError = (error: KafkaError): void => void this.errors.push(error)
}

/** Two topics, of which partition p is led by node 1 + p modulo the nodes; all open. */
async function opened(world: World, kafka: Kafka, partitions: number, options = {}) {
  const producer = kafka.producer(options)
  const senders: Sender[] = []
  for (let i = 0; i < 2; i++) {
    const sender = new Sender(producer, await world.topic(partitions), partitions)
    for (let partition = 0; partition < partitions; partition++) await sender.send(partition)
    senders.push(sender)
  }
  return { producer, senders: senders as [Sender, Sender] }
}

onChaos(
  'fairness',
  (chaos) => {
    it('F11: one or many partitions are flooded: a lone record to another one, or to another topic, is there after a few requests', async () => {
      const { world, proxy } = chaos
      const { senders } = await opened(world, chaos.client(), 12, { bufferMemory: 4 * MIB })
      const [flooded, quiet] = senders
      // all but the last are busy, of which three a node
      flooded.flood(...Array.from({ length: 11 }, (_, partition) => partition))
      await sleep(500)
      const between: number[] = []
      const tookMs: number[] = []
      for (let i = 0; i < 30; i++) {
        const sender = i % 2 === 0 ? quiet : flooded
        const began = performance.now()
        const before = proxy.traffic.times('Produce').length
        await sender.send(i % 2 === 0 ? i % 12 : 11)
        between.push((proxy.traffic.times('Produce').length - before) / world.nodes)
        tookMs.push(performance.now() - began)
        await sleep(5)
      }
      const at = (numbers: number[], share: number) =>
        numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) * share)]!
      process.stderr.write(
        `   ${world.target}: a lone record beside a flood took ${at(tookMs, 0.5).toFixed(0)} ms, p99 ${at(tookMs, 0.99).toFixed(0)}; ${at(between, 0.5).toFixed(0)} requests a broker, at most ${at(between, 1).toFixed(0)}\n`,
      )
      // five were on their way before it, and five after it may have been sent before its answer was read
      expect(at(between, 0.9)).toBeLessThanOrEqual(12)
      await flooded.settle(world)
      await quiet.settle(world)
    })
  },
  ['embedded-1', 'embedded-3', 'real-1', 'real-3'],
)

onChaos(
  'fairness beside a dead leader',
  (chaos) => {
    it('F11 P9: its partitions are flooded for ten seconds: callers of the others keep 90 % of their pace', async () => {
      const { world, proxy } = chaos
      const healthy = [1, 2, 4, 5]
      const { producer, senders } = await opened(world, chaos.client(EAGER), 6, { bufferMemory: 4 * MIB })
      const [flooded, paced] = senders
      // the same by somebody whom nothing is dead for, at the same time: the machine has other things to do as well
      const twin = (await opened(world, chaos.client(EAGER), 6)).senders[0]
      flooded.flood(0, 3)
      paced.pace([...healthy, ...healthy], 5)
      twin.pace([...healthy, ...healthy], 5)
      await sleep(500)
      proxy.deafen(1)
      flooded.refused = 0
      // until everything that may be is full
      while (flooded.refused === 0) await sleep(5)
      await sleep(500)
      const before = [paced.acked, twin.acked] as const
      await sleep(DEAD_MS)
      const [kept, whole] = [paced.acked - before[0], twin.acked - before[1]]
      process.stderr.write(`   ${world.target}: beside a dead leader ${kept} of ${whole} records\n`)
      expect(producer.bufferedBytes).toBeGreaterThan(2 * MIB)
      expect(kept).toBeGreaterThan(0.9 * whole)
      proxy.heal()
      await twin.settle(world)
      await paced.settle(world)
      await flooded.settle(world)
    }, 60_000)

    it('P4: produceAsync says false for its partitions alone, and drain comes when it is back', async () => {
      const { world, proxy } = chaos
      const { producer, senders } = await opened(world, chaos.client(EAGER), 3, { bufferMemory: MIB })
      const [sender] = senders
      let drains = 0
      producer.on('drain', () => drains++)
      const put = (partition: number): boolean => {
        const room = producer.produceAsync(sender.record(partition), (error) => error && sender.errors.push(error))
        sender.sent[partition]!++
        return room
      }
      proxy.deafen(1)
      while (put(0)) await sleep(0)
      for (let i = 0; i < 100; i++) {
        expect(put(1 + (i % 2))).toBe(true)
        await sleep(5)
      }
      expect(put(0)).toBe(false)
      expect(drains).toBe(0)
      proxy.heal()
      await sender.settle(world)
      expect(drains).toBe(1)
    })

    it('F11 P6: keyless records go to the partitions of the others, after a second or two', async () => {
      const { world, proxy } = chaos
      const topic = await world.topic(6)
      const producer = chaos.client(EAGER).producer()
      await producer.produceBatch(Array.from({ length: 6 }, (_, partition) => ({ topic, partition, value: 'open' })))
      proxy.deafen(1)
      let sent = 0
      let late = 0
      let acked = 0
      const sends: Promise<unknown>[] = []
      for (const began = performance.now(); performance.now() - began < 5_000; sent++) {
        const counts = performance.now() - began > 2_500
        if (counts) late++
        sends.push(producer.produce({ topic, value: `${sent}`.padEnd(200, '.') }).then(() => counts && acked++))
        await sleep(1)
      }
      await sleep(500)
      expect(acked).toBeGreaterThan(0.9 * late)
      proxy.heal()
      await Promise.all(sends)
      expect(await world.log(topic)).toHaveLength(6 + sent)
    })
  },
  ['embedded-3', 'real-3'],
)

onBrokers('fairness without faults', (world) => {
  it('P1: a lone record leaves at once, request by request', async () => {
    const { senders } = await opened(world, world.client(), 1)
    const took: number[] = []
    for (let i = 0; i < 50; i++) {
      const began = performance.now()
      await senders[0].send(0)
      took.push(performance.now() - began)
      await sleep(2)
    }
    const median = took.toSorted((a, b) => a - b)[25]!
    process.stderr.write(`   ${world.target}: a lone record took ${median.toFixed(1)} ms\n`)
    expect(median).toBeLessThan(100)
    await senders[0].settle(world)
  })

  it('P9 IX1: twenty thousand callers, each with the next record as soon as it may: the event loop has time for others', async () => {
    const topic = await world.topic(3)
    const producer = world.client().producer({ bufferMemory: 4 * MIB })
    await producer.produceBatch([0, 1, 2].map((partition) => ({ topic, partition, value: 'open' })))
    let over = false
    const call = async (partition: number): Promise<void> => {
      while (!over) await producer.produce({ topic, partition, value: 'x'.repeat(200) })
    }
    const calls = Promise.all(Array.from({ length: 20_000 }, (_, i) => call(i % 3)))
    let longest = 0
    for (const began = performance.now(); performance.now() - began < 2_000; ) {
      const before = performance.now()
      await new Promise((resolve) => setImmediate(resolve))
      // the first turn makes all the callers
      if (before > began + 500) longest = Math.max(longest, performance.now() - before)
    }
    over = true
    await calls
    process.stderr.write(`   ${world.target}: the longest turn of the event loop took ${longest.toFixed(0)} ms\n`)
    expect(longest).toBeLessThan(750)
  })

  it('P9: records for a topic that is not there leave room for the others', async () => {
    const { producer, senders } = await opened(world, world.client({ unknownTopicTimeoutMs: 4_000 }), 3, {
      bufferMemory: MIB,
    })
    const missing = world.freshName()
    const lost: Promise<unknown>[] = []
    for (;;) {
      const sending = producer.tryProduce({ topic: missing, value: 'x'.repeat(1_000) })
      if (!sending) break
      lost.push(sending)
    }
    const waiting = producer.produce({ topic: missing, value: 'x'.repeat(1_000) })
    const outcomes = Promise.allSettled([...lost, waiting])
    const began = performance.now()
    for (let i = 0; i < 30; i++) await senders[0].send(i % 3)
    // a topic that nobody has heard of yet neither stands behind it
    const fresh = await world.topic(1)
    await producer.produce({ topic: fresh, value: 'x' })
    expect(performance.now() - began).toBeLessThan(3_500)
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UNKNOWN_TOPIC', outcome: 'not-written' } })
    }
    expect(producer.bufferedBytes).toBe(0)
    await senders[0].settle(world)
  })
})

onEmbedded('fairness on one broker', 1, (world) => {
  it('F36 P9: one partition is refused again and again and is flooded: the others of the same broker do not wait for it', async () => {
    const { producer, senders } = await opened(world, world.client(), 4, { bufferMemory: MIB })
    const [sender] = senders
    const topic = sender.record(0).topic
    const refused = await world.broker.faults.fail('Produce', {
      error: 'NOT_ENOUGH_REPLICAS',
      topic,
      partition: 0,
      times: Number.POSITIVE_INFINITY,
    })
    sender.flood(0)
    while (sender.refused === 0) await sleep(5)
    const waiting = sender.send(0)
    const began = performance.now()
    for (let i = 0; i < 60; i++) await sender.send(1 + (i % 3))
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(producer.bufferedBytes).toBeGreaterThan(MIB / 2)
    await refused.remove()
    await waiting
    await sender.settle(world)
  })
})
