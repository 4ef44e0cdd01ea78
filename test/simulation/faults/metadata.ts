/** Metadata that is old or wrong (F6, F43). */
import { ErrorCode } from '../../../src/shared/protocol/errors.ts'
import { type MetadataResponse, metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import type { Chance } from '../chance.ts'
import { changed } from '../wire.ts'
import type { Fault } from '../world.ts'

type Lie = (body: MetadataResponse, chance: Chance) => void

const eachPartition = (
  body: MetadataResponse,
  change: (partition: MetadataResponse['topics'][number]['partitions'][number]) => void,
): void => {
  for (const { partitions } of body.topics) for (const partition of partitions) change(partition)
}

const LIES: Record<string, Lie> = {
  'no leaders': (body) =>
    eachPartition(body, (partition) => {
      partition.leaderId = -1
      partition.leaderEpoch = -1
      partition.errorCode = ErrorCode.LEADER_NOT_AVAILABLE
    }),
  'older epochs': (body) =>
    eachPartition(body, (partition) => {
      partition.leaderEpoch = Math.max(0, partition.leaderEpoch - 1)
      partition.leaderId = (partition.leaderId % 3) + 1
    }),
  'wrong leaders': (body) =>
    eachPartition(body, (partition) => {
      partition.leaderId = (partition.leaderId % 3) + 1
    }),
  'unknown leaders': (body) =>
    eachPartition(body, (partition) => {
      partition.leaderId = 99
    }),
  'no partitions': (body) => {
    for (const topic of body.topics) topic.partitions = []
  },
  'partitions twice': (body) => {
    for (const topic of body.topics) topic.partitions.push(...topic.partitions)
  },
  'impossible partitions': (body, chance) => {
    for (const { partitions } of body.topics) {
      const [first] = partitions
      if (first) partitions.push({ ...first, partitionIndex: chance.oneOf([-1, -(2 ** 31), 2 ** 31 - 1, 100_000]) })
    }
  },
  'no brokers': (body) => {
    body.brokers = []
  },
  'impossible ports': (body, chance) => {
    for (const broker of body.brokers) broker.port = chance.oneOf([70_000, -1, 0])
  },
}

export const metadataFaults: readonly Fault[] = [
  {
    name: 'metadata-lies',
    weight: 2,
    strike({ chance, wire }) {
      const name = chance.oneOf(Object.keys(LIES))
      const times = chance.between(1, 2)
      wire.add({
        apiKey: metadata.key,
        times,
        spoil: (answer) => changed<MetadataResponse>(answer, (body) => LIES[name]!(body, chance)),
      })
      return `metadata lies: ${name}, ${times} times`
    },
  },
  {
    name: 'metadata-stale',
    weight: 2,
    strike({ chance, wire }) {
      wire.add({
        apiKey: metadata.key,
        times: chance.between(1, 3),
        spoil(answer) {
          const old = wire.earlier(answer, (n) => chance.pick(n))
          if (!old) return undefined
          const bytes = Buffer.from(old.frame)
          bytes.writeInt32BE(answer.correlationId, 4)
          return { bytes }
        },
      })
      return 'metadata of yesterday'
    },
  },
]
