/** Apache's own tools for administrators: what they show and do must be the same on either kind of broker. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alterPartitionReassignments } from '../../src/shared/protocol/generated/alter-partition-reassignments.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { javaTools, type ToolCall, writeTransactions } from '../kafka/java-tools.ts'
import { ask, askAny } from '../support/raw-calls.ts'
import { onBrokers, onEmbedded, type World } from './on-brokers.ts'
import { noReferee } from './referee.ts'

const TOOLS = 'org.apache.kafka.tools.'
const CONFIGS = 'kafka.admin.ConfigCommand'

type Call = readonly [tool: string, ...args: string[]]

/** What each of the calls printed. */
async function run(world: World, ...calls: readonly Call[]): Promise<string[]> {
  const where = ['--bootstrap-server', world.brokers.join()]
  const all = calls.map(([tool, ...args]): ToolCall => [tool.includes('.admin.') ? tool : `${TOOLS}${tool}`, ...where, ...args])
  return javaTools(all, { timeoutMs: 120_000 })
}

/** The configs that the tool printed, with where their values come from. */
const configsIn = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/^ {2}(\S+?)=(.*?) sensitive=\w+ synonyms=/gm)].map(([, name, value]) => [name!, value!]))

async function partitionOf(world: World, topic: string, address = world.brokers[0]!) {
  const { topics } = await ask(address, metadata, 12, { topics: [{ name: topic }] })
  return topics[0]!.partitions.find(({ partitionIndex }) => partitionIndex === 0)!
}

