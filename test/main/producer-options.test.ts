import { describe, expect, expectTypeOf, test } from 'vitest'
import { type ProducerOptions, producerOptions } from '../../src/main/producer-options.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import { checkOptions } from '../../src/shared/options.ts'

const producer = (options: object) => checkOptions(producerOptions, options, 'kafka.producer()')

describe('the options of a producer', () => {
  test('defaults are safe: idempotent, acks all', () => {
    expect(producer({})).toEqual({
      name: 'default',
      acks: 'all',
      idempotent: true,
      compression: 'none',
      batchBytes: 1_000_000,
      lingerMs: 0,
      deliveryTimeoutMs: 120_000,
      bufferMemory: 32 * 1024 * 1024,
    })
  })

  test.each([[1], [0]])('acks %d is refused while idempotent, and says why', (acks) => {
    expect(() => producer({ acks })).toThrow("option 'idempotent' must be false unless acks is 'all'")
    expect(producer({ acks, idempotent: false }).acks).toBe(acks)
  })

  test('an unknown codec is told what there is', () => {
    expect(() => producer({ compression: 'brotli' })).toThrow(
      "must be one of 'none', 'gzip', 'snappy', 'lz4', 'zstd', but is 'brotli'",
    )
  })

  test.each([
    ['gzip', 1],
    ['gzip', 9],
    ['zstd', -131_072],
    ['zstd', 0],
    ['zstd', 22],
  ])('P8: %s may have level %d', (compression, compressionLevel) => {
    expect(producer({ compression, compressionLevel }).compressionLevel).toBe(compressionLevel)
  })

  test.each([
    ['gzip', 0, 'must be a whole number from 1 to 9 for gzip'],
    ['gzip', 10, 'must be a whole number from 1 to 9 for gzip'],
    ['zstd', 23, 'must be a whole number from -131_072 to 22, but is 23'],
    ['zstd', -131_073, 'must be a whole number from -131_072 to 22, but is -131_073'],
    ['snappy', 1, 'must be left out for snappy and lz4, which have no levels here'],
    ['lz4', 9, 'must be left out for snappy and lz4, which have no levels here'],
    ['none', 1, "must be left out where compression is 'none'"],
  ])('P8: %s cannot have level %d, and says why', (compression, compressionLevel, why) => {
    expect(producer({ compression }).compression).toBe(compression)
    expect(() => producer({ compression, compressionLevel })).toThrow(`option 'compressionLevel' ${why}`)
  })

  test('a batch has to fit into the buffer and to leave before its records end', () => {
    expect(() => producer({ bufferMemory: 65_536 })).toThrow("option 'bufferMemory' must not be below batchBytes")
    expect(() => producer({ lingerMs: 100, deliveryTimeoutMs: 100 })).toThrow("option 'deliveryTimeoutMs' must be above lingerMs")
  })

  test('a partitioner is passed on as it is', () => {
    const partitioner: ProducerOptions['partitioner'] = () => 0
    expect(producer({ partitioner }).partitioner).toBe(partitioner)
    expect(() => producer({ partitioner: 'murmur2' })).toThrow("option 'partitioner' must be a function")
  })

  test('the input types have everything optional that has a default', () => {
    expectTypeOf<{ acks: 1; idempotent: false }>().toExtend<ProducerOptions>()
    expectTypeOf<{ acks: 2 }>().not.toExtend<ProducerOptions>()
  })
})

describe('the topics of a producer', () => {
  const refusal = (options: object): KafkaError => {
    try {
      producer(options)
    } catch (error) {
      expect(error).toBeInstanceOf(KafkaError)
      return error as KafkaError
    }
    throw new Error('it was accepted')
  }

  test('P6 P8: are kept as they are given, as copies', () => {
    const partitioner = () => 0
    const topics = [{ name: 'events', partitioner, compression: 'zstd', compressionLevel: 3 }, { name: '__proto__' }]
    const checked = producer({ topics })
    expect(checked.topics).toEqual(topics)
    expect(checked.topics![0]!.partitioner).toBe(partitioner)
    expect(checked.topics![0]).not.toBe(topics[0])
    expect([checked.topics, ...checked.topics!].map((one) => Object.isFrozen(one))).toEqual([true, true, true])
    expect([topics, ...topics].map((one) => Object.isFrozen(one))).toEqual([false, false, false])
  })

  test.each([
    [
      'a misspelt option',
      [{ name: 'a' }, { name: 'b', compresion: 'gzip' }],
      "unknown option 'topics[1].compresion'; did you mean 'compression'?",
    ],
    ['a topic without a name', [{ compression: 'gzip' }], "option 'topics[0].name' is required"],
    [
      'a name that no topic can have',
      [{ name: 'a b' }],
      "option 'topics[0].name' must be the name of a topic (letters, digits, '.', '_' and '-'), but is 'a b'",
    ],
    [
      'a codec that there is not',
      [{ name: 'a', compression: 'br' }],
      "option 'topics[0].compression' must be one of 'none', 'gzip', 'snappy', 'lz4', 'zstd', but is 'br'",
    ],
    [
      'a partitioner that is no function',
      [{ name: 'a', partitioner: 1 }],
      "option 'topics[0].partitioner' must be a function (record, partitionCount) => number, but is 1",
    ],
    ['a name alone', ['a'], "option 'topics[0]' must be an object, but is 'a'"],
    ['no list', { a: {} }, "option 'topics' must be a list of objects with the name of a topic, but is an object"],
    [
      'a topic twice',
      [{ name: 'a' }, { name: 'b' }, { name: 'a' }],
      "option 'topics[2].name' names a topic that topics[0] is about already: 'a'; give it all its options there",
    ],
    [
      'a level that its codec lacks',
      [{ name: 'a', compression: 'gzip', compressionLevel: 10 }],
      "option 'topics[0].compressionLevel' must be a whole number from 1 to 9 for gzip",
    ],
    [
      "a level that the producer's codec lacks",
      [{ name: 'a', compressionLevel: 1 }],
      "option 'topics[0].compressionLevel' must be left out where compression is 'none'",
    ],
  ])('E7: %s is refused, and the place is named', (_what, topics, message) => {
    const error = refusal({ topics })
    expect(error.code).toBe('INVALID_OPTION')
    expect(error.message).toContain(message)
    expect(error.context.option).toBe('topics')
  })

  test('a level alone has to suit the codec of the producer', () => {
    expect(producer({ compression: 'zstd', topics: [{ name: 'a', compressionLevel: -5 }] }).topics![0]!.compressionLevel).toBe(-5)
    expect(refusal({ compression: 'gzip', topics: [{ name: 'a', compressionLevel: -5 }] }).message).toContain(
      'from 1 to 9 for gzip',
    )
  })
})
