/**
 * Sixty-four callers at once on one producer and five topics, each topic with a codec of its own: what goes on while nodes die or
 * leaders move. The judge reads every log by itself and looks at contents only.
 */
import { expect } from 'vitest'
import type { Kafka } from '../../src/main/index.ts'
import { Load } from './load.ts'
import { scanLog } from './log-reader.ts'

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const CALLERS = 64

export interface MixedOptions {
  /** Partitions of each topic. */
  partitions: number
  /** All callers together; left out, they go on until they are ended. */
  records?: number
  paceMs?: number
}

export class MixedLoad {
  readonly topics: readonly string[]
  readonly #loads: readonly Load[]

  /** `topics`: five. */
  constructor(kafka: Kafka, topics: readonly string[], { partitions, records, paceMs = 0 }: MixedOptions) {
    this.topics = topics
    const producer = kafka.producer({ topics: topics.map((name, index) => ({ name, compression: CODECS[index]! })) })
    const recordsEach = records === undefined ? Number.POSITIVE_INFINITY : Math.ceil(records / CALLERS)
    this.#loads = topics.map((topic, index) => {
      const callers = Math.floor((CALLERS + index) / topics.length)
      return new Load(producer, topic, { partitions, callers, recordsEach, paceMs })
    })
  }

  get acked(): number {
    return this.#loads.reduce((sum, { acked }) => sum + acked, 0)
  }

  /** Each partition of each topic has acknowledged something that was sent from now on. */
  async flowing(): Promise<void> {
    await Promise.all(this.#loads.map((load) => load.flowing()))
  }

  async done(): Promise<void> {
    await Promise.all(this.#loads.map((load) => load.done()))
  }

  /** The longest time that any partition waited for an acknowledgement after `since`, in milliseconds. */
  longestPause(since: number): number {
    return Math.max(...this.#loads.flatMap((load) => load.pauses(since)))
  }

  /** Ends the load, reads the logs and compares; each topic must have been compressed as it was told. */
  async expectExactlyOnce(brokers: readonly string[]): Promise<void> {
    for (const load of this.#loads) await load.end()
    for (const [index, load] of this.#loads.entries()) {
      await load.expectExactlyOnce(brokers)
      const codecs = new Set<string>()
      await scanLog(brokers, load.topic, ({ codec }) => codecs.add(codec))
      expect([...codecs], load.topic).toEqual([CODECS[index]])
    }
  }
}
