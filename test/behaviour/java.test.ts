/** The referees: Apache's own Java client reads what odradek wrote, and odradek reads what Java wrote, on every cluster. */
import { describe, expect, it } from 'vitest'
import { consoleConsumer, consoleProducer, dumpLog } from '../kafka/java-tools.ts'
import { rawPartition } from './log-reader.ts'
import { onBrokers } from './on-brokers.ts'
import { noReferee } from './referee.ts'

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

const shown = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('latin1')

onBrokers('java', (world) => {
  describe.skipIf(noReferee !== '')('referee', { timeout: 120_000 }, () => {
    it.each(CODECS)('P8, P10: Java reads what odradek wrote with compression %s', async (compression) => {
      const topic = await world.topic(1)
      const producer = world.client().producer({ compression })
      const results = await producer.produceBatch([
        {
          topic,
          key: 'key',
          value: 'value',
          headers: [
            ['a', '1'],
            ['a', '2'],
            ['n', null],
            ['', 'no name'],
            ['e', ''],
            ['__proto__', 'p'],
            ['a', '3'],
            ['заголовок', 'ё'],
          ],
          timestamp: 1_700_000_000_000,
        },
        { topic, key: null, value: 'no key' },
        { topic, key: 'tombstone', value: null },
        { topic, key: '', value: '' },
        { topic, key: 'ключ', value: Buffer.from([0, 1, 10, 92, 254, 255]), headers: [['b', Buffer.from([255, 0])]] },
        { topic, value: 'large '.repeat(5_000) },
      ])
      const written = results.map((result) => {
        if (!result.ok) throw result.error
        return result.metadata
      })
      const records = await consoleConsumer({ brokers: world.brokers, topic, max: 6, partition: 0 })
      expect(records).toHaveLength(6)
      const seen = written.map(({ partition, offset, timestamp }) => {
        const found = records.find((record) => record.partition === partition && record.offset === offset)!
        expect(found.timestamp).toBe(timestamp)
        return [shown(found.key), shown(found.value), found.headers.map(({ key, value }) => [key, shown(value)])]
      })
      const utf8 = (text: string) => Buffer.from(text).toString('latin1')
      expect(seen).toEqual([
        [
          'key',
          'value',
          [
            ['a', '1'],
            ['a', '2'],
            ['n', null],
            ['', 'no name'],
            ['e', ''],
            ['__proto__', 'p'],
            ['a', '3'],
            ['заголовок', utf8('ё')],
          ],
        ],
        [null, 'no key', []],
        ['tombstone', null, []],
        ['', '', []],
        [utf8('ключ'), '\u0000\u0001\n\\\u00fe\u00ff', [['b', '\u00ff\u0000']]],
        [null, 'large '.repeat(5_000), []],
      ])
    })

    it('P8: Java reads what each codec wrote at the ends of its levels, and its log dump finds every batch valid', async () => {
      const topic = await world.topic(1)
      const kafka = world.client()
      const packings = [
        { compression: 'gzip', compressionLevel: 1 },
        { compression: 'gzip', compressionLevel: 9 },
        { compression: 'zstd', compressionLevel: -131_072 },
        { compression: 'zstd', compressionLevel: -1 },
        { compression: 'zstd', compressionLevel: 0 },
        { compression: 'zstd', compressionLevel: 22 },
        ...CODECS.map((compression) => ({ compression })),
      ] as const
      const written: string[] = []
      for (const [p, packing] of packings.entries()) {
        const values = Array.from({ length: 40 }, (_, i) => `${p} ${i} ${'a little more of the same '.repeat(i * 3)}`)
        const producer = kafka.producer({ name: `${p}`, lingerMs: 20, ...packing })
        const results = await producer.produceBatch(values.map((value) => ({ topic, value })))
        expect(results.filter(({ ok }) => !ok)).toEqual([])
        written.push(...values)
      }
      const records = await consoleConsumer({ brokers: world.brokers, topic, max: written.length, partition: 0 })
      expect(records.map(({ value }) => String(value))).toEqual(written)
      const batches = await dumpLog(await rawPartition(world.brokers, topic, 0))
      expect(batches.map(({ codec, count, isValid }) => [codec, count, isValid])).toEqual(
        packings.map(({ compression }) => [compression, 40, true]),
      )
      expect(batches.flatMap(({ valueSizes }) => valueSizes)).toEqual(written.map((value) => Buffer.byteLength(value)))
    })

    it('P6: the Java producer and odradek place the same keys on the same partitions', async () => {
      const [ours, theirs] = [await world.topic(7), await world.topic(7)]
      const alphabets = ['abcdefgh', 'äöüßéñ', 'ключ', '日本語', '🦊😀', 'a日ü🦊']
      const keys = Array.from({ length: 360 }, (_, i) => `${i}${[...alphabets[i % 6]!].join('').repeat(i % 60)}`)
      keys.push('', ' ', 'x'.repeat(513), '€'.repeat(600))
      const lines = keys.map((key) => `${key}\tv`)
      const reader = { 'parse.key': true, 'key.separator': '\t' }
      await Promise.all([
        consoleProducer({ brokers: world.brokers, topic: theirs, lines, reader }),
        world
          .client()
          .producer()
          .produceBatch(keys.map((key) => ({ topic: ours, key, value: 'v' }))),
      ])
      const placed = async (topic: string) =>
        new Map((await world.log(topic)).map(({ key, partition }) => [String(key), partition] as const))
      const [our, their] = [await placed(ours), await placed(theirs)]
      expect(our.size).toBe(keys.length)
      expect(our).toEqual(their)
      expect(new Set(our.values()).size).toBe(7)
    })

    it.each(CODECS)('odradek reads what Java wrote with compression %s', async (compression) => {
      const topic = await world.topic(1)
      const lines = [
        'a:1,b:ü\tkey\tvalue',
        'c:-\tключ\t日本',
        'd:x\t-\t-',
        ...Array.from({ length: 500 }, (_, i) => `n:${i}\tk${i}\tv${i}`),
      ]
      await consoleProducer({
        brokers: world.brokers,
        topic,
        lines,
        reader: { 'parse.key': true, 'parse.headers': true, 'null.marker': '-' },
        properties: { 'compression.type': compression, 'enable.idempotence': true },
      })
      const kafka = world.client()
      const read: unknown[] = []
      for (let offset = 0; offset < lines.length; ) {
        const [batch] = await kafka.fetch([{ topic, partition: 0, offset }], { maxWaitMs: 5_000 })
        for (const { key, value, headers } of batch!.records) {
          read.push([
            key?.toString() ?? null,
            value?.toString() ?? null,
            headers.map(([name, text]) => [name, text?.toString() ?? null]),
          ])
        }
        expect(batch!.nextOffset).toBeGreaterThan(offset)
        offset = batch!.nextOffset
      }
      expect(read).toEqual([
        [
          'key',
          'value',
          [
            ['a', '1'],
            ['b', 'ü'],
          ],
        ],
        ['ключ', '日本', [['c', null]]],
        [null, null, [['d', 'x']]],
        ...Array.from({ length: 500 }, (_, i) => [`k${i}`, `v${i}`, [['n', `${i}`]]]),
      ])
    })
  })
})
