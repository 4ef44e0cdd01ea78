/** The codecs seen from the front door: what levels change, bombs in a log, and packages that are not installed. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { codecId } from '../../src/shared/compression/index.ts'
import { nodeEnv } from '../../src/shared/node-env.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import { attributes, BATCH_OVERHEAD } from '../../src/shared/record-batch.ts'
import { sealBatch } from '../../src/workers/record-batch.ts'
import { RawClient } from '../main/testing/client.ts'
import { type Bomb, bombs } from '../shared/compression/bombs.ts'
import { onBrokers, onEmbedded } from './on-brokers.ts'

const run = promisify(execFile)
/** The last version that names topics. */
const PRODUCE_VERSION = 9
const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'] as const

/** A batch with a right header and checksum around what it is told. */
function batchOf(packed: Buffer, codec: Bomb['codec']): Buffer {
  const batch = Buffer.concat([Buffer.alloc(BATCH_OVERHEAD), packed])
  const identity = { producerId: -1, producerEpoch: -1, baseSequence: -1 }
  const now = Date.now()
  const times = { baseTimestamp: now, maxTimestamp: now }
  sealBatch(batch, 0, batch.length, { recordCount: 1, ...times, ...identity, attributes: attributes.make(codecId(codec)) })
  return batch
}

async function append(broker: string, topic: string, records: Buffer): Promise<void> {
  const client = await RawClient.open(nodeEnv(), broker)
  const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }]
  const answer = await client.call(produce, PRODUCE_VERSION, { acks: -1, timeoutMs: 5_000, topicData })
  expect(answer.responses[0]!.partitionResponses[0]!.errorCode).toBe(0)
  client.close()
}

onBrokers('codecs', (world) => {
  it.each(CODECS)(
    'F18: a batch of %s that inflates further than maxInflatedBatchBytes is read by a client that allows it',
    async (compression) => {
      const topic = await world.topic(1)
      const value = Buffer.alloc(3 * 2 ** 20, 'honest ')
      await world
        .client({ maxRequestBytes: 8 * 2 ** 20 })
        .producer({ compression, batchBytes: 4 * 2 ** 20 })
        .produce({ topic, value })
      const offsets = [{ topic, partition: 0, offset: 0 }]
      const strict = world.client({ maxInflatedBatchBytes: 2 ** 20 }).fetch(offsets)
      await expect(strict).rejects.toMatchObject({
        code: 'CORRUPT_BATCH',
        context: { limit: 2 ** 20, topic, partition: 0, offset: 0 },
      })
      await expect(strict).rejects.toThrow('larger maxInflatedBatchBytes')
      const [batch] = await world.client().fetch(offsets)
      expect(batch!.records[0]!.value!.equals(value)).toBe(true)
    },
  )

  it.each([
    ['gzip', [1, 4, 9]],
    ['zstd', [-131_072, -100, -1, 1, 9, 19]],
  ] as const)(
    'P8: the higher the level of %s, the less the log takes; without one it is the default',
    async (compression, levels) => {
      const topic = await world.topic(1)
      const kafka = world.client()
      const value = Array.from(
        { length: 4_000 },
        (_, i) => `{"id":${i},"user":${(i * 7_919) % 500},"amount":${i ** 3 % 10_007}}`,
      ).join()
      const options = [{}, ...levels.map((compressionLevel) => ({ compressionLevel }))]
      for (const [p, level] of options.entries()) {
        await kafka.producer({ name: `${p}`, compression, ...level }).produce({ topic, value })
      }
      const log = await world.log(topic)
      expect(log.every((record) => String(record.value) === value && record.codec === compression)).toBe(true)
      const [byDefault, ...sizes] = log.map(({ batchBytes }) => batchBytes)
      expect(sizes).toEqual(sizes.toSorted((one, other) => other - one))
      expect(new Set(sizes).size).toBe(levels.length)
      expect(byDefault).toBeGreaterThan(sizes.at(-1)!)
      expect(byDefault).toBeLessThan(sizes[0]!)
    },
  )
})

onEmbedded(
  'bombs and missing codecs',
  1,
  (world) => {
    it.each(bombs)(
      'F18: a bomb of $codec in a log, $name, ends the fetch with its place and no more than 96 MiB',
      async (bomb) => {
        const topic = await world.topic(1)
        await world.client().producer().produce({ topic, value: 'before it' })
        const packed = bomb.make()
        await append(world.brokers[0]!, topic, batchOf(packed, bomb.codec))
        const child = join(import.meta.dirname, 'codec-child.ts')
        const { stdout } = await run(process.execPath, ['--expose-gc', child, world.brokers[0]!, topic, '0', '1'])
        const { mib, ...outcome } = JSON.parse(stdout) as { mib: number; message: string }
        expect(outcome).toMatchObject({ code: 'CORRUPT_BATCH', context: { topic, partition: 0, offset: 1, size: packed.length } })
        expect(outcome.message).toContain(bomb.codec)
        // beside what inflates there is the answer that it came in
        expect(mib).toBeLessThan(96 + (3 * packed.length) / 2 ** 20)
      },
    )

    describe.each([
      ['snappy', 'snappy'],
      ['lz4', 'lz4-napi'],
    ] as const)('without the package of %s', (codec, name) => {
      it('sends and reads of it fail with the name of the package, nothing else does', async () => {
        const topic = await world.topic(1)
        await world.client().producer({ compression: codec }).produce({ topic, value: 'packed' })
        const child = join(import.meta.dirname, 'missing-codec-child.ts')
        const { stdout } = await run(process.execPath, [child, world.brokers[0]!, topic, codec, name])
        const { sent, own, read, plain } = JSON.parse(stdout) as Record<'sent' | 'own' | 'read' | 'plain', { message: string }>
        expect(sent).toMatchObject({ code: 'UNSUPPORTED_COMPRESSION', outcome: 'not-written' })
        expect(own).toMatchObject({ code: 'UNSUPPORTED_COMPRESSION', outcome: 'not-written' })
        expect(read).toMatchObject({ code: 'UNSUPPORTED_COMPRESSION', context: { topic, partition: 0, offset: 0 } })
        for (const { message } of [sent, own, read]) expect(message).toContain(`'${name}'`)
        expect(plain).toMatchObject({ offset: 1 })
      })
    })
  },
  { maxMessageBytes: 64 * 2 ** 20 },
)
