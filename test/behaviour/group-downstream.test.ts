/** C14: what protects the systems behind handlers. The first test is the complaint that it answers. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { AdaptedEvent, ConsumerGroupOptions, Kafka } from '../../src/main/index.ts'
import { Downstream } from './downstream.ts'
import { eventually, fill, gathering, valuesFor } from './group-support.ts'
import { onBrokers } from './on-brokers.ts'

const PARTITIONS = 8
/**
 * The handler's calls of 50 ms with 5 records on 8 partitions are 800 records a second at most, and 160 when each takes 250 ms. They are
 * long, so that a busy machine makes no great difference.
 */
const DOWNSTREAM = { callMs: 50, breaksAt: 4_000, mendsBelow: 80, calmMs: 500 }

onBrokers(
  'what is behind the handlers of groups',
  (world) => {
    async function run(kafka: Kafka, topic: string, options: Partial<ConsumerGroupOptions>) {
      const downstream = new Downstream(DOWNSTREAM)
      const defaultTopicConfig = { handlerMaxBatchSize: 5, handlerMaxCommitsInFlight: 100 }
      const { group, gathered } = gathering(kafka, topic, { ...options, defaultTopicConfig }, async (records, all) => {
        await downstream.call(records.length)
        all.add(records)
      })
      const adapted: AdaptedEvent[] = []
      group.on('adapted', (event) => adapted.push(event))
      await group.start()
      // until it is known what is usual
      await eventually(() => expect(gathered.count).toBeGreaterThan(600))
      await sleep(1_500)
      const usual = downstream.load
      expect(downstream.thrashing).toBe(false)
      downstream.surge(2 * DOWNSTREAM.breaksAt)
      expect(downstream.thrashing).toBe(true)
      return { group, gathered, downstream, adapted, usual }
    }

    it('C14: a downstream that gets five times as slow under load: with adaptive the group backs off more than that, it recovers and the lag drains; without, neither', async () => {
      const records = 500
      const topics = [await world.topic(PARTITIONS), await world.topic(PARTITIONS)]
      const kafka = world.client()
      await fill(kafka, topics[0]!, PARTITIONS, 3 * records)
      await fill(kafka, topics[1]!, PARTITIONS, records)
      const [without, adaptive] = await Promise.all([
        run(kafka, topics[0]!, {}),
        run(kafka, topics[1]!, { adaptive: { intervalMs: 100, recoveryMs: 4_000 } }),
      ])
      let [lowestLoad, lowestLimit, slowest] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0]
      let why = ''
      await eventually(() => {
        const [limits] = adaptive.group.metrics().flow.adaptive
        lowestLoad = Math.min(lowestLoad, adaptive.downstream.load / adaptive.usual)
        slowest = Math.max(slowest, limits!.slowness)
        lowestLimit = Math.min(lowestLimit, (limits!.limit ?? Number.POSITIVE_INFINITY) / limits!.usualRate)
        why ||= adaptive.group.why().partitions.find(({ doing }) => doing === 'limits')?.text ?? ''
        expect(adaptive.downstream.thrashing).toBe(false)
      }, 30_000)
      // a fifth is what slower handlers give by themselves; it takes less than that
      expect(lowestLoad).toBeLessThan(1 / 8)
      expect(lowestLimit).toBeLessThan(1 / 8)
      expect(slowest).toBeGreaterThan(3)
      expect(why).toMatch(/adaptive limit of \d.* records\/s, since handling took \d.* times as long as usual/)
      expect(adaptive.adapted.map(({ change }) => change)).toContain('cut')
      // the other one has had the same time
      expect(without.downstream.thrashing).toBe(true)
      expect(without.downstream.turns).toHaveLength(1)
      expect(without.downstream.load).toBeLessThan(without.usual / 3)
      const lagThen = without.group.metrics().lag
      await adaptive.gathered.reaches(PARTITIONS * records, 40_000)
      await eventually(() => expect(adaptive.group.metrics().lag).toBe(0))
      expect(adaptive.adapted.map(({ change }) => change)).toContain('raised')
      expect(adaptive.downstream.turns.map(({ thrashing }) => thrashing)).toEqual([true, false])
      // it is still as slow as it was, and behind
      expect(without.downstream.thrashing).toBe(true)
      expect(without.group.metrics().lag).toBeGreaterThan(lagThen / 4)
      for (let p = 0; p < PARTITIONS; p++) expect(adaptive.gathered.values(topics[1]!, p)).toEqual(valuesFor(p, records))
      expect(adaptive.group.metrics().flow.waitedSeconds.adaptive).toBeGreaterThan(0.5)
      expect(without.group.metrics().flow).toMatchObject({ adaptive: [], waitedSeconds: { adaptive: 0 } })
      await Promise.all([without, adaptive].map(({ group }) => group.stop({ timeoutMs: 3_000 })))
    })

    it.each([
      ['group', 1],
      ['topic', 2],
      ['partition', 4],
    ] as const)('C14: rateLimit per %s holds, and is seen in metrics, events and why()', async (per, buckets) => {
      const kafka = world.client()
      const topics = [await world.topic(2), await world.topic(2)]
      for (const topic of topics) await fill(kafka, topic, 2, 400)
      const at: number[] = []
      const limited: unknown[] = []
      const rate = 100
      const burst = 10
      const { group } = gathering(
        kafka,
        topics,
        { rateLimit: { recordsPerSecond: rate, per, burst }, defaultTopicConfig: { handlerMaxCommitsInFlight: 1_000 } },
        (records, all) => {
          all.add(records)
          const now = performance.now()
          for (const _ of records) at.push(now)
        },
      )
      group.on('limited', (event) => limited.push(event))
      await group.start()
      await eventually(() => expect(at.length).toBeGreaterThan(0))
      await sleep(2_000)
      const metrics = group.metrics()
      const texts = group.why().partitions.map(({ text }) => text)
      const elapsedS = (performance.now() - at[0]!) / 1_000
      const most = buckets * (rate * elapsedS + burst)
      expect(at.length).toBeLessThanOrEqual(most)
      expect(at.length).toBeGreaterThan(most / 2)
      expect(metrics.flow.rateLimit).toMatchObject({ recordsPerSecond: rate, per })
      expect(metrics.flow.waitedSeconds.rateLimit).toBeGreaterThan(1)
      expect(limited[0]).toMatchObject({ recordsPerSecond: rate, per })
      expect(texts.join('\n')).toMatch(/is held back, for .*: the rate limit of 100 records\/s/)
      await group.stop()
    })
  },
  ['embedded-1', 'real-3'],
)
