import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { renderConfiguration } from '../../docs/generate-options.ts'
import {
  adminOptions,
  bootstrapAddresses,
  fetchOptions,
  kafkaOptions,
  listOffsetsOptions,
  newTopicOptions,
} from '../../src/main/options.ts'
import { producerOptions, producerTopicOptions } from '../../src/main/producer-options.ts'
import { checkOptions, optionsTable } from '../../src/shared/options.ts'

const client = (options: object = {}) => checkOptions(kafkaOptions, { brokers: ['a'], ...options }, 'new Kafka()')

describe('the options of the client', () => {
  test('defaults', () => {
    expect(client()).toEqual({
      brokers: ['a'],
      clientId: 'odradek',
      ioThreads: 1,
      connectTimeoutMs: 10_000,
      requestTimeoutMs: 30_000,
      reconnectBackoffMs: 100,
      reconnectBackoffMaxMs: 10_000,
      retryBackoffMs: 100,
      retryBackoffMaxMs: 1_000,
      metadataMaxAgeMs: 300_000,
      unknownTopicTimeoutMs: 5_000,
      maxInFlightRequests: 5,
      pipelineBytes: 131_072,
      maxRequestBytes: 1024 * 1024,
      maxResponseBytes: 100 * 1024 * 1024,
      maxInflatedBatchBytes: 64 * 1024 * 1024,
      submissionRingBytes: 4 * 1024 * 1024,
      completionRingBytes: 8 * 1024 * 1024,
      batchStoreBytes: 64 * 1024 * 1024,
      ioThreadCrashLimit: 3,
      ioThreadStallMs: 3000,
    })
  })

  test.each([
    ['broker-1', 'broker-1', 9092],
    ['broker-1:9093', 'broker-1', 9093],
    ['kafka.example.org.:1', 'kafka.example.org.', 1],
    ['10.0.0.1:65535', '10.0.0.1', 65_535],
    ['[::1]:9092', '::1', 9092],
    ['[2001:db8::7]', '2001:db8::7', 9092],
    ['[fe80::1%eth0]:9094', 'fe80::1%eth0', 9094],
  ])('F44 %s is an address', (broker, host, port) => {
    expect(bootstrapAddresses(client({ brokers: [broker] }).brokers)).toEqual([{ nodeId: -2, host, port }])
  })

  test.each([
    ['', "must be 'host:port'"],
    ['a:0', 'port from 1 to 65535'],
    ['a:70000', 'port from 1 to 65535'],
    ['a:b', "must be 'host:port'"],
    [':9092', "must be 'host:port'"],
    ['a b:1', "must be 'host:port'"],
    ['::1', 'in brackets'],
    ['[::1', "must be 'host:port'"],
    ['[a]:1', "must be 'host:port'"],
    ['kafka://a:1', 'without a scheme'],
    ['a:1,b:2', 'each its own place'],
    ['user@a:1', "must be 'host:port'"],
  ])('F44 %j is refused as an address', (broker, message) => {
    expect(() => client({ brokers: ['ok', broker] })).toThrow(`option 'brokers[1]' `)
    expect(() => client({ brokers: ['ok', broker] })).toThrow(message)
  })

  test('at least one broker is needed', () => {
    expect(() => client({ brokers: [] })).toThrow(
      "option 'brokers' must be a list of at least one 'host:port', but is an empty list",
    )
    expect(() => checkOptions(kafkaOptions, {}, 'new Kafka()')).toThrow("option 'brokers' is required")
    expect(() => client({ brokers: 'a:1' })).toThrow("option 'brokers' must be a list")
  })

  test('bootstrap addresses have node ids that are neither a broker nor "no leader"', () => {
    expect(bootstrapAddresses(['a', 'b', 'c']).map(({ nodeId }) => nodeId)).toEqual([-2, -3, -4])
  })

  test('rings are powers of two', () => {
    expect(client({ submissionRingBytes: 65_536 }).submissionRingBytes).toBe(65_536)
    expect(() => client({ submissionRingBytes: 65_537 })).toThrow('a power of two')
  })
})

describe('the options of single calls', () => {
  test('defaults', () => {
    expect(checkOptions(fetchOptions, {}, 'x')).toEqual({
      maxWaitMs: 500,
      minBytes: 1,
      isolationLevel: 'read_uncommitted',
      timeoutMs: 30_000,
    })
    expect(checkOptions(adminOptions, {}, 'x')).toEqual({ timeoutMs: 30_000 })
    expect(checkOptions(listOffsetsOptions, {}, 'x')).toEqual({ timeoutMs: 30_000, isolationLevel: 'read_uncommitted' })
    expect(checkOptions(newTopicOptions, { topic: 't' }, 'x')).toEqual({ topic: 't', partitions: 1, replicationFactor: -1 })
  })

  test('topic settings are text, in an object or a Map', () => {
    const configs = new Map([['retention.ms', '1']])
    expect(checkOptions(newTopicOptions, { topic: 't', configs }, 'x').configs).toBe(configs)
    expect(() => checkOptions(newTopicOptions, { topic: 't', configs: { 'retention.ms': 1 } }, 'x')).toThrow(
      "option 'configs' must be",
    )
    expect(() => checkOptions(newTopicOptions, { topic: 't', replicationFactor: 0 }, 'x')).toThrow(
      "'replicationFactor' must be −1 or at least 1",
    )
  })
})

describe('documentation', () => {
  const tables = [kafkaOptions, producerOptions, producerTopicOptions, fetchOptions, listOffsetsOptions, newTopicOptions].flatMap(
    optionsTable,
  )

  test.each(tables.map((row) => [row.name, row] as const))('E8 %s has a type and a sentence', (_name, row) => {
    expect(row.type).not.toBe('')
    expect(row.description).toMatch(/^[A-Z].*\.$/)
  })

  test('E8 docs/configuration.md is fresh (npm run docs:options writes it)', () => {
    const written = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
    expect(written).toBe(renderConfiguration())
  })
})
