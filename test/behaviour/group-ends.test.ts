/** How groups end and go on: I/O threads that crash, processes that are told to end, clients that are closed at a bad moment. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { KafkaError } from '../../src/main/index.ts'
import { ChildMember, endChildren } from './group-children.ts'
import { GroupLedger, traffic } from './group-ledger.ts'
import { committedOffsets, eventually, fill, gathering, valuesFor } from './group-support.ts'
import { onBrokers } from './on-brokers.ts'
import { onEmbeddedGroups, onGroups } from './on-groups.ts'

endChildren()

// with sessions as long as brokers have them: a thread that takes over late on a busy machine is no fault of the group
onBrokers(
  'groups whose I/O threads crash',
  (world) => {
    it.each([1, 2])(
      'F28 IC1 IC5: %d I/O threads crash while a member reads: every record once and in order, and it stays',
      async (ioThreads) => {
        const kafka = world.client({ ioThreads, ioThreadCrashLimit: 1_000 })
        const ledger = new GroupLedger(world.brokers, await world.topic(4), 4)
        await ledger.member(kafka).start()
        ledger.watchCommits()
        const writer = world.client()
        await ledger.write(writer, 10)
        await ledger.caughtUp()
        const flow = traffic(ledger, writer)
        for (let crash = 0; crash < 4; crash++) {
          await sleep(300)
          kafka.crashIoThread(crash % ioThreads)
          const so = ledger.handledCount
          await eventually(() => expect(ledger.handledCount).toBeGreaterThan(so + 20))
        }
        await flow.stop()
        await ledger.settle()
        expect(ledger.events).toEqual(['member 1: assigned 4'])
      },
    )
  },
  ['embedded-1', 'real-1'],
)

onGroups('groups that end', (world) => {
  it('F32 IC5 IC4: SIGTERM with handlers at work: they end, it is committed, the process exits, and nothing comes twice', async () => {
    const ledger = new GroupLedger(world.brokers, await world.topic(4), 4, await world.group())
    const child = new ChildMember(ledger, { brokers: world.brokers, workMs: 200 })
    await eventually(() => expect(child.events).toEqual(['assigned 4']), 40_000)
    ledger.watchCommits()
    await ledger.write(world.client(), 40)
    await eventually(() => expect(child.inHand).toBe(4))
    const began = performance.now()
    child.signal('SIGTERM')
    expect(await child.ended()).toEqual([0, null])
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(child.inHand).toBe(0)
    expect((await world.describe(ledger.groupName)).members).toEqual([])
    await ledger.member(world.client()).start()
    await ledger.settle()
  })

  it('F32 IC3 IC4: stop while handlers take longer than it may: they are told, their batches are not committed, and come again', async () => {
    const kafka = world.client()
    const topic = await world.topic(2)
    await fill(kafka, topic, 2, 10)
    const groupName = await world.group()
    const reasons: string[] = []
    const slow = kafka.consumerGroup({
      groupName,
      topics: [{ name: topic, offsetResetPolicy: 'earliest' }],
      handler: {
        async handleRecordBatch(_topic, _partition, _records, { signal }) {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
          reasons.push((signal.reason as KafkaError).code)
        },
      },
    })
    await slow.start()
    await eventually(() => expect(slow.why().partitions.map(({ doing }) => doing)).toEqual(['handler', 'handler']))
    const began = performance.now()
    await slow.stop({ timeoutMs: 1_500 })
    expect(performance.now() - began).toBeLessThan(6_000)
    await eventually(() => expect(reasons).toEqual(['ABORTED', 'ABORTED']))
    const places = [0, 1].map((partition) => ({ topic, partition }))
    expect((await committedOffsets(world.brokers, groupName, places)).map(({ offset }) => offset)).toEqual([-1, -1])
    const next = gathering(kafka, topic, { groupName })
    await next.group.start()
    await next.gathered.reaches(20)
    for (const p of [0, 1]) expect(next.gathered.values(topic, p)).toEqual(valuesFor(p, 10))
    await next.group.stop()
  })

  it('F33 IX5: the client is closed while a handler works: it returns in time, the group says so, and nothing is committed falsely', async () => {
    const kafka = world.client()
    const ledger = new GroupLedger(world.brokers, await world.topic(1), 1, await world.group())
    const group = ledger.member(kafka, {}, () => sleep(400))
    const ends: string[] = []
    group.on('stopped', (reason) => ends.push(reason.code))
    await group.start()
    ledger.watchCommits()
    await ledger.write(world.client(), 30)
    await eventually(() => expect(group.why().partitions[0]!.doing).toBe('handler'))
    const began = performance.now()
    await kafka.close({ timeoutMs: 3_000 })
    expect(performance.now() - began).toBeLessThan(8_000)
    await eventually(() => expect(ends).toHaveLength(1))
    await expect(group.start()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await ledger.member(world.client()).start()
    await ledger.settle({ repeats: true })
  })
})

onEmbeddedGroups('clients that are closed while a group joins', 1, (world) => {
  const troubles: [what: string, make: () => Promise<unknown>][] = [
    ['nobody says who the coordinator is', () => world.broker.faults.hang('FindCoordinator', { times: 1_000 })],
    ['the coordinator does not answer', () => world.broker.faults.hang('ConsumerGroupHeartbeat', { times: 1_000 })],
    [
      'it refuses for the time being',
      () => world.broker.faults.fail('ConsumerGroupHeartbeat', { error: 'COORDINATOR_LOAD_IN_PROGRESS', times: 1_000 }),
    ],
    ['nothing is wrong', async () => {}],
  ]
  it.each(troubles)('F33 IX5: %s: start is rejected, close returns in time', async (what, make) => {
    const topic = await world.topic(1)
    const kafka = world.client()
    await make()
    const { group } = gathering(kafka, topic)
    const starting = group.start().then(
      () => 'started',
      ({ code }: KafkaError) => code,
    )
    await sleep(what === 'nothing is wrong' ? 0 : 300)
    const began = performance.now()
    await kafka.close({ timeoutMs: 1_000 })
    expect(performance.now() - began).toBeLessThan(6_000)
    expect(await starting).toBe('CLOSED')
    await group.stop()
  })

  it('F33 IX5: no broker is alive: stop and close return in time, before and after it was a member', async () => {
    const kafka = world.client()
    const topic = await world.topic(1)
    await fill(kafka, topic, 1, 5)
    const { group, gathered } = gathering(kafka, topic)
    await group.start()
    await gathered.reaches(5)
    await world.broker.kill(1)
    const began = performance.now()
    const late = gathering(kafka, topic)
    const starting = late.group.start().catch(({ code }: KafkaError) => code)
    await sleep(300)
    await Promise.all([group.stop({ timeoutMs: 1_000 }), late.group.stop({ timeoutMs: 1_000 })])
    await kafka.close({ timeoutMs: 1_000 })
    expect(performance.now() - began).toBeLessThan(8_000)
    expect(await starting).toBe('CLOSED')
    await world.broker.revive(1)
  })
})
