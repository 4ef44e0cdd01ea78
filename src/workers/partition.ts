/** What this thread knows of a topic-partition; one object for its whole life, so that lanes and credits see its leader change. */
import type { PartitionLeader } from '../shared/io-api.ts'

export type Partition = PartitionLeader

/** Stands for a partition that was dropped before main's last word on it arrived. */
export function gonePartition(handle: number): Partition {
  return { handle, topic: '', topicId: '', partition: -1, leader: -1, leaderEpoch: -1 }
}