onBrokers(
  'tools of administrators',
  (world) => {
    it('T5: a reassignment that may not change the number of replicas does not', async () => {
      const topic = await world.topic(1)
      const reassign = async (replicas: number[]) => {
        const topics = [{ name: topic, partitions: [{ partitionIndex: 0, replicas }] }]
        const wish = { timeoutMs: 10_000, allowReplicationFactorChange: false, topics }
        return (await askAny(world.brokers, alterPartitionReassignments, 1, wish)).responses[0]!.partitions[0]!.errorCode
      }
      const INVALID_REPLICATION_FACTOR = 38
      const INVALID_REPLICA_ASSIGNMENT = 39
      expect(await reassign([1])).toBe(INVALID_REPLICATION_FACTOR)
      expect(await reassign([1, 9])).toBe(INVALID_REPLICA_ASSIGNMENT)
      expect(await reassign([3, 2, 1])).toBe(0)
      await expect.poll(async () => (await partitionOf(world, topic)).replicaNodes, { timeout: 20_000 }).toEqual([3, 2, 1])
    })

    describe.skipIf(noReferee !== '')("Kafka's own tools", { timeout: 180_000 }, () => {
      let folder: string
      beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), 'odradek-tools-'))
      })
      afterAll(() => rm(folder, { recursive: true, force: true }))

      const file = async (name: string, content: object): Promise<string> => {
        const path = join(folder, name)
        await writeFile(path, JSON.stringify(content))
        return path
      }

      it('T2: kafka-configs shows and changes what topics, nodes, groups and users have', async () => {
        const topic = await world.topic(1, { configs: { 'max.message.bytes': '20000' } })
        const user = world.freshName()
        const ofTopic = ['--entity-type', 'topics', '--entity-name', topic] as const
        const ofUser = ['--entity-type', 'users', '--entity-name', user] as const
        const [own, all, node, nodes, group, , after, , made, , gone] = await run(
          world,
          [CONFIGS, '--describe', ...ofTopic],
          [CONFIGS, '--describe', '--all', ...ofTopic],
          [CONFIGS, '--describe', '--all', '--entity-type', 'brokers', '--entity-name', '1'],
          [CONFIGS, '--describe', '--entity-type', 'brokers', '--entity-default'],
          [CONFIGS, '--describe', '--entity-type', 'groups', '--entity-name', world.freshName()],
          [CONFIGS, '--alter', '--add-config', 'retention.ms=70000', '--delete-config', 'max.message.bytes', ...ofTopic],
          [CONFIGS, '--describe', '--entity-type', 'topics', '--entity-name', topic],
          [CONFIGS, '--alter', '--add-config', 'SCRAM-SHA-256=[iterations=5000,password=secret]', ...ofUser],
          [CONFIGS, '--describe', ...ofUser],
          [CONFIGS, '--alter', '--delete-config', 'SCRAM-SHA-256', ...ofUser],
          [CONFIGS, '--describe', ...ofUser],
        )
        expect([...configsIn(own!)]).toEqual([['max.message.bytes', '20000']])
        expect(configsIn(all!).size).toBe(33)
        const told = configsIn(node!)
        for (const [name, value] of [
          ['node.id', '1'],
          ['num.partitions', '1'],
          ['message.max.bytes', '1048588'],
          ['group.consumer.session.timeout.ms', '45000'],
          ['ssl.keystore.key', 'null'],
        ])
          expect([name, told.get(name!)]).toEqual([name, value])
        expect(told.get('advertised.listeners')).toContain(world.brokers[0]!)
        expect(node).toContain('min.insync.replicas')
        expect(configsIn(nodes!).get('min.insync.replicas')).toMatch(/^\d$/)
        expect(group).toMatch(/doesn't exist and doesn't have dynamic config/)
        expect([...configsIn(after!)]).toEqual([['retention.ms', '70000']])
        expect(made).toContain(`SCRAM credential configs for user-principal '${user}' are SCRAM-SHA-256=iterations=5000`)
        expect(gone).not.toContain('SCRAM-SHA-256')
      })

      it('T2: kafka-log-dirs shows the sizes of the logs of a topic on every node that has it', async () => {
        const topic = await world.topic(2)
        const producer = world.client().producer({ idempotent: true })
        await producer.produce({ topic, partition: 0, value: 'x'.repeat(500) })
        const [printed] = await run(world, ['LogDirsCommand', '--describe', '--topic-list', topic])
        const { brokers } = JSON.parse(printed!.split('\n').find((line) => line.startsWith('{'))!) as {
          brokers: { broker: number; logDirs: { logDir: string; partitions: { partition: string; size: number }[] }[] }[]
        }
        expect(brokers.map(({ broker }) => broker).sort()).toEqual(Array.from({ length: world.nodes }, (_, i) => i + 1))
        const sizes = new Set<number>()
        for (const { logDirs } of brokers) {
          expect(logDirs).toHaveLength(1)
          expect(logDirs[0]!.logDir).toMatch(/^\//)
          const partitions = logDirs[0]!.partitions.toSorted((a, b) => (a.partition < b.partition ? -1 : 1))
          expect(partitions).toMatchObject([
            { partition: `${topic}-0`, offsetLag: 0, isFuture: false },
            { partition: `${topic}-1`, size: 0 },
          ])
          sizes.add(partitions[0]!.size)
        }
        expect([...sizes]).toEqual([expect.any(Number)])
        expect([...sizes][0]).toBeGreaterThan(500)
        expect([...sizes][0]).toBeLessThan(600)
      })

      it('T2: kafka-get-offsets and kafka-delete-records: where logs begin and end', async () => {
        const topic = await world.topic(2)
        const producer = world.client().producer()
        for (const timestamp of [1_000, 3_000, 2_000]) await producer.produce({ topic, partition: 0, value: 'x', timestamp })
        const doomed = await file('doomed.json', { version: 1, partitions: [{ topic, partition: 0, offset: 1 }] })
        const offsets = (time: string): Call => ['GetOffsetShell', '--topic', topic, '--time', time]
        const [latest, earliest, byTime, newest, , after] = await run(
          world,
          offsets('-1'),
          offsets('-2'),
          offsets('1500'),
          offsets('-3'),
          ['DeleteRecordsCommand', '--offset-json-file', doomed],
          offsets('-2'),
        )
        const lines = (text: string): string[] => text.trim().split('\n')
        expect(lines(latest!)).toEqual([`${topic}:0:3`, `${topic}:1:0`])
        expect(lines(earliest!)).toEqual([`${topic}:0:0`, `${topic}:1:0`])
        expect(lines(byTime!)).toEqual([`${topic}:0:1`])
        expect(lines(newest!)).toEqual([`${topic}:0:1`])
        expect(lines(after!)).toEqual([`${topic}:0:1`, `${topic}:1:0`])
      })

      it('T2: kafka-reassign-partitions moves replicas and says so, kafka-leader-election makes the preferred one leader', async () => {
        const topic = await world.topic(1)
        await world.client().producer().produce({ topic, partition: 0, value: 'stays' })
        const epochs = [(await partitionOf(world, topic)).leaderEpoch]
        const noteEpoch = async () => void epochs.push((await partitionOf(world, topic)).leaderEpoch - epochs[0]!)
        const nodes = Array.from({ length: world.nodes }, (_, i) => i + 1)
        const replicas = nodes.toReversed()
        const wish = await file('wish.json', { version: 1, partitions: [{ topic, partition: 0, replicas }] })
        const topics = await file('topics.json', { version: 1, topics: [{ topic }] })
        const REASSIGN = 'reassign.ReassignPartitionsCommand'
        const [proposal, started] = await run(
          world,
          [REASSIGN, '--generate', '--topics-to-move-json-file', topics, '--broker-list', nodes.join()],
          [REASSIGN, '--execute', '--reassignment-json-file', wish],
          [REASSIGN, '--list'],
        )
        expect(proposal).toContain('Proposed partition reassignment configuration')
        expect(proposal).toContain(`{"topic":"${topic}","partition":0,"replicas":[${nodes.join()}],"log_dirs":[`)
        expect(started).toContain(`Successfully started partition reassignment for ${topic}-0`)
        await expect.poll(async () => (await partitionOf(world, topic)).replicaNodes, { timeout: 20_000 }).toEqual(replicas)
        expect((await partitionOf(world, topic)).leaderId).toBe(1)
        await noteEpoch()
        const [verified, elected, again] = await run(
          world,
          [REASSIGN, '--verify', '--reassignment-json-file', wish],
          ['LeaderElectionCommand', '--election-type', 'preferred', '--topic', topic, '--partition', '0'],
          ['LeaderElectionCommand', '--election-type', 'preferred', '--topic', topic, '--partition', '0'],
        )
        expect(verified).toContain(`Reassignment of partition ${topic}-0 is completed.`)
        if (world.nodes > 1)
          expect(elected).toContain(`Successfully completed leader election (PREFERRED) for partitions ${topic}-0`)
        expect(again).toContain(`Valid replica already elected for partitions ${topic}-0`)
        for (const address of world.brokers) {
          const leader = async () => (await partitionOf(world, topic, address)).leaderId
          await expect.poll(leader, { timeout: 20_000 }).toBe(world.nodes)
        }
        await noteEpoch()
        // to a pair without one who follows, which the leader of before goes on leading
        const pair = [2, world.nodes]
        await run(world, [
          REASSIGN,
          '--execute',
          '--reassignment-json-file',
          await file('pair.json', { version: 1, partitions: [{ topic, partition: 0, replicas: pair }] }),
        ])
        await expect.poll(async () => (await partitionOf(world, topic)).isrNodes.toSorted(), { timeout: 20_000 }).toEqual(pair)
        expect((await partitionOf(world, topic)).leaderId).toBe(world.nodes)
        await noteEpoch()
        // to a single replica, which is the leader from then on
        const single = await file('single.json', { version: 1, partitions: [{ topic, partition: 0, replicas: [1] }] })
        await run(world, [REASSIGN, '--execute', '--reassignment-json-file', single])
        for (const address of world.brokers) {
          const seen = async () => {
            const { leaderId, replicaNodes, isrNodes } = await partitionOf(world, topic, address)
            return { leaderId, replicaNodes, isrNodes }
          }
          await expect.poll(seen, { timeout: 20_000 }).toEqual({ leaderId: 1, replicaNodes: [1], isrNodes: [1] })
        }
        await noteEpoch()
        expect(epochs.slice(1)).toEqual([0, 1, 2, 3])
        expect((await world.log(topic)).map(({ value }) => String(value))).toEqual(['stays'])
      })

      it('T2: kafka-transactions finds nothing that hangs where nothing does', async () => {
        const topic = await world.topic(1)
        const header =
          /^Topic\s+Partition\s+ProducerId\s+ProducerEpoch\s+CoordinatorEpoch\s+StartOffset\s+LastTimestamp\s+Duration\(min\)\s*$/
        const [hanging] = await run(world, ['TransactionsCommand', 'find-hanging', '--topic', topic])
        expect(hanging).toMatch(header)
      })
    })
  },
  ['embedded-3', 'real-3'],
)

