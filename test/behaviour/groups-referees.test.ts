/**
 * Other clients as members of groups, on the embedded broker and on real Kafka: Java, kafkajs and @platformatic/kafka. Two members
 * share a topic, one leaves, and whoever comes next goes on where the group had committed.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { findJava } from '../kafka/java.ts'
import { consoleConsumer, consumerGroups, startConsoleConsumer } from '../kafka/java-tools.ts'
import { kafkaLibs } from '../kafka/libs.ts'
import { peer, whyNoPeers } from '../peers/index.ts'
import { type GroupView, viewGroup } from '../support/group-view.ts'
import { onBrokers, onEmbedded, type World } from './on-brokers.ts'

async function whyNoJava(): Promise<string> {
  try {
    findJava()
    await kafkaLibs(() => {})
    return ''
  } catch (error) {
    if (process.env['CI'] === 'true') throw error
    return (error as Error).message
  }
}

const noJava = await whyNoJava()
const noPeers = await whyNoPeers()
for (const why of [noJava, noPeers]) if (why) process.stderr.write(`REFEREES OF GROUPS ARE SKIPPED: ${why}\n`)

const PARTITIONS = 4
const BATCH = 40
const protocols = ['classic', 'consumer'] as const

/** A consumer of whatever make, in a group. */
interface Member {
  /** `partition:value` of what it got. */
  seen(): string[]
  /** Commits and leaves. */
  leave(): Promise<void>
}

