/**
 * Clients and tools that do not know what they talk to: kcat, kafkajs, @platformatic/kafka and Kafka's own tools for topics, configs,
 * offsets and measurements, on the embedded broker and on real Kafka. As members of groups they are in `groups-referees.test.ts`.
 */
import { describe, expect, it } from 'vitest'
import { javaTool, javaTools, type ToolCall } from '../kafka/java-tools.ts'
import { peer, whyNoPeers } from '../peers/index.ts'
import { viewGroup } from '../support/group-view.ts'
import { onBrokers, type World } from './on-brokers.ts'
import { noReferee } from './referee.ts'
import { kcat, noKcat } from './referee-kcat.ts'

const noPeers = await whyNoPeers()
if (noPeers) process.stderr.write(`REFEREES FOR NODE.JS ARE SKIPPED: ${noPeers}\n`)

const TOOLS = 'org.apache.kafka.tools'

onBrokers(
  'referees',
  (world) => {
    describe.skipIf(noKcat !== '')('T2 kcat (librdkafka)', { timeout: 60_000 }, () => {
      const at = (...args: string[]) => ['-b', world.brokers.join(','), ...args]

      it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('writes and reads with compression %s, idempotent', async (codec) => {
        const topic = await world.topic(1)
        const lines = Array.from({ length: 300 }, (_, i) => `k${i}:${i} ${'a little more of the same '.repeat(i % 7)}`)
        const packing = ['-X', `compression.codec=${codec}`, '-X', 'enable.idempotence=true', '-H', 'h=1', '-H', 'h=2']
        await kcat(at('-P', '-t', topic, '-K:', ...packing), `${lines.join('\n')}\n`)
        const ours = await world.log(topic)
        expect(ours.map(({ key, value }) => `${key}:${value}`)).toEqual(lines)
        expect(ours[0]!.headers.map(([name, value]) => `${name}=${value}`)).toEqual(['h=1', 'h=2'])
        const read = await kcat(at('-C', '-t', topic, '-e', '-q', '-o', 'beginning', '-f', '%o %k:%s %h\n'))
        expect(read.trimEnd().split('\n')).toEqual(lines.map((line, i) => `${i} ${line} h=1,h=2`))
      })

      it('lists topics, finds offsets by time and starts from the end', async () => {
        const topic = await world.topic(3)
        const from = Date.now() - 5_000
        const records = Array.from({ length: 30 }, (_, i) => ({ topic, partition: i % 3, value: `${i}`, timestamp: from + i }))
        for (const result of await world.client().producer().produceBatch(records)) expect(result.ok).toBe(true)
        const { topics, brokers } = JSON.parse(await kcat(at('-L', '-J', '-t', topic))) as KcatMetadata
        expect(brokers).toHaveLength(world.nodes)
        expect(topics.map(({ topic, partitions }) => [topic, partitions.length])).toEqual([[topic, 3]])
        const found = await kcat(at('-Q', '-t', `${topic}:1:${from + 10}`, '-t', `${topic}:2:-1`))
        expect(found).toContain(`${topic} [1] offset 3`)
        expect(found).toContain(`${topic} [2] offset 10`)
        const last = await kcat(at('-C', '-t', topic, '-p', '1', '-e', '-q', '-o', '-2', '-f', '%s,'))
        expect(last).toBe('25,28,')
      })

      it('writes in a transaction, and reads what is committed', async () => {
        const topic = await world.topic(1)
        const lines = Array.from({ length: 20 }, (_, i) => `${i}`)
        await kcat(at('-P', '-t', topic, '-X', `transactional.id=${topic}`), `${lines.join('\n')}\n`)
        expect(await committed(world, topic)).toEqual(lines)
        const read = await kcat(at('-C', '-t', topic, '-e', '-q', '-o', 'beginning', '-X', 'isolation.level=read_committed'))
        expect(read.trimEnd().split('\n')).toEqual(lines)
      })

      it('is a member of a group and goes on where the group was', async () => {
        const topic = await world.topic(2)
        const group = world.freshName()
        const settings = ['-X', 'auto.offset.reset=earliest', '-X', 'session.timeout.ms=6000', '-f', '%s\n', '-q']
        const values = Array.from({ length: 20 }, (_, i) => `${i}`)
        const write = (some: string[]) => kcat(at('-P', '-t', topic), `${some.join('\n')}\n`)
        const read = async () => (await kcat(at('-G', group, '-e', ...settings, topic))).trimEnd().split('\n')
        await write(values)
        expect((await read()).toSorted()).toEqual(values.toSorted())
        await write(['later'])
        expect(await read()).toEqual(['later'])
      })
    })

    describe.skipIf(noPeers !== '')('T2 other clients for Node.js', { timeout: 60_000 }, () => {
      it('kafkajs makes a topic, writes, asks for offsets and deletes the topic', async () => {
        const { default: kafkajs } = await peer<{ default: KafkaJs }>('kafkajs')
        const kafka = new kafkajs.Kafka({ brokers: world.brokers, logLevel: kafkajs.logLevel.NOTHING })
        const admin = kafka.admin()
        const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
        await Promise.all([admin.connect(), producer.connect()])
        const topic = world.freshName()
        const configEntries = [{ name: 'max.message.bytes', value: '50000' }]
        expect(await admin.createTopics({ topics: [{ topic, numPartitions: 2, configEntries }], waitForLeaders: true })).toBe(
          true,
        )
        const messages = Array.from({ length: 100 }, (_, i) => ({
          key: `k${i}`,
          value: `v${i}`,
          partition: i % 2,
          headers: { n: `${i}` },
        }))
        await producer.send({ topic, acks: -1, messages })
        expect((await world.log(topic)).map(({ value }) => `${value}`).toSorted()).toEqual(
          messages.map(({ value }) => value).toSorted(),
        )
        const offsets = await admin.fetchTopicOffsets(topic)
        expect(offsets.map(({ partition, low, high }) => [partition, low, high]).toSorted()).toEqual([
          [0, '0', '50'],
          [1, '0', '50'],
        ])
        await expect(producer.send({ topic, messages: [{ value: 'x'.repeat(60_000) }] })).rejects.toThrow(/too large|larger/i)
        await admin.deleteTopics({ topics: [topic] })
        expect(await admin.listTopics()).not.toContain(topic)
        await Promise.all([admin.disconnect(), producer.disconnect()])
      })

      it('kafkajs commits a transaction and aborts another', async () => {
        const { default: kafkajs } = await peer<{ default: KafkaJs }>('kafkajs')
        const kafka = new kafkajs.Kafka({ brokers: world.brokers, logLevel: kafkajs.logLevel.NOTHING })
        const topic = await world.topic(1)
        const producer = kafka.producer({ transactionalId: topic, maxInFlightRequests: 1 })
        await producer.connect()
        for (const [i, end] of ['commit', 'abort', 'commit'].entries()) {
          const transaction = await producer.transaction()
          await transaction.send({ topic, messages: [{ value: `${i} a` }, { value: `${i} b` }] })
          await transaction.sendOffsets({
            consumerGroupId: topic,
            topics: [{ topic, partitions: [{ partition: 0, offset: `${i}` }] }],
          })
          await (end === 'commit' ? transaction.commit() : transaction.abort())
        }
        await producer.disconnect()
        expect(await committed(world, topic)).toEqual(['0 a', '0 b', '2 a', '2 b'])
        expect(await (await viewGroup(world.brokers, topic)).committed(topic, 1)).toEqual([2])
      })

      it('@platformatic/kafka makes a topic and writes to it', async () => {
        const { Admin, Producer, stringSerializers } = await peer<Platformatic>('@platformatic/kafka')
        const common = { clientId: 'peer', bootstrapBrokers: world.brokers }
        const admin = new Admin(common)
        const producer = new Producer({ ...common, serializers: stringSerializers, idempotent: true, autocreateTopics: false })
        const topic = world.freshName()
        await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 })
        const messages = Array.from({ length: 100 }, (_, i) => ({ topic, key: `k${i}`, value: `v${i}`, partition: i % 2 }))
        await producer.send({ acks: -1, messages })
        expect((await world.log(topic)).map(({ value }) => `${value}`).toSorted()).toEqual(
          messages.map(({ value }) => value).toSorted(),
        )
        await admin.deleteTopics({ topics: [topic] })
        await Promise.all([admin.close(), producer.close(true)])
      })
    })

    describe.skipIf(noReferee !== '')("T2 Kafka's own tools", { timeout: 120_000 }, () => {
      it('kafka-topics, kafka-configs, kafka-get-offsets, the performance tools and the verifiable clients', async () => {
        const topic = world.freshName()
        const server = ['--bootstrap-server', world.brokers.join(',')]
        const of = (name: string, ...args: string[]): ToolCall => [name, ...server, ...args]
        const topics = (...args: string[]) => of(`${TOOLS}.TopicCommand`, ...args)
        const configs = (...args: string[]) =>
          of('kafka.admin.ConfigCommand', '--entity-type', 'topics', '--entity-name', topic, ...args)
        const consumer = (protocol: string): ToolCall =>
          of(
            `${TOOLS}.VerifiableConsumer`,
            '--topic',
            topic,
            '--group-id',
            `${topic}-${protocol}`,
            '--group-protocol',
            protocol,
            '--max-messages',
            '200',
          )
        const performance = ['--topic', topic, '--num-records', '100', '--record-size', '50', '--throughput', '-1']
        const verifiable = await world.topic(2)
        const verifying = javaTool(`${TOOLS}.VerifiableProducer`, [...server, '--topic', verifiable, '--max-messages', '50'])
        const printed = await javaTools([
          topics('--create', '--topic', topic, '--partitions', '2', '--config', 'max.message.bytes=30000'),
          topics('--alter', '--topic', topic, '--partitions', '3'),
          topics('--describe', '--topic', topic),
          configs('--alter', '--add-config', 'retention.ms=123456'),
          configs('--describe'),
          of(`${TOOLS}.ProducerPerformance`, ...performance),
          of(`${TOOLS}.ProducerPerformance`, ...performance, '--transactional-id', topic, '--transaction-duration-ms', '20'),
          of(`${TOOLS}.TransactionsCommand`, 'describe', '--transactional-id', topic),
          of(`${TOOLS}.GetOffsetShell`, '--topic', topic),
          of(`${TOOLS}.ConsumerPerformance`, '--topic', topic, '--num-records', '200', '--timeout', '20000'),
          consumer('classic'),
          consumer('consumer'),
          topics('--delete', '--topic', topic),
          topics('--list'),
        ])
        const [, , described, , configured, produced, transacted, transaction, offsets, consumed, classic, modern, , list] =
          printed as string[]
        expect(described).toMatch(/PartitionCount: 3\b.*max\.message\.bytes=30000/)
        expect(described!.match(/Leader: \d/g)).toHaveLength(3)
        expect(configured).toContain('retention.ms=123456')
        expect(configured).toContain('max.message.bytes=30000')
        expect(produced).toMatch(/^100 records sent/m)
        expect(transacted).toMatch(/^100 records sent/m)
        expect(transaction).toContain('CompleteCommit')
        expect((await verifying).stdout.match(/producer_send_success/g)).toHaveLength(50)
        expect(await world.log(verifiable)).toHaveLength(50)
        const counts = offsets!
          .trim()
          .split('\n')
          .map((line) => Number(line.split(':')[2]))
        expect(counts).toHaveLength(3)
        // and the markers of the transactions
        expect(counts.reduce((a, b) => a + b)).toBeGreaterThan(200)
        expect(consumed).toMatch(/, 200, /)
        for (const text of [classic!, modern!]) expect(consumedBy(text)).toBe(200)
        expect(list!.split('\n')).not.toContain(topic)
      })
    })
  },
  ['embedded-3', 'real-1'],
)

