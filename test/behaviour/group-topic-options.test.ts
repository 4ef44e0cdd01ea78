/** Options of the topics of consumer groups: each does what it says, seen from the handler or on the wire. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ConsumedRecord, ConsumerGroupOptions, HandlerResult, Kafka } from '../../src/main/index.ts'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { hold } from '../chaos/actions.ts'
import { committedOffsets, eventually, fill, freshGroup, Gathered, gathering, valuesFor } from './group-support.ts'
import { valuesByPartition } from './log-reader.ts'
import { onChaos } from './on-chaos.ts'
import { watchRequests } from './wire-watch.ts'

type TopicConfig = NonNullable<ConsumerGroupOptions['defaultTopicConfig']>

const ALWAYS = Number.POSITIVE_INFINITY
const HOUR_MS = 3_600_000

/** Calls of the handler: when each began and ended, and what it was given. */
class Calls {
  readonly all: { from: number; to: number; records: readonly ConsumedRecord[] }[] = []
  readonly gathered = new Gathered()

  readonly handle = async (records: readonly ConsumedRecord[], ms = 0): Promise<void> => {
    const from = performance.now()
    if (ms > 0) await sleep(ms)
    this.all.push({ from, to: performance.now(), records })
    this.gathered.add(records)
  }

  get sizes(): number[] {
    return this.all.map(({ records }) => records.length)
  }

  /** Between the end of one call and the beginning of the next. */
  get gaps(): number[] {
    return this.all.slice(1).map(({ from }, i) => from - this.all[i]!.to)
  }
}

