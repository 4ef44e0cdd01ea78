/** A topic: its name, its configs and its partitions, and what of it outlives the process. Knows no requests and no other topics. */
import { Partition, type PartitionChange, type PartitionWorld, type SavedPartition } from './partition.ts'
import { settingsOf, type TopicSettings, topicConfigs } from './topic-configs.ts'

export class Topic {
  readonly name: string
  readonly id: string
  readonly partitions: Partition[]
  /** What was set on the topic itself. */
  configs: ReadonlyMap<string, string>
  /** What holds on this broker where the topic says nothing. */
  readonly brokerConfigs: ReadonlyMap<string, string>
  settings: TopicSettings
  readonly #world: PartitionWorld

  constructor(init: {
    name: string
    id: string
    /** The replicas of each partition, the preferred leader first. */
    assignment: number[][]
    configs: ReadonlyMap<string, string>
    brokerConfigs: ReadonlyMap<string, string>
    world: PartitionWorld
  }) {
    this.name = init.name
    this.id = init.id
    this.configs = init.configs
    this.brokerConfigs = init.brokerConfigs
    this.settings = settingsOf((name) => this.config(name))
    this.#world = init.world
    this.partitions = []
    this.grow(init.assignment)
  }

  /** Adds a partition for each list of replicas, the preferred leader first. */
  grow(assignment: number[][]): void {
    for (const replicas of assignment) this.partitions.push(new Partition(this, this.partitions.length, replicas, this.#world))
  }

  /** Sets all configs of the topic; what is not among them is not set any more. */
  alter(configs: ReadonlyMap<string, string>): void {
    this.configs = configs
    this.settings = settingsOf((name) => this.config(name))
    for (const partition of this.partitions) partition.settingsChanged()
    this.#world.records.note('topics', { what: 'configs', id: this.id, configs })
  }

  /** A config's value: the topic's, the broker's, or Kafka's default. */
  config(name: string): string {
    return this.valueIn(this.configs, name)
  }

  /** The value that a config would have with these of the topic's own. */
  valueIn(configs: ReadonlyMap<string, string>, name: string): string {
    return configs.get(name) ?? this.brokerConfigs.get(name) ?? topicConfigs.get(name)?.value ?? ''
  }
}

/** What of a topic is kept. */
export interface SavedTopic {
  name: string
  id: string
  configs: ReadonlyMap<string, string>
  assignment: number[][]
}

/** What happens to topics, as it is noted. */
export type TopicEntry =
  | { what: 'made'; topic: SavedTopic }
  | { what: 'deleted'; id: string }
  | { what: 'grown'; id: string; assignment: number[][] }
  | { what: 'configs'; id: string; configs: ReadonlyMap<string, string> }
  | { what: 'partition'; id: string; index: number; saved: SavedPartition }
  | { what: 'changed'; id: string; index: number; change: PartitionChange }

export const savedTopic = ({ name, id, configs, partitions }: Topic): SavedTopic => {
  return { name, id, configs, assignment: partitions.map(({ replicas }) => replicas) }
}
