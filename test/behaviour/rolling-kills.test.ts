/**
 * All three nodes of a real cluster die by kill -9 one after the other. `ODRADEK_SOAK_RECORDS` makes it as long as wanted, for example
 * 5000000; then each dies twice, and the rest is sent in peace.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { MixedLoad } from './mixed-load.ts'
import { onPrivateCluster } from './on-private-cluster.ts'

const SOAK_RECORDS = Number(process.env['ODRADEK_SOAK_RECORDS'] ?? 0)
const PARTITIONS = 6
const LEADERS = [1, 2, 3, 1, 2, 3]
const ROUNDS = SOAK_RECORDS > 0 ? 2 : 1

onPrivateCluster('rolling kills', (world) => {
  it(
    'F1 P7: every node is killed and restarted in turn under 64 callers and five codecs: nothing lost, repeated, reordered or misrouted',
    async () => {
      const topics = []
      for (let i = 0; i < 5; i++) topics.push(await world.led(LEADERS))
      const options = SOAK_RECORDS > 0 ? { records: SOAK_RECORDS } : { paceMs: 4 }
      const load = new MixedLoad(world.client(), topics, { partitions: PARTITIONS, ...options })
      await load.flowing()
      const startedAt = performance.now()
      let kills = 0
      for (let round = 0; round < ROUNDS; round++) {
        for (const node of [1, 2, 3]) {
          const killedAt = performance.now()
          await world.kafka.kill(node)
          kills++
          await sleep(2_000)
          await world.kafka.restart(node)
          for (const topic of topics) await world.healed(topic)
          await load.flowing()
          process.stderr.write(`   node ${node} killed: longest pause of a partition ${load.longestPause(killedAt)} ms\n`)
        }
      }
      if (SOAK_RECORDS > 0) await load.done()
      await load.expectExactlyOnce(world.brokers)
      const seconds = Math.round((performance.now() - startedAt) / 1_000)
      process.stderr.write(
        `   ${load.acked} records, ${kills} kills, ${seconds} s, longest pause ${load.longestPause(startedAt)} ms\n`,
      )
      expect(load.acked).toBeGreaterThan(1_000)
    },
    Math.max(240_000, SOAK_RECORDS),
  )
})
