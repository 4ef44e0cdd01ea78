import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isAlive } from './cache.ts'
import { findKafka, type RealKafka, startKafka } from './index.ts'
import { consoleConsumer, consoleProducer, javaTool } from './java-tools.ts'
import { awaitRegistered, probe } from './probe.ts'
import { advertisedOf, checkListeners, scramArguments, serverProperties } from './server-properties.ts'

// Faults need nodes of our own, so a cluster that somebody else runs does not count.
const { via, missing } = await findKafka()
const own = via !== undefined && via !== 'brokers'
const reason = own ? '' : ` (skipped: ${[...missing.values()].join('; ') || 'KAFKA_BROKERS is set'})`
const SLOW = 300_000 // the very first start downloads

const ids = async (address: string) => (await probe(address)).brokers.map((broker) => broker.nodeId).sort()

async function createTopic(kafka: RealKafka, topic: string, partitions: number): Promise<void> {
  const args = ['--bootstrap-server', kafka.brokers.join(','), '--create', '--topic', topic, '--partitions', String(partitions)]
  const { code, stdout } = await javaTool('org.apache.kafka.tools.TopicCommand', args)
  expect(code, stdout).toBe(0)
}

// Each Java tool takes a second or two, far more on a busy machine.
describe.skipIf(!own)(`a real Kafka of one node${reason}`, { timeout: 60_000 }, () => {
  let kafka: RealKafka
  beforeAll(async () => {
    kafka = await startKafka({ nodes: 1, configs: { 'num.partitions': 7 } })
  }, SLOW)
  afterAll(() => kafka?.stop())

  it('answers at its advertised address', async () => {
    const { brokers, controllerId } = await probe(kafka.brokers[0]!)
    expect(brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`])).toEqual([[1, kafka.brokers[0]]])
    expect(controllerId).toBe(1)
  })

  it('brings what the Java producer wrote to the Java consumer byte for byte', async () => {
    const { brokers } = kafka
    await createTopic(kafka, 'round-trip', 1)
    await consoleProducer({
      brokers,
      topic: 'round-trip',
      lines: ['a:1,b:ü\tkey\tvalue', 'c:-\tback\\slash\t日本', 'd:x\t-\t-'],
      reader: { 'parse.key': true, 'parse.headers': true, 'null.marker': '-' },
      properties: { 'compression.type': 'zstd', 'enable.idempotence': true },
    })
    const records = await consoleConsumer({ brokers, topic: 'round-trip', max: 3 })
    expect(records.map(({ partition, offset, timestampType }) => [partition, offset, timestampType])).toEqual(
      [0, 1, 2].map((offset) => [0, offset, 'CreateTime']),
    )
    expect(records.map(({ key, value }) => [key?.toString() ?? null, value?.toString() ?? null])).toEqual([
      ['key', 'value'],
      ['back\\slash', '日本'],
      [null, null],
    ])
    expect(records.map(({ headers }) => headers.map(({ key, value }) => [key, value?.toString() ?? null]))).toEqual([
      [
        ['a', '1'],
        ['b', 'ü'],
      ],
      [['c', null]],
      [['d', 'x']],
    ])
  })

  it('says so when the Java producer cannot write', async () => {
    const properties = { 'max.block.ms': 500 }
    await expect(consoleProducer({ brokers: kafka.brokers, topic: 'not-there', lines: ['x'], properties })).rejects.toThrow(
      /not-there/,
    )
  })

  it('takes configs from the caller and refuses those that are its own', async () => {
    const config = [
      '--bootstrap-server',
      kafka.brokers[0]!,
      '--entity-type',
      'brokers',
      '--entity-name',
      '1',
      '--describe',
      '--all',
    ]
    const { stdout } = await javaTool('kafka.admin.ConfigCommand', config)
    expect(stdout).toMatch(/^\s*num\.partitions=7 /m)
    await expect(startKafka({ nodes: 1, configs: { 'node.id': 9 } })).rejects.toThrow(/node\.id is set by the harness/)
  })

  it('refuses a node that is not there', async () => {
    await expect(kafka.kill(2)).rejects.toThrow(RangeError)
  })

  it('can be used through KAFKA_BROKERS, but not harmed', async () => {
    vi.stubEnv('KAFKA_BROKERS', kafka.brokers.join(','))
    vi.stubEnv('ODRADEK_KAFKA_VIA', '')
    try {
      const named = await startKafka({ nodes: 1 })
      expect([named.via, named.nodes, named.brokers]).toEqual(['brokers', 1, kafka.brokers])
      await expect(named.kill(1)).rejects.toThrow(/somebody else runs/)
      await named.stop()
      expect(await ids(kafka.brokers[0]!)).toEqual([1])
      await expect(startKafka({ nodes: 3, via: 'brokers' })).rejects.toThrow(/has 1 nodes, 3 are needed/)
      vi.stubEnv('KAFKA_BROKERS', 'nonsense')
      await expect(startKafka({ nodes: 1 })).rejects.toThrow(/'nonsense' is not host:port/)
    } finally {
      vi.unstubAllEnvs()
    }
  })
})

describe.skipIf(via !== 'maven')(`a real Kafka whose owner is killed${reason}`, { timeout: 60_000 }, () => {
  it('dies with it and leaves no files', async () => {
    const program = `
      const { startKafka } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))})
      const kafka = await startKafka({ nodes: 1 })
      process.stdout.write(JSON.stringify({ pid: kafka.process(1).pid, directory: kafka.logDirectory }))
      setInterval(() => {}, 1000)`
    const owner = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said] = (await once(owner.stdout, 'data')) as [Buffer]
    const { pid, directory } = JSON.parse(said.toString()) as { pid: number; directory: string }
    expect(isAlive(pid)).toBe(true)
    owner.kill('SIGKILL')
    await vi.waitFor(() => expect([isAlive(pid), existsSync(directory)]).toEqual([false, false]), 10_000)
  })
})

describe.skipIf(!own)(`a real Kafka of three nodes${reason}`, { timeout: 60_000 }, () => {
  let kafka: RealKafka
  beforeAll(async () => {
    kafka = await startKafka({ nodes: 3 })
  }, SLOW)
  afterAll(() => kafka?.stop())

  it('survives kill -9 of a node, which comes back on its port with its data', async () => {
    await createTopic(kafka, 'kept', 3)
    await consoleProducer({ brokers: kafka.brokers, topic: 'kept', lines: ['before'] })
    const before = kafka.process(1)
    await kafka.kill(1)
    expect(before === undefined || !isAlive(before.pid)).toBe(true)
    await expect(probe(kafka.brokers[0]!)).rejects.toThrow()
    for (const address of kafka.brokers.slice(1)) expect(await ids(address)).toEqual(expect.arrayContaining([2, 3]))
    await kafka.restart(1)
    await awaitRegistered(kafka.brokers, { brokers: 3, nodeIds: [1, 2, 3] }, 20_000)
    const records = await consoleConsumer({ brokers: [kafka.brokers[0]!], topic: 'kept', max: 1 })
    expect(records.map(({ value }) => String(value))).toEqual(['before'])
  })

  it('is silent while paused and answers afterwards', async () => {
    await kafka.kill(2, 'SIGSTOP')
    await expect(probe(kafka.brokers[1]!, 500)).rejects.toThrow(/did not answer/)
    await expect(kafka.kill(2, 'SIGTERM')).rejects.toThrow(/paused/)
    await kafka.kill(2, 'SIGCONT')
    expect(await ids(kafka.brokers[1]!)).toContain(2)
  })

  it('shuts a running node down in order before it restarts it', async () => {
    await kafka.restart(3)
    expect(kafka.logs(3)).toContain('Kafka Server started')
    await awaitRegistered(kafka.brokers, { brokers: 3 }, 20_000)
  })

  it('leaves nothing behind', async () => {
    const pids = [1, 2, 3].flatMap((nodeId) => kafka.process(nodeId)?.pid ?? [])
    const log = `${kafka.logDirectory}/node-1.log`
    expect(readFileSync(log, 'utf8')).not.toBe('')
    await kafka.stop()
    expect(pids.filter(isAlive)).toEqual([])
    expect(() => readFileSync(log)).toThrow(/ENOENT/)
    await expect(kafka.restart(1)).rejects.toThrow()
  })
})

describe('server.properties', () => {
  const node = (nodeId: number) => {
    const address = { listen: `127.0.0.1:${nodeId}`, advertised: `127.0.0.1:${nodeId}` }
    return { nodeId, client: address, broker: address, controller: address, more: new Map() }
  }

  it('asks for as many replicas as there are nodes, and for two in sync of three', () => {
    expect(serverProperties(node(1), [node(1)], '/data', {})).toMatch(/^min\.insync\.replicas=1$/m)
    const three = serverProperties(node(1), [node(1), node(2), node(3)], '/data', {})
    expect(three).toMatch(/^min\.insync\.replicas=2$/m)
    expect(three).toMatch(/^offsets\.topic\.replication\.factor=3$/m)
  })

  it('has the listeners that were asked for beside its own, each with its configs', () => {
    const address = { listen: '127.0.0.1:9', advertised: 'localhost:9' }
    const self = { ...node(1), more: new Map([['SAFE', address]]) }
    const more = new Map([['SAFE', { protocol: 'SASL_SSL' as const, configs: { 'ssl.client.auth': 'required' } }]])
    const text = serverProperties(self, [self], '/data', {}, more)
    expect(text).toContain('SAFE://127.0.0.1:9\n')
    expect(text).toMatch(/^advertised\.listeners=.*,SAFE:\/\/localhost:9$/m)
    expect(text).toMatch(/^listener\.security\.protocol\.map=CLIENT:PLAINTEXT,.*,SAFE:SASL_SSL$/m)
    expect(text).toMatch(/^listener\.name\.safe\.ssl\.client\.auth=required$/m)
    expect(advertisedOf(self, 'SAFE')).toBe('localhost:9')
    expect(() => advertisedOf(self, 'OTHER')).toThrow(/there is no listener OTHER; there are: SAFE/)
  })

  it('refuses names of listeners and users that would be read as something else', () => {
    for (const name of ['CLIENT', 'safe', 'A-B', ''])
      expect(() => checkListeners(new Map([[name, { protocol: 'SSL' }]])), name).toThrow(TypeError)
    const user = { mechanism: 'SCRAM-SHA-256' as const, name: 'u', password: 'p' }
    expect(scramArguments([user])).toEqual(['--add-scram', 'SCRAM-SHA-256=[name=u,password=p]'])
    for (const password of ["p'", 'p,q', 'p=q', 'p]']) expect(() => scramArguments([{ ...user, password }])).toThrow(TypeError)
  })

  it('writes values so that Java reads them as they are', () => {
    const text = serverProperties(node(1), [node(1)], '/data', { jaas: 'user="a\\b"\nü' })
    expect(text).toContain('jaas=user="a\\\\b"\\n\\u00fc\n')
  })
})
