/**
 * A real cluster of three nodes for one file of tests alone, because they kill its nodes. Owns its start and end, and what tests
 * ask of its controllers.
 */
import { afterAll, afterEach, beforeAll, describe, inject } from 'vitest'
import type { Api } from '../../src/shared/protocol/api.ts'
import { describeQuorum } from '../../src/shared/protocol/generated/describe-quorum.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { type Configs, type RealKafka, startKafka } from '../kafka/index.ts'
import { askAny, assign } from '../support/raw-calls.ts'
import { Site, type World } from './on-brokers.ts'

type RequestOf<A extends Api> = Parameters<A['encodeRequest']>[2]
type ResponseOf<A extends Api> = ReturnType<A['decodeResponse']>

/** What three replicas of one partition can be, the leader first. */
const ORDERS = new Map([
  [1, [1, 2, 3]],
  [2, [2, 3, 1]],
  [3, [3, 1, 2]],
])

export class PrivateCluster extends Site {
  kafka!: RealKafka

  constructor() {
    super('real-3')
  }

  /** Resolves when no partition of the topic is led by this node, as the others see it. */
  async leaderless(topic: string, node: number): Promise<void> {
    const others = this.brokers.filter((_, index) => index !== node - 1)
    for (;;) {
      const { topics } = await this.ask(metadata, 9, { topics: [{ name: topic }] }, others)
      if (topics[0]!.partitions.every(({ leaderId }) => leaderId >= 0 && leaderId !== node)) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** Every node that is down or paused runs again, and everybody has caught up with this topic. */
  async healed(topic: string): Promise<void> {
    for (;;) {
      const { topics } = await this.ask(metadata, 9, { topics: [{ name: topic }] })
      if (topics[0]!.partitions.every(({ isrNodes, replicaNodes }) => isrNodes.length === replicaNodes.length)) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  /** Resolves when these are the replicas in sync of the topic's first partition. */
  async inSync(topic: string, nodes: readonly number[]): Promise<void> {
    for (;;) {
      const { topics } = await this.ask(metadata, 9, { topics: [{ name: topic }] })
      if (topics[0]!.partitions[0]!.isrNodes.join() === nodes.join()) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  /** A topic of which `leaders[p]` leads partition p. */
  async led(leaders: readonly number[], configs: Record<string, string> = {}): Promise<string> {
    const topic = this.freshName()
    const admin = this.client({ clientId: 'topic-maker' }).admin
    await admin.createTopics([{ topic, assignments: leaders.map((leader) => ORDERS.get(leader)!), configs }])
    return topic
  }

  /** The node whose controller is active. */
  async controller(): Promise<number> {
    const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }]
    const answer = await this.ask(describeQuorum, 0, { topics })
    return answer.topics[0]!.partitions[0]!.leaderId
  }

  /** Makes another replica the leader of each partition, without any failure. */
  lead(topic: string, leaders: readonly number[]): Promise<void> {
    return assign(this.brokers, topic, new Map(leaders.map((leader, partition) => [partition, ORDERS.get(leader)!])))
  }

  /** Asks any node that answers. */
  ask<A extends Api>(api: A, version: number, body: RequestOf<A>, brokers = this.brokers): Promise<ResponseOf<A>> {
    return askAny(brokers, api, version, body)
  }
}

/** `configs`: of the brokers. */
export function onPrivateCluster(theme: string, suite: (world: World & PrivateCluster) => void, configs: Configs = {}): void {
  const missing = inject('realKafka3') === null
  const why = missing ? ` (skipped: ${inject('realKafkaMissing')})` : ''
  describe.skipIf(missing)(`${theme} on real-3${why}`, () => {
    const site = new PrivateCluster()
    beforeAll(async () => {
      // nobody may kill the nodes of a cluster that somebody else runs
      const via = process.env['KAFKA_BROKERS'] ? 'maven' : 'auto'
      site.kafka = await startKafka({ nodes: 3, via, configs })
      site.brokers = site.kafka.brokers
    })
    afterEach(() => site.endTest())
    afterAll(async () => {
      await site.end()
      await site.kafka?.stop()
    })
    suite(site)
  })
}
