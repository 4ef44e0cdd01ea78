/** Members of consumer groups by KIP-848: joining, sharing, leaving, and what happens to them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { TestMember } from '../support/test-member.ts'
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
    const one = world.member({ groupId: group, topics })
    await one.start()
    expect(one.partitions).toEqual([...all(topics[0]!, 3), ...all(topics[1]!, 2)].sort())
    for (const { topic, topicId, partition, handle } of one.owned.values()) {
      const view = one.metadata.cached(topic)!
      expect(topicId).toBe(view.topicId)
      expect(handle).toBe(view.partitions[partition]!.handle)
    }
    const described = await world.describe(group)
    expect(described.members).toMatchObject([{ memberId: one.member.memberId, memberEpoch: one.member.memberEpoch }])
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
    before.release()
    await before.stop()
    const { groupEpoch } = await world.describe(group)
    await sleep(SESSION_MS / 3)
    const after = world.member({ groupId: group, topics: [topic], instanceId: 'static-1' })
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
      message: expect.stringContaining(`The instanceId 'i' has been in use`),
    })
    expect(second.happened).toMatchObject([{ type: 'fatal' }])
    await first.close()
    const third = world.member({ groupId: group, topics: [topic], instanceId: 'i' })
    await third.start()
    expect(third.partitions).toEqual(all(topic, 1))
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
})

onEmbeddedGroups('group members in trouble', 3, (world) => {
  it('F23 fenced: everything is lost at once, and it joins again', async () => {
    const topic = await world.topic(2)
    const group = await world.group()
    const one = world.member({ groupId: group, topics: [topic] })
    await one.start()
    await world.broker.faults.fail('ConsumerGroupHeartbeat', { error: 'FENCED_MEMBER_EPOCH', group })
    await until('the loss', () => one.count('lost') === 1)
    expect(one.happened.find(({ type }) => type === 'lost')).toMatchObject({
      type: 'lost',
      partitions: all(topic, 2),
      error: { code: 'MEMBER_LOST' },
    })
    await owns(one, 2)
    expect(one.count('revoked')).toBe(0)
  })
})
