/** F46: groups with very many topics and partitions, each member in a process of its own so that its memory can be told. */
import { execFile } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import type { ScaleFigures, ScaleTask } from './group-scale-child.ts'
import { eventually, Gathered, gathering } from './group-support.ts'
import { onEmbeddedGroups } from './on-groups.ts'

const MIB = 1024 * 1024
/** Topics of this many partitions. */
const PER_TOPIC = 80
/** How long 10,000 partitions may take to be joined and read. */
const PATIENCE_MS = 10_000

onEmbeddedGroups('groups with very many partitions', 1, (world) => {
  let prefix: string

  /** With one record in each partition. */
  async function make(name: string, topics: number): Promise<void> {
    const { admin } = world.client()
    const names = Array.from({ length: topics }, (_, i) => `${prefix}-${name}-${i}`)
    await admin.createTopics(names.map((topic) => ({ topic, partitions: PER_TOPIC })))
    const producer = world.client().producer()
    for (const topic of names) {
      const records = Array.from({ length: PER_TOPIC }, (_, partition) => ({ topic, partition, value: 'x' }))
      for (const result of await producer.produceBatch(records)) if (!result.ok) throw result.error
    }
  }

  async function member(pattern: string, partitions: number): Promise<ScaleFigures> {
    const task: ScaleTask = { brokers: world.brokers, pattern: `${prefix}-${pattern}-.*`, partitions }
    const child = join(import.meta.dirname, 'group-scale-child.ts')
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child, JSON.stringify(task)])
    return JSON.parse(stdout) as ScaleFigures
  }

  beforeAll(() => {
    prefix = `scale-${Date.now()}`
  })

  it('F46 IX2: 10,000 partitions of 125 topics: a member joins and has read all in time; each costs a little and constant memory', async () => {
    await make('few', 25)
    const few = await member('few', 25 * PER_TOPIC)
    await make('many', 125)
    const busy = loadavg()[0]! > availableParallelism()
    const many = await member('many', 125 * PER_TOPIC)
    const slope = (many.bytes - few.bytes) / (100 * PER_TOPIC)
    process.stderr.write(
      `   10,000 partitions: joined after ${many.joinMs} ms, read after ${many.readMs} ms, ${many.cpuMs} ms of a processor; ${Math.round(slope)} bytes of memory for each partition\n`,
    )
    expect(few.handled).toBe(25 * PER_TOPIC)
    expect(many.handled).toBe(125 * PER_TOPIC)
    // where others want the processors too, only what it took of them counts
    expect(busy ? many.cpuMs : many.readMs).toBeLessThan(PATIENCE_MS)
    expect(slope).toBeLessThan(40_000)
  }, 180_000)

  it('F46 IX2 C8: 1,000 partitions with records from 10 B to 1 MB: never more than prefetchBytes and one batch is held, and all is read', async () => {
    const kafka = world.client()
    const topics = await Promise.all(Array.from({ length: 10 }, () => world.topic(100)))
    const producer = kafka.producer()
    const sizes = [10, 100, 1_000, 10_000, 100_000, 990_000]
    let sent = 0
    for (const topic of topics) {
      // of the largest there are few
      for (const [power, size] of sizes.entries()) {
        const count = 100 / 2 ** power
        const records = Array.from({ length: count }, (_, i) => ({
          topic,
          partition: (i * 2 ** power + power) % 100,
          value: Buffer.alloc(size),
        }))
        for (const result of await producer.produceBatch(records)) if (!result.ok) throw result.error
        sent += records.length
      }
    }
    const prefetchBytes = 4 * MIB
    const gathered = new Gathered()
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { group } = gathering(kafka, topics, { prefetchBytes }, async (records) => {
      await held
      gathered.add(records)
    })
    await group.start()
    // with all handlers at a standstill as much is fetched as may be
    await eventually(() => expect(group.metrics().prefetchedBytes).toBeGreaterThan(prefetchBytes / 2), 60_000)
    release()
    await gathered.reaches(sent, 60_000)
    expect(gathered.count).toBe(sent)
    const { prefetchedBytesPeak } = group.metrics()
    process.stderr.write(`   1,000 partitions: at most ${prefetchedBytesPeak} bytes held of ${prefetchBytes}\n`)
    expect(prefetchedBytesPeak).toBeLessThan(prefetchBytes + 1.1 * MIB)
    await group.stop()
  }, 120_000)

  it('F46 IX4: 200 members join at once: all have their share within seconds, and every record is handled', async () => {
    const topics = await Promise.all(Array.from({ length: 10 }, () => world.topic(100)))
    const groupName = `g-${prefix}`
    const members = Array.from({ length: 200 }, () => {
      // their threads would only compete for this machine
      return gathering(world.client({ ioThreads: 0 }), topics, { groupName })
    })
    const producer = world.client().producer()
    const records = topics.flatMap((topic) => Array.from({ length: 100 }, (_, partition) => ({ topic, partition, value: 'x' })))
    for (const result of await producer.produceBatch(records)) if (!result.ok) throw result.error
    const began = performance.now()
    await Promise.all(members.map(({ group }) => group.start()))
    const shares = () => members.map(({ group }) => group.assignment.length)
    await eventually(() => expect(shares()).toEqual(members.map(() => 5)), 60_000)
    process.stderr.write(`   200 members have their share after ${Math.round(performance.now() - began)} ms\n`)
    const seen = () => new Set(members.flatMap(({ gathered }) => [...gathered.places()]))
    await eventually(() => expect(seen().size).toBe(1_000))
    await Promise.all(members.map(({ group }) => group.stop()))
  }, 120_000)
})
