/** What this thread knows of a topic-partition; one object for its whole life, so that lanes and credits see its leader change. */
import type { PartitionLeader } from '../shared/io-api.ts'
import { HINTS_IN_A_ROW, type HintedApi } from './leader-hints.ts'

export interface Partition extends PartitionLeader {
  /** How many more of brokers' hints about its leader are believed; {@link HINTS_IN_A_ROW} again after a success. */
  readonly hintsLeft: Record<HintedApi, number>
}

export function newPartition(leader: PartitionLeader): Partition {
  return { ...leader, hintsLeft: { produce: HINTS_IN_A_ROW, fetch: HINTS_IN_A_ROW } }
}

/** Stands for a partition that was dropped before main's last word on it arrived. */
export function gonePartition(handle: number): Partition {
  return newPartition({ handle, topic: '', topicId: '', partition: -1, leader: -1, leaderEpoch: -1 })
}
