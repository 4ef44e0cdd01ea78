/** C12 through the front door: handlers of a group in threads, on both brokers. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ConsumerGroup, ConsumerGroupOptions, Kafka, KafkaError } from '../../src/main/index.ts'
import { committedOffsets, eventually, fill, freshGroup } from './group-support.ts'
import { onBrokers } from './on-brokers.ts'

interface Seen {
  partition: number
  offset: number
  attempt: number
  thread: number
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-handled-'))
  process.env['HANDLED'] = folder
})
afterAll(() => {
  delete process.env['HANDLED']
  rmSync(folder, { recursive: true, force: true })
})

function seen(topic: string): Seen[] {
  const file = join(folder, topic)
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [partition, offset, attempt, thread] = line.split(' ').map(Number) as [number, number, number, number]
      return { partition, offset, attempt, thread }
    })
}

/** Offsets of a partition as they were first seen. */
function firstSeen(all: readonly Seen[], partition: number): number[] {
  return [...new Set(all.filter((one) => one.partition === partition).map(({ offset }) => offset))]
}

function inThreads(kafka: Kafka, topic: string, options: Partial<ConsumerGroupOptions> = {}): ConsumerGroup {
  return kafka.consumerGroup({
    groupName: freshGroup(),
    topics: [{ name: topic }],
    defaultTopicConfig: { offsetResetPolicy: 'earliest', handlerRetryBackoffMs: 10 },
    handler: new URL('./handlers/recording.ts', import.meta.url),
    threads: 2,
    ...options,
  } as ConsumerGroupOptions)
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, offset) => offset)

onBrokers('handlers in threads', (world) => {
  const committed = async (group: ConsumerGroup, topic: string, partitions: number): Promise<number[]> => {
    const places = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
    return (await committedOffsets(world.brokers, group.groupName, places)).map(({ offset }) => offset)
  }

  it('C12 C8 IC1: every record once and in order, each partition in one thread, and all of it is committed', async () => {
    const kafka = world.client()
    const topic = await world.topic(4)
    await fill(kafka, topic, 4, 250)
    const group = inThreads(kafka, topic)
    await group.start()
    await eventually(() => expect(seen(topic)).toHaveLength(1_000))
    await group.stop()
    const all = seen(topic)
    const threads = upTo(4).map((partition) => {
      const own = all.filter((one) => one.partition === partition)
      expect(own.map(({ offset }) => offset)).toEqual(upTo(250))
      const [thread, ...others] = new Set(own.map(({ thread }) => thread))
      expect(others).toEqual([])
      return thread
    })
    expect(new Set(threads).size).toBe(2)
    expect(all.every(({ attempt }) => attempt === 1)).toBe(true)
    expect(await committed(group, topic, 4)).toEqual([250, 250, 250, 250])
  })

  it('C12 F25 IC3 IX1: a thread that ends and a handler that throws: the batch comes again, nothing is left out', async () => {
    const kafka = world.client()
    const topic = await world.topic(2)
    const records = [0, 1].flatMap((partition) =>
      upTo(60).map((i) => ({ topic, partition, value: i === 20 ? 'exit' : i === 40 ? 'throw' : `v${i}` })),
    )
    for (const result of await kafka.producer().produceBatch(records)) if (!result.ok) throw result.error
    const group = inThreads(kafka, topic)
    const [news, errors]: [string[], KafkaError[]] = [[], []]
    group.on('handlerThread', ({ state }) => news.push(state))
    group.on('handlerError', ({ error }) => errors.push(error as KafkaError))
    await group.start()
    await eventually(async () => expect(await committed(group, topic, 2)).toEqual([60, 60]))
    await group.stop()
    for (const partition of [0, 1]) expect(firstSeen(seen(topic), partition)).toEqual(upTo(60))
    expect(news.toSorted()).toEqual(['crashed', 'crashed', 'restarted', 'restarted'])
    expect(errors.map(({ code }) => code).toSorted()).toEqual(['E_FIRST', 'E_FIRST', 'WORKER_DIED', 'WORKER_DIED'])
    expect(errors.find(({ message }) => message === 'not this time')!.stack).toContain('recording.ts')
  })

  it('C12 F26 IX4: a handler that does not let go of its thread loses it, and its batch comes again', async () => {
    const kafka = world.client()
    const topic = await world.topic(2)
    await kafka.producer().produceBatch([
      { topic, partition: 0, value: 'spin' },
      { topic, partition: 0, value: 'v1' },
    ])
    const group = inThreads(kafka, topic, { handlerTimeoutMs: 500 })
    const errors: KafkaError[] = []
    group.on('handlerError', ({ error }) => errors.push(error as KafkaError))
    await group.start()
    // the other thread goes on meanwhile
    await kafka.producer().produce({ topic, partition: 1, value: 'v0' })
    await eventually(() => expect(firstSeen(seen(topic), 1)).toEqual([0]))
    await eventually(async () => expect(await committed(group, topic, 2)).toEqual([2, 1]))
    await group.stop()
    expect(errors).toMatchObject([{ code: 'HANDLER_TIMEOUT', context: { topic, partition: 0, offset: 0 } }])
    const [first, again] = seen(topic).filter(({ partition, offset }) => partition === 0 && offset === 0)
    expect([first!.attempt, again!.attempt]).toEqual([1, 2])
    expect(first!.thread).not.toBe(again!.thread)
  })

  it('C12: a group without a handler to run does not start, and says why', async () => {
    const kafka = world.client()
    const topic = await world.topic(1)
    const group = inThreads(kafka, topic, { handler: new URL('./handlers/none.ts', import.meta.url) })
    await expect(group.start()).rejects.toMatchObject({ code: 'INVALID_OPTION', context: { option: 'handler' } })
  })
})
