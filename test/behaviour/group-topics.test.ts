/** Groups whose topics vanish and come back: what was meant for the old one never touches the new one. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { committedOffsets, eventually, fill, gathering, valuesFor } from './group-support.ts'
import { onEmbeddedGroups, onGroups } from './on-groups.ts'

onGroups('groups whose topics are deleted', (world) => {
  const make = (topic: string, partitions: number) => world.client().admin.createTopics([{ topic, partitions }])

  it('F10 IC2: a topic is deleted while a member reads it: its partitions go, others are read on', async () => {
    const kafka = world.client()
    const gone = await world.topic(2)
    const kept = await world.topic(2)
    await fill(kafka, gone, 2, 20)
    await fill(kafka, kept, 2, 20)
    const { group, gathered } = gathering(kafka, [gone, kept], { groupName: await world.group() })
    const failed: unknown[] = []
    group.on('partitionFailed', (event) => failed.push(event))
    await group.start()
    await gathered.reaches(80)
    await kafka.admin.deleteTopics([gone])
    await eventually(() => expect(group.assignment.map(({ topic }) => topic)).toEqual([kept, kept]))
    await fill(world.client(), kept, 2, 30, 20)
    await gathered.reaches(140)
    for (const p of [0, 1]) expect(gathered.values(kept, p)).toEqual(valuesFor(p, 50))
    expect(failed).toEqual([])
    await group.stop()
  })

  it.each(['earliest', 'latest'] as const)(
    'F10 IC2: deleted and made again under its name while a member reads it: the new one is read from its beginning (%s)',
    async (offsetResetPolicy) => {
      const topic = world.freshName()
      await make(topic, 2)
      const groupName = await world.group()
      const { group, gathered } = gathering(world.client(), topic, { groupName, defaultTopicConfig: { offsetResetPolicy } })
      await group.start()
      await eventually(() => expect(group.metrics().partitions.map(({ position }) => position)).toEqual([0, 0]))
      await fill(world.client(), topic, 2, 50)
      await gathered.reaches(100)
      await eventually(() => expect(group.metrics().partitions.map(({ committed }) => committed)).toEqual([50, 50]))
      await world.client().admin.deleteTopics([topic])
      // the broker that made it again may not be the one that is asked
      await eventually(() => make(topic, 2))
      // more than the old one had, so that its offsets would be found in the new one
      await fill(world.client(), topic, 2, 70, 1_000)
      await gathered.reaches(240, 40_000)
      await sleep(100)
      for (const p of [0, 1]) {
        expect(gathered.values(topic, p)).toEqual([...valuesFor(p, 50), ...valuesFor(p, 70, 1_000)])
        expect(
          gathered
            .records(topic, p)
            .slice(50)
            .map(({ offset }) => offset),
        ).toEqual(Array.from({ length: 70 }, (_, i) => i))
      }
      await group.stop()
      const places = [0, 1].map((partition) => ({ topic, partition }))
      const committed = await committedOffsets(world.brokers, groupName, places)
      expect(committed.map(({ offset }) => offset)).toEqual([70, 70])
    },
  )

  it('F10 IC2 IC3: made again while a handler has a batch of the old one: that is not committed for the new one', async () => {
    const topic = world.freshName()
    await make(topic, 1)
    await fill(world.client(), topic, 1, 40)
    const groupName = await world.group()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    let held = false
    const { group, gathered } = gathering(world.client(), topic, { groupName }, async (records, all) => {
      if (String(records[0]!.value) === '0:0') {
        held = true
        await released
      }
      all.add(records)
    })
    await group.start()
    await eventually(() => expect(held).toBe(true))
    await world.client().admin.deleteTopics([topic])
    await eventually(() => make(topic, 1))
    await fill(world.client(), topic, 1, 10, 1_000)
    await sleep(500)
    release()
    // long before the time for giving back is over: nobody waits for the commit of what is gone
    await eventually(() => expect(gathered.values(topic, 0)).toEqual([...valuesFor(0, 40), ...valuesFor(0, 10, 1_000)]))
    await group.stop()
    const [committed] = await committedOffsets(world.brokers, groupName, [{ topic, partition: 0 }])
    expect(committed!.offset).toBe(10)
  })
})

onEmbeddedGroups('groups whose topics are made anew', 1, (world) => {
  it("F10 IC2: what was written before the member could look is read too, also with 'latest'", async () => {
    const topic = world.freshName()
    const kafka = world.client()
    await kafka.admin.createTopics([{ topic, partitions: 2 }])
    const { group, gathered } = gathering(kafka, topic, { defaultTopicConfig: { offsetResetPolicy: 'latest' } })
    await group.start()
    await eventually(() => expect(group.metrics().partitions.map(({ position }) => position)).toEqual([0, 0]))
    const late = await world.broker.faults.fail('OffsetFetch', {
      error: 'UNSTABLE_OFFSET_COMMIT',
      times: Number.POSITIVE_INFINITY,
      group: group.groupName,
    })
    const other = world.client()
    await other.admin.deleteTopics([topic])
    await other.admin.createTopics([{ topic, partitions: 2 }])
    await fill(world.client(), topic, 2, 30)
    await eventually(async () => expect(await late.hits()).toBeGreaterThan(0))
    await late.remove()
    await gathered.reaches(60)
    for (const p of [0, 1]) expect(gathered.values(topic, p)).toEqual(valuesFor(p, 30))
    await group.stop()
  })
})
