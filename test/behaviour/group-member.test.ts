/** Members of consumer groups by KIP-848: joining, sharing, leaving, and what happens to them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Env } from '../../src/shared/env.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'
import type { ApiVersionsResponse } from '../../src/shared/protocol/generated/api-versions.ts'
import { consumerGroupHeartbeat } from '../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { joinGroup } from '../../src/shared/protocol/generated/join-group.ts'
import { ApiRanges } from '../../src/workers/handshake.ts'
import { ask } from '../support/raw-calls.ts'
import { seededRandom } from '../support/sim-env.ts'
import type { TestMember, TestMemberOptions } from '../support/test-member.ts'
import { INTERVAL_MS, onEmbeddedGroups, onGroups, SESSION_MS } from './on-groups.ts'

async function until(what: string, done: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  for (const deadline = performance.now() + ms; !(await done()); await sleep(20)) {
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`)
  }
}

const all = (topic: string, partitions: number) => Array.from({ length: partitions }, (_, p) => `${topic}-${p}`)
const owns = (member: TestMember, count: number) => until(`${count} partitions`, () => member.owned.size === count)

onGroups('group members', (world) => {
  it('C10 one member gets all partitions, with handles, and leaves', async () => {
    const topics = [await world.topic(3), await world.topic(2)]
    const group = await world.group()
    const one = world.member({ groupId: group, topics, rackId: 'rack-7' })
    await one.start()
    expect(one.partitions).toEqual([...all(topics[0]!, 3), ...all(topics[1]!, 2)].sort())
    for (const { topic, topicId, partition, handle } of one.owned.values()) {
      const view = one.metadata.cached(topic)!
      expect(topicId).toBe(view.topicId)
      expect(handle).toBe(view.partitions[partition]!.handle)
    }
    const described = await world.describe(group)
    const { memberId, memberEpoch } = one.member
    expect(described.members).toMatchObject([{ memberId, memberEpoch, rackId: 'rack-7', clientId: 'odradek' }])
    one.release()
    await one.stop()
    expect(one.said.at(-1)).toMatch(/^leaves/)
    expect((await world.describe(group)).members).toEqual([])
  })

  it('C10 two members share: what goes to the other one is released first', async () => {
    const topic = await world.topic(4)
    const group = await world.group()
    const one = world.member({ groupId: group, topics: [topic] })
    await one.start()
    const revoked: string[][] = []
    let held: Parameters<TestMember['release']>[0] = []
    one.onRevoked = (partitions) => {
      revoked.push(partitions.map(({ partition }) => `${topic}-${partition}`))
      held = partitions
    }
    const two = world.member({ groupId: group, topics: [topic] })
    await two.start()
    await until('a revocation', () => revoked.length === 1)
    await sleep(3 * INTERVAL_MS)
    // nobody gets it before it is released
    expect(two.owned.size).toBe(0)
    expect(one.owned.size).toBe(4)
    one.release(held)
    await owns(two, 2)
    expect([...one.partitions, ...two.partitions].sort()).toEqual(all(topic, 4))
    expect(two.partitions).toEqual(revoked[0]!.toSorted())
    one.release()
    await one.stop()
    await owns(two, 4)
    expect(two.count('lost')).toBe(0)
  })

  it('C11 a static member that comes back in time finds its partitions, and nobody else is disturbed', async () => {
    const topic = await world.topic(4)
    const group = await world.group()
    const other = world.member({ groupId: group, topics: [topic] })
    await other.start()
    const before = world.member({ groupId: group, topics: [topic], instanceId: 'static-1' })
    await before.start()
    await owns(before, 2)
    await owns(other, 2)
    const partitions = before.partitions
    const happened = other.happened.length
    const { groupEpoch } = await world.describe(group)
    const after = world.member({ groupId: group, topics: [topic], instanceId: 'static-1' })
    // its session goes on while it is away: threads are started before
    await after.metadata.connect()
    before.release()
    await before.stop()
    await sleep(2 * INTERVAL_MS)
    await after.start()
    expect(after.partitions).toEqual(partitions)
    expect(after.member.memberId).not.toBe(before.member.memberId)
    expect((await world.describe(group)).groupEpoch).toBe(groupEpoch)
    expect(other.happened).toHaveLength(happened)
  })

  it('C11 an instance id that is taken ends with what to do; one whose user has crashed is had when its session has ended', async () => {
    const topic = await world.topic(1)
    const group = await world.group()
    const first = world.member({ groupId: group, topics: [topic], instanceId: 'i' })
    await first.start()
    const second = world.member({ groupId: group, topics: [topic], instanceId: 'i', instancePatienceMs: 500 })
    await expect(second.start()).rejects.toMatchObject({
      code: 'GROUP_ERROR',
      context: { group, brokerError: 'UNRELEASED_INSTANCE_ID' },
      message: expect.stringContaining(`The instanceId 'i' is in use`),
    })
    expect(second.happened).toMatchObject([{ type: 'fatal' }])
    await first.close()
    const third = world.member({ groupId: group, topics: [topic], instanceId: 'i' })
    await third.start()
    expect(third.partitions).toEqual(all(topic, 1))
  })

  it('C11 an instance id that this very member holds, without knowing of it, is had at once', async () => {
    const topic = await world.topic(1)
    const group = await world.group()
    // both have the same member id, as when the answer to a join was lost
    const seed = Math.random() * 2 ** 32
    const member = () => {
      const random = seededRandom(seed)
      return world.member({ groupId: group, topics: [topic], instanceId: 'i', env: { ...nodeEnv(), random } })
    }
    const first = member()
    await first.start()
    const closing = performance.now()
    await first.close()
    const second = member()
    await second.start()
    expect(second.member.memberId).toBe(first.member.memberId)
    expect(second.partitions).toEqual(all(topic, 1))
    expect(second.said.join()).toContain('UNRELEASED_INSTANCE_ID')
    // its session has not ended by itself
    expect(performance.now() - closing).toBeLessThan(SESSION_MS - 2 * INTERVAL_MS)
  })

  it('C11 topics by an expression of the coordinator, also those that are made later', async () => {
    const mark = world.freshName().slice(-8)
    const client = world.client()
    const make = (topic: string) => client.admin.createTopics([{ topic, partitions: 2 }])
    await make(`x-${mark}-1`)
    await make(`y-${mark}-1`)
    const group = await world.group()
    const one = world.member({ groupId: group, topicRegex: `x-${mark}-.*` })
    await one.start()
    await owns(one, 2)
    expect(one.partitions).toEqual(all(`x-${mark}-1`, 2))
    if (world.target.startsWith('embedded')) {
      // real Kafka looks at topics again after ten minutes
      await make(`x-${mark}-2`)
      await owns(one, 4)
    }
  })

  it.each([
    ['range', [2, 2]],
    ['uniform', [2, 2]],
  ])('C10 the assignor %s is the coordinator’s', async (serverAssignor, shares) => {
    const topics = [await world.topic(2), await world.topic(2)].toSorted()
    const group = await world.group()
    const settings = { groupId: group, topics, serverAssignor }
    const one = world.member(settings)
    await one.start()
    const two = world.member(settings)
    await two.start()
    await owns(one, shares[0]!)
    await owns(two, shares[1]!)
    expect((await world.describe(group)).assignorName).toBe(serverAssignor)
    // range gives the same partitions of every topic to the same member
    const indexes = new Set(Array.from(one.owned.values(), ({ partition }) => partition))
    if (serverAssignor === 'range') expect(indexes.size).toBe(1)
  })

  it('C10 an assignor that brokers do not have, and an expression they do not take: errors with what to do', async () => {
    const group = await world.group()
    const wrong = world.member({ groupId: group, topics: ['a'], serverAssignor: 'best' })
    await expect(wrong.start()).rejects.toMatchObject({
      code: 'GROUP_ERROR',
      context: { brokerError: 'UNSUPPORTED_ASSIGNOR' },
      message: expect.stringContaining("no assignor 'best'"),
    })
    const unreadable = world.member({ groupId: group, topicRegex: '(?=x)' })
    await expect(unreadable.start()).rejects.toMatchObject({
      code: 'GROUP_ERROR',
      context: { brokerError: 'INVALID_REGULAR_EXPRESSION' },
    })
  })

  it('C10 a topic that comes later, grows, or is made anew is assigned', async () => {
    const topic = world.freshName()
    const { admin } = world.client()
    const group = await world.group()
    const one = world.member({ groupId: group, topics: [topic] })
    await one.start()
    expect(one.partitions).toEqual([])
    await admin.createTopics([{ topic, partitions: 1 }])
    await owns(one, 1)
    const { topicId } = one.owned.get(`${topic}-0`)!
    await admin.createPartitions([{ topic, count: 3 }])
    await owns(one, 3)
    await admin.deleteTopics([topic])
    await owns(one, 0)
    await admin.createTopics([{ topic, partitions: 2 }])
    await owns(one, 2)
    for (const again of one.owned.values()) expect(again.topicId).not.toBe(topicId)
  })

  it('F28 a crash of the I/O thread costs no membership', async () => {
    const topic = await world.topic(2)
    const group = await world.group()
    const one = world.member({ groupId: group, topics: [topic] })
    await one.start()
    const { memberEpoch } = one.member
    one.io.crash(0, new Error('stopped'))
    await until('it goes on', () => one.news.includes('restarted'))
    await sleep(2 * INTERVAL_MS)
    expect(one.member.memberEpoch).toBe(memberEpoch)
    expect(one.count('lost')).toBe(0)
  })

  it('F26 IC4 an owner that releases nothing in time is put out by the coordinator: it has lost all, others have it, and it joins again', async () => {
    const topic = await world.topic(2)
    const group = await world.group()
    const settings = { groupId: group, topics: [topic], rebalanceTimeoutMs: 1_000 }
    const one = world.member(settings)
    await one.start()
    let deadline = 0
    one.onRevoked = (_, deadlineMs) => {
      deadline = deadlineMs
    }
    const two = world.member(settings)
    await two.start()
    await until('a revocation', () => deadline > 0)
    expect(deadline - one.env.now()).toBeLessThanOrEqual(1_000)
    expect(deadline - one.env.now()).toBeGreaterThan(500)
    expect(one.owned.size).toBe(2)
    await until('the loss', () => one.count('lost') === 1)
    await owns(one, 1)
    await owns(two, 1)
  })

  it('C13 with several I/O threads and with none', async () => {
    const topic = await world.topic(6)
    const group = await world.group()
    const several = world.member({ groupId: group, topics: [topic], kafka: { ioThreads: 3 } })
    await several.start()
    const none = world.member({ groupId: group, topics: [topic], kafka: { ioThreads: 0 } })
    await none.start()
    await owns(several, 3)
    await owns(none, 3)
    await sleep(SESSION_MS + INTERVAL_MS)
    expect([several.count('lost'), none.count('lost')]).toEqual([0, 0])
    none.io.crash(0, new Error('on purpose'))
    several.io.crash(0, new Error('on purpose'))
    await sleep(SESSION_MS + INTERVAL_MS)
    expect([several.count('lost'), none.count('lost')]).toEqual([0, 0])
    expect((await world.describe(group)).members).toHaveLength(2)
  })
})

onEmbeddedGroups('group members in trouble', 3, (world) => {
  /** A member that has all of a topic, and how far it had come. */
  async function settled(options: Partial<TestMemberOptions> = {}) {
    const topic = await world.topic(2)
    const group = await world.group()
    const member = world.member({ groupId: group, topics: [topic], ...options })
    await member.start()
    const { memberEpoch } = member.member
    const happened = member.happened.length
    const undisturbed = () => {
      expect(member.happened.slice(happened)).toEqual([])
      expect(member.member.memberEpoch).toBe(memberEpoch)
    }
    return { topic, group, member, undisturbed }
  }

  it.each(['FENCED_MEMBER_EPOCH', 'UNKNOWN_MEMBER_ID'])(
    'F23 %s: everything is lost at once, and it joins again',
    async (error) => {
      const { topic, group, member } = await settled()
      await world.broker.faults.fail('ConsumerGroupHeartbeat', { error, group })
      await until('the loss', () => member.count('lost') === 1)
      const loss = member.happened.find(({ type }) => type === 'lost')
      expect(loss).toMatchObject({
        partitions: all(topic, 2),
        error: { code: 'MEMBER_LOST', context: { group, brokerError: error } },
      })
      await owns(member, 2)
      expect(member.count('revoked')).toBe(0)
    },
  )

  it('IX3 F23 one that is put out for ever makes no storm', async () => {
    const { group, member } = await settled()
    await world.broker.faults.fail('ConsumerGroupHeartbeat', {
      error: 'FENCED_MEMBER_EPOCH',
      group,
      times: Number.POSITIVE_INFINITY,
    })
    await until('the loss', () => member.count('lost') === 1)
    await sleep(1_000)
    const count = async () =>
      (await world.broker.requestCounts())
        .filter(({ api }) => api !== 'Metadata')
        .reduce((sum, { requests }) => sum + requests, 0)
    const before = await count()
    await sleep(3_000)
    expect((await count()) - before).toBeLessThan(30)
    await world.broker.faults.clear()
    await owns(member, 2)
  })

  it('F8 the coordinator moves, and loads for a while: found again, without a rebalance', async () => {
    const { group, member, undisturbed } = await settled()
    const first = await world.broker.coordinator(group)
    const next = (first % 3) + 1
    await world.broker.moveCoordinator(group, next, { loadingMs: 1_000 })
    await until('the new one is known', async () => (await member.member.coordinator()) === next)
    await sleep(1_000 + 3 * INTERVAL_MS)
    undisturbed()
    expect(member.said.join()).toContain('COORDINATOR_LOAD_IN_PROGRESS')
    expect((await world.describe(group)).groupState).toBe('Stable')
  })

  it('F8 F1 the coordinator dies, and comes back: found again, without a rebalance', async () => {
    const { group, member, undisturbed } = await settled()
    const first = await world.broker.coordinator(group)
    await world.broker.kill(first)
    await until('another one is known', async () => (await member.member.coordinator()) !== first)
    await sleep(3 * INTERVAL_MS)
    undisturbed()
    await world.broker.revive(first)
  })

  it('F8 a committer that is told NOT_COORDINATOR has it looked for', async () => {
    const { group, member, undisturbed } = await settled()
    const first = await member.member.coordinator()
    const next = (first % 3) + 1
    await world.broker.moveCoordinator(group, next)
    member.member.coordinatorFailed(first, new KafkaError('BROKER_ERROR', 'NOT_COORDINATOR', { retriable: true }))
    expect(await member.member.coordinator()).toBe(next)
    undisturbed()
  })

  it.each(['drop', 'hang'] as const)(
    'F12 an answer that is lost (%s): all is said again, and what it assigned is assigned',
    async (how) => {
      const { topic, group, member } = await settled({ kafka: { requestTimeoutMs: 1_000 } })
      const { admin } = world.client()
      await admin.createPartitions([{ topic, count: 4 }])
      await world.broker.faults[how]('ConsumerGroupHeartbeat', { group, afterApply: true })
      await owns(member, 4)
      expect(member.count('lost')).toBe(0)
      expect(member.count('revoked')).toBe(0)
    },
  )

  it('F8 no coordinator at first: it joins when there is one', async () => {
    const topic = await world.topic(1)
    const group = await world.group()
    await world.broker.faults.fail('FindCoordinator', { error: 'COORDINATOR_NOT_AVAILABLE', group, times: 4 })
    const one = world.member({ groupId: group, topics: [topic] })
    await one.start()
    expect(one.partitions).toEqual(all(topic, 1))
    expect(one.said.join()).toContain('COORDINATOR_NOT_AVAILABLE')
  })

  it.each([
    ['GROUP_AUTHORIZATION_FAILED', 'FindCoordinator', 'GROUP_ERROR'],
    ['GROUP_AUTHORIZATION_FAILED', 'ConsumerGroupHeartbeat', 'GROUP_ERROR'],
    ['TOPIC_AUTHORIZATION_FAILED', 'ConsumerGroupHeartbeat', 'GROUP_ERROR'],
    ['UNSUPPORTED_VERSION', 'ConsumerGroupHeartbeat', 'UNSUPPORTED'],
  ])('F39 %s of %s: an error with what to do', async (error, api, code) => {
    const group = await world.group()
    await world.broker.faults.fail(api, { error, group })
    const one = world.member({ groupId: group, topics: ['a'] })
    await expect(one.start()).rejects.toMatchObject({ code, retriable: false, context: { group, api, brokerError: error } })
    expect(one.happened).toMatchObject([{ type: 'fatal', error: { code } }])
    await expect(one.member.coordinator()).rejects.toMatchObject({ code })
  })

  it('C10 a group of the classic protocol that has members: an error that says so', async () => {
    const group = await world.group()
    const protocols = [{ name: 'range', metadata: Buffer.from('not the metadata of a consumer') }]
    const join = {
      groupId: group,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      memberId: '',
      protocolType: 'other',
      protocols,
    }
    const address = world.brokers[(await world.broker.coordinator(group)) - 1]!
    const { memberId } = await ask(address, joinGroup, 5, join)
    await ask(address, joinGroup, 5, { ...join, memberId })
    const one = world.member({ groupId: group, topics: ['a'] })
    await expect(one.start()).rejects.toMatchObject({ code: 'GROUP_ERROR', message: expect.stringContaining('of another kind') })
  })

  it('F20 a throttled connection for records does not hold up heartbeats', async () => {
    const { topic, member, undisturbed } = await settled()
    for (const api of ['Metadata', 'ListOffsets'])
      await world.broker.faults.throttle(api, { ms: 2 * SESSION_MS, times: Number.POSITIVE_INFINITY })
    member.metadata.refresh().catch(() => {})
    member.metadata.topic(topic).catch(() => {})
    await until('it is throttled', () => member.news.some((news) => news.startsWith('throttled Metadata')))
    await sleep(1.5 * SESSION_MS)
    undisturbed()
  })

  it('F20 a throttled heartbeat: the next ones go when the broker reads again', async () => {
    const { group, member, undisturbed } = await settled()
    await world.broker.faults.throttle('ConsumerGroupHeartbeat', { ms: 1_500, group })
    await until('it is throttled', () => member.news.includes('throttled ConsumerGroupHeartbeat 1500'))
    await sleep(SESSION_MS + 1_500)
    undisturbed()
  })

  it('IX5 leaving ends at its deadline, whatever the coordinator does, and leaves no timer', async () => {
    const env = nodeEnv()
    const timers = new Set<object>()
    const counting: Env = {
      ...env,
      setTimeout: (callback, ms) => {
        const timer = env.setTimeout(() => {
          timers.delete(timer)
          callback()
        }, ms)
        timers.add(timer)
        return timer
      },
      clearTimeout: (timer) => {
        timers.delete(timer)
        env.clearTimeout(timer)
      },
    }
    const { group, member } = await settled({ env: counting })
    await world.broker.faults.hang('ConsumerGroupHeartbeat', { group, times: Number.POSITIVE_INFINITY })
    const started = performance.now()
    await member.member.stop(env.now() + 500)
    expect(performance.now() - started).toBeGreaterThan(450)
    expect(performance.now() - started).toBeLessThan(1_000)
    await member.close()
    expect(timers.size).toBe(0)
    await expect(member.member.coordinator()).rejects.toMatchObject({ code: 'CLOSED' })
  })

  it('IX5 a start that is given up rejects, and the group forgets the member', async () => {
    const topic = await world.topic(1)
    const group = await world.group()
    await world.broker.faults.fail('ConsumerGroupHeartbeat', { error: 'COORDINATOR_NOT_AVAILABLE', group, times: 10 })
    const one = world.member({ groupId: group, topics: [topic] })
    const started = one.start()
    await sleep(300)
    const [start] = await Promise.allSettled([started, one.stop(200)])
    expect(start).toMatchObject({ status: 'rejected', reason: { code: 'CLOSED' } })
  })
})

it('C10 a broker of before 4.0 is not asked: UNSUPPORTED', () => {
  const apiKeys = [{ apiKey: consumerGroupHeartbeat.key, minVersion: 0, maxVersion: 0 }]
  const ranges = new ApiRanges('b:1', { apiKeys } as ApiVersionsResponse)
  expect(ranges.version(consumerGroupHeartbeat)).toBe(0)
  expect(() => ranges.version(consumerGroupHeartbeat, 1)).toThrow(
    expect.objectContaining({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('only versions 0 to 0, this client speaks 1 to 1'),
    }),
  )
})
