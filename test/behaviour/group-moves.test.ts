/** Groups whose brokers change places: leaders move, brokers are restarted, coordinators move, load and die, logs lose their end. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { GroupLedger, traffic } from './group-ledger.ts'
import { eventually, fill, gathering, valuesFor } from './group-support.ts'
import { type EmbeddedWorld, onBrokers, onEmbedded } from './on-brokers.ts'

/** No rebalance, and no position that anybody but the group chose. */
const quiet = ['member 1: assigned 3']

onBrokers(
  'groups whose leaders move',
  (world) => {
    it('F5 IC1 IC2: leaders move again and again under consumption: every record once and in order, no rebalance, no reset', async () => {
      const kafka = world.client()
      const ledger = new GroupLedger(world.brokers, await world.topic(3), 3)
      await ledger.member(kafka).start()
      ledger.watchCommits()
      const flow = traffic(ledger, kafka)
      for (let move = 0; move < 6; move++) {
        await world.moveLeader(ledger.topic, move % 3, 1 + ((move + 1 + Math.floor(move / 3)) % 3))
        await sleep(100)
      }
      await flow.stop()
      await ledger.settle()
      expect(ledger.events.filter((text) => !text.includes('reset'))).toEqual(quiet)
    })
  },
  ['embedded-3', 'real-3'],
)

const HEARTBEATS = { heartbeatIntervalMs: 300, assignmentIntervalMs: 0 }

const onThree = (theme: string, suite: (world: EmbeddedWorld) => void) => onEmbedded(theme, 3, suite, { groups: HEARTBEATS })

