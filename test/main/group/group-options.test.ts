import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  adaptiveOptions,
  type CheckedGroupOptions,
  type ConsumerGroupOptions,
  checkGroupOptions,
  groupOptions,
  rateLimitOptions,
  subscriptionOf,
  threadOptions,
  topicConfigFor,
} from '../../../src/main/group/group-options.ts'
import { groupTopicOptions } from '../../../src/main/group/topic-options.ts'
import { KafkaError } from '../../../src/shared/errors.ts'
import { optionsTable } from '../../../src/shared/options.ts'

const handler = { handleRecordBatch: () => undefined }
const module = new URL('file:///srv/handler.js')
const group = (options: object = {}): CheckedGroupOptions =>
  checkGroupOptions({ groupName: 'billing', topics: ['events'], handler, ...options })

function refusal(options: object): KafkaError {
  try {
    group(options)
  } catch (error) {
    expect(error).toBeInstanceOf(KafkaError)
    expect((error as KafkaError).code).toBe('INVALID_OPTION')
    expect((error as KafkaError).message).toMatch(/^kafka\.consumerGroup\(\): /)
    return error as KafkaError
  }
  throw new Error('it was accepted')
}

describe('C4 the options of a group', () => {
  test('defaults', () => {
    expect(group()).toEqual({
      groupName: 'billing',
      topics: [{ name: 'events' }],
      handler,
      rebalanceTimeoutMs: 30_000,
      maxProcessingMs: 300_000,
      fetcherName: 'default',
      isolationLevel: 'read_committed',
      committersCount: 1,
      prefetchBytes: 32 * 1024 * 1024,
      partitionStallMs: 60_000,
      adaptive: undefined,
      pauseCheckMs: 100,
    })
  })

  test('all of them together', () => {
    const given = {
      groupName: 'billing',
      instanceId: 'a1',
      rebalanceTimeoutMs: 10_000,
      committersCount: 2,
      isolationLevel: 'read_uncommitted',
      fetcherName: 'x',
      topics: [{ name: 'events', offsetResetPolicy: 'earliest', handlerMaxBatchSize: 100 }, 'plain-name', /^audit-/],
      defaultTopicConfig: { fetchMaxBytes: 1_000_000 },
      rateLimit: { recordsPerSecond: 5_000, per: 'topic', burst: 9 },
      adaptive: { tolerance: 3 },
      pauseWhen: () => false,
      pauseCheckMs: 7,
      handler: module,
      threads: 4,
      threadOptions: { maxOldGenerationSizeMb: 100 },
      rackId: 'r1',
      serverAssignor: 'uniform',
      maxProcessingMs: 60_000,
      handlerTimeoutMs: 60_000,
      prefetchBytes: 4_000,
      partitionStallMs: 2_000,
    } satisfies ConsumerGroupOptions
    const checked = checkGroupOptions(given)
    expect(checked).toMatchObject({ ...given, topics: [given.topics[0], { name: 'plain-name' }, { name: /^audit-/ }] })
    expect(checked.handler).toBe(module)
    expect(checked.pauseWhen).toBe(given.pauseWhen)
    expect([checked, checked.topics, ...checked.topics, checked.rateLimit, checked.adaptive].every(Object.isFrozen)).toBe(true)
    expect([given, given.topics, given.topics[0], given.rateLimit].some(Object.isFrozen)).toBe(false)
  })

  test('a handler may be an object of a class; without one, records are pulled', () => {
    class Billing {
      handleRecordBatch() {}
    }
    const billing = new Billing()
    expect(group({ handler: billing }).handler).toBe(billing)
    expect(group({ handler: undefined }).handler).toBeUndefined()
  })

  test('C14 adaptive: true stands for its defaults, false for none, an object fills its gaps', () => {
    const defaults = {
      tolerance: 2,
      severity: 2,
      recoveryMs: 60_000,
      intervalMs: 500,
      minRecordsPerSecond: 1,
      habituationMs: 300_000,
    }
    expect(group({ adaptive: true }).adaptive).toEqual(defaults)
    expect(group({ adaptive: {} }).adaptive).toEqual(defaults)
    expect(group({ adaptive: false }).adaptive).toBeUndefined()
    expect(group({ adaptive: { tolerance: 1.5, recoveryMs: 1_000 } }).adaptive).toEqual({
      ...defaults,
      tolerance: 1.5,
      recoveryMs: 1_000,
    })
  })

  test('C14 a rate is per group unless told, and may be below one a second', () => {
    expect(group({ rateLimit: { recordsPerSecond: 0.5 } }).rateLimit).toEqual({ recordsPerSecond: 0.5, per: 'group' })
  })

  test.each<[string, object, string]>([
    [
      'no name of the group',
      { groupName: undefined },
      "option 'groupName' must be a string of 1 to 249 characters, but is undefined",
    ],
    ['a misspelt option', { rateLimt: {} }, "unknown option 'rateLimt'; did you mean 'rateLimit'?"],
    [
      'a misspelt option of a topic',
      { topics: [{ name: 'a', fetchMaxByte: 1 }] },
      "unknown option 'topics[0].fetchMaxByte'; did you mean 'fetchMaxBytes'?",
    ],
    [
      'a misspelt default',
      { defaultTopicConfig: { fetchMaxByte: 1 } },
      "unknown option 'defaultTopicConfig.fetchMaxByte'; did you mean",
    ],
    ['a name in the defaults', { defaultTopicConfig: { name: 'a' } }, "unknown option 'defaultTopicConfig.name'"],
    [
      'defaults that are none',
      { defaultTopicConfig: 5 },
      "option 'defaultTopicConfig' must be an object with options of topics, but is 5",
    ],
    [
      'a misspelt option of a rate',
      { rateLimit: { recordsPerSecond: 1, bursts: 1 } },
      "unknown option 'rateLimit.bursts'; did you mean 'burst'?",
    ],
    ['a rate without a rate', { rateLimit: {} }, "option 'rateLimit.recordsPerSecond' is required"],
    ['a bare number as rate', { rateLimit: 5 }, "option 'rateLimit' must be an object with recordsPerSecond, but is 5"],
    [
      'a rate of nothing',
      { rateLimit: { recordsPerSecond: 0 } },
      "option 'rateLimit.recordsPerSecond' must be a number from 0.001 to",
    ],
    [
      'a rate per something else',
      { rateLimit: { recordsPerSecond: 1, per: 'member' } },
      "option 'rateLimit.per' must be one of 'group', 'topic', 'partition'",
    ],
    [
      'an adaptive that is neither',
      { adaptive: 'yes' },
      "option 'adaptive' must be true, false or an object with options of its own, but is 'yes'",
    ],
    [
      'an adaptive out of bounds',
      { adaptive: { tolerance: 1 } },
      "option 'adaptive.tolerance' must be a number from 1.2 to 100, but is 1",
    ],
    [
      'a gate that is no function',
      { pauseWhen: true },
      "option 'pauseWhen' must be a function () => boolean | Promise<boolean>, but is true",
    ],
    [
      'no topics',
      { topics: [] },
      "option 'topics' must be a list of at least one name of a topic, RegExp, or object with one of them as name, but is an empty list",
    ],
    ['a topic without a list', { topics: 'events' }, "option 'topics' must be a list of at least one"],
    [
      'a number as topic',
      { topics: [5] },
      "option 'topics[0]' must be the name of a topic, a RegExp, or an object with one of them as name, but is 5",
    ],
    [
      'a bad name',
      { topics: ['a b'] },
      "option 'topics[0]' must be the name of a topic (letters, digits, '.', '_' and '-'), but is 'a b'",
    ],
    ['a bad name in an object', { topics: ['a', { name: 'a b' }] }, "option 'topics[1].name' must be the name of a topic"],
    [
      'an object without a name',
      { topics: [{ fetchMaxBytes: 1 }] },
      "option 'topics[0].name' is required: the name of a topic or a RegExp",
    ],
    [
      'a topic twice',
      { topics: ['a', 'b', { name: 'a', fetchMaxBytes: 1 }] },
      "option 'topics[2]' names what topics[0] is about already: 'a'; give it all its options there",
    ],
    ['an expression twice', { topics: [/a/, { name: /a/ }] }, "option 'topics[1]' names what topics[0] is about already: /a/"],
    [
      'an expression that brokers do not know',
      { topics: [/a(?=b)/] },
      "option 'topics[0]' must be an expression that brokers understand (RE2), but /a(?=b)/ looks ahead with (?=, which RE2 cannot",
    ],
    [
      'a duration of nothing',
      { topics: [{ name: 'a', offsetResetPolicy: { byDuration: 0 } }] },
      "option 'topics[0].offsetResetPolicy.byDuration' must be a whole number from 1 to",
    ],
    [
      'an unknown policy',
      { topics: [{ name: 'a', offsetResetPolicy: 'oldest' }] },
      "option 'topics[0].offsetResetPolicy' must be one of 'latest', 'earliest', 'error', { byDuration: ms }, but is 'oldest'",
    ],
    [
      'a misspelt policy',
      { topics: [{ name: 'a', offsetResetPolicy: { byDuratio: 1 } }] },
      "'topics[0].offsetResetPolicy.byDuratio",
    ],
    [
      'a batch of nothing',
      { topics: [{ name: 'a', handlerMaxBatchSize: 0 }] },
      "option 'topics[0].handlerMaxBatchSize' must be a whole number from 1 to 1_000_000, or 'dynamic', but is 0",
    ],
    [
      'giving up in two ways',
      { topics: [{ name: 'a', handlerMaxAttempts: 1, handlerGiveUp: { skip: 'x', moveTo: 'y' } }] },
      "option 'topics[0].handlerGiveUp' must have either skip or moveTo",
    ],
    [
      'giving up to no topic',
      { topics: [{ name: 'a', handlerMaxAttempts: 1, handlerGiveUp: { moveTo: 'a b' } }] },
      "option 'topics[0].handlerGiveUp.moveTo' must be the name of a topic",
    ],
    [
      'giving up never',
      { topics: ['b', { name: 'a', handlerGiveUp: { skip: 'x' } }] },
      "option 'topics[1].handlerGiveUp' never comes to pass while handlerMaxAttempts is 0",
    ],
    [
      'giving up never by default',
      { defaultTopicConfig: { handlerGiveUp: { skip: 'x' } } },
      "option 'defaultTopicConfig.handlerGiveUp' never comes to pass",
    ],
    [
      'pauses that shrink',
      { topics: [{ name: 'a', handlerRetryBackoffMs: 20_000 }] },
      "option 'topics[0].handlerRetryBackoffMaxMs' must not be below handlerRetryBackoffMs",
    ],
    [
      'a function as handler',
      { handler: () => undefined },
      "option 'handler' must be an object with a function handleRecordBatch, or the file URL of a module that exports one, but is a function",
    ],
    [
      'a handler without its function',
      { handler: { handleBatch: () => undefined } },
      "option 'handler' must have a function handleRecordBatch(topic, partition, records, context)",
    ],
    [
      'a handler with half a function',
      { handler: { ...handler, handleConsumerStop: true } },
      "option 'handler' must have a function as handleConsumerStop, or leave it out",
    ],
    [
      'a module from elsewhere',
      { handler: new URL('https://example.org/handler.js') },
      "option 'handler' must be a file URL, but has the scheme 'https:'",
    ],
    [
      'threads for an object',
      { threads: 2 },
      "option 'threads' must be left out unless handler is the URL of a module: an object runs on the main thread",
    ],
    [
      'threads for nothing',
      { handler: undefined, threads: 2 },
      "option 'threads' must be left out unless handler is the URL of a module: there is no handler",
    ],
    ['limits of no threads', { threadOptions: { stackSizeMb: 1 } }, "option 'threadOptions' must be left out"],
    [
      'a timeout that never comes',
      { maxProcessingMs: 1_000, handlerTimeoutMs: 1_001 },
      "option 'handlerTimeoutMs' must not be above maxProcessingMs (1000)",
    ],
  ])('E7 refuses %s', (_what, options, message) => {
    expect(refusal(options).message).toContain(message)
  })

  test('types come from the rows', () => {
    expectTypeOf<{ groupName: 'a'; topics: ['a', RegExp] }>().toExtend<ConsumerGroupOptions>()
    expectTypeOf<{
      groupName: 'a'
      topics: [{ name: 'a'; offsetResetPolicy: { byDuration: 5 } }]
    }>().toExtend<ConsumerGroupOptions>()
    expectTypeOf<{ groupName: 'a'; topics: [{ fetchMaxBytes: 1 }] }>().not.toExtend<ConsumerGroupOptions>()
    expectTypeOf<{ groupName: 'a'; topics: ['a']; isolationLevel: 'none' }>().not.toExtend<ConsumerGroupOptions>()
    expectTypeOf<CheckedGroupOptions['committersCount']>().toEqualTypeOf<number>()
  })
})

