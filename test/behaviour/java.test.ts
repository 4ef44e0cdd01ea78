/** The referees: Apache's own Java client reads what odradek wrote, and odradek reads what Java wrote, on every cluster. */
import { describe, expect, it } from 'vitest'
import { findJava } from '../kafka/java.ts'
import { consoleConsumer, consoleProducer } from '../kafka/java-tools.ts'
import { kafkaLibs } from '../kafka/libs.ts'
import { onBrokers } from './on-brokers.ts'

async function whyNoJava(): Promise<string> {
  try {
    findJava()
    await kafkaLibs(() => {})
    return ''
  } catch (error) {
    if (process.env['CI'] === 'true') throw error
    return (error as Error).message
  }
}
const missing = await whyNoJava()
if (missing) process.stderr.write(`REFEREES ARE SKIPPED: ${missing}\n`)

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

const shown = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('latin1')

onBrokers('java', (world) => {
  describe.skipIf(missing !== '')('referee', { timeout: 120_000 }, () => {
    it.each(CODECS)('Java reads what odradek wrote with compression %s', async (compression) => {
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
          ],
        ],
        [null, 'no key', []],
        ['tombstone', null, []],
        ['', '', []],
        [utf8('ключ'), '\u0000\u0001\n\\\u00fe\u00ff', [['b', '\u00ff\u0000']]],
        [null, 'large '.repeat(5_000), []],
      ])
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