onChaos(
  'options of topics',
  (chaos) => {
    const { world } = chaos

    /** Handles a topic of one partition with `records` records in it, until all were handled. */
    async function handleAll(
      kafka: Kafka,
      topic: string,
      records: number,
      defaultTopicConfig: TopicConfig,
      result: (records: readonly ConsumedRecord[]) => HandlerResult = () => undefined,
    ): Promise<Calls> {
      const calls = new Calls()
      const { group } = gathering(kafka, topic, { defaultTopicConfig }, async (batch) => {
        await calls.handle(batch)
        return result(batch)
      })
      await group.start()
      await calls.gathered.reaches(records)
      await group.stop()
      expect(calls.gathered.values(topic, 0)).toEqual(valuesFor(0, records))
      return calls
    }

    it('C5 IC2: offsetResetPolicy { byDuration } begins with what is not older, and one in topics comes before the default', async () => {
      const kafka = chaos.client()
      const topics = [await world.topic(1), await world.topic(1), await world.topic(1)]
      const now = Date.now()
      for (const topic of topics) {
        const old = Array.from({ length: 4 }, (_, i) => ({
          topic,
          partition: 0,
          value: `old ${i}`,
          timestamp: now - 3 * HOUR_MS,
        }))
        const young = Array.from({ length: 3 }, (_, i) => ({ topic, partition: 0, value: `young ${i}`, timestamp: now - 1_000 }))
        for (const result of await kafka.producer().produceBatch([...old, ...young])) if (!result.ok) throw result.error
      }
      const [recent, earlier, all] = topics as [string, string, string]
      const { group, gathered } = gathering(kafka, [], {
        topics: [
          recent,
          { name: earlier, offsetResetPolicy: { byDuration: 6 * HOUR_MS } },
          { name: all, offsetResetPolicy: 'earliest' },
        ],
        defaultTopicConfig: { offsetResetPolicy: { byDuration: HOUR_MS } },
      })
      const resets = new Map<string, number>()
      group.on('offsetReset', ({ topic, offset }) => resets.set(topic, offset))
      await group.start()
      await gathered.reaches(3 + 7 + 7)
      expect(topics.map((topic) => resets.get(topic))).toEqual([4, 0, 0])
      expect(gathered.values(recent, 0)).toEqual(['young 0', 'young 1', 'young 2'])
      expect(gathered.values(earlier, 0)).toHaveLength(7)
    })

    it('C5: fetchMaxBytes bounds what one fetch brings, and with it a dynamic batch', async () => {
      const kafka = chaos.client()
      const topic = await world.topic(1)
      const producer = kafka.producer({ compression: 'none' })
      for (let i = 0; i < 40; i++) await producer.produce({ topic, partition: 0, value: `0:${i}`.padEnd(1_000, '.') })
      const largest = async (defaultTopicConfig: TopicConfig): Promise<number> => {
        const { group, gathered } = gathering(kafka, topic, { defaultTopicConfig }, (records, all) => {
          all.add(records)
          sizes.push(records.length)
        })
        const sizes: number[] = []
        await group.start()
        await gathered.reaches(40)
        await group.stop()
        return Math.max(...sizes)
      }
      expect(await largest({ fetchMaxBytes: 5_000 })).toBe(4)
      expect(await largest({})).toBe(40)
      // a batch that is larger comes all the same (KIP-74)
      expect(await largest({ fetchMaxBytes: 10 })).toBe(1)
    })

    it('C5 C6: fetchIntervalMs: after empty fetches the long poll grows in tenths up to it, and what arrives meanwhile comes at once', async () => {
      const topic = await world.topic(1)
      const kafka = chaos.client()
      const seen = watchRequests(chaos.proxy, fetch)
      const { group, gathered } = gathering(kafka, topic, { defaultTopicConfig: { fetchIntervalMs: 400 } })
      await group.start()
      await eventually(() => expect(seen.filter(({ body }) => body.maxWaitMs === 400).length).toBeGreaterThanOrEqual(2))
      // what comes while a poll waits is asked for beside it, without a session
      const polls = seen.filter(({ body }) => body.sessionEpoch !== -1)
      const waits = new Set(polls.map(({ body }) => 40 * Math.round(body.maxWaitMs / 40)))
      // the first may go by before there is a connection, and one that waits for nothing may come in between
      waits.delete(0)
      waits.delete(40)
      expect([...waits]).toEqual([80, 120, 160, 200, 240, 280, 320, 360, 400])
      await fill(kafka, topic, 1, 1)
      await gathered.reaches(1)
      const from = seen.length
      await eventually(() => expect(seen.length).toBeGreaterThan(from + 2))
      // it begins anew
      expect(Math.min(...seen.slice(from - 1, from + 2).map(({ body }) => body.maxWaitMs))).toBeLessThanOrEqual(80)
      await group.stop()
    })

    it('C6: with a fetchIntervalMs of a minute and nothing for a while, the next record still comes at once', async () => {
      const topic = await world.topic(1)
      const kafka = chaos.client()
      const { group, gathered } = gathering(kafka, topic, { defaultTopicConfig: { fetchIntervalMs: 60_000 } })
      await group.start()
      const delays: number[] = []
      for (let i = 0; i < 3; i++) {
        await sleep(1_200)
        await fill(kafka, topic, 1, 1, i)
        const written = performance.now()
        await gathered.reaches(i + 1)
        delays.push(performance.now() - written)
      }
      // a tenth of the interval would be six seconds
      expect(Math.max(...delays)).toBeLessThan(1_500)
      await group.stop()
    })

    it('C5 C2: handlerCooldownMs pauses between two calls, and a result says otherwise for once', async () => {
      const kafka = chaos.client()
      const topic = await world.topic(1)
      await fill(kafka, topic, 1, 20)
      const config = { handlerMaxBatchSize: 5, handlerMaxCommitsInFlight: 100 }
      const cooled = await handleAll(kafka, topic, 20, { ...config, handlerCooldownMs: 300 })
      expect(cooled.gaps).toHaveLength(3)
      for (const gap of cooled.gaps) expect(gap).toBeGreaterThanOrEqual(295)
      const warm = await handleAll(kafka, topic, 20, config)
      expect(Math.min(...warm.gaps)).toBeLessThan(150)
      const byResult = await handleAll(kafka, topic, 20, { ...config, handlerCooldownMs: 300 }, ([first]) => ({
        actions: 'commit',
        handlerCooldownMs: first!.offset === 5 ? 600 : 0,
      }))
      const [before, slow, after] = byResult.gaps
      expect(slow).toBeGreaterThanOrEqual(595)
      expect(Math.min(before!, after!)).toBeLessThan(290)
    })

    it.each([0, 3])(
      'C5 C9: handlerMaxCommitsInFlight %i: so many commits may be unanswered while the handler goes on',
      async (most) => {
        const topic = await world.topic(1)
        const kafka = chaos.client()
        await fill(kafka, topic, 1, 60)
        const groupName = freshGroup()
        const answered = Promise.withResolvers<void>()
        chaos.proxy.answers({ api: 'OffsetCommit', times: ALWAYS }, hold(answered.promise))
        const defaultTopicConfig = { handlerMaxBatchSize: 10, handlerMaxCommitsInFlight: most }
        const { group, gathered } = gathering(kafka, topic, { groupName, defaultTopicConfig })
        await group.start()
        await gathered.reaches(10 * (most + 1))
        await eventually(() => expect(group.metrics().partitions[0]!.doing).toBe('commit'))
        await sleep(300)
        expect(gathered.count).toBe(10 * (most + 1))
        expect(group.why().partitions[0]!.text).toContain(`handlerMaxCommitsInFlight is ${most}`)
        answered.resolve()
        await gathered.reaches(60)
        await eventually(async () =>
          expect((await committedOffsets(world.brokers, groupName, [{ topic, partition: 0 }]))[0]!.offset).toBe(60),
        )
        expect(gathered.values(topic, 0)).toEqual(valuesFor(0, 60))
      },
    )

    it("C5: handlerMaxBatchSize: at most so many records a call; 'dynamic': what a fetch gave; an entry in topics comes first", async () => {
      const kafka = chaos.client()
      const topics = [await world.topic(1), await world.topic(1), await world.topic(1)]
      for (const topic of topics) await fill(kafka, topic, 1, 100)
      const [byDefault, own, dynamic] = topics as [string, string, string]
      const calls = new Calls()
      const { group } = gathering(
        kafka,
        [],
        {
          topics: [byDefault, { name: own, handlerMaxBatchSize: 25 }, { name: dynamic, handlerMaxBatchSize: 'dynamic' }],
          defaultTopicConfig: { handlerMaxBatchSize: 40 },
        },
        (batch) => calls.handle(batch),
      )
      await group.start()
      await calls.gathered.reaches(300)
      const sizes = (topic: string) =>
        calls.all.filter(({ records }) => records[0]!.topic === topic).map(({ records }) => records.length)
      expect(sizes(byDefault)).toEqual([40, 40, 20])
      expect(sizes(own)).toEqual([25, 25, 25, 25])
      expect(sizes(dynamic)).toEqual([100])
      await group.stop()
    })

    it("C5: without handlerMaxBatchSize it is 10 records a call, with 'dynamic' a small fetch is a small call", async () => {
      const topic = await world.topic(1)
      const kafka = chaos.client()
      const plain = gathering(kafka, topic, { defaultTopicConfig: { handlerMaxBatchSize: undefined } }, (records, all) => {
        all.add(records)
        sizes.push(records.length)
      })
      const dynamic = gathering(kafka, topic)
      const sizes: number[] = []
      await Promise.all([plain.group.start(), dynamic.group.start()])
      await fill(kafka, topic, 1, 25)
      await Promise.all([plain.gathered.reaches(25), dynamic.gathered.reaches(25)])
      expect(sizes).toEqual([10, 10, 5])
      expect(dynamic.group.metrics().handledBatches).toBe(1)
    })

    it("C5 F25: handlerMaxAttempts, handlerGiveUp 'stop': the partition stands with HANDLER_FAILED, and others go on", async () => {
      const kafka = chaos.client()
      const topic = await world.topic(2)
      const groupName = freshGroup()
      await fill(kafka, topic, 2, 10)
      const attempts: number[] = []
      let broken = true
      const { group, gathered } = gathering(
        kafka,
        topic,
        { groupName, defaultTopicConfig: { handlerMaxAttempts: 3, handlerRetryBackoffMs: 5 } },
        (records, all) => {
          const poison = records.find(({ partition, offset }) => partition === 0 && offset === 4)
          if (poison && broken) {
            attempts.push(poison.attempt)
            throw new Error('broken')
          }
          all.add(records)
        },
      )
      const failed: { code: string; message: string; context: object }[] = []
      const finals: number[] = []
      group.on('partitionFailed', ({ error }) => failed.push(error))
      group.on('handlerError', ({ retryInMs, offset }) => retryInMs < 0 && finals.push(offset))
      await group.start()
      await eventually(() => expect(failed).toHaveLength(1))
      expect(failed[0]).toMatchObject({ code: 'HANDLER_FAILED', context: { topic, partition: 0, offset: 4 } })
      expect(failed[0]!.message).toMatch(/broken/)
      expect(attempts).toEqual([1, 2, 3])
      expect(finals).toEqual([4])
      await gathered.reaches(4 + 10)
      // nothing that was not processed is committed, and what came before is
      await eventually(async () => {
        const places = [0, 1].map((partition) => ({ topic, partition }))
        expect((await committedOffsets(world.brokers, groupName, places)).map(({ offset }) => offset)).toEqual([4, 10])
      })
      broken = false
      group.resume()
      await gathered.reaches(20)
      expect(gathered.values(topic, 0)).toEqual(valuesFor(0, 10))
      await group.stop()
    })

    it.each(['throws', "asks for 'retry'"])(
      'C5 C2 F25: handlerGiveUp skip and moveTo, when a handler %s too often',
      async (how) => {
        const kafka = chaos.client()
        const [skipping, moving] = [await world.topic(1), await world.topic(1)]
        const dlq = await world.topic(1)
        const groupName = freshGroup()
        for (const topic of [skipping, moving]) await fill(kafka, topic, 1, 6)
        const tries = new Map<string, number>()
        const { group, gathered } = gathering(
          kafka,
          [],
          {
            groupName,
            topics: [
              { name: skipping, handlerGiveUp: { skip: 'hopeless' } },
              { name: moving, handlerGiveUp: { moveTo: dlq } },
            ],
            defaultTopicConfig: { handlerMaxAttempts: 2, handlerRetryBackoffMs: 5 },
          },
          (records, all) => {
            const poison = records.findIndex(({ offset }) => offset === 2)
            if (poison >= 0) {
              const { topic } = records[0]!
              tries.set(topic, (tries.get(topic) ?? 0) + 1)
              if (how === 'throws') throw new Error('no')
              all.add(records.slice(0, poison))
              return records.map((record, i) => [i < poison ? 'commit' : 'retry', record] as const)
            }
            all.add(records)
            return 'commit'
          },
        )
        await group.start()
        await gathered.reaches(10)
        const places = [skipping, moving].map((topic) => ({ topic, partition: 0 }))
        await eventually(async () =>
          expect((await committedOffsets(world.brokers, groupName, places)).map(({ offset }) => offset)).toEqual([6, 6]),
        )
        await group.stop()
        for (const topic of [skipping, moving]) {
          expect(tries.get(topic)).toBe(2)
          expect(gathered.values(topic, 0)).toEqual(['0:0', '0:1', '0:3', '0:4', '0:5'])
        }
        expect(valuesByPartition(await world.log(dlq)).get(0)).toEqual(['0:2'])
        expect(group.metrics()).toMatchObject({ skippedRecords: 1, movedRecords: 1 })
      },
    )

    it('C5: handlerMaxAttempts 1: what failed in a batch is alone once more, and only what fails itself is given up', async () => {
      const kafka = chaos.client()
      const topic = await world.topic(1)
      await fill(kafka, topic, 1, 5)
      const handed: string[] = []
      const defaultTopicConfig = { handlerMaxAttempts: 1, handlerGiveUp: { skip: 'no good' }, handlerRetryBackoffMs: 1 }
      const { group, gathered } = gathering(kafka, topic, { defaultTopicConfig }, (records, all) => {
        handed.push(records.map(({ offset, attempt }) => `${offset}/${attempt}`).join(' '))
        if (records.some(({ offset }) => offset === 2)) throw new Error('never 2')
        all.add(records)
      })
      await group.start()
      await gathered.reaches(4)
      await group.stop()
      expect(handed).toEqual(['0/1 1/1 2/1 3/1 4/1', '0/2', '1/2', '2/2', '3/2', '4/2'])
      expect(gathered.values(topic, 0)).toEqual(['0:0', '0:1', '0:3', '0:4'])
    })

    it("C5 C2: a record that 'retry' was asked for too often stops the partition, and what came before it is committed", async () => {
      const kafka = chaos.client()
      const topic = await world.topic(1)
      const groupName = freshGroup()
      await fill(kafka, topic, 1, 6)
      const defaultTopicConfig = { handlerMaxAttempts: 2, handlerRetryBackoffMs: 5 }
      const { group } = gathering(kafka, topic, { groupName, defaultTopicConfig }, (records) =>
        records.map((record) => [record.offset < 3 ? 'commit' : 'retry', record] as const),
      )
      const failed: { code: string; context: object }[] = []
      group.on('partitionFailed', ({ error }) => failed.push(error))
      await group.start()
      await eventually(() => expect(failed).toHaveLength(1))
      expect(failed[0]).toMatchObject({ code: 'HANDLER_FAILED', context: { offset: 3 } })
      await group.stop()
      expect((await committedOffsets(world.brokers, groupName, [{ topic, partition: 0 }]))[0]!.offset).toBe(3)
    })

    it('C5: handlerRetryBackoffMs: the pause before another attempt; it doubles up to handlerRetryBackoffMaxMs', async () => {
      const kafka = chaos.client()
      const topic = await world.topic(1)
      await fill(kafka, topic, 1, 1)
      const pauses = async (defaultTopicConfig: TopicConfig): Promise<{ told: number[]; taken: number[] }> => {
        const at: number[] = []
        const told: number[] = []
        const { group, gathered } = gathering(kafka, topic, { defaultTopicConfig }, (records, all) => {
          at.push(performance.now())
          if (at.length <= 4) throw new Error('not yet')
          all.add(records)
        })
        group.on('handlerError', ({ retryInMs }) => told.push(retryInMs))
        await group.start()
        await gathered.reaches(1)
        return { told, taken: at.slice(1).map((time, i) => time - at[i]!) }
      }
      const slow = await pauses({ handlerRetryBackoffMs: 100, handlerRetryBackoffMaxMs: 300 })
      const nominal = [100, 200, 300, 300]
      for (const [i, ms] of nominal.entries()) {
        expect(slow.told[i]!).toBeGreaterThanOrEqual(ms * 0.8)
        expect(slow.told[i]!).toBeLessThanOrEqual(ms * 1.2)
        expect(slow.taken[i]!).toBeGreaterThanOrEqual(slow.told[i]! - 5)
      }
      const fast = await pauses({ handlerRetryBackoffMs: 1, handlerRetryBackoffMaxMs: 2 })
      expect(Math.max(...fast.told)).toBeLessThanOrEqual(3)
    })
  },
  ['embedded-1', 'real-3'],
)
