/** DescribeLogDirs 1–5 (KIP-113, KIP-827): where a node has its logs, and how large they are. There is one directory a node. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import {
  type DescribeLogDirsRequest,
  type DescribeLogDirsResponse,
  describeLogDirs,
} from '../../../../shared/protocol/generated/describe-log-dirs.ts'
import type { Handler, RequestContext } from '../handler.ts'
import type { Partition } from '../partition.ts'
import { logDirOf } from './node-configs.ts'

type Directory = NonNullable<Draft<DescribeLogDirsResponse>['results']>[number]

/** From this version on the space on the disk is told. */
const SPACE_SINCE = 4

export const describeLogDirsHandler: Handler<DescribeLogDirsRequest, DescribeLogDirsResponse> = {
  api: describeLogDirs,
  async handle({ topics }, context) {
    const { cluster, version, faults } = context
    const fault = faults.failureOf()
    if (fault) return { errorCode: fault.error }
    const found = partitionsOf(topics, context)
    const failed = found.map(({ topic, index }) => faults.failureOf(topic.name, index)).find((rule) => rule !== undefined)
    const directory: Directory = failed
      ? { errorCode: failed.error, logDir: logDirOf(cluster) }
      : { logDir: logDirOf(cluster), topics: byTopic(found, context) }
    const space = version >= SPACE_SINCE ? await cluster.logSpace() : {}
    return { results: [{ ...directory, ...space }] }
  },
}

/** Those that the node has a replica of; of what there is not nothing is said. */
function partitionsOf(topics: DescribeLogDirsRequest['topics'], { cluster, node }: RequestContext): Partition[] {
  const wanted =
    topics === null
      ? [...cluster.topics.partitions()]
      : topics.flatMap(({ topic, partitions }) => partitions.flatMap((index) => cluster.partition(topic, index) ?? []))
  return [...new Set(wanted)].filter(({ replicas }) => replicas.includes(node.id))
}

function byTopic(partitions: readonly Partition[], { node }: RequestContext): NonNullable<Directory['topics']> {
  return Array.from(
    Map.groupBy(partitions, ({ topic }) => topic.name),
    ([name, ofTopic]) => ({
      name,
      partitions: ofTopic.map((partition) => ({
        partitionIndex: partition.index,
        partitionSize: partition.seenBy(node.id).log.sizeInBytes,
      })),
    }),
  )
}
