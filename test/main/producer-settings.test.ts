import { expect, test } from 'vitest'
import { Kafka, type ProducerOptions } from '../../src/main/index.ts'
import { producerOptions } from '../../src/main/producer-options.ts'
import { settingsOf, topicSettingsOf } from '../../src/main/producer-settings.ts'
import { checkOptions } from '../../src/shared/options.ts'

test('a full batch must fit in a request: batchBytes above maxRequestBytes is refused and both are named', async () => {
  await using kafka = new Kafka({ brokers: ['localhost:1'], ioThreads: 0, maxRequestBytes: 20_000 })
  expect(() => kafka.producer({ batchBytes: 20_001 })).toThrow(
    expect.objectContaining({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/batchBytes \(20001\).*maxRequestBytes.*\(20000\)/),
      context: { option: 'batchBytes', size: 20_001, limit: 20_000 },
    }),
  )
  expect(kafka.producer({ batchBytes: 20_000 }).name).toBe('default')
})

test('P6 P8: a topic has its own settings over those of the producer, whatever its name', () => {
  const [general, own] = [() => 0, () => 1]
  const options = checkOptions(
    producerOptions,
    {
      partitioner: general,
      compression: 'zstd',
      compressionLevel: 7,
      topics: [
        { name: 'partitioned', partitioner: own },
        { name: 'packed', compression: 'gzip' },
        { name: 'packed-well', compression: 'gzip', compressionLevel: 9 },
        { name: 'harder', compressionLevel: 19 },
        { name: 'the-same', compression: 'zstd' },
        { name: '__proto__', compression: 'none' },
      ],
    },
    'kafka.producer()',
  )
  const common = { partitioner: general, compression: 'zstd', compressionLevel: 7 }
  const of = (topic: string) => topicSettingsOf(options, topic)
  expect(of('any-other')).toEqual(common)
  expect(of('constructor')).toEqual(common)
  expect(of('partitioned')).toEqual({ ...common, partitioner: own })
  // a level of zstd means nothing to gzip
  expect(of('packed')).toEqual({ partitioner: general, compression: 'gzip', compressionLevel: undefined })
  expect(of('packed-well')).toEqual({ partitioner: general, compression: 'gzip', compressionLevel: 9 })
  expect(of('harder')).toEqual({ ...common, compressionLevel: 19 })
  expect(of('the-same')).toEqual(common)
  expect(of('__proto__')).toEqual({ partitioner: general, compression: 'none', compressionLevel: undefined })
  expect(settingsOf(0, options).codecs).toEqual(['zstd', 'gzip', 'none'])
})

const first: ProducerOptions = {
  name: 'bulk',
  lingerMs: 5,
  partitioner: () => 0,
  topics: [{ name: 'a', compression: 'gzip' }],
}
test.each<[what: string, asked: ProducerOptions, option: string, message: string]>([
  ['a number', { ...first, lingerMs: 6 }, 'lingerMs', 'lingerMs 6 where it has 5'],
  [
    'an option left out',
    { name: 'bulk', topics: first.topics, lingerMs: 5 },
    'partitioner',
    'partitioner none where it has a function',
  ],
  [
    'an option more',
    { ...first, compression: 'gzip', compressionLevel: 2 },
    'compression',
    "compression 'gzip' where it has 'none', compressionLevel 2 where it has none",
  ],
  ['another function', { ...first, partitioner: () => 0 }, 'partitioner', 'another partitioner'],
  ['another setting of a topic', { ...first, topics: [{ name: 'a', compression: 'zstd' }] }, 'topics', 'another topics'],
])('P12: asking for a producer that exists with other options says what differs: %s', async (_what, asked, option, message) => {
  await using kafka = new Kafka({ brokers: ['localhost:1'], ioThreads: 0 })
  const bulk = kafka.producer(first)
  const refused = expect.objectContaining({
    code: 'INVALID_OPTION',
    message: expect.stringContaining(message),
    context: { option },
  })
  expect(() => kafka.producer(asked)).toThrow(refused)
  for (const again of [first, { ...first }, { ...first, topics: [{ ...first.topics![0]! }] }, { name: 'bulk' }]) {
    expect(kafka.producer(again)).toBe(bulk)
  }
  expect(kafka.producer()).not.toBe(bulk)
})
