/** IT1, KIP-447: topics of groups whose batches are handled in transactions. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ConsumerGroup, GroupHandler, HandlerErrorEvent, HandlerResult, Kafka } from '../../src/main/index.ts'
import { valuesByPartition } from './committed-values.ts'
import { committedOffsets, eventually, fill, valuesFor } from './group-support.ts'
import { type GroupWorld, onGroups } from './on-groups.ts'

type Handle = GroupHandler['handleRecordBatch']

interface CopyOptions {
  groupName: string
  from: string
  to: string
  handlerMaxBatchSize?: number
}

/** Copies what it reads, to the same partition. */
const copies =
  (to: string): Handle =>
  async (_topic, partition, records, { tx }) => {
    await tx!.produceBatch(records.map(({ key, value }) => ({ topic: to, partition, key, value })))
  }

function copier(kafka: Kafka, { groupName, from, to, handlerMaxBatchSize = 20 }: CopyOptions, handle?: Handle): ConsumerGroup {
  return kafka.consumerGroup({
    groupName,
    topics: [{ name: from, transactional: true, offsetResetPolicy: 'earliest', handlerMaxBatchSize, handlerRetryBackoffMs: 20 }],
    handler: { handleRecordBatch: handle ?? copies(to) },
  })
}

async function setUp(world: GroupWorld, count: number): Promise<CopyOptions & { kafka: Kafka }> {
  const kafka = world.client()
  const [from, to] = [await world.topic(3), await world.topic(3)]
  await fill(kafka, from, 3, count)
  return { kafka, from, to, groupName: await world.group() }
}

const wanted = (count: number): string[][] => [0, 1, 2].map((partition) => valuesFor(partition, count))

async function committed({ brokers }: GroupWorld, { groupName, from }: CopyOptions): Promise<number[]> {
  const places = [0, 1, 2].map((partition) => ({ topic: from, partition }))
  return (await committedOffsets(brokers, groupName, places)).map(({ offset }) => offset)
}

