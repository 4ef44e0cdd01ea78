/**
 * What a sequence knows while it runs: its topics, producers, sessions and groups, with the ids that each broker gave them. Steps name things by
 * small numbers, so that a shorter sequence still means something.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { javaHashCode } from '../../src/main/testing/broker/groups/java-hash.ts'
import type { Api } from '../../src/shared/protocol/api.ts'
import { consumerGroupHeartbeat } from '../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { createTopics } from '../../src/shared/protocol/generated/create-topics.ts'
import { deleteGroups } from '../../src/shared/protocol/generated/delete-groups.ts'
import { listOffsets } from '../../src/shared/protocol/generated/list-offsets.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { REAL_OFFSETS_PARTITIONS } from './brokers.ts'
import { Different, type Pair, type ResponseOf, type Twin } from './pair.ts'

export const NOBODY: Twin<string> = ['', '']
export const NOWHERE_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'

export interface Topic {
  name: string
  ids: Twin<string>
  partitions: number
  deleted: boolean
}

/** A producer and where it is in each partition. */
export interface Producer {
  ids: Twin<number>
  epoch: number
  /** The next sequence number and the last batch, by `topic-partition`. */
  sequences: Map<string, { next: number; last: number; count: number }>
}

export interface ClassicMember {
  ids: Twin<string>
  generation: number
  /** Ids of all, for the leader. */
  all: Twin<string[]> | undefined
}

export interface ConsumerMember {
  epoch: number
  told: { topic: number; partitions: number[] }[]
  before: { topic: number; partitions: number[] }[]
}

/** A producer with a transactional id. */
export interface Transaction extends Producer {
  id: string
}

export type TopicRef = number | 'unknown' | 'illegal'

export class World {
  readonly pair: Pair
  readonly prefix = `d${randomBytes(6).toString('hex')}`
  readonly topics: Topic[] = []
  readonly producers: Producer[] = []
  readonly sessions: { ids: Twin<number>; epoch: number }[] = []
  readonly classic = new Map<string, ClassicMember>()
  readonly consumers = new Map<string, ConsumerMember>()
  readonly transactions: Transaction[] = []
  readonly #foreign = 1_000_000_000 + randomBytes(3).readUIntBE(0, 3) * 16

  constructor(pair: Pair) {
    this.pair = pair
  }

  /** The time that the records of the sequence are near: half an hour ago, so that a broker's own clock is told from it. */
  get clock(): number {
    return Math.floor(this.pair.started / 1_000) * 1_000 - 30 * 60_000
  }

  /** The topic, if there ever was one. */
  topic(ref: TopicRef): Topic | undefined {
    return typeof ref === 'number' ? this.topics[ref % this.topics.length] : undefined
  }

  topicName(ref: TopicRef): string {
    if (ref === 'illegal') return 'no such name'
    return this.topic(ref)?.name ?? `${this.prefix}-none`
  }

  topicId(ref: TopicRef, side: 0 | 1): string {
    return this.topic(ref)?.ids[side] ?? NOWHERE_ID
  }

  /** A producer by number; those that no broker gave an id are made up. */
  producer(n: number): Producer {
    for (let i = this.producers.length; i <= n; i++) {
      const id = this.#foreign + i
      this.pair.learn(`producer ${i}`, [id, id])
      this.producers.push({ ids: [id, id], epoch: 0, sequences: new Map() })
    }
    return this.producers[n]!
  }

  /** A transactional id by number; before it has begun, with a producer id that no broker gave. */
  transaction(n: number): Transaction {
    for (let i = this.transactions.length; i <= n; i++) {
      const id = this.#foreign + 8 + i
      this.pair.learn(`transaction ${i}`, [id, id])
      this.transactions.push({ id: `${this.prefix}-x${i}`, ids: [id, id], epoch: 0, sequences: new Map() })
    }
    return this.transactions[n]!
  }

  groupName(n: number | string): string {
    return n === '' ? '' : `${this.prefix}-g${n}`
  }

  /** For each of the groups the name of another one in the same partition of the real broker's topic for offsets. */
  neighbours(groups: readonly string[]): string[] {
    const partitionOf = (name: string) => (javaHashCode(name) & 0x7fff_ffff) % REAL_OFFSETS_PARTITIONS
    return groups.map((group) => {
      for (let i = 0; ; i++) {
        const name = `${this.prefix}-n${i}`
        if (partitionOf(name) === partitionOf(group)) return name
      }
    })
  }

