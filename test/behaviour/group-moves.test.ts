/**
 * The coordinator of groups moves to another node, and dies, on the embedded broker and on real Kafka: what members hear then,
 * and what is left of their groups. Both must tell the same story.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { javaHashCode } from '../../src/main/testing/broker/groups/java-hash.ts'
import { type EmbeddedBroker, startBroker } from '../../src/main/testing/index.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'
import type { Api } from '../../src/shared/protocol/api.ts'
import { consumerGroupDescribe } from '../../src/shared/protocol/generated/consumer-group-describe.ts'
import { consumerGroupHeartbeat } from '../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { createTopics } from '../../src/shared/protocol/generated/create-topics.ts'
import { describeGroups } from '../../src/shared/protocol/generated/describe-groups.ts'
import { findCoordinator } from '../../src/shared/protocol/generated/find-coordinator.ts'
import { heartbeat } from '../../src/shared/protocol/generated/heartbeat.ts'
import { incrementalAlterConfigs } from '../../src/shared/protocol/generated/incremental-alter-configs.ts'
import { joinGroup } from '../../src/shared/protocol/generated/join-group.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { offsetCommit } from '../../src/shared/protocol/generated/offset-commit.ts'
import { offsetFetch } from '../../src/shared/protocol/generated/offset-fetch.ts'
import { syncGroup } from '../../src/shared/protocol/generated/sync-group.ts'
import { RawClient } from '../main/testing/client.ts'
import { onPrivateCluster, type PrivateCluster } from './on-private-cluster.ts'

type RequestOf<A extends Api> = Parameters<A['encodeRequest']>[2]
type ResponseOf<A extends Api> = ReturnType<A['decodeResponse']>

/** Loading, not available, not the coordinator: ask again. */
const AGAIN = [14, 15, 16]
const GROUP_RESOURCE = 32
const GROUPS = ['consumers', 'classics', 'rebalancing', 'committers'] as const

/** A cluster whose coordinators can be moved. */
interface Stage {
  brokers: string[]
  /** Makes the next node the coordinator of a group. */
  move(group: string): Promise<void>
  /** Ends the node that coordinates a group. */
  kill(group: string): Promise<void>
}

class Players {
  readonly #stage: Stage
  readonly #env = nodeEnv()

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** A connection to the present coordinator, once it answers for the group. */
  async at(group: string): Promise<RawClient> {
    for (;;) {
      for (const address of this.#stage.brokers) {
        const client = await this.#open(address)
        const found = await client?.call(findCoordinator, 4, { keyType: 0, coordinatorKeys: [group] })
        client?.close()
        const { errorCode, host, port } = found?.coordinators[0] ?? { errorCode: -1 }
        const coordinator = errorCode === 0 ? await this.#open(`${host}:${port}`) : undefined
        if (coordinator === undefined) continue
        const { groups } = await coordinator.call(offsetFetch, 8, { groups: [{ groupId: group, topics: null }] })
        if (groups[0]!.errorCode === 0) return coordinator
        coordinator.close()
      }
      await sleep(50)
    }
  }

  /** Asks the present coordinator, on a connection of its own. */
  async ask<A extends Api>(group: string, api: A, version: number, body: RequestOf<A>): Promise<ResponseOf<A>> {
    for (;;) {
      const client = await this.at(group)
      try {
        const answer = await client.call(api, version, body)
        if (!AGAIN.includes((answer as { errorCode?: number }).errorCode ?? 0)) return answer
      } finally {
        client.close()
      }
    }
  }

  #open(address: string): Promise<RawClient | undefined> {
    return RawClient.open(this.#env, address).catch(() => undefined)
  }
}

