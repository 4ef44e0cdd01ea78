/** What a broker remembers of the requests it got, and the versions it speaks. */
import { afterEach, describe, expect, test } from 'vitest'
import { Kafka } from '../../../src/main/index.ts'
import { RequestLog } from '../../../src/main/testing/broker/request-log.ts'
import { type BrokerOptions, type EmbeddedBroker, startBroker } from '../../../src/main/testing/index.ts'
import { nodeEnv } from '../../../src/shared/node-env.ts'
import { apiVersions } from '../../../src/shared/protocol/generated/api-versions.ts'
import { consumerGroupHeartbeat } from '../../../src/shared/protocol/generated/consumer-group-heartbeat.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../../src/shared/protocol/generated/produce.ts'
import { quickBroker } from '../../support/quick.ts'
import { makeBatch } from './batches.ts'
import { RawClient } from './client.ts'

const env = nodeEnv()
const open: { close(): unknown }[] = []

async function start(options: BrokerOptions = {}): Promise<EmbeddedBroker> {
  const broker = await startBroker({ ...quickBroker, topics: [{ topic: 't', partitions: 3 }], ...options })
  open.push(broker)
  return broker
}

async function client(broker: EmbeddedBroker, node = 1): Promise<RawClient> {
  const raw = await RawClient.open(env, broker.brokers[node - 1]!)
  open.push(raw)
  return raw
}

const write = (raw: RawClient, version = 12) =>
  raw.call(produce, version, {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: 't', partitionData: [{ index: 0, records: makeBatch({ values: ['v', 'w'], timestamp: Date.now() }) }] }],
  })

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

