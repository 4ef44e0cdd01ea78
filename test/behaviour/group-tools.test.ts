/** Apache's own tool for groups judges ours: what it describes, and that we go on where it put the group. */
import { describe, expect, it } from 'vitest'
import { consumerGroups } from '../kafka/java-tools.ts'
import { committedOffsets, eventually, fill, gathering, valuesFor } from './group-support.ts'
import { onBrokers } from './on-brokers.ts'
import { noReferee } from './referee.ts'

/** The rows of a table that the tool printed, by the names of its columns. */
function table(text: string): Record<string, string>[] {
  const lines = text.split('\n').map((line) => line.trim())
  const at = lines.findIndex((line) => line.startsWith('GROUP'))
  if (at < 0) throw new Error(`no table: ${text}`)
  // names of two words are one column
  const names = lines[at]!.replace(/COORDINATOR \(ID\)/, 'COORDINATOR').split(/\s+/)
  const rows = lines.slice(at + 1).filter((line) => line !== '')
  return rows.map((line) => {
    const cells = line.replace(/\s+\((\d+)\)/, '($1)').split(/\s+/)
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
  })
}

onBrokers(
  'tools for groups',
  (world) => {
    describe.skipIf(noReferee !== '')('kafka-consumer-groups', { timeout: 180_000 }, () => {
      it('C4 C9 T2: describes our group, its members, offsets, lag and state, and resets it: the group goes on from there', async () => {
        const kafka = world.client({ clientId: 'our-client' })
        const topic = await world.topic(3)
        const groupName = world.freshName()
        const tool = (...args: string[]) => consumerGroups(world.brokers, '--group', groupName, ...args)
        await fill(kafka, topic, 3, 10)
        const first = gathering(kafka, topic, { groupName })
        await first.group.start()
        await first.gathered.reaches(30)
        const places = [0, 1, 2].map((partition) => ({ topic, partition }))
        await eventually(async () =>
          expect((await committedOffsets(world.brokers, groupName, places)).map(({ offset }) => offset)).toEqual([10, 10, 10]),
        )
        first.group.pause([{ topic, partition: 2 }])
        await fill(kafka, topic, 3, 4, 10)
        await first.gathered.reaches(38)
        await eventually(async () =>
          expect((await committedOffsets(world.brokers, groupName, places)).map(({ offset }) => offset)).toEqual([14, 14, 10]),
        )
        const { memberId } = first.group.metrics()

        const offsets = table(await tool('--describe')).toSorted((a, b) => Number(a['PARTITION']) - Number(b['PARTITION']))
        expect(offsets).toMatchObject(
          [0, 1, 2].map((partition) => ({
            GROUP: groupName,
            TOPIC: topic,
            PARTITION: `${partition}`,
            'CURRENT-OFFSET': partition === 2 ? '10' : '14',
            'LOG-END-OFFSET': '14',
            LAG: partition === 2 ? '4' : '0',
            'CONSUMER-ID': memberId,
            HOST: '/127.0.0.1',
            'CLIENT-ID': 'our-client',
          })),
        )

        const [member, ...others] = table(await tool('--describe', '--members', '--verbose'))
        expect(others).toEqual([])
        expect(member).toMatchObject({
          GROUP: groupName,
          'CONSUMER-ID': memberId,
          'CLIENT-ID': 'our-client',
          '#PARTITIONS': '3',
          'CURRENT-EPOCH': String(first.group.metrics().memberEpoch),
        })

        const [state] = table(await tool('--describe', '--state'))
        expect(state).toMatchObject({ GROUP: groupName, 'ASSIGNMENT-STRATEGY': 'uniform', STATE: 'Stable', '#MEMBERS': '1' })

        // it is refused while the group lives, and says so
        expect(await tool('--reset-offsets', '--topic', topic, '--to-offset', '6', '--execute').catch(String)).toMatch(
          /inactive|Stable/,
        )
        await first.group.stop()
        const rows = table(await tool('--reset-offsets', '--topic', topic, '--to-offset', '6', '--execute'))
        expect(rows.map((row) => row['NEW-OFFSET'])).toEqual(['6', '6', '6'])
        const second = gathering(kafka, topic, { groupName })
        await second.group.start()
        await second.gathered.reaches(3 * 8)
        await second.group.stop()
        for (const { partition } of places) expect(second.gathered.values(topic, partition)).toEqual(valuesFor(partition, 8, 6))
        expect((await committedOffsets(world.brokers, groupName, places)).map(({ offset }) => offset)).toEqual([14, 14, 14])
        const [empty] = table(await tool('--describe', '--state'))
        expect(empty).toMatchObject({ STATE: 'Empty', '#MEMBERS': '0' })
      })
    })
  },
  ['embedded-1', 'real-3'],
)
