/** Options of consumer groups that show when partitions move between members. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ConsumerGroup, KafkaError } from '../../src/main/index.ts'
import { committedOffsets, eventually, fill, type Gathered, gathering, valuesFor } from './group-support.ts'
import { INTERVAL_MS, onGroups, SESSION_MS } from './on-groups.ts'

const partitionsOf = (group: ConsumerGroup): string[] =>
  group.assignment.map(({ topic, partition }) => `${topic}-${partition}`).sort()

onGroups('options of members', (world) => {
  it('C4 C11: instanceId: a member that stops and comes back within its session disturbs nobody; without it, the others get its partitions', async () => {
    const kafka = world.client()
    const round = async (instanceId: string | undefined) => {
      const topic = await world.topic(4)
      const groupName = await world.group()
      const stays = gathering(kafka, topic, { groupName })
      const rebalances: string[] = []
      await stays.group.start()
      const static_ = instanceId === undefined ? {} : { instanceId }
      const goes = gathering(kafka, topic, { groupName, ...static_ })
      await goes.group.start()
      await eventually(() => expect([stays, goes].map(({ group }) => group.assignment.length)).toEqual([2, 2]))
      stays.group.on('assigned', (some) => some.length > 0 && rebalances.push('assigned'))
      stays.group.on('revoked', (some) => some.length > 0 && rebalances.push('revoked'))
      const before = partitionsOf(goes.group)
      await fill(kafka, topic, 4, 10)
      await eventually(() => expect(stays.gathered.count + goes.gathered.count).toBe(40))
      await goes.group.stop()
      if (instanceId === undefined) await eventually(() => expect(stays.group.assignment.length).toBe(4))
      // as long as the other one would need to hear of it
      else await sleep(Math.min(SESSION_MS / 3, 3 * INTERVAL_MS))
      const returns = gathering(kafka, topic, { groupName, ...static_ })
      await returns.group.start()
      await eventually(() => expect(returns.group.assignment.length).toBe(2))
      await fill(kafka, topic, 4, 10, 10)
      await eventually(() => expect(stays.gathered.count + goes.gathered.count + returns.gathered.count).toBe(80))
      const same = before.join() === partitionsOf(returns.group).join()
      await Promise.all([stays.group.stop(), returns.group.stop()])
      const all = (p: number) => [goes, stays, returns].flatMap(({ gathered }) => gathered.values(topic, p))
      for (let p = 0; p < 4; p++) expect(all(p).sort()).toEqual(valuesFor(p, 20).sort())
      return { rebalances, same }
    }
    expect(await round('static-1')).toEqual({ rebalances: [], same: true })
    expect((await round(undefined)).rebalances).toEqual(expect.arrayContaining(['assigned', 'revoked']))
  })

  it('C4 C9 IC4: a handler that needs time is awaited before its partition goes, up to rebalanceTimeoutMs, and what it did is committed', async () => {
    const kafka = world.client()
    const topic = await world.topic(2)
    const groupName = await world.group()
    await fill(kafka, topic, 2, 1)
    const order: string[] = []
    const signals: boolean[] = []
    const first = slowGroup(kafka, topic, groupName, 20_000, async (records, signal) => {
      await sleep(1_500)
      signals.push(signal.aborted)
      order.push(...records.map(({ partition }) => `first ${partition}`))
    })
    await first.start()
    await eventually(() => expect(first.metrics().partitions.filter(({ doing }) => doing === 'handler')).toHaveLength(2))
    const second = gathering(world.client(), topic, { groupName }, (records, all) => {
      order.push(...records.map(({ partition, offset }) => `second ${partition}:${offset}`))
      all.add(records)
    })
    await second.group.start()
    await eventually(() => expect(second.group.assignment.length).toBe(1))
    const { partition } = second.group.assignment[0]!
    // it had ended, and was committed, before it went
    expect(order).toContain(`first ${partition}`)
    expect((await committedOffsets(world.brokers, groupName, [{ topic, partition }]))[0]!.offset).toBe(1)
    await fill(kafka, topic, 2, 1, 1)
    await second.gathered.reaches(1)
    expect(order.filter((one) => one.startsWith('second'))).toEqual([`second ${partition}:1`])
    expect(signals.every((aborted) => !aborted)).toBe(true)
  })

  it('C4 IC4 IC3 F26: past rebalanceTimeoutMs the handler is told by its signal, its result is not committed, and the next member gets the records', async () => {
    const kafka = world.client()
    const topic = await world.topic(2)
    const groupName = await world.group()
    await fill(kafka, topic, 2, 1)
    const told: { partition: number; code: string; afterMs: number }[] = []
    const ends = Promise.withResolvers<void>()
    let asked = 0
    const first = slowGroup(kafka, topic, groupName, 1_000, async ([record], signal) => {
      signal.addEventListener('abort', () =>
        told.push({ partition: record!.partition, code: (signal.reason as KafkaError).code, afterMs: performance.now() - asked }),
      )
      await ends.promise
    })
    await first.start()
    await eventually(() => expect(first.metrics().partitions.filter(({ doing }) => doing === 'handler')).toHaveLength(2))
    const second = gathering(world.client(), topic, { groupName })
    asked = performance.now()
    await second.group.start()
    await eventually(() => expect(second.gathered.count).toBe(1))
    const { partition } = second.group.assignment[0]!
    expect(told).toEqual([{ partition, code: 'ABORTED', afterMs: expect.any(Number) }])
    expect(told[0]!.afterMs).toBeGreaterThanOrEqual(950)
    // the other partition is still its own, and its handler undisturbed
    ends.resolve()
    await eventually(() => expect(first.metrics().commits).toBe(1))
    await second.group.stop()
    await first.stop()
    const offsets = await committedOffsets(
      world.brokers,
      groupName,
      [0, 1].map((p) => ({ topic, partition: p })),
    )
    expect(offsets.map(({ offset }) => offset)).toEqual([1, 1])
  })

  it("C4 C11: serverAssignor: 'range' gives both topics' same partitions to one member, 'uniform' spreads them evenly", async () => {
    const kafka = world.client()
    const topics = [await world.topic(3), await world.topic(3)]
    const shares = async (serverAssignor: string): Promise<number[][]> => {
      const groupName = await world.group()
      const members = [
        gathering(kafka, topics, { groupName, serverAssignor }),
        gathering(kafka, topics, { groupName, serverAssignor }),
      ]
      await members[0]!.group.start()
      await members[1]!.group.start()
      await eventually(() => {
        const counts = members.map(({ group }) => group.assignment.length)
        expect(counts[0]! + counts[1]!).toBe(6)
        expect(Math.min(...counts)).toBeGreaterThan(0)
      })
      expect((await world.describe(groupName)).assignorName).toBe(serverAssignor)
      const counts = members.map(({ group }) =>
        topics.map((name) => group.assignment.filter(({ topic }) => topic === name).length),
      )
      await Promise.all(members.map(({ group }) => group.stop()))
      return counts.sort((a, b) => a[0]! - b[0]!)
    }
    expect(await shares('range')).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect((await shares('uniform')).map(([a, b]) => a! + b!)).toEqual([3, 3])
    const wrong = gathering(kafka, topics, { serverAssignor: 'sticky' })
    await expect(wrong.group.start()).rejects.toMatchObject({
      code: 'GROUP_ERROR',
      message: expect.stringMatching(/no assignor 'sticky'/),
    })
  })

  it('C11: a RegExp takes what fits, with its own options, and topics that come later; a name comes before it', async () => {
    const kafka = world.client()
    const mark = world.freshName()
    const make = async (name: string): Promise<string> => {
      await kafka.admin.createTopics([{ topic: `${mark}.${name}`, partitions: 1 }])
      await fill(kafka, `${mark}.${name}`, 1, 4)
      return `${mark}.${name}`
    }
    const [one, two, other] = [await make('in.one'), await make('in.two'), await make('out')]
    const sizes = new Map<string, number[]>()
    const { group, gathered } = gathering(
      kafka,
      [],
      {
        groupName: await world.group(),
        topics: [
          { name: new RegExp(`^${mark}\\.in\\..*$`), handlerMaxBatchSize: 2 },
          { name: two, handlerMaxBatchSize: 4 },
        ],
      },
      (records: Parameters<Gathered['add']>[0], all: Gathered) => {
        all.add(records)
        const { topic } = records[0]!
        sizes.set(topic, [...(sizes.get(topic) ?? []), records.length])
      },
    )
    await group.start()
    await gathered.reaches(8, 30_000)
    expect([one, two, other].map((topic) => sizes.get(topic))).toEqual([[2, 2], [4], undefined])
    // real Kafka looks for new topics every ten minutes
    if (world.target.startsWith('embedded')) {
      const late = await make('in.late')
      await gathered.reaches(12)
      expect(gathered.values(late, 0)).toEqual(valuesFor(0, 4))
    }
    expect(group.assignment.map(({ topic }) => topic)).not.toContain(other)
    await group.stop()
  })
})

function slowGroup(
  kafka: Parameters<typeof gathering>[0],
  topic: string,
  groupName: string,
  rebalanceTimeoutMs: number,
  handle: (records: Parameters<Gathered['add']>[0], signal: AbortSignal) => Promise<void>,
): ConsumerGroup {
  return kafka.consumerGroup({
    groupName,
    rebalanceTimeoutMs,
    topics: [{ name: topic, offsetResetPolicy: 'earliest' }],
    handler: {
      async handleRecordBatch(_topic, _partition, records, { signal }) {
        await handle(records, signal)
      },
    },
  })
}
