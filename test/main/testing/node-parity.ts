/** What nodes tell of themselves, as real Kafka does: their settings, and where their logs are. */
import { expect, test } from 'vitest'
import { type DescribeConfigsResponse, describeConfigs } from '../../../src/shared/protocol/generated/describe-configs.ts'
import { type DescribeLogDirsResponse, describeLogDirs } from '../../../src/shared/protocol/generated/describe-log-dirs.ts'
import { produce } from '../../../src/shared/protocol/generated/produce.ts'
import { makeBatch } from './batches.ts'
import type { Both } from './both.ts'

type Config = DescribeConfigsResponse['results'][number]['configs'][number]

const NODE = 4
const DEFAULT = 5

export function nodeParity(current: () => Both): void {
  const describeNode = async (broker: number, options: object = {}): Promise<Config[]> => {
    const resources = [{ resourceType: NODE, resourceName: '1', configurationKeys: null }]
    const answer = (await current().ask(broker, describeConfigs, 4, { resources, ...options })) as DescribeConfigsResponse
    expect(answer.results).toMatchObject([{ errorCode: 0, resourceName: '1' }])
    return answer.results[0]!.configs
  }

  test('T5 DescribeConfigs of a node: every setting that there is has the name, the type and the default of Kafka', async () => {
    const [real, embedded] = await Promise.all([0, 1].map((broker) => describeNode(broker, { includeSynonyms: true })))
    expect(embedded!.length).toBeGreaterThan(60)
    expect(new Set(embedded!.map(({ name }) => name)).size).toBe(embedded!.length)
    const known = new Map(real!.map((config) => [config.name, config]))
    const nature = ({ name, readOnly, isSensitive, configType, synonyms }: Config) => {
      const byDefault = synonyms.find(({ source }) => source === DEFAULT)
      return { name, readOnly, isSensitive, configType, byDefault }
    }
    expect(embedded!.map(nature)).toEqual(embedded!.map(({ name }) => nature(known.get(name)!)))
    // where neither was told anything the whole answer is the same
    const untold = embedded!.filter(
      ({ name, configSource }) => configSource === DEFAULT && known.get(name)!.configSource === DEFAULT,
    )
    expect(untold.length).toBeGreaterThan(40)
    expect(untold).toEqual(untold.map(({ name }) => known.get(name)))
  })

  test('DescribeConfigs of a node: documentation and synonyms come when they are asked for', async () => {
    for (const includeDocumentation of [false, true]) {
      for (const includeSynonyms of [false, true]) {
        for (const broker of [0, 1]) {
          const configs = await describeNode(broker, { includeDocumentation, includeSynonyms })
          expect(configs.every(({ documentation }) => (documentation !== null) === includeDocumentation)).toBe(true)
          const withValue = configs.filter(({ value }) => value !== null)
          expect(withValue.every(({ synonyms }) => synonyms.length > 0 === includeSynonyms)).toBe(true)
        }
      }
    }
    const resources = [{ resourceType: 2, resourceName: current().topic, configurationKeys: null }]
    for (const broker of [0, 1]) {
      const wish = { resources, includeDocumentation: true }
      const { results } = (await current().ask(broker, describeConfigs, 4, wish)) as DescribeConfigsResponse
      expect(results[0]!.configs.every(({ documentation }) => (documentation ?? '').length > 10)).toBe(true)
    }
  })

  test('DescribeConfigs of nodes, by names and keys of every kind', async () => {
    const names = ['1', '01', '+1', '', '2', '-1', 'abc', '1.0', ' 1', '999999999999']
    const keys = [
      ['node.id'],
      ['broker.id', 'node.id', 'broker.id'],
      ['delete.topic.enable', 'no.such.config'],
      ['ssl.keystore.key'],
    ]
    for (let version = describeConfigs.minVersion; version <= describeConfigs.maxVersion; version++) {
      for (const configurationKeys of keys) {
        const resources = names.map((resourceName) => ({ resourceType: NODE, resourceName, configurationKeys }))
        await current().same(describeConfigs, version, { resources, includeSynonyms: true }, { unordered: true })
      }
      const ofCluster = [null, [], ['min.insync.replicas'], ['node.id']].map((configurationKeys) => {
        return { resourceType: NODE, resourceName: '', configurationKeys }
      })
      for (const resource of ofCluster)
        await current().same(describeConfigs, version, { resources: [resource], includeSynonyms: true })
    }
  })

  test('DescribeConfigs: one resource of a type that there is not spoils the request', async () => {
    const node = { resourceType: NODE, resourceName: '1', configurationKeys: ['node.id'] }
    for (const resourceType of [0, 1, 3, 64, -1]) {
      await current().same(describeConfigs, 4, {
        resources: [{ resourceType, resourceName: 'x', configurationKeys: null }, node],
      })
    }
  })

  test('T5 DescribeLogDirs: sizes of the logs that there are, and nothing of those that there are not', async () => {
    const { topic, stamped } = current()
    const records = makeBatch({ values: ['some', 'thing'], timestamp: Date.now() })
    const partitionData = [{ index: 1, records }]
    const written = { acks: -1, timeoutMs: 9000, topicData: [{ name: stamped, partitionData }] }
    await current().same(produce, 9, written, { ignore: ['logAppendTimeMs'] })
    const lists = [
      [{ topic: stamped, partitions: [0, 1] }],
      [{ topic: stamped, partitions: [9] }],
      [{ topic: stamped, partitions: [1, 1, -1] }],
      [{ topic: 'none', partitions: [0] }],
      [{ topic: 'no ne', partitions: [0] }],
      [{ topic: '', partitions: [0] }],
      [{ topic: stamped, partitions: [] }],
      [
        { topic, partitions: [1] },
        { topic: stamped, partitions: [0] },
        { topic, partitions: [0] },
      ],
      [],
    ]
    const ignore = ['logDir', 'totalBytes', 'usableBytes']
    for (let version = describeLogDirs.minVersion; version <= describeLogDirs.maxVersion; version++) {
      for (const topics of lists) await current().same(describeLogDirs, version, { topics }, { ignore, unordered: true })
      for (const broker of [0, 1]) {
        const asked = { topics: [{ topic: stamped, partitions: [1] }] }
        const answer = (await current().ask(broker, describeLogDirs, version, asked)) as DescribeLogDirsResponse
        const [directory] = answer.results
        expect(directory!.logDir).toMatch(/^\/.+/)
        expect(directory!.topics[0]!.partitions[0]!.partitionSize).toBeGreaterThanOrEqual(records.length)
        const all = (await current().ask(broker, describeLogDirs, version, { topics: null })) as DescribeLogDirsResponse
        expect(all.results[0]!.topics.map(({ name }) => name)).toEqual(expect.arrayContaining([topic, stamped]))
      }
    }
  })
}
