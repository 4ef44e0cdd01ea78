/** Members that lose their membership: put out by the coordinator, stopped by the system, killed, cut off; and what asks for offsets in vain. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ConsumerGroup, KafkaError } from '../../src/main/index.ts'
import { ChildMember, endChildren } from './group-children.ts'
import { GroupLedger, traffic } from './group-ledger.ts'
import { eventually, fill, gathering, valuesFor } from './group-support.ts'
import { onEmbeddedGroups, onGroups } from './on-groups.ts'

const PARTITIONS = 4

endChildren()

onGroups('members in processes of their own', (world) => {
  async function pair(): Promise<{ ledger: GroupLedger; child: ChildMember; ours: ConsumerGroup }> {
    const ledger = new GroupLedger(world.brokers, await world.topic(PARTITIONS), PARTITIONS, await world.group())
    const ours = ledger.member(world.client())
    await ours.start()
    const child = new ChildMember(ledger, { brokers: world.brokers, workMs: 30 })
    await eventually(() => expect(ours.assignment).toHaveLength(PARTITIONS / 2), 40_000)
    return { ledger, child, ours }
  }

  it('F24 IC5: a member is killed in the middle of its batches: the other one goes on from its last commits', async () => {
    const { ledger, child, ours } = await pair()
    ledger.watchCommits()
    const flow = traffic(ledger, world.client(), { count: 10 })
    await eventually(() => expect(child.inHand).toBeGreaterThan(0))
    const before = ledger.repeated
    child.signal('SIGKILL')
    await flow.stop()
    await eventually(() => expect(ours.assignment).toHaveLength(PARTITIONS), 40_000)
    await ledger.settle({ repeats: true })
    // what was done and not committed yet, a batch of 10 for each of its partitions
    expect(ledger.repeated - before).toBeLessThanOrEqual((PARTITIONS / 2) * 10)
  })

  it('F23 IC3 IC4: a member sleeps longer than its session: it drops what it holds, commits nothing, and joins again', async () => {
    const { ledger, child, ours } = await pair()
    ledger.watchCommits()
    const flow = traffic(ledger, world.client(), { count: 10 })
    await eventually(() => expect(child.inHand).toBeGreaterThan(0))
    child.signal('SIGSTOP')
    await eventually(() => expect(ours.assignment).toHaveLength(PARTITIONS), 40_000)
    await sleep(300)
    child.signal('SIGCONT')
    await eventually(() => expect(child.events).toContainEqual(expect.stringMatching(/^lost 2 MEMBER_LOST/)))
    await eventually(() => expect(ours.assignment).toHaveLength(PARTITIONS / 2), 40_000)
    await flow.stop()
    await ledger.caughtUp()
    expect(await child.stop()).toEqual([0, null])
    await ledger.settle({ repeats: true })
  })
})

onEmbeddedGroups('members that are put out', 1, (world) => {
  it.each(['FENCED_MEMBER_EPOCH', 'UNKNOWN_MEMBER_ID', 'GROUP_ID_NOT_FOUND'])(
    'F23 IC3 IC4: %s for a heartbeat: handlers are told by their signal, nothing of them is committed, and it joins again',
    async (error) => {
      const kafka = world.client()
      const ledger = new GroupLedger(world.brokers, await world.topic(2), 2)
      const reasons: string[] = []
      const group = ledger.member(kafka, {}, async (records, { signal }) => {
        if (records[0]!.offset > 0 || records[0]!.attempt > 1 || reasons.length === 2) return
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        reasons.push((signal.reason as KafkaError).code)
      })
      await group.start()
      ledger.watchCommits()
      await ledger.write(kafka, 10)
      await eventually(() => expect(group.why().partitions.map(({ doing }) => doing)).toEqual(['handler', 'handler']))
      await world.broker.faults.fail('ConsumerGroupHeartbeat', { error, group: ledger.groupName })
      await ledger.settle()
      expect(reasons).toEqual(['MEMBER_LOST', 'MEMBER_LOST'])
      expect(ledger.events).toEqual(['member 1: assigned 2', `member 1: lost 2 MEMBER_LOST ${error}`, 'member 1: assigned 2'])
    },
  )

  it.each(['UNKNOWN_MEMBER_ID', 'FENCED_MEMBER_EPOCH', 'STALE_MEMBER_EPOCH'])(
    'F23 IC3: %s for commits: they are made again while it is a member, and nothing is lost',
    async (error) => {
      const kafka = world.client({ retryBackoffMs: 10 })
      const ledger = new GroupLedger(world.brokers, await world.topic(2), 2)
      await ledger.member(kafka).start()
      ledger.watchCommits()
      const fault = await world.broker.faults.fail('OffsetCommit', { error, times: 2, group: ledger.groupName })
      await ledger.write(kafka, 40)
      await eventually(async () => expect(await fault.hits()).toBe(2))
      await ledger.settle()
    },
  )

  it('F23 IC4: put out again and again while it reads: nothing is lost or skipped', async () => {
    const kafka = world.client({ retryBackoffMs: 10, retryBackoffMaxMs: 50 })
    const ledger = new GroupLedger(world.brokers, await world.topic(3), 3)
    const group = ledger.member(kafka)
    await group.start()
    ledger.watchCommits()
    const flow = traffic(ledger, kafka)
    for (let time = 0; time < 5; time++) {
      const fault = await world.broker.faults.fail('ConsumerGroupHeartbeat', {
        error: time % 2 ? 'FENCED_MEMBER_EPOCH' : 'UNKNOWN_MEMBER_ID',
        group: ledger.groupName,
      })
      await eventually(async () => expect(await fault.hits()).toBe(1))
      await eventually(() => expect(group.assignment).toHaveLength(3))
    }
    await flow.stop()
    await ledger.settle({ repeats: true })
  })

  const passing = [
    'STALE_MEMBER_EPOCH',
    'UNSTABLE_OFFSET_COMMIT',
    'COORDINATOR_LOAD_IN_PROGRESS',
    'NOT_COORDINATOR',
    'COORDINATOR_NOT_AVAILABLE',
    'UNKNOWN_TOPIC_ID',
    'UNKNOWN_SERVER_ERROR',
  ]
  it.each(passing)('F49 IC2: %s for the committed offsets: asked again, never taken for none', async (error) => {
    const kafka = world.client({ retryBackoffMs: 10 })
    const topic = await world.topic(2)
    await fill(kafka, topic, 2, 10)
    const first = gathering(kafka, topic)
    await first.group.start()
    await first.gathered.reaches(20)
    await first.group.stop()
    await fill(kafka, topic, 2, 5, 10)
    const { groupName } = first.group
    const fault = await world.broker.faults.fail('OffsetFetch', { error, times: 3, group: groupName })
    // a reset would go back to the beginning
    const second = gathering(kafka, topic, { groupName })
    const resets: unknown[] = []
    const failed: KafkaError[] = []
    second.group.on('offsetReset', (event) => resets.push(event))
    second.group.on('partitionFailed', (event) => failed.push(event.error))
    await second.group.start()
    if (error === 'UNKNOWN_SERVER_ERROR') {
      // nobody knows whether that passes: it stands still and says so
      await eventually(() => expect(failed.map(({ context }) => context.brokerError)).toEqual([error, error]))
      await fault.remove()
      second.group.resume()
    }
    await second.gathered.reaches(10)
    await sleep(50)
    for (const p of [0, 1]) expect(second.gathered.values(topic, p)).toEqual(valuesFor(p, 5, 10))
    expect(resets).toEqual([])
    await second.group.stop()
  })

  it('F49 IC2: the answer never comes: asked again after requestTimeoutMs', async () => {
    const kafka = world.client({ retryBackoffMs: 10, requestTimeoutMs: 500 })
    const topic = await world.topic(1)
    await fill(kafka, topic, 1, 10)
    const first = gathering(kafka, topic)
    await first.group.start()
    await first.gathered.reaches(10)
    await first.group.stop()
    await fill(kafka, topic, 1, 5, 10)
    await world.broker.faults.hang('OffsetFetch', { group: first.group.groupName })
    const second = gathering(world.client({ requestTimeoutMs: 500 }), topic, { groupName: first.group.groupName })
    await second.group.start()
    await second.gathered.reaches(5)
    expect(second.gathered.values(topic, 0)).toEqual(valuesFor(0, 5, 10))
    await second.group.stop()
  })
})
