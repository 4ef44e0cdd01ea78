/** Groups behind a network that cuts, garbles, lies and stands still. What cannot be read is never passed over. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ConsumerGroup } from '../../src/main/index.ts'
import { type FetchResponse, fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { BATCH_OVERHEAD, BatchField, LOG_OVERHEAD } from '../../src/shared/record-batch.ts'
import * as harm from '../chaos/actions.ts'
import { type BatchLie, checksummed, lieAt, magic, recordCount, wrongChecksum } from '../chaos/batches.ts'
import { GroupLedger, traffic } from './group-ledger.ts'
import { committedOffsets, eventually } from './group-support.ts'
import { EAGER, onChaos } from './on-chaos.ts'

const ALWAYS = Number.POSITIVE_INFINITY
const quiet = ['member 1: assigned 3']

/** Without its records: their offsets stay. */
function emptied(batch: Buffer): Buffer {
  const made = Buffer.from(batch.subarray(0, BATCH_OVERHEAD))
  made.writeInt32BE(made.length - LOG_OVERHEAD, BatchField.length)
  made.writeInt32BE(0, BatchField.recordCount)
  return made
}

function attributed(batch: Buffer, bits: number): Buffer {
  batch.writeInt16BE(batch.readInt16BE(BatchField.attributes) | bits, BatchField.attributes)
  return batch
}

type Part = FetchResponse['responses'][number]['partitions'][number]

/** A change of this partition in an answer that has records. */
const ofPartition = (partition: number, change: (part: Part, records: Buffer) => void) => (body: FetchResponse) => {
  for (const { partitions } of body.responses)
    for (const part of partitions) if (part.records && part.partitionIndex === partition) change(part, part.records)
}