/** What happens, as far as it does not hang on ids. */
async function story(stage: Stage): Promise<unknown[]> {
  const players = new Players(stage)
  const told: unknown[] = []
  const tell = (what: string, ...facts: unknown[]) => void told.push([what, ...facts])
  const topic = await makeTopic(stage.brokers)

  const beat = async (memberId: string, memberEpoch: number, owned: number[] | null, fields: object = {}) => {
    const topicPartitions = owned && (owned.length > 0 ? [{ topicId: topic.id, partitions: owned }] : [])
    const body = { groupId: 'consumers', memberId, memberEpoch, topicPartitions, ...fields }
    const answer = await players.ask('consumers', consumerGroupHeartbeat, 1, body)
    const partitions = answer.assignment?.topicPartitions.flatMap((one) => one.partitions).sort()
    tell(`${memberId} beats`, answer.errorCode, answer.memberEpoch, partitions)
  }
  const join = (groupId: string, memberId: string, client?: RawClient) => {
    const timeouts = { sessionTimeoutMs: 60_000, rebalanceTimeoutMs: 60_000 }
    const protocols = [{ name: 'p', metadata: Buffer.from('p') }]
    const body = { groupId, memberId, protocolType: 'test', protocols, ...timeouts }
    return client ? client.call(joinGroup, 3, body) : players.ask(groupId, joinGroup, 3, body)
  }
  const stable = async (groupId: string) => {
    const { memberId, generationId } = await join(groupId, '')
    const assignments = [{ memberId, assignment: Buffer.from('all') }]
    await players.ask(groupId, syncGroup, 3, { groupId, generationId, memberId, assignments })
    return memberId
  }
  const classic = async (what: string, groupId: string, memberId: string, generationId: number) => {
    const { errorCode } = await players.ask(groupId, heartbeat, 4, { groupId, generationId, memberId })
    const [group] = (await players.ask(groupId, describeGroups, 5, { groups: [groupId] })).groups
    const members = group!.members.map((one) => [one.memberMetadata.toString(), one.memberAssignment.toString()])
    tell(what, errorCode, group!.groupState, group!.protocolType, group!.protocolData, members)
  }
  const offsets = async () => {
    const wanted = [{ groupId: 'committers', topics: [{ name: topic.name, partitionIndexes: [0] }] }]
    const { groups } = await players.ask('committers', offsetFetch, 8, { groups: wanted })
    tell('offsets', groups[0]!.topics[0]!.partitions)
  }
  const everybody = async () => {
    const [group] = (await players.ask('consumers', consumerGroupDescribe, 1, { groupIds: ['consumers'] })).groups
    tell(
      'consumers',
      group!.groupState,
      group!.groupEpoch,
      group!.assignmentEpoch,
      group!.members.map((one) => one.memberEpoch).sort(),
    )
    await classic('classics', 'classics', k, 1)
    await offsets()
  }

  const subscribes = { rebalanceTimeoutMs: 60_000, subscribedTopicNames: [topic.name] }
  await beat('a', 0, [], subscribes)
  await beat('b', 0, [], { ...subscribes, instanceId: 'i' })
  await beat('a', 2, [0, 1, 2, 3])
  const k = await stable('classics')
  const r = await stable('rebalancing')
  const waiter = await players.at('rebalancing')
  const waiting = join('rebalancing', '', waiter).then(({ errorCode }) => errorCode)
  const partitions = [{ partitionIndex: 0, committedOffset: 7, committedLeaderEpoch: 2, committedMetadata: 'm' }]
  const commit = { groupId: 'committers', generationIdOrMemberEpoch: -1, topics: [{ name: topic.name, partitions }] }
  await players.ask('committers', offsetCommit, 8, commit)
  await sleep(200)
  await everybody()

  for (const group of GROUPS) await stage.move(group)
  tell('who waited for a rebalance', await waiting)
  waiter.close()
  await everybody()
  await classic('the group in which somebody waited', 'rebalancing', r, 1)
  const again = await join('rebalancing', r)
  tell('joins again', again.errorCode, again.generationId)
  await beat('a', 2, [0, 1])
  await beat('b', 3, [], { instanceId: 'i' })

  await stage.kill('consumers')
  await everybody()
  await beat('a', 3, [0, 1])
  await beat('b', 3, [2, 3], { instanceId: 'i' })
  await beat('b', -2, null, { instanceId: 'i' })
  await everybody()
  return told
}

async function makeTopic(brokers: readonly string[]): Promise<{ name: string; id: string }> {
  const client = await RawClient.open(nodeEnv(), brokers[0]!)
  const name = 'moves'
  const topics = [{ name, numPartitions: 4, replicationFactor: 3 }]
  await client.call(createTopics, 7, { timeoutMs: 10_000, topics })
  for (;;) {
    const [topic] = (await client.call(metadata, 12, { topics: [{ name }] })).topics
    if (topic!.partitions.length === 4 && topic!.partitions.every(({ leaderId }) => leaderId > 0)) {
      client.close()
      // until every node's coordinator has heard of it
      await sleep(1_000)
      return { name, id: topic!.topicId }
    }
    await sleep(50)
  }
}

function embeddedStage(broker: EmbeddedBroker): Stage {
  return {
    brokers: broker.brokers,
    async move(group) {
      await broker.moveCoordinator(group, ((await broker.coordinator(group)) % 3) + 1)
    },
    async kill(group) {
      await broker.stopNode(await broker.coordinator(group))
    },
  }
}

function realStage(world: PrivateCluster): Stage {
  const OFFSETS = '__consumer_offsets'
  const leaders = async () => {
    const { topics } = await world.ask(metadata, 12, { topics: [{ name: OFFSETS }] })
    return topics[0]!.partitions.sort((a, b) => a.partitionIndex - b.partitionIndex).map(({ leaderId }) => leaderId)
  }
  const indexOf = (group: string, count: number) => Math.abs(javaHashCode(group)) % count
  return {
    brokers: world.brokers,
    async move(group) {
      const before = await leaders()
      const index = indexOf(group, before.length)
      const next = (before[index]! % 3) + 1
      await world.lead(
        OFFSETS,
        before.map((leader, i) => (i === index ? next : leader)),
      )
      while ((await leaders())[index] !== next) await sleep(50)
    },
    async kill(group) {
      const before = await leaders()
      const node = before[indexOf(group, before.length)]!
      await world.kafka.kill(node)
      await world.leaderless(OFFSETS, node)
    },
  }
}

onPrivateCluster('group coordinators', (world) => {
  describe('beside the embedded broker', () => {
    let broker: EmbeddedBroker
    beforeAll(async () => {
      broker = await startBroker({ nodes: 3, groups: { assignmentIntervalMs: 0 } })
    })
    afterAll(() => broker?.close())

    it('T2 T5 groups whose coordinator moves and dies', { timeout: 180_000 }, async () => {
      const configs = [{ name: 'consumer.assignment.interval.ms', value: '0', configOperation: 0 }]
      const resources = [{ resourceType: GROUP_RESOURCE, resourceName: 'consumers', configs }]
      await world.ask(incrementalAlterConfigs, 1, { resources })
      const [real, embedded] = await Promise.all([story(realStage(world)), story(embeddedStage(broker))])
      expect(embedded).toEqual(real)
      expect(real).toContainEqual(['who waited for a rebalance', 16])
    })
  })
})