onGroups('transactional topics', (world) => {
  it('P11, IT1: what handlers produce and the offsets count together: each record once, in order, and nothing again after a restart', async () => {
    const { kafka, ...options } = await setUp(world, 200)
    const group = copier(kafka, options)
    await group.start()
    await eventually(async () => expect(await valuesByPartition(kafka, options.to, 3)).toEqual(wanted(200)))
    await group.stop()
    expect(await committed(world, options)).toEqual([200, 200, 200])
    let again = 0
    const second = copier(kafka, options, (_topic, _partition, records) => {
      again += records.length
    })
    await second.start()
    await sleep(1_000)
    await second.stop()
    expect(again).toBe(0)
  })

  it('IT1: a handler that fails after it has produced leaves nothing behind, and its records come again', async () => {
    const { kafka, ...options } = await setUp(world, 60)
    let calls = 0
    const errors: HandlerErrorEvent[] = []
    const group = copier(kafka, { ...options, handlerMaxBatchSize: 10 }, async (topic, partition, records, context) => {
      await copies(options.to)(topic, partition, records, context)
      if (++calls % 3 === 0) throw new Error(`call ${calls}`)
    })
    group.on('handlerError', (event) => errors.push(event))
    await group.start()
    await eventually(async () => expect(await valuesByPartition(kafka, options.to, 3)).toEqual(wanted(60)))
    await group.stop()
    expect(errors.length).toBeGreaterThan(5)
    expect(errors.every(({ error }) => /^call \d+$/.test((error as Error).message))).toBe(true)
    // what was aborted is in the log all the same
    const all = await valuesByPartition(kafka, options.to, 3, 'read_uncommitted')
    expect(all.flat().length).toBeGreaterThan(180)
  })

  it('IT1, C2: records that are moved are part of it, and those to be handled again are not', async () => {
    const { kafka, ...options } = await setUp(world, 30)
    const dead = await world.topic(3)
    const group = copier(kafka, { ...options, handlerMaxBatchSize: 7 }, async (_topic, partition, records, { tx }) => {
      const list: [action: 'commit' | 'retry' | { moveTo: string }, record: (typeof records)[number]][] = []
      let retrying = false
      for (const record of records) {
        const number = Number(String(record.value).split(':')[1])
        // each fifth fails once
        retrying ||= number % 5 === 4 && record.attempt === 1
        if (retrying) list.push(['retry', record])
        else if (number % 10 === 3) list.push([{ moveTo: dead }, record])
        else {
          void tx!.produce({ topic: options.to, partition, value: record.value })
          list.push(['commit', record])
        }
      }
      return list as HandlerResult
    })
    await group.start()
    const numbers = Array.from({ length: 30 }, (_, i) => i)
    const kept = [0, 1, 2].map((p) => numbers.filter((i) => i % 10 !== 3).map((i) => `${p}:${i}`))
    await eventually(async () => expect(await valuesByPartition(kafka, options.to, 3)).toEqual(kept))
    const moved = (await valuesByPartition(kafka, dead, 3)).flat().sort()
    expect(moved).toEqual([0, 1, 2].flatMap((p) => [3, 13, 23].map((i) => `${p}:${i}`)).sort())
    expect(await committed(world, options)).toEqual([30, 30, 30])
  })

  it('IT1, IC4: members come and go while transactions run: each record once, in order', async () => {
    const { kafka, ...options } = await setUp(world, 300)
    const slowly: Handle = async (topic, partition, records, context) => {
      await copies(options.to)(topic, partition, records, context)
      await sleep(15)
    }
    const first = copier(kafka, options, slowly)
    await first.start()
    for (let round = 0; round < 3; round++) {
      const other = copier(world.client(), options, slowly)
      await other.start()
      await sleep(500)
      await other.stop()
    }
    await eventually(async () => expect(await valuesByPartition(kafka, options.to, 3)).toEqual(wanted(300)), 60_000)
    await first.stop()
  })

  it('IT1, IC4: a handler that outlives its partition is undone, and whoever has the partition next does it again', async () => {
    const { kafka, ...options } = await setUp(world, 20)
    let stuck = 0
    const group = kafka.consumerGroup({
      groupName: options.groupName,
      rebalanceTimeoutMs: 500,
      topics: [{ name: options.from, transactional: true, offsetResetPolicy: 'earliest', handlerMaxBatchSize: 'dynamic' }],
      handler: {
        async handleRecordBatch(topic, partition, records, context) {
          await copies(options.to)(topic, partition, records, { ...context, tx: context.tx! })
          stuck++
          await new Promise((resolve) => context.signal.addEventListener('abort', resolve))
        },
      },
    })
    await group.start()
    await eventually(() => expect(stuck).toBe(3))
    const successor = copier(world.client(), options)
    await successor.start()
    await group.stop({ timeoutMs: 1_000 })
    await eventually(async () => expect(await valuesByPartition(kafka, options.to, 3)).toEqual(wanted(20)), 40_000)
    await successor.stop()
  })

  it('IT1: a transaction that is not over in time is undone, the handler is told by its signal, and the batch comes again', async () => {
    const { from, to, groupName } = await setUp(world, 10)
    const kafka = world.client({ transactionPool: { timeoutMs: 1_000 } })
    let late = 0
    let told = 0
    const fates: unknown[] = []
    const group = copier(kafka, { from, to, groupName }, async (topic, partition, records, context) => {
      await copies(to)(topic, partition, records, context)
      if (late++ > 2) return
      await new Promise((resolve) => context.signal.addEventListener('abort', resolve))
      told++
    })
    group.on('handlerError', ({ error }) => fates.push((error as { context: { transaction: unknown } }).context.transaction))
    await group.start()
    await eventually(async () => expect(await valuesByPartition(kafka, to, 3)).toEqual(wanted(10)))
    expect(told).toBe(3)
    expect(fates).toEqual(['timed-out', 'timed-out', 'timed-out'])
    await group.stop()
  })

  it('P11: an option that does not go with it is refused, and what is no transaction has no tx', async () => {
    const { kafka, from, groupName } = await setUp(world, 1)
    const topics = [{ name: from, transactional: true }]
    expect(() => kafka.consumerGroup({ groupName, topics })).toThrow(/needs a handler/)
    const handler = { handleRecordBatch: () => {} }
    const flight = [{ name: from, transactional: true, handlerMaxCommitsInFlight: 2 }]
    expect(() => kafka.consumerGroup({ groupName, topics: flight, handler })).toThrow(/must be 0 where transactional is true/)
    const seen: unknown[] = []
    const group = kafka.consumerGroup({
      groupName,
      topics: [{ name: from, offsetResetPolicy: 'earliest' }],
      handler: { handleRecordBatch: (_topic, _partition, _records, context) => void seen.push(context.tx) },
    })
    await group.start()
    await eventually(() => expect(seen.length).toBe(3))
    expect(seen.every((tx) => tx === undefined)).toBe(true)
    await group.stop()
  })

  it('P11, IT1, C12: handlers in threads, some of which throw and some of which take their thread with them: each record once, in order', async () => {
    const { kafka, ...options } = await setUp(world, 60)
    process.env['COPY_TO'] = options.to
    const group = kafka.consumerGroup({
      groupName: options.groupName,
      topics: [{ name: options.from, transactional: true, offsetResetPolicy: 'earliest', handlerRetryBackoffMs: 20 }],
      handler: new URL('./group-handlers/copying.ts', import.meta.url),
      threads: 2,
    })
    const errors: HandlerErrorEvent[] = []
    let crashes = 0
    group.on('handlerError', (event) => errors.push(event))
    group.on('handlerThread', ({ state }) => {
      if (state === 'crashed') crashes++
    })
    await group.start()
    await eventually(async () => expect(await valuesByPartition(kafka, options.to, 3)).toEqual(wanted(60)), 40_000)
    await group.stop()
    expect(crashes).toBeGreaterThan(0)
    const texts = errors.map(({ error }) => (error as Error).message)
    expect(texts.filter((text) => !/^call \d+$|A handler thread ended/.test(text))).toEqual([])
    expect(await committed(world, options)).toEqual([60, 60, 60])
  })
})
