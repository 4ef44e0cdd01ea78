import { describe, expect, test } from 'vitest'
import { type DescribeConfigsResponse, describeConfigs } from '../../../src/shared/protocol/generated/describe-configs.ts'
import { Fixture, type FixtureOptions } from './fixture.ts'

type Config = DescribeConfigsResponse['results'][number]['configs'][number]

async function describeAt(node: number, options: FixtureOptions, resources: object[], keys: string[] | null = null) {
  const fixture = await Fixture.start(options)
  const client = await fixture.client(node)
  const wanted = resources.map((one) => ({ resourceType: 4, configurationKeys: keys, ...one }))
  const call = client.call(describeConfigs, 4, { resources: wanted, includeSynonyms: true })
  return (await fixture.after(call)).results
}

/** By name: value, source, and the synonyms as text. */
const told = (configs: readonly Config[]) =>
  Object.fromEntries(
    configs.map(({ name, value, configSource, synonyms }) => [
      name,
      [value, configSource, ...synonyms.map((one) => `${one.name}=${one.value} (${one.source})`)],
    ]),
  )

describe('the settings of a node', () => {
  test('what the broker was told is shown as set at the start, before the default of Kafka', async () => {
    const options: FixtureOptions = {
      nodes: 3,
      racks: ['a', 'b', 'c'],
      configs: { 'retention.ms': '1000', 'max.message.bytes': '2000' },
      groups: { sessionTimeoutMs: 46_000, maxSize: 7 },
      transactions: { maxTimeoutMs: 5_000 },
      autoCreateTopics: true,
      retentionCheckMs: 50,
      maxConnections: 9,
      producerIdExpirationMs: 4_000,
    }
    const keys = ['log.retention.ms', 'message.max.bytes', 'group.consumer.session.timeout.ms', 'group.max.size', 'broker.rack']
    const more = ['transaction.max.timeout.ms', 'auto.create.topics.enable', 'log.retention.check.interval.ms', 'max.connections']
    const rest = ['producer.id.expiration.ms', 'node.id', 'default.replication.factor', 'replica.selector.class', 'log.dirs']
    const [result] = await describeAt(2, options, [{ resourceName: '2' }], [...keys, ...more, ...rest])
    expect(told(result!.configs)).toEqual({
      'log.retention.ms': ['1000', 4, 'log.retention.ms=1000 (4)', 'log.retention.hours=168 (5)'],
      'message.max.bytes': ['2000', 4, 'message.max.bytes=2000 (4)', 'message.max.bytes=1048588 (5)'],
      'group.consumer.session.timeout.ms': [
        '46000',
        4,
        'group.consumer.session.timeout.ms=46000 (4)',
        'group.consumer.session.timeout.ms=45000 (5)',
      ],
      'group.max.size': ['7', 4, 'group.max.size=7 (4)', 'group.max.size=2147483647 (5)'],
      'broker.rack': ['b', 4, 'broker.rack=b (4)'],
      'transaction.max.timeout.ms': ['5000', 4, 'transaction.max.timeout.ms=5000 (4)', 'transaction.max.timeout.ms=900000 (5)'],
      'auto.create.topics.enable': ['true', 5, 'auto.create.topics.enable=true (5)'],
      'log.retention.check.interval.ms': [
        '50',
        4,
        'log.retention.check.interval.ms=50 (4)',
        'log.retention.check.interval.ms=300000 (5)',
      ],
      'max.connections': ['9', 4, 'max.connections=9 (4)', 'max.connections=2147483647 (5)'],
      'producer.id.expiration.ms': ['4000', 4, 'producer.id.expiration.ms=4000 (4)', 'producer.id.expiration.ms=86400000 (5)'],
      'node.id': ['2', 4, 'node.id=2 (4)'],
      'default.replication.factor': ['3', 4, 'default.replication.factor=3 (4)', 'default.replication.factor=1 (5)'],
      'replica.selector.class': [
        'org.apache.kafka.common.replica.RackAwareReplicaSelector',
        4,
        'replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector (4)',
      ],
      'log.dirs': [null, 5],
    })
  })

  test('a topic names what its broker was told, and the default with another unit', async () => {
    const options = { configs: { 'segment.ms': '5000', 'flush.ms': '9' } }
    const [result] = await describeAt(1, options, [{ resourceType: 2, resourceName: 't' }], ['segment.ms', 'flush.ms'])
    expect(told(result!.configs)).toEqual({
      'segment.ms': ['5000', 4, 'log.roll.ms=5000 (4)', 'log.roll.hours=168 (5)'],
      'flush.ms': ['9', 4, 'log.flush.interval.ms=9 (4)', 'log.flush.scheduler.interval.ms=9223372036854775807 (5)'],
    })
  })

  test('a node tells of itself alone; nobody is shown a key', async () => {
    const tls = { cert: 'CERT', key: 'SECRET KEY', ca: 'CA', clientAuth: 'required' as const }
    const results = await describeAt(1, { nodes: 2, tls }, [{ resourceName: '1' }, { resourceName: '2' }])
    expect(results.map(({ errorCode }) => errorCode)).toEqual([0, 42])
    expect(JSON.stringify(results)).not.toMatch(/SECRET|CERT/)
    const shown = told(results[0]!.configs)
    expect(shown['ssl.keystore.key']).toEqual([null, 4, 'ssl.keystore.key=null (4)'])
    expect(shown['ssl.client.auth']).toEqual(['required', 4, 'ssl.client.auth=required (4)', 'ssl.client.auth=none (5)'])
    expect(shown['listeners']![0]).toMatch(/^SSL:\/\/virtual:\d+$/)
    expect(results[0]!.configs.filter(({ isSensitive }) => isSensitive).every(({ value }) => value === null)).toBe(true)
  })
})
