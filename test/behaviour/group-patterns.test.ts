/** Subscriptions by RegExp: brokers choose the topics that JavaScript would. */
import { expect, it } from 'vitest'
import type { ConsumerGroupOptions } from '../../src/main/index.ts'
import { eventually, fill, freshGroup, Gathered } from './group-support.ts'
import { onBrokers, type World } from './on-brokers.ts'

const ENDINGS = ['audit-log', 'Audit-Log', 'my-audit', 'events.v1', 'events-v1', 'events_v22', 'x123', 'a-b.c_d', 'foo']

async function topicsOf(world: World): Promise<{ prefix: string; names: string[] }> {
  const prefix = world.freshName()
  const names = ENDINGS.map((ending) => `${prefix}-${ending}`)
  await world.client().admin.createTopics(names.map((topic) => ({ topic })))
  return { prefix, names }
}

onBrokers(
  'RegExp subscriptions',
  (world) => {
    it('C11: brokers choose the topics that match in JavaScript, anchored or not', async () => {
      const { prefix, names } = await topicsOf(world)
      const own = (rest: string, flags = '') => new RegExp(rest.replaceAll('@', `${prefix}-`), flags)
      const patterns = [
        ...[own('^@audit-'), own('^@audit'), own('@.*log$'), own('@(audit-log|foo)$'), own('^@foo|@x'), own('@AUDIT', 'i')],
        ...[own('@events\\.v'), own('@events.v\\d$'), own('@events[-.]v'), own('@events[\\w-]+$'), own('@(?<kind>events|foo)')],
        ...[own('@x\\d{3}$'), own('@x\\d{1,2}?$'), own('@[^a-z]'), own('@\\u0061udit'), own('@(?:a|b|-)+\\.')],
        ...[
          own('@\\p{Lu}', 'u'),
          own('@[[:alpha:]]'),
          own('@events\\-v1'),
          own('@nothing'),
          own('@.*\\bv1\\b'),
          own('^@[^]{3}$'),
        ],
      ]
      const kafka = world.client()
      const handler = { handleRecordBatch: () => undefined }
      await Promise.all(
        patterns.map(async (pattern) => {
          const group = kafka.consumerGroup({ groupName: freshGroup(), topics: [pattern], handler })
          await group.start()
          const expected = names.filter((name) => pattern.test(name)).toSorted()
          await eventually(() => {
            const chosen = group.assignment.map(({ topic }) => topic).filter((topic) => topic.startsWith(prefix))
            expect([String(pattern), ...chosen.toSorted()]).toEqual([String(pattern), ...expected])
          })
          await group.stop()
        }),
      )
    })

    it('C5 C11: names and several RegExps together, each with options of its own', async () => {
      const { prefix } = await topicsOf(world)
      const kafka = world.client()
      const gathered = new Gathered()
      const sizes = new Map<string, number>()
      const options: ConsumerGroupOptions = {
        groupName: freshGroup(),
        topics: [
          { name: new RegExp(`^${prefix}-events`), handlerMaxBatchSize: 3 },
          { name: new RegExp(`^${prefix}-audit`, 'i'), handlerMaxBatchSize: 5 },
          { name: `${prefix}-foo`, handlerMaxBatchSize: 1 },
        ],
        defaultTopicConfig: { offsetResetPolicy: 'earliest' },
        handler: {
          handleRecordBatch: (topic, _partition, records) => {
            gathered.add(records)
            sizes.set(topic, Math.max(sizes.get(topic) ?? 0, records.length))
          },
        },
      }
      const wanted = ['events.v1', 'events-v1', 'events_v22', 'audit-log', 'Audit-Log', 'foo'].map(
        (ending) => `${prefix}-${ending}`,
      )
      for (const topic of wanted) await fill(kafka, topic, 1, 20)
      const group = kafka.consumerGroup(options)
      await group.start()
      await gathered.reaches(120)
      expect(group.assignment.map(({ topic }) => topic).toSorted()).toEqual(wanted.toSorted())
      expect(wanted.map((topic) => sizes.get(topic))).toEqual([3, 3, 3, 5, 5, 1])
      await group.stop()
    })
  },
  ['embedded-1', 'real-1', 'real-3'],
)
