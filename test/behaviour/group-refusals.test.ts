/** Groups that are refused: by name, by right, by age of the brokers. Each ends in a typed error that says what to do, and nothing is committed that was not processed. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { KafkaError } from '../../src/main/index.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'
import { apiVersions } from '../../src/shared/protocol/generated/api-versions.ts'
import { consumerGroupHeartbeat } from '../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { findCoordinator } from '../../src/shared/protocol/generated/find-coordinator.ts'
import { joinGroup } from '../../src/shared/protocol/generated/join-group.ts'
import { leaveGroup } from '../../src/shared/protocol/generated/leave-group.ts'
import { offsetCommit } from '../../src/shared/protocol/generated/offset-commit.ts'
import { offsetFetch } from '../../src/shared/protocol/generated/offset-fetch.ts'
import { shareGroupHeartbeat } from '../../src/shared/protocol/generated/share-group-heartbeat.ts'
import { syncGroup } from '../../src/shared/protocol/generated/sync-group.ts'
import { RawClient } from '../main/testing/client.ts'
import { askAny } from '../support/raw-calls.ts'
import { committedOffsets, eventually, fill, freshGroup, gathering, valuesFor } from './group-support.ts'
import { EAGER, onChaos } from './on-chaos.ts'

const ALWAYS = Number.POSITIVE_INFINITY
const HEARTBEAT_KEY = 68
const TOPIC_AUTHORIZATION_FAILED = 29
const GROUP_AUTHORIZATION_FAILED = 30
const UNSUPPORTED_VERSION = 35
const MEMBER_ID_REQUIRED = 79

onChaos(
  'refusals of groups',
  (chaos) => {
    const { world } = chaos

    const committed = async (groupName: string, topic: string): Promise<number> =>
      (await committedOffsets(world.brokers, groupName, [{ topic, partition: 0 }]))[0]!.offset

    /** A connection to the group's coordinator. */
    async function atCoordinator(groupName: string): Promise<RawClient> {
      for (;;) {
        const { coordinators } = await askAny(world.brokers, findCoordinator, 4, { keyType: 0, coordinatorKeys: [groupName] })
        const { errorCode, host, port } = coordinators[0]!
        if (errorCode === 0) return RawClient.open(nodeEnv(), `${host}:${port}`)
        await sleep(50)
      }
    }

    /** A connector, by the classic protocol. */
    async function joinClassic(groupName: string) {
      const protocols = [{ name: 'default', metadata: Buffer.from('a connector') }]
      const timeouts = { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000 }
      const body = { groupId: groupName, ...timeouts, protocolType: 'connect', protocols }
      for (let memberId = ''; ; await sleep(50)) {
        const client = await atCoordinator(groupName)
        const joined = await client.call(joinGroup, 5, { ...body, memberId })
        if (joined.errorCode === 0) return { client, ...joined }
        client.close()
        // a coordinator that is new may not know it yet
        if (joined.errorCode === MEMBER_ID_REQUIRED) memberId = joined.memberId
      }
    }

    it('C10: a classic group of another kind that has members: GROUP_ERROR that says what to do; once they have left, it can be had', async () => {
      const topic = await world.topic(1)
      const groupName = freshGroup()
      const kafka = chaos.client()
      await fill(kafka, topic, 1, 3)
      const { client, memberId, generationId } = await joinClassic(groupName)
      const assignments = [{ memberId, assignment: Buffer.from('all of it') }]
      expect((await client.call(syncGroup, 3, { groupId: groupName, generationId, memberId, assignments })).errorCode).toBe(0)

      const refused = gathering(kafka, topic, { groupName })
      const error = await refused.group.start().then(
        () => undefined,
        (thrown: KafkaError) => thrown,
      )
      expect(error).toMatchObject({ name: 'KafkaError', code: 'GROUP_ERROR', context: { group: groupName } })
      expect(error!.message).toMatch(/another kind \(classic, share or streams\).*End its members, or choose another name/)
      expect(refused.gathered.count).toBe(0)
      await client.call(leaveGroup, 3, { groupId: groupName, members: [{ memberId }] })
      client.close()
      const welcome = gathering(kafka, topic, { groupName })
      await welcome.group.start()
      await welcome.gathered.reaches(3)
      await welcome.group.stop()
      expect(await committed(groupName, topic)).toBe(3)
    })

    // the embedded broker has no share groups
    if (world.target.startsWith('real')) {
      it('C10: a share group: GROUP_ERROR that says what to do', async () => {
        const topic = await world.topic(1)
        const groupName = freshGroup()
        const client = await atCoordinator(groupName)
        const share = { groupId: groupName, memberId: randomUUID(), memberEpoch: 0, subscribedTopicNames: [topic] }
        await eventually(async () => expect((await client.call(shareGroupHeartbeat, 1, share)).errorCode).toBe(0))
        const { group } = gathering(chaos.client(), topic, { groupName })
        await expect(group.start()).rejects.toMatchObject({
          code: 'GROUP_ERROR',
          context: { group: groupName },
          message: expect.stringMatching(/End its members, or choose another name/),
        })
        client.close()
      })
    }

    it('C10 N2 F42: brokers before KIP-848, or with the feature off: UNSUPPORTED that says what they need, at once', async () => {
      const topic = await world.topic(1)
      const says = { code: 'UNSUPPORTED', message: expect.stringMatching(/need Apache Kafka 4\.0 or later/) }
      const old = chaos.proxy.rewrite(
        apiVersions,
        (body) => {
          body.apiKeys = body.apiKeys.filter(({ apiKey }) => apiKey !== HEARTBEAT_KEY)
        },
        { times: ALWAYS },
      )
      const from = performance.now()
      const { group } = gathering(chaos.client(), topic)
      await expect(group.start()).rejects.toMatchObject(says)
      expect(performance.now() - from).toBeLessThan(10_000)
      expect(chaos.proxy.traffic.times(consumerGroupHeartbeat.name).filter((at) => at > from)).toEqual([])
      old.cancel()
      chaos.proxy.rewrite(consumerGroupHeartbeat, (body) => Object.assign(body, { errorCode: UNSUPPORTED_VERSION }))
      await expect(gathering(chaos.client(), topic).group.start()).rejects.toMatchObject(says)
    })

    it.each([
      ['GROUP_AUTHORIZATION_FAILED', GROUP_AUTHORIZATION_FAILED, /right to READ the group/],
      ['TOPIC_AUTHORIZATION_FAILED', TOPIC_AUTHORIZATION_FAILED, /right to DESCRIBE and READ every topic/],
    ])(
      'F39: joining without the right (%s): GROUP_ERROR that says which right is missing',
      async (brokerError, errorCode, todo) => {
        const topic = await world.topic(1)
        await fill(world.client(), topic, 1, 2)
        chaos.proxy.rewrite(consumerGroupHeartbeat, (body) =>
          Object.assign(body, { errorCode, memberEpoch: 0, assignment: null }),
        )
        const { group, gathered } = gathering(chaos.client(), topic)
        await expect(group.start()).rejects.toMatchObject({
          code: 'GROUP_ERROR',
          message: expect.stringMatching(todo),
          context: { group: group.groupName, brokerError },
        })
        expect(gathered.count).toBe(0)
        expect(await committed(group.groupName, topic)).toBe(-1)
      },
    )

    it('F39 IC3: the right is lost while it runs: fatal with GROUP_ERROR, handlers are told, and only what was processed is committed', async () => {
      const topic = await world.topic(1)
      const kafka = chaos.client()
      await fill(kafka, topic, 1, 4)
      const aborted: unknown[] = []
      const group = kafka.consumerGroup({
        groupName: freshGroup(),
        topics: [{ name: topic, offsetResetPolicy: 'earliest', handlerMaxBatchSize: 2 }],
        handler: {
          async handleRecordBatch(_topic, _partition, [first], { signal }) {
            if (first!.offset === 0) return
            await new Promise((resolve) => signal.addEventListener('abort', resolve))
            aborted.push(signal.reason.code)
          },
        },
      })
      const fatal: KafkaError[] = []
      const stopped: KafkaError[] = []
      const lost: unknown[] = []
      group.on('fatal', (error) => fatal.push(error))
      group.on('stopped', (error) => stopped.push(error))
      group.on('lost', (partitions) => lost.push(partitions))
      await group.start()
      await eventually(() =>
        expect(group.metrics()).toMatchObject({ commits: 1, partitions: [{ doing: 'handler', position: 2 }] }),
      )
      chaos.proxy.rewrite(
        consumerGroupHeartbeat,
        (body) => Object.assign(body, { errorCode: GROUP_AUTHORIZATION_FAILED, memberEpoch: 0, assignment: null }),
        { times: ALWAYS },
      )
      await eventually(() => expect(stopped).toHaveLength(1), 30_000)
      expect(fatal).toMatchObject([{ code: 'GROUP_ERROR', context: { brokerError: 'GROUP_AUTHORIZATION_FAILED' } }])
      expect(lost).toEqual([[{ topic, partition: 0 }]])
      expect(aborted).toEqual(['GROUP_ERROR'])
      expect(group.why().member).toMatch(/GROUP_AUTHORIZATION_FAILED/)
      await sleep(300)
      expect(await committed(group.groupName, topic)).toBe(2)
      await group.stop()
    })

    it('F39 IC3: commits are refused: an event with what is missing, the partition waits, and all is committed when the right is there again', async () => {
      const topic = await world.topic(1)
      const kafka = chaos.client(EAGER)
      await fill(kafka, topic, 1, 6)
      const rule = chaos.proxy.rewrite(
        offsetCommit,
        (body) => {
          for (const { partitions } of body.topics) for (const one of partitions) one.errorCode = GROUP_AUTHORIZATION_FAILED
        },
        { times: ALWAYS },
      )
      const { group, gathered } = gathering(kafka, topic, { defaultTopicConfig: { handlerMaxBatchSize: 2 } })
      const refused: { error: KafkaError; final: boolean; offset: number }[] = []
      group.on('commitError', (event) => refused.push(event))
      await group.start()
      await eventually(() => expect(refused.length).toBeGreaterThanOrEqual(2))
      expect(refused[0]).toMatchObject({
        offset: 2,
        final: false,
        error: { code: 'BROKER_ERROR', context: { brokerError: 'GROUP_AUTHORIZATION_FAILED', topic, partition: 0 } },
      })
      expect(gathered.count).toBe(2)
      rule.cancel()
      await gathered.reaches(6)
      await eventually(async () => expect(await committed(group.groupName, topic)).toBe(6))
      expect(gathered.values(topic, 0)).toEqual(valuesFor(0, 6))
      await group.stop()
    })

    it('F39 IC2 F49: committed offsets may not be read: the partition fails with what is missing, never with the reset policy, and resume tries again', async () => {
      const topic = await world.topic(1)
      const kafka = chaos.client()
      await fill(kafka, topic, 1, 3)
      const rule = chaos.proxy.rewrite(
        offsetFetch,
        (body) => {
          for (const group of body.groups) Object.assign(group, { errorCode: GROUP_AUTHORIZATION_FAILED, topics: [] })
        },
        { times: ALWAYS },
      )
      const { group, gathered } = gathering(kafka, topic)
      const failed: KafkaError[] = []
      const resets: unknown[] = []
      group.on('partitionFailed', ({ error }) => failed.push(error))
      group.on('offsetReset', (event) => resets.push(event))
      await group.start()
      await eventually(() => expect(failed).toHaveLength(1))
      expect(failed[0]).toMatchObject({ context: { brokerError: 'GROUP_AUTHORIZATION_FAILED', topic, partition: 0 } })
      expect([gathered.count, resets]).toEqual([0, []])
      expect(group.why().partitions[0]!.text).toMatch(/stands still.*GROUP_AUTHORIZATION_FAILED/)
      rule.cancel()
      group.resume()
      await gathered.reaches(3)
      expect(gathered.values(topic, 0)).toEqual(valuesFor(0, 3))
      await group.stop()
    })

    it('F39: the topic may not be read: the partition stands still with a typed error, and goes on at its offset when it is resumed', async () => {
      const topic = await world.topic(1)
      const kafka = chaos.client()
      await fill(kafka, topic, 1, 3)
      const { group, gathered } = gathering(kafka, topic)
      const failed: KafkaError[] = []
      group.on('partitionFailed', ({ error }) => failed.push(error))
      await group.start()
      await gathered.reaches(3)
      const rule = chaos.proxy.rewrite(
        fetch,
        (body) => {
          for (const { partitions } of body.responses)
            for (const one of partitions) Object.assign(one, { errorCode: TOPIC_AUTHORIZATION_FAILED, records: null })
        },
        { times: ALWAYS },
      )
      await fill(kafka, topic, 1, 2, 3)
      await eventually(() => expect(failed).toHaveLength(1))
      expect(failed[0]).toMatchObject({
        code: 'BROKER_ERROR',
        context: { api: 'Fetch', brokerError: 'TOPIC_AUTHORIZATION_FAILED', topic, partition: 0, offset: 3 },
      })
      expect(await committed(group.groupName, topic)).toBe(3)
      rule.cancel()
      group.resume()
      await gathered.reaches(5)
      expect(gathered.values(topic, 0)).toEqual(valuesFor(0, 5))
      await group.stop()
    })
  },
  ['embedded-1', 'real-3'],
)
