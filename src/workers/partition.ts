/** What this thread knows of a topic-partition; one object for its whole life, so that lanes and credits see its leader change. */
import type { PartitionLeader } from '../shared/io-api.ts'

export type Partition = PartitionLeader
