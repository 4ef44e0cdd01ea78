/** What only tools ask for, as on real Kafka: what has configs, quotas, who has which replicas, and configs that are taken back. */
import { expect, test, vi } from 'vitest'
import { alterPartitionReassignments } from '../../../src/shared/protocol/generated/alter-partition-reassignments.ts'
import { createAcls } from '../../../src/shared/protocol/generated/create-acls.ts'
import { deleteAcls } from '../../../src/shared/protocol/generated/delete-acls.ts'
import { describeAcls } from '../../../src/shared/protocol/generated/describe-acls.ts'
import { describeClientQuotas } from '../../../src/shared/protocol/generated/describe-client-quotas.ts'
import { describeConfigs } from '../../../src/shared/protocol/generated/describe-configs.ts'
import { incrementalAlterConfigs } from '../../../src/shared/protocol/generated/incremental-alter-configs.ts'
import { listConfigResources } from '../../../src/shared/protocol/generated/list-config-resources.ts'
import { listPartitionReassignments } from '../../../src/shared/protocol/generated/list-partition-reassignments.ts'
import type { Both } from './both.ts'

const TOPIC = 2
const NODE = 4
const METRICS = 16
const GROUP = 32

export function toolsParity(current: () => Both): void {
  test('T5 AlterPartitionReassignments and ListPartitionReassignments', async () => {
    const { topic } = current()
    const one = (replicas: number[] | null, partitionIndex = 0, name = topic) => [
      { name, partitions: [{ partitionIndex, replicas }] },
    ]
    const wishes = [
      ...[[1], [], [9], [1, 1], [-1], [0], [1, 9], null].map((replicas) => one(replicas)),
      ...[one([1], 9), one(null, 9), one([1], -1), one([9], 9)],
      ...[one([1], 0, 'none'), one(null, 0, 'none'), one([1], 0, 'no ne'), one([9], 0, '')],
      ...[[], [{ name: topic, partitions: [] }], [...one([1]), ...one(null), ...one([1], 1)]],
    ]
    for (const version of [0, 1]) {
      for (const topics of wishes) {
        const head = { timeoutMs: 5000, ...(version === 1 && { allowReplicationFactorChange: topics.length !== 1 }) }
        await current().same(alterPartitionReassignments, version, { ...head, topics })
      }
    }
    const lists = [
      null,
      [],
      [{ name: topic, partitionIndexes: [0, 9] }],
      [{ name: topic, partitionIndexes: [] }],
      [{ name: 'none', partitionIndexes: [0] }],
    ]
    for (const topics of lists) await current().same(listPartitionReassignments, 0, { timeoutMs: 5000, topics })
  })

  test('T5 DescribeClientQuotas where there are none, and wrong questions', async () => {
    const types = ['user', 'client-id', 'ip', 'x', '']
    const matches = [
      { matchType: 0, match: 'a' },
      { matchType: 0, match: null },
      { matchType: 1, match: null },
      { matchType: 1, match: 'a' },
      { matchType: 2, match: null },
      { matchType: 2, match: 'a' },
      { matchType: 3, match: null },
      { matchType: -1, match: null },
    ]
    const single = types.flatMap((entityType) => matches.map((match) => [{ entityType, ...match }]))
    const double = types.flatMap((one) =>
      types.map((other) => [
        { entityType: one, ...matches[0]! },
        { entityType: other, ...matches[1]! },
      ]),
    )
    const apart = ['ip', 'user'].flatMap((one) =>
      ['ip', 'client-id', 'x'].map((other) => [
        { entityType: one, ...matches[2]! },
        { entityType: other, ...matches[4]! },
      ]),
    )
    for (const version of [0, 1]) {
      for (const components of [[], ...single, ...double, ...apart])
        await current().same(describeClientQuotas, version, { components, strict: components.length === 1 })
    }
  })

  test('T5 ACLs where there is no authorizer', async () => {
    const filter = { resourceTypeFilter: 2, resourceNameFilter: 't', patternTypeFilter: 3, operation: 1, permissionType: 1 }
    const pattern = { resourceType: 2, resourceName: 't', resourcePatternType: 3 }
    const creation = { ...pattern, principal: 'User:a', host: '*', operation: 3, permissionType: 3 }
    for (const version of [1, 2, 3]) {
      await current().same(describeAcls, version, filter)
      await current().same(describeAcls, version, { ...filter, resourceTypeFilter: 77, principalFilter: 'nonsense' })
      for (const creations of [[], [creation, { ...creation, principal: 'nonsense' }]])
        await current().same(createAcls, version, { creations })
      for (const filters of [[], [filter, { ...filter, operation: 99 }]]) await current().same(deleteAcls, version, { filters })
    }
    const unreadable = [
      ...['resourceTypeFilter', 'patternTypeFilter', 'operation', 'permissionType'].flatMap((name) => [
        [describeAcls, { ...filter, [name]: 0 }] as const,
        [deleteAcls, { filters: [filter, { ...filter, [name]: 0 }] }] as const,
      ]),
      ...['resourceType', 'resourcePatternType', 'operation', 'permissionType'].map((name) => {
        return [createAcls, { creations: [{ ...creation, [name]: 0 }] }] as const
      }),
    ]
    for (const broker of [0, 1])
      for (const [api, body] of unreadable) await expect(current().ask(broker, api, 3, body)).rejects.toThrow('connection closed')
  })

  test('T5 ListConfigResources', async () => {
    await current().same(listConfigResources, 0, {})
    for (const resourceTypes of [[TOPIC], [NODE], [METRICS], [GROUP], [TOPIC, NODE, TOPIC], [3], [TOPIC, 77], [0]]) {
      const ofBoth = resourceTypes.includes(TOPIC) ? { ignore: ['resourceName', 'configResources'] } : {}
      await current().same(listConfigResources, 1, { resourceTypes }, { unordered: true, ...ofBoth })
    }
  })

  test('T5 DescribeConfigs of groups, of which none has configs of its own', async () => {
    const configurationKeys = [
      'consumer.session.timeout.ms',
      'consumer.heartbeat.interval.ms',
      'consumer.assignment.interval.ms',
      'x',
    ]
    for (const version of [1, 4]) {
      for (const includeSynonyms of [false, true]) {
        const resources = ['g', ''].map((resourceName) => ({ resourceType: GROUP, resourceName, configurationKeys }))
        await current().same(describeConfigs, version, { resources, includeSynonyms }, { unordered: true })
      }
    }
  })

  test('T5 a group that has configs of its own: what it takes, what it tells, and who has some', async () => {
    const [session, interval] = ['consumer.session.timeout.ms', 'consumer.heartbeat.interval.ms']
    const set = (name: string, value: string | null, configOperation = 0) => ({ name, value, configOperation })
    const alter = (resourceName: string, configs: object[], validateOnly = false) =>
      current().same(incrementalAlterConfigs, 1, {
        resources: [{ resourceType: GROUP, resourceName, configs }],
        validateOnly,
      })
    const told = async (resourceName: string) => {
      const configurationKeys = [session, interval, 'consumer.assignment.interval.ms']
      const resources = [{ resourceType: GROUP, resourceName, configurationKeys }]
      const described = async () => {
        for (const includeSynonyms of [false, true])
          await current().same(describeConfigs, 4, { resources, includeSynonyms }, { unordered: true })
        await current().same(listConfigResources, 1, { resourceTypes: [GROUP] }, { unordered: true })
      }
      // a real broker hears of it from the controller, and its coordinator from the broker
      await vi.waitFor(described, { timeout: 5_000, interval: 50 })
    }
    await alter('own', [set(session, '50000')], true)
    await told('own')
    await alter('own', [set(session, '50000'), set(interval, '7000')])
    await told('own')
    await alter('other', [set('consumer.assignment.interval.ms', '0')])
    await told('other')
    for (const value of ['', 'x', '1.5', '0', '-1', '99999999999']) await alter('own', [set(session, value)])
    await alter('own', [set(interval, '-1')])
    await alter('own', [set('no.such.config', '1')])
    await alter('own', [set(session, '51000'), set('no.such.config', '1')])
    await alter('own', [set(session, null)])
    await alter('own', [set(session, '51000'), set(session, '52000')])
    for (const operation of [2, 3, 9]) await alter('own', [set(session, '51000', operation)])
    await alter('', [set(session, '51000')])
    await alter('', [set('no.such.config', null, 1)])
    await told('own')
    await alter('own', [set(session, null, 1), set('no.such.config', null, 1)])
    await told('own')
    await alter('own', [set(interval, null, 1)])
    await alter('other', [set('consumer.assignment.interval.ms', null, 1)])
    await told('own')
  })

  test('T5 IncrementalAlterConfigs that takes back what nodes and groups were never told', async () => {
    const remove = (name: string) => ({ name, configOperation: 1, value: null })
    const resources = [
      ...['1', '', '9', 'x', '01'].map((resourceName) => ({ resourceType: NODE, resourceName })),
      ...['g', ''].map((resourceName) => ({ resourceType: GROUP, resourceName })),
    ]
    for (const validateOnly of [true, false]) {
      for (const resource of resources) {
        for (const names of [['leader.replication.throttled.rate'], ['log.retention.ms', 'no.such.config']]) {
          // the order of the answers is Kafka's secret
          await current().same(incrementalAlterConfigs, 1, {
            validateOnly,
            resources: [{ ...resource, configs: names.map(remove) }],
          })
        }
      }
    }
  })
}
