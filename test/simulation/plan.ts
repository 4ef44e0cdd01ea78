/** The settings of a run, from its seed: client, topics, producers, readers, and how it ends. */
import type { KafkaOptions, ProducerOptions } from '../../src/main/index.ts'
import { Chance } from './chance.ts'
import { FLEETING } from './world.ts'

export interface PlannedWriter {
  options: ProducerOptions & { name: string; deliveryTimeoutMs: number; bufferMemory: number }
  topics: readonly string[]
  records: number
  /** The largest value but for a few that are too large. */
  valueBytes: number
}

export interface Plan {
  kafka: Omit<KafkaOptions, 'brokers'>
  topics: { topic: string; partitions: number; configs: Record<string, string> }[]
  writers: PlannedWriter[]
  /** How many readers follow everything. */
  readers: number
  /** Where the sequence numbers of a lane begin. */
  firstSequence: number
  /** The client is closed in the midst of it, with so much patience. */
  closesWithin: number | undefined
}

const PLAN = 1
/** Large batches find no room in it: they are lost in a crash. */
const SMALL_STORE = 65_536
/** Nothing is lost with it. */
export const AMPLE_STORE = 1 << 23

export function planOf(seed: number): Plan {
  const chance = new Chance(seed, PLAN)
  const fleeting = chance.oneIn(3)
  const topics = [
    { topic: 'steady', partitions: 3, configs: {} },
    { topic: 'stamped', partitions: 2, configs: { 'message.timestamp.type': 'LogAppendTime' } },
    ...(fleeting ? [{ topic: FLEETING, partitions: 2, configs: {} }] : []),
  ]
  const names = topics.map(({ topic }) => topic)
  const writers = Array.from({ length: chance.between(1, 2) }, (_, index): PlannedWriter => {
    // most of what is promised is promised to idempotent producers
    const kind = chance.pick(8)
    // large batches go to the socket as they are, small ones are copied
    const large = chance.oneIn(3)
    const acks = kind === 0 ? 0 : kind === 1 ? 1 : 'all'
    return {
      options: {
        name: `w${index}`,
        acks,
        idempotent: acks === 'all' && kind !== 2,
        compression: chance.oneOf(['none', 'none', 'none', 'none', 'gzip', 'zstd']),
        deliveryTimeoutMs: chance.oneOf(large ? [200, 400, 3_000] : [400, 400, 3_000, 10_000, 120_000]),
        batchBytes: large ? 50_000 : chance.oneOf([1_024, 4_000, 20_000]),
        bufferMemory: large ? 262_144 : chance.oneOf([65_536, 65_536, 262_144]),
        lingerMs: chance.oneOf([0, 0, 5, 40]),
      },
      topics: names,
      records: large ? chance.between(80, 200) : chance.between(80, 400),
      valueBytes: large ? 10_000 : 600,
    }
  })
  return {
    kafka: {
      ioThreads: 0,
      requestTimeoutMs: chance.oneOf([1_500, 1_500, 5_000]),
      connectTimeoutMs: 1_000,
      unknownTopicTimeoutMs: chance.oneOf([500, 5_000]),
      maxInFlightRequests: chance.oneOf([1, 2, 5, 5]),
      submissionRingBytes: 65_536,
      completionRingBytes: 65_536,
      batchStoreBytes: chance.oneOf([SMALL_STORE, AMPLE_STORE]),
      ioThreadCrashLimit: 1_000_000,
      pipelineBytes: chance.oneOf([0, 500, 32_768]),
    },
    topics,
    writers,
    readers: chance.pick(3),
    firstSequence: chance.oneIn(4) ? 2 ** 31 - chance.between(1, 60) : 0,
    closesWithin: chance.oneIn(6) ? chance.oneOf([0, 500, 5_000, 30_000]) : undefined,
  }
}