/** The values that a reader of committed records gets from the first partition. */
async function committed(world: World, topic: string): Promise<string[]> {
  const values: string[] = []
  for (let offset = 0; ; ) {
    const [batch] = await world
      .client()
      .fetch([{ topic, partition: 0, offset }], { isolationLevel: 'read_committed', maxWaitMs: 100 })
    values.push(...batch!.records.map(({ value }) => `${value}`))
    if (batch!.nextOffset === offset) return values
    offset = batch!.nextOffset
  }
}

/** How many records a verifiable consumer says that it got. */
function consumedBy(text: string): number {
  const events = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { name: string; count?: number })
  return events.filter(({ name }) => name === 'records_consumed').reduce((sum, { count = 0 }) => sum + count, 0)
}

interface KcatMetadata {
  brokers: unknown[]
  topics: { topic: string; partitions: unknown[] }[]
}

interface KafkaJs {
  logLevel: { NOTHING: number }
  Kafka: new (options: object) => { admin(): KafkaJsAdmin; producer(options: object): KafkaJsProducer }
}

interface KafkaJsAdmin {
  connect(): Promise<void>
  createTopics(options: object): Promise<boolean>
  fetchTopicOffsets(topic: string): Promise<{ partition: number; low: string; high: string }[]>
  deleteTopics(options: object): Promise<void>
  listTopics(): Promise<string[]>
  disconnect(): Promise<void>
}

interface KafkaJsProducer {
  connect(): Promise<void>
  transaction(): Promise<KafkaJsTransaction>
  send(options: object): Promise<unknown>
  disconnect(): Promise<void>
}

interface KafkaJsTransaction {
  send(options: object): Promise<unknown>
  sendOffsets(options: object): Promise<void>
  commit(): Promise<void>
  abort(): Promise<void>
}

interface Platformatic {
  stringSerializers: object
  Admin: new (
    options: object,
  ) => {
    createTopics(options: object): Promise<unknown>
    deleteTopics(options: object): Promise<void>
    close(): Promise<void>
  }
  Producer: new (options: object) => { send(options: object): Promise<unknown>; close(force: boolean): Promise<void> }
}
