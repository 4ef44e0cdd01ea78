/** P6: where records without a key go. Keys are for `java.test.ts`, where Java is the judge. */
import { expect, it } from 'vitest'
import type { ProducerRecord } from '../../src/main/index.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import type { LogRecord } from './log-reader.ts'
import { onBrokers } from './on-brokers.ts'
import { EAGER, onChaos } from './on-chaos.ts'

const MIB = 1024 * 1024

function bytesByPartition(log: readonly LogRecord[], partitions: number): number[] {
  const bytes = new Array<number>(partitions).fill(0)
  for (const { partition, value } of log) bytes[partition]! += value!.length
  return bytes
}

/** Values until `total` bytes are reached. */
function values(total: number, size: (index: number) => number): Buffer[] {
  const made: Buffer[] = []
  for (let sum = 0; sum < total; sum += made.at(-1)!.length) made.push(Buffer.alloc(size(made.length), 'v'))
  return made
}

onBrokers('records without a key', (world) => {
  const sizes: [what: string, size: (index: number) => number][] = [
    ['of one size', () => 1_000],
    ['of sizes from 10 to 20,000 bytes', (i) => 10 + ((i * 7_919) % 19_990)],
    ['that are small but for some', (i) => (i % 40 === 7 ? 50_000 : 150)],
  ]
  it.each(sizes)('P6: %s spread over the partitions by bytes', async (_what, size) => {
    const topic = await world.topic(4)
    const records = values(8 * MIB, size).map((value): ProducerRecord => ({ topic, value }))
    const results = await world.client().producer().produceBatch(records)
    expect(results.filter(({ ok }) => !ok)).toEqual([])
    for (const bytes of bytesByPartition(await world.log(topic), 4)) expect(Math.abs(bytes / (2 * MIB) - 1)).toBeLessThan(0.03)
  })

  it('P6: stay together for a while, so that batches are full', async () => {
    const topic = await world.topic(4)
    const producer = world.client().producer({ lingerMs: 100 })
    await producer.produceBatch(Array.from({ length: 120 }, (_, i) => ({ topic, value: Buffer.alloc(100, i) })))
    // 15 KB are less than one turn
    expect(new Set((await world.log(topic)).map(({ partition }) => partition)).size).toBe(1)
  })
})

onChaos(
  'partitions without a leader',
  (chaos) => {
    it('P6, F6: get no record without a key as long as they have none, and their share afterwards', async () => {
      const topic = await chaos.world.topic(3)
      const leaderless = chaos.proxy.rewrite(
        metadata,
        ({ topics }) => {
          for (const { partitions } of topics) {
            for (const one of partitions) if (one.partitionIndex === 1) Object.assign(one, { leaderId: -1, errorCode: 5 })
          }
        },
        { times: Number.POSITIVE_INFINITY },
      )
      const producer = chaos.client({ ...EAGER, metadataMaxAgeMs: 1_000 }).producer()
      const send = async (total: number): Promise<void> => {
        const results = await producer.produceBatch(values(total, () => 5_000).map((value) => ({ topic, value })))
        expect(results.filter(({ ok }) => !ok)).toEqual([])
      }
      await send(2 * MIB)
      expect(leaderless.hits).toBeGreaterThan(0)
      const [first, avoided, last] = bytesByPartition(await chaos.world.log(topic), 3)
      expect(avoided).toBe(0)
      for (const bytes of [first!, last!]) expect(Math.abs(bytes / MIB - 1)).toBeLessThan(0.05)
      // one with a key has no choice: it waits
      const keyed = producer.produce({ topic, key: 'k', partition: 1, value: 'patience' })
      chaos.proxy.clear()
      expect(await keyed).toMatchObject({ partition: 1, offset: 0 })
      await send(3 * MIB)
      const [, back] = bytesByPartition(await chaos.world.log(topic), 3)
      expect(Math.abs(back! / MIB - 1)).toBeLessThan(0.1)
    })
  },
  ['embedded-1', 'real-1'],
)
