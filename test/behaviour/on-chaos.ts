/**
 * Suites that run through the chaos proxy: owns the proxy of each cluster and the ledger of what was sent. A test says what goes
 * wrong; `Ledger.settle` judges by the log that nothing was lost, written twice or reordered.
 */
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { FetchedRecord, Kafka, KafkaError, KafkaOptions, Producer } from '../../src/main/index.ts'
import { type ChaosProxy, startChaosProxy } from '../chaos/index.ts'
import { valuesByPartition } from './log-reader.ts'
import { onBrokers, type TargetName, type World } from './on-brokers.ts'

/** Many faults in a row must not add up to long pauses. */
export const EAGER: Partial<KafkaOptions> = {
  reconnectBackoffMs: 1,
  reconnectBackoffMaxMs: 20,
  retryBackoffMs: 1,
  retryBackoffMaxMs: 20,
}

export interface ChaosWorld {
  readonly world: World
  readonly proxy: ChaosProxy
  /** A client that sees only the proxy and ends with the test. */
  client(options?: Partial<KafkaOptions>): Kafka
  ledger(topic: string, producer: Producer): Ledger
}

export function onChaos(theme: string, suite: (chaos: ChaosWorld) => void, targets?: readonly TargetName[]): void {
  onBrokers(
    theme,
    (world) => {
      let proxy: ChaosProxy
      beforeAll(async () => {
        proxy = await startChaosProxy({ brokers: world.brokers })
      })
      afterEach(() => {
        proxy.clear()
        expect(proxy.problems.splice(0)).toEqual([])
      })
      afterAll(() => proxy?.close())
      suite({
        world,
        get proxy() {
          return proxy
        },
        client: (options) => world.client({ brokers: proxy.brokers, ...options }),
        ledger: (topic, producer) => new Ledger(world, topic, producer),
      })
    },
    targets,
  )
}

/** What was sent to each partition of a topic, in the order of the calls, and how often each send settled. */
export class Ledger {
  readonly sent = new Map<number, string[]>()
  readonly errors: KafkaError[] = []
  readonly #world: World
  readonly #topic: string
  readonly #producer: Producer
  readonly #settled: number[] = []
  readonly #pending = new Set<Promise<void>>()

  constructor(world: World, topic: string, producer: Producer) {
    this.#world = world
    this.#topic = topic
    this.#producer = producer
  }

  /** Resolves when the send settled, well or not. */
  send(partition: number, padding = 0): Promise<void> {
    const index = this.#settled.push(0) - 1
    const value = `${index}`.padEnd(padding, '.')
    this.sent.set(partition, [...(this.sent.get(partition) ?? []), value])
    const settled = new Promise<void>((resolve) => {
      this.#producer.produceAsync({ topic: this.#topic, partition, value }, (error) => {
        this.#settled[index]!++
        if (error) this.errors.push(error)
        resolve()
      })
    })
    this.#pending.add(settled)
    settled.then(() => this.#pending.delete(settled))
    return settled
  }

  async burst(count: number, partitions = 1): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, i) => this.send(i % partitions)))
  }

  /** Every send settled once and well, and the log has them once and in order. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending)
    expect(this.errors).toEqual([])
    expect(this.#settled.filter((times) => times !== 1)).toEqual([])
    expect(valuesByPartition(await this.#world.log(this.#topic))).toEqual(this.sent)
  }
}

/** The values from `offset` to the end, which must be `count` records on, by as many calls as it takes. */
export async function readAll(kafka: Kafka, topic: string, count: number, partition = 0, offset = 0): Promise<string[]> {
  const records: FetchedRecord[] = []
  for (let next = offset; next < offset + count; ) {
    const [batch] = await kafka.fetch([{ topic, partition, offset: next }])
    records.push(...batch!.records)
    next = batch!.nextOffset
  }
  return records.map(({ value }) => String(value).replace(/\.+$/, ''))
}

export const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}`)
