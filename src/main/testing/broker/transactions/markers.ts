/** Writes a transaction's marker to one partition, wherever its leader is. Group offsets have no log here: they are told at once. */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { Cluster } from '../cluster.ts'
import { NO_LEADER, type Partition } from '../partition.ts'
import { OFFSETS_TOPIC } from '../topic-name.ts'
import type { Marker } from './marker.ts'

/** Gives Kafka's error, or NONE. */
export function writeMarker(cluster: Cluster, partition: Partition, marker: Marker): number {
  const { topic, leader, producers, transactions } = partition
  if (cluster.topics.get(topic.name) !== topic) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  if (leader === NO_LEADER) return ErrorCode.NOT_LEADER_OR_FOLLOWER
  const holdsOffsets = topic.name === OFFSETS_TOPIC
  if (holdsOffsets && cluster.coordinator.isLoading(partition)) return ErrorCode.NOT_LEADER_OR_FOLLOWER
  if (partition.underMinInsync) return ErrorCode.NOT_ENOUGH_REPLICAS
  const refused = producers.judgeMarker(marker, transactions.firstOffsetOf(marker.producerId) !== undefined)
  if (refused !== ErrorCode.NONE) return refused
  const now = cluster.env.wallClock()
  if (holdsOffsets) {
    producers.ended(marker, now)
    transactions.ended(marker.producerId, marker.epoch, partition.log.logEndOffset, true, partition.log)
    cluster.coordinator.completeOffsets(partition, marker.producerId, marker.commit)
  } else {
    partition.end(marker, now)
    partition.announce()
  }
  return ErrorCode.NONE
}