describe('C5 what holds for a topic', () => {
  test('defaults', () => {
    expect(topicConfigFor(group(), 'events')).toEqual({
      fetcherName: 'default',
      isolationLevel: 'read_committed',
      offsetResetPolicy: 'latest',
      transactional: false,
      fetchMaxBytes: 50_000,
      fetchIntervalMs: 5_000,
      handlerCooldownMs: 0,
      handlerMaxCommitsInFlight: 0,
      handlerMaxBatchSize: 10,
      handlerMaxAttempts: 0,
      handlerGiveUp: 'stop',
      handlerRetryBackoffMs: 100,
      handlerRetryBackoffMaxMs: 10_000,
    })
  })

  test('its own entry, then defaultTopicConfig, then the group', () => {
    const checked = group({
      fetcherName: 'shared',
      isolationLevel: 'read_uncommitted',
      topics: [
        {
          name: 'a',
          fetchMaxBytes: 1,
          isolationLevel: 'read_committed',
          handlerGiveUp: { moveTo: 'dead' },
          fetchIntervalMs: undefined,
        },
        'b',
      ],
      defaultTopicConfig: {
        fetchMaxBytes: 2,
        fetcherName: 'common',
        fetchIntervalMs: 3,
        handlerMaxAttempts: 5,
        handlerMaxBatchSize: 'dynamic',
        offsetResetPolicy: { byDuration: 60_000 },
        handlerCooldownMs: undefined,
      },
    })
    expect(topicConfigFor(checked, 'a')).toMatchObject({
      fetchMaxBytes: 1,
      isolationLevel: 'read_committed',
      fetcherName: 'common',
      fetchIntervalMs: 3,
      handlerMaxAttempts: 5,
      handlerGiveUp: { moveTo: 'dead' },
      handlerCooldownMs: 0,
    })
    expect(topicConfigFor(checked, 'b')).toMatchObject({
      fetchMaxBytes: 2,
      isolationLevel: 'read_uncommitted',
      handlerMaxBatchSize: 'dynamic',
      offsetResetPolicy: { byDuration: 60_000 },
      handlerGiveUp: 'stop',
    })
    expect(topicConfigFor(group({ fetcherName: 'shared' }), 'events').fetcherName).toBe('shared')
  })

  test('a name comes before expressions, and the first that fits before others', () => {
    const checked = group({
      topics: [
        { name: /^audit-/, fetchMaxBytes: 1 },
        { name: /audit/i, fetchMaxBytes: 2 },
        { name: 'audit-x', fetchMaxBytes: 3 },
      ],
    })
    const bytes = (name: string) => topicConfigFor(checked, name).fetchMaxBytes
    expect(['audit-x', 'audit-y', 'an-AUDIT', 'other', '__proto__'].map(bytes)).toEqual([3, 1, 2, 50_000, 50_000])
  })

  test('is frozen', () => {
    expect(Object.isFrozen(topicConfigFor(group(), 'events'))).toBe(true)
  })
})

