/** What tests of consumer groups share: filling topics, gathering what handlers get, and what the coordinator has on record. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type {
  ConsumedRecord,
  ConsumerGroup,
  ConsumerGroupOptions,
  HandlerResult,
  Kafka,
  TopicPartition,
} from '../../src/main/index.ts'
import { offsetFetch } from '../../src/shared/protocol/generated/offset-fetch.ts'
import { ask } from '../support/raw-calls.ts'

export const freshGroup = (): string => `g-${randomUUID()}`

/** The values `p:0`, `p:1`, … in each partition. */
export async function fill(kafka: Kafka, topic: string, partitions: number, count: number, from = 0): Promise<void> {
  const records = Array.from({ length: partitions }, (_, partition) =>
    Array.from({ length: count }, (_, i) => ({ topic, partition, key: `k${from + i}`, value: `${partition}:${from + i}` })),
  )
  for (const result of await kafka.producer().produceBatch(records.flat())) if (!result.ok) throw result.error
}

export const valuesFor = (partition: number, count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `${partition}:${from + i}`)

/** What handlers got, by topic and partition, in the order of delivery. */
export class Gathered {
  readonly #records = new Map<string, ConsumedRecord[]>()
  count = 0

  add(records: readonly ConsumedRecord[]): void {
    for (const record of records) {
      const key = `${record.topic}-${record.partition}`
      const list = this.#records.get(key)
      if (list) list.push(record)
      else this.#records.set(key, [record])
      this.count++
    }
  }

  records(topic: string, partition: number): ConsumedRecord[] {
    return this.#records.get(`${topic}-${partition}`) ?? []
  }

  /** Of each partition that something came from. */
  places(): Iterable<string> {
    return this.#records.keys()
  }

  values(topic: string, partition: number): string[] {
    return this.records(topic, partition).map(({ value }) => String(value))
  }

  async reaches(count: number, timeoutMs = 20_000): Promise<void> {
    await eventually(() => expect(this.count).toBeGreaterThanOrEqual(count), timeoutMs)
  }
}

/** A group that gathers everything it gets, and begins with what was there before. */
export function gathering(
  kafka: Kafka,
  topics: string | string[],
  options: Partial<ConsumerGroupOptions> = {},
  handle: (records: ConsumedRecord[], gathered: Gathered) => HandlerResult | Promise<HandlerResult> = (records, gathered) => {
    gathered.add(records)
  },
): { group: ConsumerGroup; gathered: Gathered } {
  const gathered = new Gathered()
  const group = kafka.consumerGroup({
    groupName: freshGroup(),
    topics: [topics].flat().map((name) => ({ name })),
    ...options,
    defaultTopicConfig: { offsetResetPolicy: 'earliest', handlerMaxBatchSize: 'dynamic', ...options.defaultTopicConfig },
    handler: { handleRecordBatch: (_topic, _partition, records) => handle(records, gathered) },
  } as ConsumerGroupOptions)
  return { group, gathered }
}

/** Asserts again and again until it holds. */
export async function eventually(check: () => unknown, timeoutMs = 20_000): Promise<void> {
  const end = performance.now() + timeoutMs
  for (;;) {
    try {
      await check()
      return
    } catch (error) {
      if (performance.now() > end) throw error
      await sleep(20)
    }
  }
}

export interface CommittedOffset {
  offset: number
  metadata: string | null
}

/** As the coordinator has them, asked past the group. */
export async function committedOffsets(
  brokers: readonly string[],
  groupName: string,
  partitions: readonly TopicPartition[],
): Promise<CommittedOffset[]> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))].map((name) => ({
    name,
    partitionIndexes: partitions.filter(({ topic }) => topic === name).map(({ partition }) => partition),
  }))
  // whoever is the coordinator answers without an error
  for (;;) {
    for (const address of brokers) {
      const { groups } = await ask(address, offsetFetch, 9, {
        groups: [{ groupId: groupName, memberId: null, memberEpoch: -1, topics }],
        requireStable: true,
      })
      if (groups[0]!.errorCode !== 0) continue
      const found = new Map(
        groups[0]!.topics.flatMap(({ name, partitions }) => partitions.map((one) => [`${name}-${one.partitionIndex}`, one])),
      )
      return partitions.map(({ topic, partition }) => {
        const { committedOffset = -1, metadata = null } = found.get(`${topic}-${partition}`) ?? {}
        return { offset: committedOffset, metadata }
      })
    }
    await sleep(50)
  }
}