describe('T3 the requests that arrived', () => {
  test('one Produce request carries the records of three partitions', async () => {
    const broker = await start()
    const kafka = new Kafka({ brokers: broker.brokers, clientId: 'shop' })
    open.push(kafka)
    const producer = kafka.producer({ lingerMs: 50 })
    await producer.produce({ topic: 't', value: 'first', partition: 0 })
    const mark = await broker.requestMark()
    await Promise.all([0, 1, 2].map((partition) => producer.produce({ topic: 't', value: 'x', partition })))
    const sent = await broker.requests({ api: 'Produce', clientId: 'shop', since: mark })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ api: 'Produce', node: 1, clientId: 'shop', body: { acks: -1 } })
    expect(sent[0]!.client).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(Math.abs(sent[0]!.at - Date.now())).toBeLessThan(10_000)
    const partitions = sent[0]!.body.topicData.flatMap((topic: { partitionData: object[] }) => topic.partitionData)
    expect(partitions).toHaveLength(3)
    expect(partitions[0].records).toMatchObject({ records: 1, producerEpoch: 0, compression: 'none', transactional: false })
  })

  test('are told by API, node and client, in order', async () => {
    const broker = await start({ nodes: 2 })
    const [one, two] = [await client(broker, 1), await client(broker, 2)]
    await one.call(metadata, 12, { topics: [{ name: 't' }] })
    await two.call(metadata, 9, { topics: [] })
    await one.call(apiVersions, 4, { clientSoftwareName: 'x', clientSoftwareVersion: '1' })
    const told = async (filter = {}) =>
      (await broker.requests(filter)).map(({ api, node, version }) => `${api} ${version} at ${node}`)
    expect(await told()).toEqual(['Metadata 12 at 1', 'Metadata 9 at 2', 'ApiVersions 4 at 1'])
    expect(await told({ node: 2 })).toEqual(['Metadata 9 at 2'])
    expect(await told({ api: 'Metadata' })).toHaveLength(2)
    expect(await told({ clientId: 'somebody' })).toEqual([])
    expect((await broker.requests())[0]!.body.topics).toEqual([expect.objectContaining({ name: 't' })])
  })

  test('are the last ones; what is asked for and forgotten is an error', async () => {
    const broker = await start({ recordedRequests: 3 })
    const raw = await client(broker)
    const mark = await broker.requestMark()
    const ask = () => raw.call(metadata, 12, { topics: [] })
    for (let i = 0; i < 3; i++) await ask()
    expect(await broker.requests({ since: mark })).toHaveLength(3)
    for (let i = 0; i < 2; i++) await ask()
    expect((await broker.requests()).map(({ index }) => index)).toEqual([3, 4, 5])
    await expect(broker.requests({ since: mark })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('the first 2 are forgotten'),
    })
    expect(await broker.requests({ since: 2 })).toHaveLength(3)
  })

  test('are counted where none is remembered', async () => {
    const broker = await start({ recordedRequests: 0 })
    await (await client(broker)).call(metadata, 12, { topics: [] })
    await expect(broker.requests()).rejects.toMatchObject({ message: expect.stringContaining('recordedRequests: 0') })
    expect(await broker.requestCounts('Metadata')).toEqual([{ api: 'Metadata', node: 1, requests: 1, partitions: [] }])
  })

  test('S6 tell no secrets, keep no batches and nothing large', () => {
    const log = new RequestLog(10)
    const about = { version: 1, node: 1, clientId: null, correlationId: 1, client: 'c', at: 0 }
    log.add(36, 100, { ...about, api: 'SaslAuthenticate', body: { authBytes: Buffer.from('password') } })
    const upsertions = [{ name: 'ann', mechanism: 1, salt: Buffer.from('salt'), saltedPassword: Buffer.from('secret') }]
    log.add(51, 100, { ...about, api: 'AlterUserScramCredentials', body: { upsertions } })
    const configs = [
      { name: 'ssl.keystore.password', value: 'secret' },
      { name: 'retention.ms', value: '5' },
    ]
    log.add(44, 100, { ...about, api: 'IncrementalAlterConfigs', body: { resources: [{ configs }] } })
    const records = Buffer.alloc(1000, 'secret')
    log.add(0, 1_000_000, {
      ...about,
      api: 'Produce',
      body: { topicData: [{ name: 't', partitionData: [{ index: 0, records }] }] },
    })
    log.add(14, 1_000_000, { ...about, api: 'SyncGroup', body: { assignments: [] } })
    const told = log.list({})
    expect(JSON.stringify(told)).not.toContain('secret')
    expect(told.map(({ body }) => body)).toEqual([
      { authBytes: '(redacted)' },
      { upsertions: [{ name: 'ann', mechanism: 1, salt: '(redacted)', saltedPassword: '(redacted)' }] },
      { resources: [{ configs: [{ name: 'ssl.keystore.password', value: '(redacted)' }, configs[1]] }] },
      { topicData: [{ name: 't', partitionData: [{ index: 0, records: { bytes: 1000 } }] }] },
      undefined,
    ])
  })
})