  async makeTopic(partitions: number, configs: { name: string; value: string }[] = []): Promise<Topic> {
    const name = `${this.prefix}-t${this.topics.length}`
    const topics = [{ name, numPartitions: partitions, replicationFactor: 1, configs }]
    await this.must(createTopics, 7, () => ({ timeoutMs: 10_000, topics }))
    return this.adopt(name, partitions)
  }

  /** Waits until a new topic is known everywhere on both, and learns its ids. */
  async adopt(name: string, partitions: number): Promise<Topic> {
    const ids = await this.#ready(name, partitions)
    this.pair.learn(`topic ${this.topics.length}`, ids)
    const topic = { name, ids, partitions, deleted: false }
    this.topics.push(topic)
    return topic
  }

  /** Waits until every part of both brokers knows that a topic grew or, with 0, went. */
  async changed(topic: Topic, partitions: number): Promise<void> {
    topic.partitions = partitions
    topic.deleted = partitions === 0
    await this.#ready(topic.name, partitions)
  }

  async must<A extends Api>(api: A, version: number, body: (side: 0 | 1) => Parameters<A['encodeRequest']>[2]) {
    const outcomes = await this.pair.ask('admin', api, version, body)
    return outcomes.map((outcome) => {
      if (typeof outcome === 'string') throw new Error(`${api.name} ${version}: ${outcome}`)
      return outcome.answer
    }) as unknown as Twin<ResponseOf<A>>
  }

  /** Asks each broker until it gives another answer than `again`. */
  async retried<A extends Api>(
    api: A,
    version: number,
    body: (side: 0 | 1) => Parameters<A['encodeRequest']>[2],
    again: (answer: ResponseOf<A>) => boolean,
  ): Promise<Twin<ResponseOf<A>>> {
    const answers = await Promise.all(
      ([0, 1] as const).map(async (side) => {
        for (const deadline = performance.now() + 10_000; ; await sleep(5)) {
          const answer = await this.pair.sides[side].call('transactions', api, version, body(side))
          if (typeof answer === 'string') throw new Error(`${api.name} ${version}: ${answer}`)
          if (!again(answer.answer) || performance.now() > deadline) return answer.answer
        }
      }),
    )
    return answers as unknown as Twin<ResponseOf<A>>
  }

  async #ready(name: string, partitions: number): Promise<Twin<string>> {
    let ids: Twin<string> = NOBODY
    await this.until(`the topic has ${partitions} partitions`, async () => {
      const answers = await this.must(metadata, 12, () => ({ topics: [{ name }], allowAutoTopicCreation: false }))
      ids = answers.map(({ topics }) => topics[0]!.topicId) as unknown as Twin<string>
      return answers.map(({ topics }) => topics[0]!.partitions.filter(({ errorCode }) => errorCode === 0).length === partitions)
    })
    if (partitions > 0) await this.until('partitions have leaders', () => this.#led(name, partitions))
    await this.until('coordinators know the topic', () => this.#coordinated(name, partitions))
    return ids
  }

  async #led(name: string, count: number): Promise<boolean[]> {
    const partitions = Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex, timestamp: -1 }))
    const answers = await this.must(listOffsets, 7, () => ({ replicaId: -1, topics: [{ name, partitions }] }))
    return answers.map(({ topics }) => topics[0]!.partitions.every(({ errorCode }) => errorCode === 0))
  }

  /** The group coordinator of a real broker learns of topics a little later than others: a group tells. */
  async #coordinated(name: string, partitions: number): Promise<boolean[]> {
    const group = { groupId: `${this.prefix}-probe-${randomBytes(4).toString('hex')}`, memberId: 'probe' }
    const joins = { memberEpoch: 0, rebalanceTimeoutMs: 1_000, subscribedTopicNames: [name], topicPartitions: [] }
    const answers = await this.must(consumerGroupHeartbeat, 1, () => ({ ...group, ...joins }))
    await this.must(consumerGroupHeartbeat, 1, () => ({ ...group, memberEpoch: -1 }))
    await this.must(deleteGroups, 2, () => ({ groupsNames: [group.groupId] }))
    return answers.map(({ assignment }) => (assignment?.topicPartitions[0]?.partitions.length ?? 0) === partitions)
  }

  /** Lets a real broker hear what its controller has decided. */
  pause(ms: number): Promise<void> {
    return sleep(ms)
  }

  async end(): Promise<void> {
    await this.pair.close()
  }

  /** Asks until both say yes. */
  async until(what: string, done: () => Promise<readonly boolean[]>): Promise<void> {
    for (const deadline = performance.now() + 10_000; ; await sleep(5)) {
      const [real, embedded] = await done()
      if (real && embedded) return
      if (performance.now() > deadline) throw new Different('waiting', `${what}: real ${real}, embedded ${embedded}`)
    }
  }
}