onEmbedded('a transaction that hangs', 3, (world) => {
  it.skipIf(noReferee !== '')(
    'T2: kafka-transactions finds one whose marker was lost, and ends it',
    { timeout: 120_000 },
    async () => {
      const topic = await world.topic(1)
      await writeTransactions({ brokers: world.brokers, prefix: topic, steps: ['begin a', `send a ${topic} 0 one`, 'commit a'] })
      await expect.poll(async () => (await world.broker.log(topic, 0)).lastStableOffset).toBe(2)
      // the coordinator is done with it, and the partition has forgotten that
      await world.broker.loseRecords(topic, 0, 1)
      expect(await world.broker.log(topic, 0)).toMatchObject({ highWatermark: 1, lastStableOffset: 0 })
      const find: Call = ['TransactionsCommand', 'find-hanging', '--topic', topic, '--max-transaction-timeout', '0']
      const [hanging, , after] = await run(
        world,
        find,
        ['TransactionsCommand', 'abort', '--topic', topic, '--partition', '0', '--start-offset', '0'],
        find,
      )
      const rows = (text: string): string[][] =>
        text
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => line.trim().split(/\s+/))
      expect(rows(hanging!).map(([name, partition, , , , start]) => [name, partition, start])).toEqual([[topic, '0', '0']])
      expect(rows(after!)).toEqual([])
      expect(await world.broker.log(topic, 0)).toMatchObject({ highWatermark: 2, lastStableOffset: 2 })
    },
  )
})