describe('T3 maxVersions imitate an older broker', () => {
  const versions = async (raw: RawClient) => {
    const { apiKeys } = await raw.call(apiVersions, 4, { clientSoftwareName: 'x', clientSoftwareVersion: '1' })
    return new Map(apiKeys.map(({ apiKey, maxVersion }) => [apiKey, maxVersion]))
  }

  test('later versions are not offered and end the connection', async () => {
    const broker = await start({ maxVersions: { Produce: 9, ConsumerGroupHeartbeat: null } })
    const raw = await client(broker)
    const offered = await versions(raw)
    expect([offered.get(0), offered.has(68), offered.get(3)]).toEqual([9, false, 13])
    expect((await write(raw, 9)).responses[0]!.partitionResponses[0]!.errorCode).toBe(0)
    await expect(write(raw, 10)).rejects.toThrow('connection closed')
    const heartbeat = (await client(broker)).call(consumerGroupHeartbeat, 0, { groupId: 'g', memberId: 'm' })
    await expect(heartbeat).rejects.toThrow('connection closed')
    expect((await broker.log('t', 0)).highWatermark).toBe(2)
  })

  test('the feature of the consumer protocol goes with its API', async () => {
    const broker = await start()
    const features = async () => {
      const ask = { clientSoftwareName: 'x', clientSoftwareVersion: '1' }
      return (await (await client(broker)).call(apiVersions, 4, ask)).finalizedFeatures.map(({ name }) => name)
    }
    expect(await features()).toContain('group.version')
    await broker.setMaxVersions({ ConsumerGroupHeartbeat: null })
    expect(await features()).not.toContain('group.version')
  })

  test('too new an ApiVersions is told the newest one there is', async () => {
    const broker = await start({ maxVersions: { ApiVersions: 2 } })
    const raw = await client(broker)
    // the answer is one of version 0, which the next version begins with
    const writer = raw.call(apiVersions, 3, { clientSoftwareName: 'x', clientSoftwareVersion: '1' })
    await expect(writer).rejects.toThrow()
    expect((await raw.call(apiVersions, 2, {})).apiKeys.find(({ apiKey }) => apiKey === 18)).toMatchObject({ maxVersion: 2 })
  })

  test('change while it runs, at one node or at all', async () => {
    const broker = await start({ nodes: 2 })
    const offered = async () => Promise.all([1, 2].map(async (node) => (await versions(await client(broker, node))).get(0)))
    await broker.setMaxVersions({ Produce: 8 }, { node: 2 })
    expect(await offered()).toEqual([13, 8])
    await broker.setMaxVersions({ Produce: 11 })
    expect(await offered()).toEqual([11, 11])
    await broker.setMaxVersions({})
    expect(await offered()).toEqual([13, 13])
    await expect(broker.setMaxVersions({ Produce: 1 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('3 to 13'),
    })
    await expect(broker.setMaxVersions({ Produced: 9 })).rejects.toMatchObject({ message: expect.stringContaining("'Produce'") })
    await expect(broker.setMaxVersions({}, { node: 7 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  test.each<[object, string]>([
    [{ maxVersions: { Produce: 2 } }, 'cannot end at 2'],
    [{ maxVersions: { Produce: '9' } }, 'whole number or null'],
    [{ maxVersions: { Fetsh: 9 } }, "'Fetch'"],
    [{ maxVersions: 9 }, 'versions by API'],
    [{ recordedRequests: -1 }, 'recordedRequests'],
  ])('%j is refused', async (options, hint) => {
    await expect(startBroker(options as BrokerOptions)).rejects.toThrow(hint)
  })

  test('the client speaks to a broker of Kafka 2.8', async () => {
    const broker = await start({ maxVersions: KAFKA_2_8 })
    const kafka = new Kafka({ brokers: broker.brokers, clientId: 'modern' })
    open.push(kafka)
    await kafka.producer().produce({ topic: 't', value: 'v', partition: 1 })
    const [batch] = await kafka.fetch([{ topic: 't', partition: 1, offset: 0 }])
    expect(batch!.records.map(({ value }) => String(value))).toEqual(['v'])
    const spoken = await broker.requests({ clientId: 'modern' })
    expect(spoken.length).toBeGreaterThan(3)
    for (const { api, version } of spoken) {
      const limit = KAFKA_2_8[api as keyof typeof KAFKA_2_8]
      if (typeof limit === 'number') expect(version, api).toBeLessThanOrEqual(limit)
    }
  })
})

/** As that release has them, of the APIs that this client uses. */
const KAFKA_2_8 = {
  ...{ Produce: 9, Fetch: 12, ListOffsets: 6, Metadata: 11, OffsetCommit: 8, OffsetFetch: 7, FindCoordinator: 3, ApiVersions: 3 },
  ...{ InitProducerId: 4, OffsetForLeaderEpoch: 4, DescribeCluster: 0 },
  ...{ ConsumerGroupHeartbeat: null, ConsumerGroupDescribe: null },
}