describe('C11 what the coordinator is told', () => {
  test('names as they are, one expression for all RegExps', () => {
    expect(subscriptionOf(group({ topics: ['b', 'a'] }))).toEqual({ names: ['b', 'a'], regex: undefined })
    expect(subscriptionOf(group({ topics: [/^a/] }))).toEqual({ names: [], regex: '(?:^a).*' })
    expect(subscriptionOf(group({ topics: ['x', /^a/i, { name: /b$/ }] }))).toEqual({
      names: ['x'],
      regex: '(?:(?i:^a).*)|(?:.*(?:b$))',
    })
  })
})

describe('documentation', () => {
  const tables = [groupOptions, groupTopicOptions, rateLimitOptions, adaptiveOptions, threadOptions].flatMap(optionsTable)

  test.each(tables.map((row) => [row.name, row] as const))('E8 %s has a type and a sentence', (_name, row) => {
    expect(row.type).not.toBe('')
    expect(row.description).toMatch(/^[A-Z].*\.$/)
  })

  test('E8 options of topics are shown with the defaults that they get in the end', () => {
    const rows = new Map(optionsTable(groupTopicOptions).map((row) => [row.name, row.default]))
    expect(rows.get('name')).toBe('required')
    expect(rows.get('fetchMaxBytes')).toBe('50_000')
    expect(rows.get('offsetResetPolicy')).toBe("'latest'")
  })
})