onChaos(
  'groups on a bad network',
  (chaos) => {
    async function reading(options = {}): Promise<{ ledger: GroupLedger; group: ConsumerGroup }> {
      const ledger = new GroupLedger(chaos.world.brokers, await chaos.world.topic(3), 3)
      const group = ledger.member(chaos.client({ ...EAGER, requestTimeoutMs: 2_000, ...options }))
      await group.start()
      ledger.watchCommits()
      // what is read is in order from the start
      await ledger.write(chaos.world.client(), 10)
      await ledger.caughtUp()
      return { ledger, group }
    }

    const committed = async ({ groupName, topic }: GroupLedger, partition: number) =>
      (await committedOffsets(chaos.world.brokers, groupName, [{ topic, partition }]))[0]!

    const damage: [what: string, api: string, action: (time: number) => harm.Action][] = [
      ['F13: answers to Fetch are cut', 'Fetch', (time) => harm.cut([0, 3, 40, -5][time % 4]!, time % 2 ? 'fin' : 'reset')],
      ['F13: answers to OffsetCommit are cut', 'OffsetCommit', (time) => harm.cut([0, 3, -1][time % 3]!)],
      ['F13: answers to heartbeats are cut', 'ConsumerGroupHeartbeat', (time) => harm.cut([0, 3, -1][time % 3]!)],
      ['F15: answers to Fetch are noise', 'Fetch', (time) => (time % 2 ? harm.noise(time) : harm.shorten(3 + time))],
      ['F15: answers to OffsetCommit are noise', 'OffsetCommit', (time) => harm.noise(time)],
      ['F12: answers to Fetch vanish, and the connection stays', 'Fetch', () => harm.freeze()],
    ]
    it.each(damage)('%s: every record once and in order (IC1, IC3)', async (what, api, action) => {
      const { ledger } = await reading()
      const producer = chaos.world.client()
      const times = what.startsWith('F12') ? 2 : 6
      const flow = traffic(ledger, producer)
      for (let time = 0; time < times; time++) {
        const rule = chaos.proxy.answers({ api }, action(time))
        await rule.reached()
      }
      await flow.stop()
      chaos.proxy.clear()
      await ledger.settle()
      expect(ledger.events).toEqual(quiet)
    })

    const lies: [what: string, lie: BatchLie, code: string][] = [
      ['a checksum that does not match', wrongChecksum, 'CORRUPT_BATCH'],
      ['magic 3', magic(3), 'UNSUPPORTED'],
      ['2^31 − 1 records', recordCount(2 ** 31 - 1), 'CORRUPT_BATCH'],
    ]
    it.each(lies)(
      'F17 IC7: %s: that partition fails with its offset, others go on, and seek goes past it',
      async (_what, lie, code) => {
        const { ledger, group } = await reading()
        const failed: unknown[] = []
        group.on('partitionFailed', ({ partition, error }) => failed.push([partition, error.code, error.context.offset]))
        const writer = chaos.world.client()
        // one batch for each write: that at 12 lies in every answer
        const untilTheLie = ofPartition(1, (part, records) => (part.records = lieAt(records, 12, lie)))
        chaos.proxy.rewrite(fetch, untilTheLie, { times: ALWAYS })
        for (let i = 0; i < 3; i++) await ledger.write(writer, 2)
        await eventually(() => expect(failed).toEqual([[1, code, 12]]))
        for (let i = 0; i < 3; i++) await ledger.write(writer, 2)
        await eventually(() => expect([0, 2].map((p) => ledger.handledUpTo(p))).toEqual([22, 22]))
        expect(ledger.handledUpTo(1)).toBe(12)
        expect(group.why().partitions.find(({ partition }) => partition === 1)!.text).toMatch(/stands still at offset 12/)
        expect((await committed(ledger, 1)).offset).toBe(12)
        // as if it could be read, then past it for good
        group.resume()
        await eventually(() => expect(failed).toHaveLength(2))
        ledger.skip(1, [12, 13])
        group.seek({ topic: ledger.topic, partition: 1, offset: 14 })
        await ledger.settle()
        expect(failed).toHaveLength(2)
      },
    )

    it('F17 IC7: damage on the way is repaired by fetching again, unnoticed', async () => {
      const { ledger } = await reading()
      const once = chaos.proxy.rewrite(
        fetch,
        ofPartition(1, (part, records) => (part.records = lieAt(records, 10, wrongChecksum))),
        { times: 2 },
      )
      await ledger.write(chaos.world.client(), 20)
      await once.reached(2)
      await ledger.settle()
      expect(ledger.events).toEqual(quiet)
    })

    const rarities: [what: string, lie: BatchLie][] = [
      ['a batch that compaction emptied', checksummed((batch) => emptied(batch))],
      ['a batch of control records', checksummed((batch) => attributed(batch, 0x20))],
    ]
    it.each(rarities)('F19 IC1: %s: nothing of it is delivered, and the position moves past it', async (_what, lie) => {
      const { ledger } = await reading()
      const writer = chaos.world.client()
      await ledger.write(writer, 2)
      await ledger.caughtUp()
      chaos.proxy.rewrite(
        fetch,
        ofPartition(1, (part, records) => (part.records = lieAt(records, 12, lie))),
        { times: ALWAYS },
      )
      // for the ledger they are done
      ledger.skip(1, [12, 13])
      await ledger.write(writer, 2)
      await eventually(async () => expect((await committed(ledger, 1)).offset).toBe(14))
      await ledger.write(writer, 2)
      await ledger.settle()
      expect(ledger.events).toEqual(quiet)
    })

    it('F19 IC1: attributes that nobody knows yet change nothing', async () => {
      const { ledger } = await reading()
      const writer = chaos.world.client()
      const unknown = checksummed((batch) => attributed(batch, 0x7f80))
      const change = [0, 1, 2].map((p) => ofPartition(p, (part, records) => (part.records = lieAt(records, 10, unknown))))
      const changed = chaos.proxy.rewrite(fetch, (body) => change.forEach((each) => void each(body)), { times: ALWAYS })
      await ledger.write(writer, 2)
      await ledger.write(writer, 2)
      await ledger.caughtUp()
      expect(changed.hits).toBeGreaterThan(0)
      await ledger.settle()
      expect(ledger.events).toEqual(quiet)
    })

    it('F47 IC1: fetch sessions are lost again and again: reading goes on without gap or repetition', async () => {
      const { ledger } = await reading()
      const flow = traffic(ledger, chaos.world.client())
      for (let time = 0; time < 8; time++) {
        const errorCode = time % 2 ? 70 : 71
        const lost = chaos.proxy.rewrite(fetch, (body) => void Object.assign(body, { errorCode, sessionId: 0, responses: [] }))
        await lost.reached()
      }
      await flow.stop()
      await ledger.settle()
      expect(ledger.events).toEqual(quiet)
    })

    const repetitions: [what: string, change: (body: FetchResponse) => void][] = [
      ['a partition', ({ responses }) => responses.forEach(({ partitions }) => void partitions.push(...partitions))],
      [
        'a batch',
        (body) => {
          for (const p of [0, 1, 2]) ofPartition(p, (part, records) => (part.records = Buffer.concat([records, records])))(body)
        },
      ],
    ]
    it.each(repetitions)('F47 IC1: %s that comes twice in an answer is delivered once', async (_what, change) => {
      const { ledger } = await reading()
      const writer = chaos.world.client()
      const twice = chaos.proxy.rewrite(fetch, change, { times: ALWAYS })
      for (let i = 0; i < 10; i++) await ledger.write(writer, 3)
      await ledger.caughtUp()
      expect(twice.hits).toBeGreaterThan(1)
      await ledger.settle()
    })

    it('F20: fetches, commits and heartbeats are throttled: reading goes on, slower, and the member stays', async () => {
      const { ledger } = await reading()
      const writer = chaos.world.client()
      const apis = ['Fetch', 'OffsetCommit', 'ConsumerGroupHeartbeat']
      const throttled = chaos.proxy.answers({ times: ALWAYS, when: ({ api }) => apis.includes(api) }, (frame, exchange) => {
        const { code } = exchange
        const body = exchange.decodeAnswer(code, frame) as { throttleTimeMs: number }
        body.throttleTimeMs = exchange.correlationId % 3 === 0 ? -5 : 100
        return [exchange.encodeAnswer(code, body)]
      })
      for (let i = 0; i < 10; i++) await ledger.write(writer, 3)
      await ledger.caughtUp()
      expect(throttled.hits).toBeGreaterThan(3)
      chaos.proxy.clear()
      await ledger.settle()
      expect(ledger.events).toEqual(quiet)
    })

    it.each([1_000, 5_000])(
      'F21 IC4: cut off from all brokers for %d ms: nothing is lost, also when it was put out meanwhile',
      async (ms) => {
        const { ledger } = await reading()
        const flow = traffic(ledger, chaos.world.client(), { pauseMs: 50 })
        await sleep(200)
        chaos.proxy.partition()
        await sleep(ms)
        chaos.proxy.heal()
        await flow.stop()
        await ledger.settle({ repeats: ledger.events.some((text) => text.includes('lost')) })
      },
    )
  },
  ['embedded-1', 'real-1'],
)
