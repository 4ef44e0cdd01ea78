/** A broker that keeps its data in a folder: what a restart and a kill leave, and which folders it refuses. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { Kafka } from '../../../src/main/index.ts'
import { type BrokerOptions, type EmbeddedBroker, startBroker } from '../../../src/main/testing/index.ts'
import { consumerGroupHeartbeat } from '../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { createPartitions } from '../../../src/shared/protocol/generated/create-partitions.ts'
import { deleteRecords } from '../../../src/shared/protocol/generated/delete-records.ts'
import { describeConfigs } from '../../../src/shared/protocol/generated/describe-configs.ts'
import { describeGroups } from '../../../src/shared/protocol/generated/describe-groups.ts'
import { endTxn } from '../../../src/shared/protocol/generated/end-txn.ts'
import { findCoordinator } from '../../../src/shared/protocol/generated/find-coordinator.ts'
import { incrementalAlterConfigs } from '../../../src/shared/protocol/generated/incremental-alter-configs.ts'
import { initProducerId } from '../../../src/shared/protocol/generated/init-producer-id.ts'
import { joinGroup } from '../../../src/shared/protocol/generated/join-group.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { offsetCommit } from '../../../src/shared/protocol/generated/offset-commit.ts'
import { offsetFetch } from '../../../src/shared/protocol/generated/offset-fetch.ts'
import { produce } from '../../../src/shared/protocol/generated/produce.ts'
import { syncGroup } from '../../../src/shared/protocol/generated/sync-group.ts'
import { readLog } from '../../behaviour/log-reader.ts'
import { quickClient } from '../../support/quick.ts'
import { ask, setTopicConfig } from '../../support/raw-calls.ts'
import { makeBatch } from './batches.ts'

const folders: string[] = []
const running = new Set<EmbeddedBroker | ChildProcess>()

afterEach(async () => {
  for (const one of running) await ('close' in one ? one.close() : one.kill('SIGKILL'))
  running.clear()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'odradek-data-'))
  folders.push(folder)
  return folder
}

async function start(dataDir: string, options: BrokerOptions = {}): Promise<EmbeddedBroker> {
  const broker = await startBroker({ dataDir, thread: false, ...options })
  running.add(broker)
  return broker
}

async function stop(broker: EmbeddedBroker): Promise<void> {
  running.delete(broker)
  await broker.close()
}

const journalOf = (folder: string): string => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.journal'))
  expect(names).toHaveLength(1)
  return join(folder, names[0]!)
}

const values = async (broker: EmbeddedBroker, topic: string): Promise<string[]> =>
  (await readLog(broker.brokers, topic)).map(({ offset, value }) => `${offset} ${value}`)

async function fill(broker: EmbeddedBroker, topic: string, count: number, from = 0): Promise<void> {
  await using kafka = new Kafka({ ...quickClient, brokers: broker.brokers })
  const producer = kafka.producer()
  for (let i = from; i < from + count; i++) await producer.produce({ topic, partition: 0, value: `v${i}` })
}

const topicIn = async (broker: EmbeddedBroker, name: string) => {
  const answer = await ask(broker.brokers[0]!, metadata, 12, { topics: [{ name }] })
  return { clusterId: answer.clusterId, ...answer.topics[0]! }
}

describe('T2 a restart', () => {
  test('keeps the cluster, topics, their ids and configs, and all records', async () => {
    const folder = newFolder()
    const first = await start(folder, { nodes: 3, topics: [{ topic: 'a', partitions: 3 }, { topic: 'b' }] })
    await fill(first, 'a', 20)
    await fill(first, 'b', 3)
    await setTopicConfig(first.brokers, 'a', 'max.message.bytes', '5000')
    await ask(first.brokers[0]!, createPartitions, 3, { topics: [{ name: 'b', count: 2, assignments: null }], timeoutMs: 1000 })
    await using kafka = new Kafka({ ...quickClient, brokers: first.brokers })
    await kafka.admin.createTopics([{ topic: 'gone' }])
    await kafka.admin.deleteTopics(['gone'])
    const before = [await topicIn(first, 'a'), await topicIn(first, 'b')]
    const log = await readLog(first.brokers, 'a')
    await stop(first)

    const second = await start(folder, { nodes: 3, topics: [{ topic: 'a' }, { topic: 'c' }] })
    const after = [await topicIn(second, 'a'), await topicIn(second, 'b')]
    const facts = (seen: typeof before) =>
      seen.map(({ clusterId, name, topicId, partitions }) => ({
        ...{ clusterId, name, topicId },
        replicas: partitions.map(({ replicaNodes, leaderId }) => [replicaNodes, leaderId]),
      }))
    expect(facts(after)).toEqual(facts(before))
    expect(after[1]!.partitions).toHaveLength(2)
    expect((await topicIn(second, 'gone')).errorCode).toBe(3)
    expect((await topicIn(second, 'c')).errorCode).toBe(0)
    expect(await readLog(second.brokers, 'a')).toEqual(log)
    const resources = [{ resourceType: 2, resourceName: 'a', configurationKeys: ['max.message.bytes'] }]
    const { results } = await ask(second.brokers[0]!, describeConfigs, 4, { resources })
    expect(results[0]!.configs[0]).toMatchObject({ value: '5000', configSource: 1 })
    const epochs = (seen: typeof before) => seen.flatMap(({ partitions }) => partitions.map(({ leaderEpoch }) => leaderEpoch))
    expect(epochs(after).every((epoch, i) => epoch > epochs(before)[i]!)).toBe(true)
    await fill(second, 'a', 1, 20)
    expect((await values(second, 'a')).at(-1)).toBe('20 v20')
  })

  test('keeps where logs begin and end, whatever moved that', async () => {
    const folder = newFolder()
    const first = await start(folder, { nodes: 2, topics: [{ topic: 'a' }, { topic: 'b' }, { topic: 'empty' }] })
    for (const topic of ['a', 'b', 'empty']) await fill(first, topic, 10)
    const remove = (topic: string, offset: number) => {
      const topics = [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }]
      return Promise.all(first.brokers.map((address) => ask(address, deleteRecords, 2, { topics, timeoutMs: 1000 })))
    }
    await remove('a', 4)
    await remove('empty', -1)
    await first.loseRecords('b', 0, 7)
    await fill(first, 'b', 1, 100)
    await stop(first)
    const second = await start(folder, { nodes: 2 })
    expect(await second.log('a', 0)).toMatchObject({ logStartOffset: 4, highWatermark: 10 })
    expect(await second.log('empty', 0)).toMatchObject({ logStartOffset: 10, highWatermark: 10 })
    expect((await values(second, 'b')).slice(-2)).toEqual(['6 v6', '7 v100'])
  })

  test('keeps what producers wrote last, so that a repeated batch is recognised', async () => {
    const folder = newFolder()
    const first = await start(folder, { topics: [{ topic: 'a' }] })
    const { producerId } = await ask(first.brokers[0]!, initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1 })
    const send = async (broker: EmbeddedBroker, baseSequence: number) => {
      const records = makeBatch({ producerId, producerEpoch: 0, baseSequence, timestamp: Date.now() })
      const topicData = [{ name: 'a', partitionData: [{ index: 0, records }] }]
      const answer = await ask(broker.brokers[0]!, produce, 9, { acks: -1, timeoutMs: 1000, topicData })
      const { errorCode, baseOffset } = answer.responses[0]!.partitionResponses[0]!
      return [errorCode, baseOffset]
    }
    expect([await send(first, 0), await send(first, 1)]).toEqual([
      [0, 0],
      [0, 1],
    ])
    await stop(first)
    const second = await start(folder)
    expect([await send(second, 0), await send(second, 1), await send(second, 5), await send(second, 2)]).toEqual([
      [0, 0],
      [0, 1],
      [45, -1],
      [0, 2],
    ])
    const next = await ask(second.brokers[0]!, initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1 })
    expect(next.producerId).toBeGreaterThan(producerId)
  })

  test('keeps committed offsets, and groups of both protocols with their members', async () => {
    const folder = newFolder()
    const first = await start(folder, { topics: [{ topic: 'a', partitions: 2 }] })
    const address = first.brokers[0]!
    await ask(address, findCoordinator, 4, { keyType: 0, coordinatorKeys: ['simple'] })
    const { topicId } = await topicIn(first, 'a')
    const partitions = [{ partitionIndex: 1, committedOffset: 7, committedLeaderEpoch: 0, committedMetadata: 'note' }]
    const commit = { groupId: 'simple', memberId: '', generationIdOrMemberEpoch: -1, topics: [{ name: 'a', partitions }] }
    const committed = await ask(address, offsetCommit, 8, commit)
    expect(committed.topics[0]!.partitions[0]!.errorCode).toBe(0)
    const member = { groupId: 'new', memberId: 'm1', rebalanceTimeoutMs: 60_000, subscribedTopicNames: ['a'] }
    const joined = await ask(address, consumerGroupHeartbeat, 1, { ...member, memberEpoch: 0, topicPartitions: [] })
    expect(joined).toMatchObject({ errorCode: 0, assignment: { topicPartitions: [{ topicId, partitions: [0, 1] }] } })
    const classic = { groupId: 'classic', protocolType: 'test', sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000 }
    const protocols = [{ name: 'p', metadata: Buffer.from('wish') }]
    const { memberId, generationId } = await ask(address, joinGroup, 3, { ...classic, memberId: '', protocols })
    const assignments = [{ memberId, assignment: Buffer.from('share') }]
    await ask(address, syncGroup, 3, { groupId: 'classic', generationId, memberId, assignments })
    const own = [{ name: 'consumer.heartbeat.interval.ms', value: '1234', configOperation: 0 }]
    await ask(address, incrementalAlterConfigs, 1, {
      resources: [{ resourceType: 32, resourceName: 'new', configs: own }],
      validateOnly: false,
    })
    await stop(first)

    const second = await start(folder)
    const at = second.brokers[0]!
    const groups = [{ groupId: 'simple', topics: [{ name: 'a', partitionIndexes: [1] }], memberEpoch: -1, memberId: null }]
    const offsets = await ask(at, offsetFetch, 8, { groups })
    expect(offsets.groups[0]!.topics[0]!.partitions[0]).toMatchObject({ committedOffset: 7, metadata: 'note' })
    const beat = await ask(at, consumerGroupHeartbeat, 1, { groupId: 'new', memberId: 'm1', memberEpoch: joined.memberEpoch })
    expect(beat).toMatchObject({ errorCode: 0, memberEpoch: joined.memberEpoch, heartbeatIntervalMs: 1234 })
    const described = await ask(at, describeGroups, 5, { groups: ['classic'] })
    expect(described.groups[0]).toMatchObject({ groupState: 'Stable', protocolData: 'p' })
    expect(String(described.groups[0]!.members[0]!.memberAssignment)).toBe('share')
  })

  test('keeps transactions: what was aborted stays aborted, and what was open can be committed', async () => {
    const folder = newFolder()
    const first = await start(folder, { topics: [{ topic: 'a' }] })
    const begin = async (broker: EmbeddedBroker, transactionalId: string) => {
      const address = broker.brokers[0]!
      await ask(address, findCoordinator, 4, { keyType: 1, coordinatorKeys: [transactionalId] })
      const { producerId, producerEpoch } = await ask(address, initProducerId, 5, {
        transactionalId,
        transactionTimeoutMs: 60_000,
      })
      return { transactionalId, producerId, producerEpoch }
    }
    type Producer = Awaited<ReturnType<typeof begin>>
    const send = async (broker: EmbeddedBroker, { transactionalId, ...producer }: Producer, baseSequence = 0) => {
      const records = makeBatch({ ...producer, baseSequence, timestamp: Date.now(), attributes: 16, values: [transactionalId] })
      const topicData = [{ name: 'a', partitionData: [{ index: 0, records }] }]
      const answer = await ask(broker.brokers[0]!, produce, 12, { transactionalId, acks: -1, timeoutMs: 1000, topicData })
      expect(answer.responses[0]!.partitionResponses[0]!.errorCode).toBe(0)
    }
    const end = (broker: EmbeddedBroker, producer: Producer, committed: boolean) =>
      ask(broker.brokers[0]!, endTxn, 5, { ...producer, committed })
    const aborted = await begin(first, 'aborted')
    await send(first, aborted)
    await end(first, aborted, false)
    const open = await begin(first, 'open')
    await send(first, open)
    const before = await first.log('a', 0)
    expect(before).toMatchObject({ highWatermark: 3, lastStableOffset: 2 })
    await stop(first)
    const second = await start(folder)
    expect(await second.log('a', 0)).toMatchObject({ highWatermark: 3, lastStableOffset: 2 })
    await send(second, open, 1)
    expect(await end(second, open, true)).toMatchObject({ errorCode: 0 })
    await expect.poll(() => second.log('a', 0)).toMatchObject({ highWatermark: 5, lastStableOffset: 5 })
    await using kafka = new Kafka({ ...quickClient, brokers: second.brokers })
    const [batch] = await kafka.fetch([{ topic: 'a', partition: 0, offset: 0 }], { isolationLevel: 'read_committed' })
    expect(batch!.records.map(({ value }) => String(value))).toEqual(['open', 'open'])
    const again = await begin(second, 'aborted')
    expect(again.producerId).toBe(aborted.producerId)
    expect(again.producerEpoch).toBeGreaterThan(aborted.producerEpoch)
  })

  test('a journal that is mostly of no use is written anew', async () => {
    const folder = newFolder()
    const first = await start(folder, { topics: [{ topic: 'a', configs: { 'retention.bytes': 2_000_000 } }] })
    await using kafka = new Kafka({ ...quickClient, brokers: first.brokers })
    const producer = kafka.producer()
    const value = Buffer.alloc(500_000, 1)
    for (let i = 0; i < 300; i++) await producer.produce({ topic: 'a', value })
    // how far it grows meanwhile is the disk's affair
    const sizes = () => readdirSync(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0)
    await expect.poll(() => Math.max(...sizes()), { timeout: 10_000 }).toBeLessThan(110_000_000)
    await stop(first)
    expect(statSync(journalOf(folder)).size).toBeLessThan(110_000_000)
    const second = await start(folder)
    expect(await second.log('a', 0)).toMatchObject({ logStartOffset: 296, highWatermark: 300 })
    await using other = new Kafka({ ...quickClient, brokers: second.brokers })
    expect(await other.producer().produce({ topic: 'a', value })).toMatchObject({ offset: 300 })
  })

  test('compacted logs stay as they were cleaned', async () => {
    const folder = newFolder()
    const configs = { 'cleanup.policy': 'compact', 'segment.ms': 1, 'min.cleanable.dirty.ratio': 0 }
    const first = await start(folder, { topics: [{ topic: 'a', configs }] })
    await using kafka = new Kafka({ ...quickClient, brokers: first.brokers })
    const producer = kafka.producer()
    const kept = async (broker: EmbeddedBroker) =>
      (await readLog(broker.brokers, 'a')).map(({ offset, key }) => `${offset} ${key}`)
    for (const key of ['a', 'b', 'a', 'a', 'roll']) {
      await producer.produce({ topic: 'a', key, value: 'x' })
      await sleep(10)
    }
    await expect.poll(() => kept(first)).toEqual(['1 b', '3 a', '4 roll'])
    await stop(first)
    expect(await kept(await start(folder))).toEqual(['1 b', '3 a', '4 roll'])
  })
})

describe('T2 after a kill', () => {
  test('what was flushed is there, in order and without gaps', async () => {
    const folder = newFolder()
    const child = spawn(process.execPath, [new URL('./storage-child.ts', import.meta.url).pathname, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.add(child)
    const acknowledged: { offset: number; at: number }[] = []
    const lines = createInterface({ input: child.stdout! })
    lines.on('line', (line) => acknowledged.push({ offset: Number(line), at: performance.now() }))
    while (acknowledged.length < 300) await sleep(20)
    const killedAt = performance.now()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const broker = await start(folder)
    const log = await values(broker, 'a')
    expect(log).toEqual(log.map((_, i) => `${i} v${i}`))
    const old = acknowledged.filter(({ at }) => at < killedAt - 500)
    expect(old.length).toBeGreaterThan(50)
    expect(log.length).toBeGreaterThan(old.at(-1)!.offset)
    await fill(broker, 'a', 1, log.length)
    expect((await values(broker, 'a')).length).toBe(log.length + 1)
  })

  test('a tail that was not written whole is cut off, wherever it was torn', async () => {
    const folder = newFolder()
    const first = await start(folder, { topics: [{ topic: 'a' }] })
    await fill(first, 'a', 5)
    await stop(first)
    const journal = journalOf(folder)
    const whole = readFileSync(journal)
    for (const cut of [1, 5, 30, 70, 90, 130]) {
      writeFileSync(journal, whole)
      truncateSync(journal, whole.length - cut)
      const broker = await start(folder)
      const log = await values(broker, 'a')
      expect([4, 3]).toContain(log.length)
      await fill(broker, 'a', 1, 50)
      await stop(broker)
      const again = await start(folder)
      expect(await values(again, 'a')).toEqual([...log, `${log.length} v50`])
      await stop(again)
    }
    writeFileSync(journal, whole)
    appendFileSync(journal, Buffer.alloc(3000))
    expect(await values(await start(folder), 'a')).toHaveLength(5)
  }, 60_000)
})

describe('T2 a folder that cannot be used', () => {
  const refused = (folder: string, text: RegExp, options: BrokerOptions = {}) =>
    expect(startBroker({ dataDir: folder, thread: false, ...options })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      context: { option: 'dataDir' },
      message: expect.stringMatching(text),
    })

  test('is in use, also by this process, until its broker has closed', async () => {
    const folder = newFolder()
    const first = await start(folder, { thread: true })
    await refused(folder, /in use by the broker in process \d+/, { thread: true })
    await refused(folder, /in use by the broker in process \d+/)
    await stop(first)
    expect(readdirSync(folder).filter((name) => name === 'lock')).toEqual([])
    await start(folder)
  })

  test('a lock whose owner is dead, or was not written whole, is none', async () => {
    const folder = newFolder()
    await stop(await start(folder))
    const dead = { pid: process.pid, started: 'another life', startedAt: 0, token: 'x' }
    for (const lock of [JSON.stringify(dead), JSON.stringify({ ...dead, pid: 2 ** 22 - 3 }), '{"pi']) {
      writeFileSync(join(folder, 'lock'), lock)
      await stop(await start(folder))
    }
  })

  test('is foreign, of another version, or of more nodes', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'holiday.jpg'), 'x')
    await refused(folder, /was not made by an embedded broker/)
    expect(readdirSync(folder)).toEqual(['holiday.jpg'])
    const other = newFolder()
    await stop(await start(other, { nodes: 2 }))
    await refused(other, /of a cluster of 2 nodes/, { nodes: 1 })
    writeFileSync(join(other, 'odradek-broker.json'), '{"format":99}')
    await refused(other, /has the format 99/, { nodes: 2 })
    writeFileSync(join(other, 'odradek-broker.json'), 'what')
    await refused(other, /is damaged/, { nodes: 2 })
    const file = join(newFolder(), 'file')
    writeFileSync(file, '')
    await refused(file, /cannot be used/)
  })

  test('is damaged in the middle', async () => {
    const folder = newFolder()
    const first = await start(folder, { topics: [{ topic: 'a' }] })
    await fill(first, 'a', 5)
    await stop(first)
    const journal = journalOf(folder)
    const bytes = readFileSync(journal)
    bytes[bytes.indexOf('v1')]! ^= 1
    writeFileSync(journal, bytes)
    await refused(folder, /is damaged: .*journal at byte \d+/)
    expect(readFileSync(journal)).toEqual(bytes)
  })
})