onThree('groups whose brokers fail', (world) => {
  it('F1 F2 IC1 IC2: every broker is stopped and started in turn: every record once and in order, and nobody leaves', async () => {
    const kafka = world.client()
    const ledger = new GroupLedger(world.brokers, await world.topic(3), 3)
    const group = ledger.member(kafka)
    await group.start()
    ledger.watchCommits()
    const { memberId } = group.metrics()
    const flow = traffic(ledger, kafka)
    for (const node of [1, 2, 3]) {
      await world.broker.kill(node)
      await sleep(400)
      await world.broker.revive(node)
      await sleep(200)
    }
    await flow.stop()
    await ledger.settle()
    expect(group.metrics().memberId).toBe(memberId)
    expect(ledger.events).toEqual(quiet)
  })

  it('F8 IC3 IC5: the coordinator moves, loads and dies: the member stays, nothing goes back, commits go on', async () => {
    const kafka = world.client()
    const ledger = new GroupLedger(world.brokers, await world.topic(3), 3)
    await ledger.member(kafka).start()
    ledger.watchCommits()
    const flow = traffic(ledger, kafka)
    const other = async () => ((await world.broker.coordinator(ledger.groupName)) % 3) + 1
    await world.broker.moveCoordinator(ledger.groupName, await other())
    await sleep(300)
    await world.broker.moveCoordinator(ledger.groupName, await other(), { loadingMs: 600 })
    await sleep(900)
    const dead = await world.broker.coordinator(ledger.groupName)
    await world.broker.kill(dead)
    await sleep(600)
    await flow.stop()
    await ledger.caughtUp()
    await world.broker.revive(dead)
    await ledger.settle()
    expect(ledger.events).toEqual(quiet)
  })

  const refusals = [
    ['OffsetCommit', 'COORDINATOR_LOAD_IN_PROGRESS'],
    ['OffsetCommit', 'COORDINATOR_NOT_AVAILABLE'],
    ['OffsetCommit', 'NOT_COORDINATOR'],
    ['OffsetCommit', 'REQUEST_TIMED_OUT'],
    ['OffsetCommit', 'STALE_MEMBER_EPOCH'],
    ['ConsumerGroupHeartbeat', 'COORDINATOR_LOAD_IN_PROGRESS'],
    ['ConsumerGroupHeartbeat', 'NOT_COORDINATOR'],
    ['ConsumerGroupHeartbeat', 'COORDINATOR_NOT_AVAILABLE'],
  ] as const
  it.each(refusals)(
    'F8 IC3 IC5: %s is answered with %s: it is asked again, and nothing is lost or repeated',
    async (api, error) => {
      const kafka = world.client({ retryBackoffMs: 10 })
      const ledger = new GroupLedger(world.brokers, await world.topic(3), 3)
      await ledger.member(kafka).start()
      ledger.watchCommits()
      await ledger.write(kafka, 30)
      await ledger.caughtUp()
      const fault = await world.broker.faults.fail(api, { error, times: 3, group: ledger.groupName })
      const flow = traffic(ledger, kafka)
      await eventually(async () => expect(await fault.hits()).toBe(3))
      await flow.stop()
      await ledger.settle()
      expect(ledger.events).toEqual(quiet)
    },
  )

  it('F8 IC3: an answer to a commit that took effect is lost: it is committed again, and nothing is delivered twice', async () => {
    const kafka = world.client({ retryBackoffMs: 10 })
    const ledger = new GroupLedger(world.brokers, await world.topic(3), 3)
    await ledger.member(kafka).start()
    ledger.watchCommits()
    const lost = await world.broker.faults.drop('OffsetCommit', { times: 3, afterApply: true, group: ledger.groupName })
    const flow = traffic(ledger, kafka)
    await eventually(async () => expect(await lost.hits()).toBe(3))
    await flow.stop()
    await ledger.settle()
    expect(ledger.events).toEqual(quiet)
  })

  it('F7: a log lost its end: an event with where it goes on, and what is there now is read from there', async () => {
    const kafka = world.client()
    const topic = await world.topic(1)
    await fill(kafka, topic, 1, 20)
    const { group, gathered } = gathering(kafka, topic, { defaultTopicConfig: { offsetResetPolicy: 'latest' } })
    const resets: unknown[] = []
    group.on('offsetReset', ({ partition, offset, error }) => resets.push([partition, offset, error?.code]))
    await group.start()
    await eventually(() => expect(resets).toEqual([[0, 20, undefined]]))
    for (let i = 0; i < 10; i++) await fill(kafka, topic, 1, 1, 20 + i)
    await gathered.reaches(10)
    await world.broker.loseRecords(topic, 0, 26)
    // other records take the places of those that were lost
    await fill(kafka, topic, 1, 8, 100)
    await gathered.reaches(18)
    await sleep(100)
    await group.stop()
    expect(resets.slice(1)).toEqual([[0, 26, 'LOG_TRUNCATED']])
    expect(gathered.values(topic, 0)).toEqual([...valuesFor(0, 10, 20), ...valuesFor(0, 8, 100)])
  })

  it("F7 IC7: with the policy 'error' a log that lost its end stops the partition, others go on, and seek takes it past", async () => {
    const kafka = world.client()
    const topic = await world.topic(2)
    await fill(kafka, topic, 2, 1)
    const first = gathering(kafka, topic)
    await first.group.start()
    await first.gathered.reaches(2)
    await first.group.stop()
    const { groupName } = first.group
    const { group, gathered } = gathering(kafka, topic, { groupName, defaultTopicConfig: { offsetResetPolicy: 'error' } })
    const failed: unknown[] = []
    group.on('partitionFailed', ({ partition, error }) => failed.push([partition, error.code, error.context.offset]))
    await group.start()
    for (let i = 1; i < 10; i++) await fill(kafka, topic, 2, 1, i)
    await gathered.reaches(18)
    await world.broker.loseRecords(topic, 0, 6)
    await fill(kafka, topic, 2, 8, 100)
    await eventually(() => expect(failed).toEqual([[0, 'LOG_TRUNCATED', 6]]))
    await eventually(() => expect(gathered.values(topic, 1)).toEqual([...valuesFor(1, 9, 1), ...valuesFor(1, 8, 100)]))
    expect(gathered.values(topic, 0)).toEqual(valuesFor(0, 9, 1))
    expect(group.why().partitions.find(({ partition }) => partition === 0)!.text).toMatch(
      /stands still, .*truncated.*before offset 10/,
    )
    group.seek({ topic, partition: 0, offset: 6 })
    await eventually(() => expect(gathered.values(topic, 0)).toEqual([...valuesFor(0, 9, 1), ...valuesFor(0, 8, 100)]))
    await group.stop()
  })
})