async function until(what: string, done: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  for (const deadline = performance.now() + ms; !(await done()); await sleep(50)) {
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`)
  }
}

async function write(world: World, topic: string, from: number, count = BATCH): Promise<void> {
  const producer = world.client().producer()
  const records = Array.from({ length: count }, (_, i) => ({ topic, partition: i % PARTITIONS, value: String(from + i) }))
  for (const result of await producer.produceBatch(records)) if (!result.ok) throw result.error
}

const javaMember = (world: World, topic: string, group: string, protocol: string) => ({
  brokers: world.brokers,
  topic,
  properties: {
    'group.id': group,
    'group.protocol': protocol,
    'auto.offset.reset': 'earliest',
    'auto.commit.interval.ms': 200,
  },
})

async function settled(world: World, group: string, members: number): Promise<GroupView> {
  let view: GroupView | undefined
  await until(`${members} members of a stable group`, async () => {
    view = await viewGroup(world.brokers, group)
    return view.members === members && (view.state === 'Stable' || (members === 0 && view.state === 'Empty'))
  })
  return view!
}

/** Two members share the topic, one leaves, the other goes on where the group had committed. */
async function shareAndLeave(
  world: World,
  protocol: (typeof protocols)[number],
  join: (topic: string, group: string) => Promise<Member>,
): Promise<{ topic: string; group: string }> {
  const topic = await world.topic(PARTITIONS)
  const group = world.freshName()
  await write(world, topic, 0)
  const first = await join(topic, group)
  await until('the first member has read all', () => first.seen().length === BATCH)
  const second = await join(topic, group)
  expect((await settled(world, group, 2)).type).toBe(protocol)
  await write(world, topic, BATCH)
  const all = () => [...first.seen(), ...second.seen()]
  const { committed } = await viewGroup(world.brokers, group)
  const hasCommitted = (batches: number) =>
    until(`${batches} batches are committed`, async () => {
      const offsets = await committed(topic, PARTITIONS)
      return offsets.every((offset) => offset === (batches * BATCH) / PARTITIONS)
    })
  await until('both have read all', () => new Set(all()).size >= 2 * BATCH)
  expect(second.seen().length).toBeGreaterThan(0)
  expect(second.seen().length).toBeLessThan(BATCH)
  await hasCommitted(2)
  await first.leave()
  await settled(world, group, 1)
  await write(world, topic, 2 * BATCH)
  await until('the second one has read the rest', () => new Set(all()).size === 3 * BATCH)
  await hasCommitted(3)
  await second.leave()
  await settled(world, group, 0)
  // what was committed came to nobody twice
  expect(all()).toHaveLength(3 * BATCH)
  return { topic, group }
}

onBrokers(
  'groups',
  (world) => {
    describe.skipIf(noJava !== '')('T2 the Java consumer', { timeout: 300_000 }, () => {
      it.each(protocols)('shares, leaves and goes on where it was: %s', async (protocol) => {
        const { topic, group } = await shareAndLeave(world, protocol, async (topic, group) => {
          const consumer = await startConsoleConsumer(javaMember(world, topic, group, protocol))
          const text = ({ partition, value }: { partition: number; value: Buffer | null }) => `${partition}:${value}`
          return { seen: () => consumer.records.map(text), leave: () => consumer.stop() }
        })
        await write(world, topic, 1_000, 4)
        const next = await consoleConsumer({ ...javaMember(world, topic, group, protocol), max: 4, idleMs: 60_000 })
        expect(next.map(({ value }) => Number(value)).sort()).toEqual([1_000, 1_001, 1_002, 1_003])
      })

      it.each(protocols)('kafka-consumer-groups lists, describes, resets and deletes a group: %s', async (protocol) => {
        const topic = await world.topic(PARTITIONS)
        const group = world.freshName()
        await write(world, topic, 0)
        const options = javaMember(world, topic, group, protocol)
        const tool = (...args: string[]) => consumerGroups(world.brokers, ...args)
        const member = await startConsoleConsumer(options)
        await until('it has read all', () => member.records.length === BATCH)
        await until('it has committed', async () => {
          const offsets = await (await viewGroup(world.brokers, group)).committed(topic, PARTITIONS)
          return offsets.every((offset) => offset === BATCH / PARTITIONS)
        })
        const line = (text: string, start: string) =>
          text
            .split('\n')
            .find((each) => each.startsWith(start))
            ?.split(/\s+/)
        expect(line(await tool('--list', '--state'), group)).toEqual(expect.arrayContaining([group, 'Stable']))
        expect(line(await tool('--list', '--type', protocol), group)).toBeDefined()
        const described = await tool('--describe', '--group', group)
        expect(described.split('\n').filter((each) => each.startsWith(group))).toHaveLength(PARTITIONS)
        expect(line(described, group)!.slice(3, 6)).toEqual(['10', '10', '0'])
        expect(line(await tool('--describe', '--group', group, '--state'), group)).toContain('Stable')
        expect(line(await tool('--describe', '--group', group, '--members', '--verbose'), group)!.join(' ')).toContain(topic)
        await member.stop()
        await settled(world, group, 0)
        const reset = await tool('--reset-offsets', '--group', group, '--topic', topic, '--to-offset', '3', '--execute')
        expect(line(reset, group)!.slice(3, 4)).toEqual(['3'])
        const again = await consoleConsumer({ ...options, max: BATCH - 3 * PARTITIONS, idleMs: 60_000 })
        expect(new Set(again.map(({ offset }) => offset))).toEqual(new Set([3, 4, 5, 6, 7, 8, 9]))
        expect(await tool('--delete-offsets', '--group', group, '--topic', `${topic}:1`)).toContain('Successful')
        const offsets = await (await viewGroup(world.brokers, group)).committed(topic, PARTITIONS)
        expect(offsets).toEqual([10, -1, 10, 10])
        await tool('--delete', '--group', group)
        expect(line(await tool('--list'), group)).toBeUndefined()
      })
    })

    describe.skipIf(noPeers !== '')('T2 other clients for Node.js', { timeout: 300_000 }, () => {
      it('kafkajs shares, leaves and goes on where it was', async () => {
        await shareAndLeave(world, 'classic', async (topic, group) => {
          const { default: kafkajs } = await peer<{ default: KafkaJs }>('kafkajs')
          const kafka = new kafkajs.Kafka({ brokers: world.brokers, logLevel: kafkajs.logLevel.NOTHING })
          // It looks for rebalances between two fetches.
          const consumer = kafka.consumer({ groupId: group, heartbeatInterval: 200, maxWaitTimeInMs: 200 })
          const seen: string[] = []
          await consumer.connect()
          await consumer.subscribe({ topic, fromBeginning: true })
          await consumer.run({
            eachMessage: async ({ partition, message }) => void seen.push(`${partition}:${message.value}`),
          })
          return { seen: () => seen, leave: () => consumer.disconnect() }
        })
      })

      it.each(protocols)('@platformatic/kafka shares, leaves and goes on where it was: %s', async (groupProtocol) => {
        await shareAndLeave(world, groupProtocol, async (topic, groupId) => {
          const { Consumer } = await peer<Platformatic>('@platformatic/kafka')
          const timeouts = { heartbeatInterval: 200, sessionTimeout: 10_000, rebalanceTimeout: 10_000 }
          const consumer = new Consumer({
            clientId: 'peer',
            groupId,
            groupProtocol,
            bootstrapBrokers: world.brokers,
            ...timeouts,
          })
          const consuming = { mode: 'committed', fallbackMode: 'earliest', autocommit: 100, maxWaitTime: 200 }
          const stream = await consumer.consume({ topics: [topic], ...consuming })
          const seen: string[] = []
          stream.on('data', ({ partition, value }) => void seen.push(`${partition}:${value}`))
          stream.on('error', () => {})
          const leave = async () => {
            await stream.close()
            await consumer.close(true)
          }
          return { seen: () => seen, leave }
        })
      })
    })
  },
  ['embedded-3', 'real-1'],
)

onEmbedded('groups', 3, (world) => {
  describe.skipIf(noJava !== '')('T2 the Java consumer, whose coordinator moves, loads and dies', { timeout: 300_000 }, () => {
    it.each(protocols)('reads on, commits on and is never thrown out: %s', async (protocol) => {
      const topic = await world.topic(PARTITIONS)
      const group = world.freshName()
      await write(world, topic, 0)
      const member = await startConsoleConsumer(javaMember(world, topic, group, protocol))
      const readsOn = async (batches: number) => {
        await until(`${batches} batches are read`, () => member.records.length >= batches * BATCH)
        await until(`${batches} batches are committed`, async () => {
          const offsets = await (await viewGroup(world.brokers, group)).committed(topic, PARTITIONS)
          return offsets.every((offset) => offset === (batches * BATCH) / PARTITIONS)
        })
      }
      await readsOn(1)
      const first = await world.broker.coordinator(group)
      await world.broker.moveCoordinator(group, (first % 3) + 1, { loadingMs: 1_000 })
      await write(world, topic, BATCH)
      await readsOn(2)
      const dead = await world.broker.coordinator(group)
      await world.broker.kill(dead)
      await write(world, topic, 2 * BATCH)
      await readsOn(3)
      await world.broker.revive(dead)
      await member.stop()
      expect(member.records).toHaveLength(3 * BATCH)
    })
  })
})

interface KafkaJs {
  logLevel: { NOTHING: number }
  Kafka: new (options: object) => { consumer(options: object): KafkaJsConsumer }
}

interface KafkaJsConsumer {
  connect(): Promise<void>
  subscribe(options: object): Promise<void>
  run(options: { eachMessage: (got: { partition: number; message: { value: Buffer } }) => Promise<void> }): Promise<void>
  disconnect(): Promise<void>
}

interface Platformatic {
  Consumer: new (
    options: object,
  ) => {
    consume(options: object): Promise<{
      on(event: 'data', listener: (record: { partition: number; value: Buffer }) => void): void
      on(event: 'error', listener: (error: Error) => void): void
      close(): Promise<void>
    }>
    close(force: boolean): Promise<void>
  }
}
