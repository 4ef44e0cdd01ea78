/** Consumer groups through the front door: delivery, actions, commits, positions. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Action, ConsumedRecord, ConsumerGroupOptions, TopicPartition } from '../../src/main/index.ts'
import { committedOffsets, eventually, fill, freshGroup, Gathered, gathering, valuesFor } from './group-support.ts'
import { valuesByPartition } from './log-reader.ts'
import { onBrokers } from './on-brokers.ts'

const places = (topic: string, partitions: number): TopicPartition[] =>
  Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))

const pulling = (groupName: string, topic: string): ConsumerGroupOptions => ({
  groupName,
  topics: [topic],
  defaultTopicConfig: { offsetResetPolicy: 'earliest', handlerMaxBatchSize: 4 },
})

onBrokers(
  'consumer groups',
  (world) => {
    it('C1 C8 IC1: every record once and in order per partition, partitions side by side', async () => {
      const kafka = world.client()
      const topic = await world.topic(6)
      await fill(kafka, topic, 6, 500)
      const { group, gathered } = gathering(kafka, topic)
      await group.start()
      await gathered.reaches(3_000)
      await fill(kafka, topic, 6, 100, 500)
      await gathered.reaches(3_600)
      await sleep(200)
      for (let p = 0; p < 6; p++) expect(gathered.values(topic, p)).toEqual(valuesFor(p, 600))
      await group.stop()
      const committed = await committedOffsets(world.brokers, group.groupName, places(topic, 6))
      expect(committed.map(({ offset }) => offset)).toEqual(new Array(6).fill(600))
    })

    it('C9 IC5: the next member goes on behind what was committed, after a stop without repetition', async () => {
      const kafka = world.client()
      const topic = await world.topic(3)
      await fill(kafka, topic, 3, 100)
      const groupName = freshGroup()
      const first = gathering(kafka, topic, { groupName, defaultTopicConfig: { handlerMaxBatchSize: 7 } })
      await first.group.start()
      await first.gathered.reaches(150)
      await first.group.stop()
      const second = gathering(world.client(), topic, { groupName })
      await second.group.start()
      await eventually(() => expect(first.gathered.count + second.gathered.count).toBeGreaterThanOrEqual(300))
      await second.group.stop()
      for (let p = 0; p < 3; p++)
        expect([...first.gathered.values(topic, p), ...second.gathered.values(topic, p)]).toEqual(valuesFor(p, 100))
    })

    it('C2: skip is committed with its reason, moveTo is produced with headers that tell where it was, and both go on', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      const dlq = await world.topic(1)
      await fill(kafka, topic, 1, 10)
      const { group, gathered } = gathering(kafka, topic, {}, (records, all) => {
        all.add(records)
        return records.map((record): [Action, ConsumedRecord] => {
          if (record.offset === 3) return [{ skip: 'not for us' }, record]
          return [record.offset === 7 ? { moveTo: dlq } : 'commit', record]
        })
      })
      await group.start()
      await gathered.reaches(10)
      await eventually(async () =>
        expect((await committedOffsets(world.brokers, group.groupName, places(topic, 1)))[0]!.offset).toBe(10),
      )
      const [committed] = await committedOffsets(world.brokers, group.groupName, places(topic, 1))
      expect(committed!.metadata).toBe(`skipped 3: not for us; moved 7 to ${dlq}`)
      await group.stop()
      const [moved, ...others] = await world.log(dlq)
      expect(others).toEqual([])
      expect([String(moved!.key), String(moved!.value)]).toEqual(['k7', '0:7'])
      const [batch] = await kafka.fetch([{ topic: dlq, partition: 0, offset: 0 }])
      expect(batch!.records[0]!.headers.map(([name, value]) => `${name}=${value}`)).toEqual([
        `odradek.from.topic=${topic}`,
        'odradek.from.partition=0',
        'odradek.from.offset=7',
        expect.stringMatching(/^odradek\.from\.timestamp=\d+$/),
        `odradek.moved-by.group=${group.groupName}`,
        'odradek.attempts=1',
      ])
    })

    it('C2 F25: retry delivers again with a higher attempt, in order, and commits only what came before', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await fill(kafka, topic, 1, 20)
      const deliveries: string[] = []
      const { group, gathered } = gathering(
        kafka,
        topic,
        { defaultTopicConfig: { handlerMaxBatchSize: 5, handlerRetryBackoffMs: 10 } },
        (records, all) => {
          deliveries.push(...records.map(({ offset, attempt }) => `${offset}/${attempt}`))
          const stuck = records.findIndex(({ offset, attempt }) => offset === 12 && attempt < 3)
          all.add(stuck < 0 ? records : records.slice(0, stuck))
          if (stuck < 0) return 'commit'
          return records.map((record, index): [Action, ConsumedRecord] => [index < stuck ? 'commit' : 'retry', record])
        },
      )
      await group.start()
      await gathered.reaches(20)
      await group.stop()
      expect(gathered.values(topic, 0)).toEqual(valuesFor(0, 20))
      expect(deliveries.filter((one) => one.startsWith('12/'))).toEqual(['12/1', '12/2', '12/3'])
      expect(deliveries.filter((one) => one.startsWith('11/'))).toEqual(['11/1'])
    })

    it('F25 IC3 IX1: a handler that throws gets its records again, whatever it throws, and nothing is lost', async () => {
      const kafka = world.client()
      const topic = await world.topic(2)
      await fill(kafka, topic, 2, 30)
      const thrown: unknown[] = [new Error('sync'), 'text', undefined, { code: 17 }]
      const errors: unknown[] = []
      const { group, gathered } = gathering(
        kafka,
        topic,
        { defaultTopicConfig: { handlerMaxBatchSize: 10, handlerRetryBackoffMs: 5 } },
        async (records, all) => {
          if (records[0]!.partition === 0 && thrown.length > 0) {
            const next = thrown.shift()
            if (next instanceof Error) throw next
            await sleep(1)
            throw next
          }
          all.add(records)
        },
      )
      group.on('handlerError', ({ error, attempt }) => errors.push([attempt, error]))
      await group.start()
      await gathered.reaches(60)
      await group.stop()
      expect(errors.length).toBe(4)
      for (const p of [0, 1]) expect(gathered.values(topic, p)).toEqual(valuesFor(p, 30))
      expect(gathered.records(topic, 0)[0]!.attempt).toBe(5)
    })

    it('C3 IC3: a result that makes no sense is a typed error, and nothing of the batch is committed', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await fill(kafka, topic, 1, 4)
      let calls = 0
      const errors: { code: string; message: string }[] = []
      const { group, gathered } = gathering(
        kafka,
        topic,
        { defaultTopicConfig: { handlerRetryBackoffMs: 5 } },
        (records, all) => {
          calls++
          if (calls === 1) return [['commit', records[0]!]]
          if (calls === 2) return records.toReversed().map((record) => ['commit', record] as const)
          if (calls === 3) return 'comit' as 'commit'
          if (calls === 4) return records.map((record, index) => [index === 1 ? 'retry' : 'commit', record] as const)
          all.add(records)
          return 'commit'
        },
      )
      group.on('handlerError', ({ error }) => errors.push(error as { code: string; message: string }))
      await group.start()
      await gathered.reaches(4)
      await group.stop()
      expect(errors.map(({ code }) => code)).toEqual(new Array(4).fill('HANDLER_RESULT'))
      expect(gathered.values(topic, 0)).toEqual(valuesFor(0, 4))
    })

    it('C4 C8: two members share the partitions; when one leaves, the other takes over without repetition', async () => {
      const kafka = world.client()
      const topic = await world.topic(6)
      const groupName = freshGroup()
      const first = gathering(kafka, topic, { groupName })
      const second = gathering(world.client(), topic, { groupName })
      await first.group.start()
      expect(first.group.assignment.length).toBe(6)
      await second.group.start()
      await eventually(() => expect([first.group.assignment.length, second.group.assignment.length]).toEqual([3, 3]), 30_000)
      await fill(kafka, topic, 6, 200)
      await eventually(() => expect(first.gathered.count + second.gathered.count).toBe(1_200))
      await second.group.stop()
      await eventually(() => expect(first.group.assignment.length).toBe(6), 30_000)
      await fill(kafka, topic, 6, 50, 200)
      await eventually(() => expect(first.gathered.count + second.gathered.count).toBeGreaterThanOrEqual(1_500))
      await first.group.stop()
      for (let p = 0; p < 6; p++) {
        const both = [...second.gathered.values(topic, p), ...first.gathered.values(topic, p)]
        expect(both).toHaveLength(250)
        expect(new Set(both)).toEqual(new Set(valuesFor(p, 250)))
      }
    })

    it('C1: handleConsumerStart comes before the first batch of a partition and handleConsumerStop after the last', async () => {
      const kafka = world.client()
      const topic = await world.topic(2)
      await fill(kafka, topic, 2, 5)
      const told: string[] = []
      let handled = 0
      const group = kafka.consumerGroup({
        groupName: freshGroup(),
        topics: [{ name: topic, offsetResetPolicy: 'earliest' }],
        handler: {
          async handleConsumerStart(_topic, partition) {
            await sleep(20)
            told.push(`start ${partition}`)
          },
          handleRecordBatch(_topic, partition, records) {
            told.push(`batch ${partition}`)
            handled += records.length
          },
          async handleConsumerStop(_topic, partition, reason) {
            told.push(`${reason} ${partition}`)
          },
        },
      })
      await group.start()
      await eventually(() => expect(handled).toBe(10))
      await group.stop()
      for (const p of [0, 1])
        expect(told.filter((one) => one.endsWith(`${p}`))).toEqual([`start ${p}`, `batch ${p}`, `stopped ${p}`])
    })

    it('C5 IC2: latest begins with what comes after the start, earliest with all, error refuses with what to do', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await fill(kafka, topic, 1, 10)
      const latest = gathering(kafka, topic, { defaultTopicConfig: { offsetResetPolicy: 'latest' } })
      const reset: unknown[] = []
      latest.group.on('offsetReset', ({ offset }) => reset.push(offset))
      await latest.group.start()
      await eventually(() => expect(reset).toEqual([10]))
      const strict = gathering(kafka, topic, { defaultTopicConfig: { offsetResetPolicy: 'error' } })
      const failed: { code: string; message: string }[] = []
      strict.group.on('partitionFailed', ({ error }) => failed.push(error))
      await strict.group.start()
      await fill(kafka, topic, 1, 5, 10)
      await latest.gathered.reaches(5)
      expect(latest.gathered.values(topic, 0)).toEqual(valuesFor(0, 5, 10))
      await eventually(() => expect(failed).toHaveLength(1))
      expect(failed[0]!.code).toBe('NO_OFFSET')
      expect(failed[0]!.message).toMatch(/offsetResetPolicy/)
      expect(strict.gathered.count).toBe(0)
      strict.group.seek({ topic, partition: 0, offset: 12 })
      await strict.gathered.reaches(3)
      expect(strict.gathered.values(topic, 0)).toEqual(valuesFor(0, 3, 12))
      await Promise.all([latest.group.stop(), strict.group.stop()])
    })

    it('IC2 C9: where latest begins is committed, so that nothing is missed between two members that handled nothing', async () => {
      const kafka = world.client()
      const topic = await world.topic(2)
      await fill(kafka, topic, 2, 10)
      const groupName = freshGroup()
      const defaultTopicConfig = { offsetResetPolicy: 'latest' } as const
      const first = gathering(kafka, topic, { groupName, defaultTopicConfig })
      await first.group.start()
      await eventually(() => expect(first.group.metrics().partitions.map(({ committed }) => committed)).toEqual([10, 10]))
      await first.group.stop()
      await fill(kafka, topic, 2, 5, 10)
      const second = gathering(kafka, topic, { groupName, defaultTopicConfig })
      await second.group.start()
      await second.gathered.reaches(10)
      for (const p of [0, 1]) expect(second.gathered.values(topic, p)).toEqual(valuesFor(p, 5, 10))
      expect(first.gathered.count).toBe(0)
      await second.group.stop()
    })

    it('C5 C2: whoever asks for a retry on the last attempt gives up as whoever throws', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await fill(kafka, topic, 1, 8)
      const attempts: number[] = []
      const config = { handlerMaxAttempts: 3, handlerRetryBackoffMs: 5 }
      const { group, gathered } = gathering(
        kafka,
        topic,
        { defaultTopicConfig: { ...config, handlerGiveUp: { skip: 'never ready' } } },
        (records, all) => {
          const stuck = records.findIndex(({ offset }) => offset === 3)
          if (stuck >= 0) attempts.push(records[stuck]!.attempt)
          all.add(stuck < 0 ? records : records.slice(0, stuck))
          return records.map((record, index): [Action, ConsumedRecord] => [
            stuck >= 0 && index >= stuck ? 'retry' : 'commit',
            record,
          ])
        },
      )
      await group.start()
      await gathered.reaches(7)
      await group.stop()
      expect(attempts).toEqual([1, 2, 3])
      expect(gathered.values(topic, 0)).toEqual(valuesFor(0, 8).filter((value) => value !== '0:3'))
      expect(group.metrics().commitErrors).toBe(0)

      const options = { groupName: freshGroup(), topics: [topic] }
      const pulled = kafka.consumerGroup({ ...options, defaultTopicConfig: { ...config, offsetResetPolicy: 'earliest' } })
      await pulled.start()
      for (let attempt = 1; attempt < 3; attempt++) await pulled.commit((await pulled.pull())!, 'retry')
      const last = (await pulled.pull())!
      expect(last.records.map(({ offset, attempt }) => [offset, attempt])).toEqual([[0, 3]])
      await expect(pulled.commit(last, 'retry')).rejects.toMatchObject({ code: 'HANDLER_FAILED', context: { offset: 0 } })
      await pulled.stop()
    })

    it('C11: pause holds a partition, resume lets it go on where it was, seek moves it', async () => {
      const kafka = world.client()
      const topic = await world.topic(2)
      await fill(kafka, topic, 2, 20)
      const { group, gathered } = gathering(kafka, topic, { defaultTopicConfig: { handlerMaxBatchSize: 4 } })
      await group.start()
      group.pause([{ topic, partition: 1 }])
      await eventually(() => expect(gathered.values(topic, 0)).toHaveLength(20))
      await sleep(200)
      const held = gathered.values(topic, 1).length
      expect(held).toBeLessThan(20)
      expect(group.why().partitions.find(({ partition }) => partition === 1)!.text).toMatch(/was paused at offset/)
      group.resume([{ topic, partition: 1 }])
      await gathered.reaches(40)
      expect(gathered.values(topic, 1)).toEqual(valuesFor(1, 20))
      group.seek({ topic, partition: 0, offset: 15 })
      await gathered.reaches(45)
      expect(gathered.values(topic, 0)).toEqual([...valuesFor(0, 20), ...valuesFor(0, 5, 15)])
      expect(() => group.seek({ topic, partition: 7, offset: 0 })).toThrow(/not assigned/)
      await group.stop()
    })

    it('C17: pull and commit: a partition gives one batch at a time, and nothing is committed that was not said', async () => {
      const kafka = world.client()
      const topic = await world.topic(2)
      await fill(kafka, topic, 2, 6)
      const groupName = freshGroup()
      const options = pulling(groupName, topic)
      const group = kafka.consumerGroup(options)
      await group.start()
      const first = (await group.pull())!
      const second = (await group.pull())!
      expect(new Set([first.partition, second.partition])).toEqual(new Set([0, 1]))
      const timeout = AbortSignal.timeout(300)
      await expect(group.pull({ signal: timeout })).rejects.toMatchObject({ code: 'ABORTED' })
      await group.commit(first, 'commit')
      await expect(group.commit(first)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      const third = (await group.pull())!
      expect(third.partition).toBe(first.partition)
      expect(third.records.map(({ offset }) => offset)).toEqual([4, 5])
      await group.stop({ timeoutMs: 2_000 })
      expect(await group.pull()).toBeUndefined()
      const committed = await committedOffsets(world.brokers, groupName, places(topic, 2))
      expect(committed[first.partition]!.offset).toBe(4)
      expect(committed[second.partition]!.offset).toBe(-1)
    })

    it('C17: for await commits a batch when the next is asked for; leaving the loop gives the last one back', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await fill(kafka, topic, 1, 12)
      const groupName = freshGroup()
      const options = pulling(groupName, topic)
      const group = kafka.consumerGroup(options)
      const offsets: number[] = []
      for await (const { records } of group) {
        offsets.push(...records.map(({ offset }) => offset))
        if (offsets.length >= 8) break
      }
      await group.stop()
      expect(offsets).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      expect((await committedOffsets(world.brokers, groupName, places(topic, 1)))[0]!.offset).toBe(4)
      const again = kafka.consumerGroup(options)
      const stream = again.readable()
      const values: string[] = []
      for await (const batch of stream) {
        values.push(...batch.records.map((record: ConsumedRecord) => String(record.value)))
        await again.commit(batch)
        if (values.length === 8) break
      }
      await again.stop()
      expect(values).toEqual(valuesFor(0, 8, 4))
      expect((await committedOffsets(world.brokers, groupName, places(topic, 1)))[0]!.offset).toBe(12)
    })

    it('C20: why says what each partition waits for, metrics count, and lag goes to nothing', async () => {
      const kafka = world.client()
      const topic = await world.topic(2)
      await fill(kafka, topic, 2, 50)
      const release = Promise.withResolvers<void>()
      const { group, gathered } = gathering(kafka, topic, {}, async (records, all) => {
        if (records[0]!.partition === 1) await release.promise
        all.add(records)
      })
      await group.start()
      await gathered.reaches(50)
      await eventually(() => {
        const texts = group
          .why()
          .partitions.map(({ text }) => text)
          .sort()
        expect(texts[0]).toMatch(new RegExp(`^${topic}-0 has handled everything up to offset 50`))
        expect(texts[1]).toMatch(new RegExp(`^${topic}-1 its handler works from offset 0 on`))
      })
      expect(group.metrics().lag).toBe(50)
      release.resolve()
      await gathered.reaches(100)
      await eventually(() =>
        expect(group.metrics()).toMatchObject({ lag: 0, handledRecords: 100, handlerErrors: 0, prefetchedBytes: 0 }),
      )
      expect(group.metrics().memberEpoch).toBeGreaterThan(0)
      await group.stop()
      expect(group.why().member).toMatch(/was stopped/)
    })

    it('F9: partitions that are added while it runs are read from their beginning, also with latest', async () => {
      const kafka = world.client()
      const topic = await world.topic(2)
      const { group, gathered } = gathering(kafka, topic, { defaultTopicConfig: { offsetResetPolicy: 'latest' } })
      await group.start()
      await eventually(() => expect(group.metrics().partitions.map(({ position }) => position)).toEqual([0, 0]))
      const other = world.client()
      await other.admin.createPartitions([{ topic, count: 4 }])
      await fill(other, topic, 4, 25)
      await gathered.reaches(100, 40_000)
      for (let p = 0; p < 4; p++) expect(gathered.values(topic, p)).toEqual(valuesFor(p, 25))
      await group.stop()
    })

    it('C2: a move that fails stops the partition and loses nothing; resume goes on', async () => {
      const kafka = world.client({ unknownTopicTimeoutMs: 300 })
      const topic = await world.topic(1)
      const dlq = world.freshName()
      await fill(kafka, topic, 1, 10)
      const { group, gathered } = gathering(kafka, topic, {}, (records, all) => {
        all.add(records)
        return records.map((record): [Action, ConsumedRecord] => [record.offset === 5 ? { moveTo: dlq } : 'commit', record])
      })
      const failed: { code: string }[] = []
      group.on('partitionFailed', ({ error }) => failed.push(error))
      await group.start()
      await eventually(() => expect(failed).toHaveLength(1))
      await eventually(async () =>
        expect((await committedOffsets(world.brokers, group.groupName, places(topic, 1)))[0]!.offset).toBe(5),
      )
      expect(failed[0]!.code).toBe('UNKNOWN_TOPIC')
      await world.client().admin.createTopics([{ topic: dlq, partitions: 1 }])
      group.resume()
      await eventually(async () =>
        expect((await committedOffsets(world.brokers, group.groupName, places(topic, 1)))[0]!.offset).toBe(10),
      )
      await group.stop()
      expect(valuesByPartition(await world.log(dlq)).get(0)).toEqual(['0:5'])
      expect(gathered.values(topic, 0).slice(-5)).toEqual(valuesFor(0, 5, 5))
    })

    it('F33 IX5: stop from inside a handler, twice, and before anything came', async () => {
      const kafka = world.client()
      const topic = await world.topic(1)
      await fill(kafka, topic, 1, 3)
      const { group } = gathering(kafka, topic, {}, async () => {
        await group.stop({ timeoutMs: 1_500 })
      })
      await group.start()
      const began = performance.now()
      await Promise.all([group.stop({ timeoutMs: 1_500 }), group.stop()])
      expect(performance.now() - began).toBeLessThan(8_000)
      const fresh = gathering(kafka, topic)
      await fresh.group.stop()
      await expect(fresh.group.start()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      const given = new AbortController()
      const third = gathering(kafka, topic)
      const starting = third.group.start({ signal: given.signal })
      given.abort()
      await expect(starting).rejects.toMatchObject({ code: 'ABORTED' })
      expect(new Gathered().count).toBe(0)
    })
  },
  ['embedded-1', 'real-3'],
)
