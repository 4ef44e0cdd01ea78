/**
 * Which partition of a topic a record goes to: the one it names, the one a custom function says, the one of its key, or else the one
 * that keyless records stick to for the time being (KIP-480, https://cwiki.apache.org/confluence/display/KAFKA/KIP-480%3A+Sticky+Partitioner;
 * KIP-794, https://cwiki.apache.org/confluence/display/KAFKA/KIP-794%3A+Strictly+Uniform+Sticky+Partitioner). One per producer
 * and topic. Runs once a record: it allocates nothing but on errors.
 */
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import { show } from '../shared/options.ts'
import type { ProducerRecord } from '../shared/types.ts'
import type { TopicView } from './cluster-view.ts'
import { partitionForKey } from './murmur2.ts'
import type { PartitionerFunction } from './producer-options.ts'

/**
 * Bytes of keyless records after which another partition takes over. By bytes and not by batches, as in KIP-794: a slow broker, whose
 * batches take longer, would otherwise draw more records than the others. It is Java's batch size and far below ours, so that a few
 * hundred records already spread over partitions, while a partition still gets enough at a time to fill a request's share.
 */
export const STICKY_BYTES = 16 * 1024

export class Partitioner {
  readonly #env: Pick<Env, 'random'>
  readonly #custom: PartitionerFunction | undefined
  readonly #isStuck: (partition: number) => boolean
  /** Where keyless records go at present, and how many bytes of them still do. */
  #sticky = -1
  #bytesLeft = 0
  /** Whose turn is still to come in this round, in no order. */
  readonly #round: number[] = []
  /** By how many bytes each had more than its turns: records have sizes of their own. It pays them back, so that bytes stay even. */
  readonly #owed: number[] = []

  /** `isStuck`: a partition whose leader does not get on; keyless records avoid it as long as there are others. */
  constructor(env: Pick<Env, 'random'>, custom?: PartitionerFunction, isStuck: (partition: number) => boolean = () => false) {
    this.#env = env
    this.#custom = custom
    this.#isStuck = isStuck
  }

  /** The partition; `approxBytes` is about what the record takes in a batch. Throws for a partition that the topic does not have. */
  pick(view: TopicView, record: ProducerRecord, approxBytes: number): number {
    const count = view.partitions.length
    const { partition, key } = record
    if (partition !== undefined) {
      if (!isPartition(partition, count)) throw unknownPartition(view, partition, 'the record names')
      return partition
    }
    if (this.#custom !== undefined) return this.#askCustom(this.#custom, view, record)
    if (key !== undefined && key !== null) return partitionForKey(key, count)
    return this.#stick(view, approxBytes)
  }

  /** Whether the record cannot go just anywhere. */
  isBound({ partition, key }: ProducerRecord): boolean {
    return partition !== undefined || this.#custom !== undefined || (key !== undefined && key !== null)
  }

  /** Keyless records go here for a while: where they went there is no room. */
  stickTo(partition: number): void {
    this.#sticky = partition
    this.#bytesLeft = STICKY_BYTES
  }

  #askCustom(custom: PartitionerFunction, view: TopicView, record: ProducerRecord): number {
    let partition: number
    try {
      partition = custom(record, view.partitions.length)
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new KafkaError('INVALID_ARGUMENT', `The option 'partitioner' threw for a record of topic '${view.topic}': ${why}`, {
        topic: view.topic,
        outcome: 'not-written',
        cause,
      })
    }
    if (!isPartition(partition, view.partitions.length))
      throw unknownPartition(view, partition, "the option 'partitioner' returned")
    return partition
  }

  #stick(view: TopicView, approxBytes: number): number {
    const led = (view.partitions[this.#sticky]?.leader ?? -1) >= 0
    if (!led || this.#bytesLeft <= 0 || this.#isStuck(this.#sticky)) {
      if (this.#sticky >= 0) this.#owed[this.#sticky] = Math.max(0, -this.#bytesLeft)
      this.#sticky = this.#another(view)
      this.#bytesLeft = STICKY_BYTES - (this.#owed[this.#sticky] ?? 0)
    }
    this.#bytesLeft -= approxBytes
    return this.#sticky
  }

  /**
   * A partition with a leader, never the same twice in a row if there is another. Each has its turn once a round, in an order of chance:
   * with chance alone, as in Java, some get far more than others for the first hundreds of turns. Without any
   * leader that gets on the same again, or any at all: its records wait.
   */
  #another({ partitions }: TopicView): number {
    const round = this.#round
    for (let rounds = 0; rounds < 2; rounds++) {
      while (round.length > 0) {
        let at = Math.floor(this.#env.random() * round.length)
        if (round[at] === this.#sticky && round.length > 1) at = (at + 1) % round.length
        const partition = round[at]!
        round[at] = round.at(-1)!
        round.pop()
        // it may have lost its leader meanwhile, or the topic its partition
        if ((partitions[partition]?.leader ?? -1) >= 0 && !this.#isStuck(partition)) return partition
      }
      this.#beginRound(partitions)
    }
    if (this.#sticky >= 0 && this.#sticky < partitions.length) return this.#sticky
    return Math.floor(this.#env.random() * partitions.length)
  }

  /** Who owes a whole turn or more pays one of them by not having it; where all do, as many as the least of them owes. */
  #beginRound(partitions: TopicView['partitions']): void {
    let least = Number.POSITIVE_INFINITY
    for (let index = 0; index < partitions.length; index++) {
      if (partitions[index]!.leader >= 0) least = Math.min(least, this.#owed[index] ?? 0)
    }
    const paid = Math.floor(least / STICKY_BYTES) * STICKY_BYTES
    for (let index = 0; index < partitions.length; index++) {
      if (partitions[index]!.leader < 0) continue
      const owed = (this.#owed[index] ?? 0) - paid
      if (owed < STICKY_BYTES) this.#round.push(index)
      this.#owed[index] = owed < STICKY_BYTES ? owed : owed - STICKY_BYTES
    }
  }
}

function isPartition(value: unknown, count: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < count
}

function unknownPartition({ topic, partitions }: TopicView, partition: unknown, who: string): KafkaError {
  const numbered = partitions.length === 1 ? 'one partition, number 0' : `${partitions.length} partitions, numbered from 0`
  return new KafkaError('UNKNOWN_PARTITION', `Topic '${topic}' has ${numbered}, but ${who} ${show(partition)}.`, {
    topic,
    ...(typeof partition === 'number' && { partition }),
    outcome: 'not-written',
  })
}
