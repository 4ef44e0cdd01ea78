/** T4: the helpers of odradek/testing work on an embedded broker as on a real one, by a client as by addresses. */
import { describe, expect, it } from 'vitest'
import type { Action, ConsumedRecord, GroupHandler } from '../../src/main/index.ts'
import {
  createTopicFor,
  mark,
  producedSince,
  runHandler,
  waitForLag0,
  waitForProduced,
  wasProduced,
} from '../../src/main/testing/index.ts'
import { peer, whyNoPeers } from '../peers/index.ts'
import { onBrokers } from './on-brokers.ts'

const valuesOf = (records: readonly { value: Buffer | null }[]) => records.map(({ value }) => String(value))

/** A busy machine may take its time. */
const PATIENT = { timeoutMs: 40_000 }

onBrokers('testing kit', (world) => {
  const access = { by: ['a client', 'addresses'] as const }

  describe.each(access.by)('T4 by %s', (by) => {
    const cluster = () => (by === 'a client' ? world.client() : { brokers: world.brokers })

    it('T4 tells what was produced since a mark, and nothing before it', async () => {
      const topic = await world.topic(2)
      const producer = world.client().producer()
      await producer.produce({ topic, partition: 0, value: 'before' })
      const marked = await mark(cluster(), topic)
      expect(await producedSince(marked)).toEqual([])
      for (const partition of [1, 0, 1]) await producer.produce({ topic, partition, value: `in ${partition}` })
      expect(valuesOf(await producedSince(marked))).toEqual(['in 0', 'in 1', 'in 1'])
      // a mark is used as often as one likes
      expect(await producedSince(marked)).toHaveLength(3)
      expect(await producedSince(await mark(cluster(), topic))).toEqual([])
    })

    it('T4 finds a record by what is known of it', async () => {
      const topic = await world.topic(1)
      const other = await world.topic(1)
      const marked = await mark(cluster(), topic, other)
      const producer = world.client().producer()
      await producer.produce({ topic, key: 'k', value: '{"total":12}', headers: [['source', 'shop']] })
      await producer.produce({ topic: other, value: null })
      const expected = { key: 'k', value: { total: 12 }, headers: { source: 'shop' }, partition: 0 }
      expect(await wasProduced(marked, expected)).toMatchObject({ topic, partition: 0, offset: 0 })
      expect(await wasProduced(marked, { ...expected, partition: 1 })).toBeUndefined()
      expect(await wasProduced(marked, { topic: other, value: null })).toMatchObject({ topic: other })
    })

    it('T4 waits for a record, and says which came nearest when none comes', async () => {
      const topic = await world.topic(1)
      const marked = await mark(cluster(), topic)
      const waiting = waitForProduced(marked, { value: 'late' }, PATIENT)
      const producer = world.client().producer()
      await producer.produce({ topic, key: 'k', value: 'early' })
      await producer.produce({ topic, value: 'late' })
      expect(await waiting).toMatchObject({ offset: 1 })
      await expect(waitForProduced(marked, { key: 'k', value: 'never' }, { timeoutMs: 200 })).rejects.toMatchObject({
        code: 'TIMEOUT',
        message: expect.stringMatching(
          /^No such record in \S+ within 200 ms\. 2 others were produced since the mark; nearest:\n {2}\S+-0 at offset 0: value is "early", not "never"\n {2}\S+-0 at offset 1: key is null, not "k"; value is "late", not "never"$/,
        ),
      })
      const empty = await mark(cluster(), topic)
      await expect(waitForProduced(empty, {}, { timeoutMs: 50 })).rejects.toThrow('Nothing at all was produced since the mark.')
      const signal = AbortSignal.timeout(50)
      await expect(waitForProduced(empty, {}, { signal })).rejects.toMatchObject({ code: 'ABORTED' })
    })

    it('T4 waits until a group has caught up, and says where it has not', async () => {
      const topic = await world.topic(3)
      const groupName = world.freshName()
      const kafka = world.client()
      for (const partition of [0, 1, 1]) await kafka.producer().produce({ topic, partition, value: 'v' })
      // a new cluster takes its time until it has a coordinator
      await kafka.admin.groupOffsets(groupName, [topic])
      await expect(waitForLag0(cluster(), { groupName, topics: [topic] }, { timeoutMs: 100 })).rejects.toMatchObject({
        code: 'TIMEOUT',
        message: expect.stringMatching(
          /^Group '\S+' has not caught up within 100 ms\. Behind are:\n {2}\S+-0: nothing is committed, the log ends at 1\n {2}\S+-1: nothing is committed, the log ends at 2$/,
        ),
      })
      let handled = 0
      const topics = [{ name: topic, offsetResetPolicy: 'earliest' as const }]
      const group = kafka.consumerGroup({
        groupName,
        topics,
        handler: { handleRecordBatch: (_t, _p, records) => void (handled += records.length) },
      })
      await group.start()
      await waitForLag0(cluster(), { groupName, topics: [topic] }, PATIENT)
      expect(handled).toBe(3)
      await kafka.producer().produce({ topic, partition: 2, value: 'v' })
      await waitForLag0(cluster(), { groupName, topics: [topic] }, PATIENT)
      expect(handled).toBe(4)
    })
  })

  it('T4 a mark sees partitions that came later', async () => {
    const topic = await world.topic(1)
    const kafka = world.client()
    const marked = await mark(kafka, topic)
    await kafka.admin.createPartitions([{ topic, count: 2 }])
    await kafka.producer().produce({ topic, partition: 1, value: 'new' })
    expect(valuesOf(await producedSince(marked))).toEqual(['new'])
  })

  it('T4 what a transaction gave up was not produced', async () => {
    const topic = await world.topic(1)
    const kafka = world.client()
    const marked = await mark(kafka, topic)
    await kafka.transaction((tx) => tx.produce({ topic, value: 'committed' }))
    const failing = kafka.transaction(async (tx) => {
      await tx.produce({ topic, value: 'given up' })
      throw new Error('on second thoughts')
    })
    await expect(failing).rejects.toThrow('on second thoughts')
    expect(valuesOf(await producedSince(marked))).toEqual(['committed'])
    await kafka.producer().produce({ topic, value: 'behind it' })
    expect(valuesOf(await producedSince(marked))).toEqual(['committed', 'behind it'])
    expect(await wasProduced(marked, { value: 'given up' })).toBeUndefined()
  })

  it('T4 a topic that is not there is named', async () => {
    await expect(mark({ brokers: world.brokers }, 'nowhere')).rejects.toMatchObject({
      code: 'UNKNOWN_TOPIC',
      context: { topic: 'nowhere' },
    })
  })

  it('T4 a topic for a test has a name of its own, and is gone after it', async ({ task }) => {
    const cleanUps: (() => Promise<void>)[] = []
    const test = { task, onTestFinished: (cleanUp: () => Promise<void>) => void cleanUps.push(cleanUp) }
    const cluster = { brokers: world.brokers }
    const topic = await createTopicFor(test, cluster, { partitions: 2 })
    const other = await createTopicFor((cleanUp) => cleanUps.push(cleanUp), cluster)
    expect(topic).toMatch(/^T4-a-topic-for-a-test-has-a-name-of-its-own-/)
    expect(other).toMatch(/^test-/)
    const kafka = world.client()
    expect((await kafka.producer().produce({ topic, partition: 1, value: 'v' })).offset).toBe(0)
    for (const cleanUp of cleanUps) await cleanUp()
    await expect(mark(cluster, topic)).rejects.toThrow('knows no topic')
    await expect(mark(cluster, other)).rejects.toThrow('knows no topic')
  })

  it('T4 a handler that is run makes of records what it makes of them in a group', async () => {
    const [topic, dead] = [await world.topic(1), await world.topic(1)]
    const kafka = world.client()
    const inputs = ['ok', 'skip', 'move', 'twice', 'ok', 'throw', 'poison', 'ok', 'move', 'ok', 'skip', 'ok']
    await kafka
      .producer()
      .produceBatch(inputs.map((value, i) => ({ topic, key: `k${i}`, value, headers: [['n', String(i)]] as const })))
    const handlerOf = (calls: string[]): GroupHandler => ({
      handleRecordBatch(_topic, _partition, records, { attempt }) {
        calls.push(`${records.map(({ offset, attempt }) => `${offset}/${attempt}`)} ${attempt}`)
        let waiting = false
        return records.map((record): [Action, ConsumedRecord] => {
          const text = String(record.value)
          if (text === 'poison' || (text === 'throw' && record.attempt < 3)) throw new Error(text)
          waiting ||= text === 'twice' && record.attempt === 1
          if (waiting) return ['retry', record]
          return [text === 'skip' ? { skip: 'unwanted' } : text === 'move' ? { moveTo: dead } : 'commit', record]
        })
      },
    })
    const options = { handlerMaxAttempts: 4, handlerGiveUp: { moveTo: dead }, handlerMaxBatchSize: 5 }
    const groupName = world.freshName()
    const marked = await mark(kafka, topic, dead)
    const inGroup: string[] = []
    const errors: string[] = []
    const topics = [{ name: topic, offsetResetPolicy: 'earliest' as const, handlerRetryBackoffMs: 1, ...options }]
    const group = kafka.consumerGroup({ groupName, topics, handler: handlerOf(inGroup) })
    group.on('handlerError', ({ offset, attempt, error }) => errors.push(`${offset} ${attempt} ${(error as Error).message}`))
    await group.start()
    await waitForLag0(kafka, { groupName, topics: [topic] }, PATIENT)
    await group.stop()
    const [committed] = await kafka.admin.groupOffsets(groupName, [topic])
    const moved = (await producedSince(marked)).filter((record) => record.topic === dead)

    const records = (await kafka.fetch([{ topic, partition: 0, offset: 0 }]))[0]!.records
    const run: string[] = []
    const result = await runHandler(handlerOf(run), records, { groupName, ...options })
    expect(run).toEqual(inGroup)
    expect(result.errors.map(({ offset, attempt, error }) => `${offset} ${attempt} ${(error as Error).message}`)).toEqual(errors)
    expect(result.commits.at(-1)).toEqual({ topic, partition: 0, offset: committed!.offset, metadata: committed!.metadata })
    const flat = ({
      key,
      value,
      headers = [],
    }: {
      key?: unknown
      value?: unknown
      headers?: readonly (readonly [string, unknown])[]
    }) => `${key} ${value} ${headers.map(([name, content]) => `${name}=${content}`)}`
    expect(result.moved.map(flat)).toEqual(moved.map(flat))
    expect(moved).toHaveLength(3)
  })

  it('T4 sees what other clients produce', async () => {
    expect(await whyNoPeers()).toBe('')
    const topic = await world.topic(1)
    const marked = await mark({ brokers: world.brokers }, topic)
    // biome-ignore lint/suspicious/noExplicitAny: its types are there only once it is installed
    const { Kafka: KafkaJs, CompressionTypes, logLevel } = (await peer<any>('kafkajs')).default
    const producer = new KafkaJs({ brokers: world.brokers, logLevel: logLevel.NOTHING }).producer()
    await producer.connect()
    await producer.send({
      topic,
      compression: CompressionTypes.GZIP,
      messages: [{ key: 'k', value: 'from kafkajs', headers: { a: 'b' } }],
    })
    await producer.disconnect()
    expect(await waitForProduced(marked, { value: 'from kafkajs', headers: { a: 'b' } }, PATIENT)).toMatchObject({ topic })
  })
})
