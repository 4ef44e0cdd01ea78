/**
 * Rows of the fault catalogue on a real cluster whose nodes die, stop, restart and lose their disks while many callers send. Each is judged by what the log has afterwards.
 *
 * `ODRADEK_SOAK_RECORDS` makes the kill -9 tests as long as wanted, for example 2000000.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Load } from './load.ts'
import { onPrivateCluster } from './on-private-cluster.ts'

const SOAK_RECORDS = Number(process.env['ODRADEK_SOAK_RECORDS'] ?? 200_000)
const CALLERS = 64
const PARTITIONS = 12
const all = Array.from({ length: PARTITIONS }, (_, partition) => partition)
/** Half of the partitions are led by this node, the others by the other two. */
const mostly = (node: number) => all.map((p) => (p % 2 === 0 ? node : 1 + ((node + ((p >> 1) & 1)) % 3)))
const ledBy = (leaders: readonly number[], node: number) => all.filter((p) => leaders[p] === node)

/** Figures go to the log of the run: they are what to look at when the machine was slow. */
function tell(what: string, pauses: readonly number[]): void {
  const [from, to] = [Math.min(...pauses), Math.max(...pauses)]
  process.stderr.write(`   ${what}: partitions paused for ${from} to ${to} ms [${pauses.join(' ')}]\n`)
}

onPrivateCluster('cluster faults', (world) => {
  it.each([
    ['the leader of most partitions', false],
    ['the active controller, which leads most partitions,', true],
  ])(
    'F1 G9: kill -9 of %s under load of 64 callers: exactly once, in order, sends go on within seconds',
    async (_who, controls) => {
      const controller = await world.controller()
      const victim = controls ? controller : (controller % 3) + 1
      const leaders = mostly(victim)
      const topic = await world.led(leaders)
      const recordsEach = Math.ceil(SOAK_RECORDS / CALLERS)
      const load = new Load(world.client().producer(), topic, { partitions: PARTITIONS, recordsEach })
      await load.reached(Math.floor(SOAK_RECORDS * 0.15))
      const killedAt = performance.now()
      await world.kafka.kill(victim)
      await sleep(3_000)
      const back = world.kafka.restart(victim)
      await load.flowing(ledBy(leaders, victim))
      tell(`F1 kill -9 of node ${victim}${controls ? ', the controller' : ''}`, load.pauses(killedAt))
      await load.done()
      await back
      expect(Math.max(...load.pauses(killedAt))).toBeLessThan(20_000)
      await load.expectExactlyOnce(world.brokers)
      process.stdout.write(`   F1 ${load.acked} records in ${Math.round(performance.now() - killedAt)} ms after the kill\n`)
      await world.healed(topic)
    },
    600_000,
  )

  it('F3 G10: the leader is stopped with open sockets and wakes up later: sends go on elsewhere, exactly once, in order', async () => {
    const victim = ((await world.controller()) % 3) + 1
    const leaders = mostly(victim)
    const topic = await world.led(leaders)
    const load = new Load(world.client().producer(), topic, { partitions: PARTITIONS, paceMs: 5 })
    await load.reached(3_000)
    const stoppedAt = performance.now()
    await world.kafka.kill(victim, 'SIGSTOP')
    await load.flowing(ledBy(leaders, victim))
    tell(`F3 SIGSTOP of node ${victim}`, load.pauses(stoppedAt))
    expect(Math.max(...load.pauses(stoppedAt))).toBeLessThan(20_000)
    await world.kafka.kill(victim, 'SIGCONT')
    await sleep(2_000)
    await load.flowing()
    await load.expectExactlyOnce(world.brokers)
    await world.healed(topic)
  }, 120_000)
})
