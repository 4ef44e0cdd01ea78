/** What is downstream of handlers is protected: rate limits, adaptive limits, gates, through the front door. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { eventually, fill, gathering } from './group-support.ts'
import { onBrokers } from './on-brokers.ts'

onBrokers(
  'flow control of groups',
  (world) => {
    it('C14: rateLimit bounds the records of the whole group, and is seen in events, metrics and why()', async () => {
      const kafka = world.client()
      const topic = await world.topic(4)
      await fill(kafka, topic, 4, 1_000)
      const times: { at: number; count: number }[] = []
      const { group, gathered } = gathering(kafka, topic, { rateLimit: { recordsPerSecond: 400, burst: 50 } }, (records, all) => {
        times.push({ at: performance.now(), count: records.length })
        all.add(records)
      })
      let limited = 0
      group.on('limited', () => limited++)
      await group.start()
      await gathered.reaches(100)
      await sleep(2_500)
      const texts = group.why().partitions.map(({ text }) => text)
      const { flow } = group.metrics()
      await group.stop()
      const began = times[0]!.at
      let seen = 0
      for (const { at, count } of times) {
        seen += count
        // a handler begins a moment after its batch was let go, the first one on a busy machine a long moment
        expect(seen).toBeLessThanOrEqual(50 + ((at - began + 300) * 400) / 1_000)
      }
      const seconds = (times.at(-1)!.at - began) / 1_000
      expect(seen / seconds).toBeGreaterThan(400 * 0.7)
      expect(limited).toBeGreaterThanOrEqual(2)
      expect(limited).toBeLessThanOrEqual(seconds + 2)
      expect(texts.some((text) => text.includes('the rate limit of 400 records/s (next in'))).toBe(true)
      expect(flow.rateLimit).toMatchObject({ recordsPerSecond: 400, per: 'group' })
      expect(flow.recordsPerSecond).toBeGreaterThan(200)
      expect(flow.recordsPerSecond).toBeLessThan(600)
      expect(flow.waitedSeconds.rateLimit).toBeGreaterThan(1)
    })

    it.each([
      ['topic', 1],
      ['partition', 3],
    ] as const)('C14: rateLimit per %s', async (per, times) => {
      const kafka = world.client()
      const topic = await world.topic(3)
      await fill(kafka, topic, 3, 1_000)
      const { group, gathered } = gathering(kafka, topic, { rateLimit: { recordsPerSecond: 100, burst: 10, per } })
      await group.start()
      await gathered.reaches(1)
      const [began, before] = [performance.now(), gathered.count]
      await sleep(3_000)
      const rate = ((gathered.count - before) * 1_000) / (performance.now() - began)
      await group.stop()
      expect(rate / times).toBeGreaterThan(70)
      expect(rate / times).toBeLessThan(115)
    })

    it('C14: pauseWhen holds all back while it is true, and what was there follows in order', async () => {
      const kafka = world.client()
      const topic = await world.topic(2)
      await fill(kafka, topic, 2, 100)
      let waitingCount = 1
      let asked = 0
      const pauseWhen = () => {
        asked++
        return waitingCount > 0
      }
      const { group, gathered } = gathering(kafka, topic, {
        pauseWhen,
        pauseCheckMs: 20,
        defaultTopicConfig: { handlerMaxBatchSize: 9 },
      })
      const events: boolean[] = []
      group.on('gate', ({ open }) => events.push(open))
      await group.start()
      await eventually(() => expect(asked).toBeGreaterThan(5))
      await sleep(500)
      expect(gathered.count).toBe(0)
      expect(
        group
          .why()
          .partitions.map(({ text }) => text)
          .join(),
      ).toContain('pauseWhen, which has been true for')
      expect(group.metrics().flow.gate).toMatchObject({ open: false })
      waitingCount = 0
      await gathered.reaches(200)
      for (const partition of [0, 1]) {
        expect(gathered.records(topic, partition).map(({ offset }) => offset)).toEqual(Array.from({ length: 100 }, (_, i) => i))
      }
      await eventually(() => expect(events).toEqual([false, true]))
      await group.stop()
    })

    it('C14 F25 IX1: a pauseWhen that fails holds back, is told of, and stop() does not wait for it', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await fill(kafka, topic, 1, 10)
      let fail = true
      const pauseWhen = async () => {
        if (fail) throw new Error('no pool')
        return true
      }
      const { group, gathered } = gathering(kafka, topic, { pauseWhen, pauseCheckMs: 20 })
      const errors: unknown[] = []
      group.on('gateFailed', ({ error }) => errors.push(error))
      await group.start()
      await eventually(() => expect(errors.length).toBeGreaterThan(0))
      expect(errors[0]).toMatchObject({ message: 'no pool' })
      fail = false
      await sleep(200)
      expect(gathered.count).toBe(0)
      const stopped = performance.now()
      await group.stop()
      expect(performance.now() - stopped).toBeLessThan(5_000)
    })

    it('C14: adaptive cuts the rate when handlers get slow, without any rateLimit, and lets it come back', async () => {
      const kafka = world.client()
      const topic = await world.topic(8)
      await fill(kafka, topic, 8, 5_000)
      let slow = false
      // sleeps may take much longer than they should on a busy machine
      const adaptive = { intervalMs: 100, recoveryMs: 3_000, tolerance: 4 }
      const { group, gathered } = gathering(
        kafka,
        topic,
        { adaptive, defaultTopicConfig: { handlerMaxBatchSize: 20, handlerMaxCommitsInFlight: 8 } },
        async (records, all) => {
          all.add(records)
          await sleep(slow ? 600 : 30)
        },
      )
      const cuts: number[] = []
      group.on('adapted', ({ change, limit, usualRate }) => change === 'cut' && cuts.push(limit! / usualRate))
      await group.start()
      await gathered.reaches(4_000)
      expect(cuts).toEqual([])
      slow = true
      await eventually(() => expect(cuts.at(-1) ?? 1).toBeLessThan(1 / 8))
      slow = false
      const [state] = group.metrics().flow.adaptive
      expect(state).toMatchObject({ topic })
      expect(state!.slowness).toBeGreaterThan(4)
      await eventually(() =>
        expect(group.metrics().flow.adaptive[0]!.limit ?? Number.POSITIVE_INFINITY).toBeGreaterThan(state!.usualRate * 0.5),
      )
      await group.stop()
    })
  },
  ['embedded-1', 'real-1'],
)
