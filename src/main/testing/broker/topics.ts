/**
 * The topics that there are, by name and by id: how they come, grow and go, and what is refused. Owns their names and the count of
 * changes; where replicas go is the placement's, who coordinates what with a topic is told from outside.
 */
import { ErrorCode } from '../../../shared/protocol/errors.ts'
import type { TopicSpec } from './cluster-options.ts'
import type { Partition, PartitionWorld } from './partition.ts'
import type { Placement } from './placement.ts'
import { Refusal } from './refusal.ts'
import { savedTopic, Topic, type TopicEntry } from './topic.ts'
import { configProblem, conflictOf } from './topic-configs.ts'
import { topicNameProblem } from './topic-name.ts'

export interface TopicsInit {
  readonly world: PartitionWorld
  readonly placement: Placement
  /** What holds where a topic says nothing. */
  readonly brokerConfigs: ReadonlyMap<string, string>
  newId(): string
  /** A topic is there from now on. */
  came(topic: Topic): void
  /** A topic is gone; its partitions are about to be closed. */
  went(topic: Topic): void
}

export class Topics {
  /** Grows whenever a topic comes, grows or goes. */
  version = 0
  /** `version` when the newest topic came. */
  newestVersion = 0
  readonly #init: TopicsInit
  readonly #byName = new Map<string, Topic>()
  readonly #byId = new Map<string, Topic>()

  constructor(init: TopicsInit) {
    this.#init = init
  }

  get(name: string): Topic | undefined {
    return this.#byName.get(name)
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  byId(id: string): Topic | undefined {
    return this.#byId.get(id)
  }

  keys(): MapIterator<string> {
    return this.#byName.keys()
  }

  values(): MapIterator<Topic> {
    return this.#byName.values()
  }

  *partitions(): Generator<Partition> {
    for (const topic of this.#byName.values()) yield* topic.partitions
  }

  /** Throws a {@link Refusal} when there cannot be such a topic; makes none when `validateOnly`. */
  create(spec: TopicSpec, assignment?: number[][], validateOnly = false): Topic {
    const { topic: name } = spec
    this.checkName(name)
    const configs = spec.configs ?? new Map<string, string>()
    for (const [config, value] of configs) {
      const problem = configProblem(config, value)
      if (problem) throw new Refusal(ErrorCode.INVALID_CONFIG, problem)
    }
    const { placement, brokerConfigs, world } = this.#init
    const topic = new Topic({
      name,
      id: this.#init.newId(),
      assignment: assignment ? placement.check(assignment) : placement.choose(spec),
      configs,
      brokerConfigs,
      world,
    })
    const conflict = conflictOf((config) => topic.config(config))
    if (conflict) throw new Refusal(ErrorCode.INVALID_CONFIG, conflict)
    if (validateOnly) return topic
    this.adopt(topic)
    world.records.note('topics', { what: 'made', topic: savedTopic(topic) } satisfies TopicEntry)
    return topic
  }

  /** Has a topic from now on. */
  adopt(topic: Topic): void {
    this.#byName.set(topic.name, topic)
    this.#byId.set(topic.id, topic)
    this.newestVersion = ++this.version
    this.#init.came(topic)
  }

  /** Makes a topic have `count` partitions; throws a {@link Refusal} when it cannot, and changes nothing when `validateOnly`. */
  grow(topic: Topic, count: number, assignment: number[][] | undefined, validateOnly: boolean): void {
    const { placement, world } = this.#init
    const present = topic.partitions.length
    if (count <= present) {
      const why = count === present ? 'that is what it has' : 'that would not be an increase'
      throw new Refusal(ErrorCode.INVALID_PARTITIONS, `'${topic.name}' cannot get ${count} partitions, it has ${present}: ${why}`)
    }
    const factor = topic.partitions[0]!.replicas.length
    if (assignment && assignment.length !== count - present) {
      const text = `${count - present} partitions are to be added to '${topic.name}', but replicas are given for ${assignment.length}`
      throw new Refusal(ErrorCode.INVALID_REPLICA_ASSIGNMENT, text)
    }
    if (assignment?.some((replicas) => replicas.length !== factor)) {
      const text = `Every partition of '${topic.name}' has ${factor} replicas, so must the new ones`
      throw new Refusal(ErrorCode.INVALID_REPLICA_ASSIGNMENT, text)
    }
    const wanted = { topic: topic.name, partitions: count - present, replicationFactor: factor }
    const replicas = assignment ? placement.check(assignment) : placement.choose(wanted)
    if (validateOnly) return
    topic.grow(replicas)
    world.records.note('topics', { what: 'grown', id: topic.id, assignment: replicas } satisfies TopicEntry)
    this.version++
  }

  delete(topic: Topic): void {
    this.#byName.delete(topic.name)
    this.#byId.delete(topic.id)
    this.version++
    this.#init.world.records.note('topics', { what: 'deleted', id: topic.id } satisfies TopicEntry)
    this.#init.went(topic)
    for (const partition of topic.partitions) partition.close()
  }

  /** Throws a {@link Refusal} when no topic can have this name, or one has it. */
  checkName(name: string): void {
    const problem = topicNameProblem(name)
    if (problem) throw new Refusal(ErrorCode.INVALID_TOPIC_EXCEPTION, `Not a topic name: ${problem}`)
    if (this.#byName.has(name)) throw new Refusal(ErrorCode.TOPIC_ALREADY_EXISTS, `There is a topic '${name}' already`)
    // Kafka's metrics turn dots into underscores, so it refuses names that would then be one.
    const flat = (text: string): string => text.replaceAll('.', '_')
    if (!/[._]/.test(name)) return
    for (const other of this.#byName.keys()) {
      if (flat(other) === flat(name)) {
        throw new Refusal(
          ErrorCode.INVALID_TOPIC_EXCEPTION,
          `'${name}' is too like the existing topic '${other}': only dots and underscores differ`,
        )
      }
    }
  }
}
