/** Leaders that move every second while 64 callers send with five codecs. `ODRADEK_SOAK_RECORDS` makes it as long as wanted. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { MixedLoad } from './mixed-load.ts'
import { onEmbedded } from './on-brokers.ts'

const SOAK_RECORDS = Number(process.env['ODRADEK_SOAK_RECORDS'] ?? 0)
const PARTITIONS = 6
const MOVES = 6

onEmbedded(
  'moving leaders',
  3,
  (world) => {
    it(
      'F5 P7: every leader moves every second under 64 callers and five codecs: nothing lost, repeated, reordered or misrouted',
      async () => {
        const topics = []
        for (let i = 0; i < 5; i++) topics.push(await world.topic(PARTITIONS))
        const options = SOAK_RECORDS > 0 ? { records: SOAK_RECORDS } : { paceMs: 2 }
        const load = new MixedLoad(world.client(), topics, { partitions: PARTITIONS, ...options })
        await load.flowing()
        const startedAt = performance.now()
        let moves = 0
        let over = SOAK_RECORDS === 0
        void load.done().then(() => (over = true))
        for (let round = 0; round < MOVES || !over; round++) {
          for (const topic of topics)
            for (let partition = 0; partition < PARTITIONS; partition++, moves++)
              await world.broker.moveLeader(topic, partition, 1 + ((partition + round + 1) % 3))
          await sleep(1_000)
        }
        await load.flowing()
        await load.expectExactlyOnce(world.brokers)
        const seconds = Math.round((performance.now() - startedAt) / 1_000)
        process.stderr.write(
          `   ${load.acked} records, ${moves} moves, ${seconds} s, longest pause ${load.longestPause(startedAt)} ms\n`,
        )
        expect(load.acked).toBeGreaterThan(1_000)
      },
      Math.max(90_000, SOAK_RECORDS),
    )
  },
  { retentionBytes: 4 * 1024 ** 3 },
)
