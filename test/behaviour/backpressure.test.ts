/** P9 and IP8 from end to end: a broker that stalls under a producer at full speed, in every way to send. */
import { afterEach, it } from 'vitest'
import type { KafkaOptions } from '../../src/main/index.ts'
import * as harm from '../chaos/actions.ts'
import { type ChaosWorld, onChaos } from './on-chaos.ts'
import { figuresOf, Pressure, STALL_MS } from './pressure.ts'
import type { PressureTask, Way } from './pressure-child.ts'

const ALWAYS = Number.POSITIVE_INFINITY
const MIB = 1024 * 1024
const ALL: readonly Way[] = ['produce', 'tryProduce', 'produceAsync', 'produceBatch', 'produceBatchAsync']

const running = new Set<Pressure>()
afterEach(() => {
  for (const pressure of running) pressure.kill()
  running.clear()
})

async function pressure(
  chaos: ChaosWorld,
  ways: readonly Way[],
  task: Partial<PressureTask> = {},
  options: Partial<KafkaOptions> = {},
) {
  const { partitions = 6 } = task
  const flows = await Promise.all(ways.map(async (way) => ({ way, topic: await chaos.world.topic(partitions) })))
  const started = new Pressure({
    partitions,
    valueBytes: 100,
    bufferMemory: 2 * MIB,
    callers: 16_000,
    batchCallers: 16,
    ...task,
    flows,
    options: { brokers: chaos.proxy.brokers, ...options },
  })
  running.add(started)
  return started
}

const timeout = 60_000 + 4 * STALL_MS

onChaos(
  'a stalled broker',
  (chaos) => {
    it(
      'P9 IP7 IP8 IX4: answers are held back: every way to send waits, refuses or says so, memory stays, then all flows again',
      async () => {
        const load = await pressure(chaos, ALL)
        const { promise: until, resolve: release } = Promise.withResolvers<void>()
        const report = await load.through(
          () => chaos.proxy.answers({ api: 'Produce', times: ALWAYS }, harm.hold(until)),
          () => {
            chaos.proxy.clear()
            release()
          },
        )
        process.stderr.write(`   ${chaos.world.target}, answers held back: ${figuresOf(report)}\n`)
        await load.expectGood(report, chaos.world.brokers)
      },
      timeout,
    )

    it(
      'P9 IP7 IP8 F30: a socket that is never read, and callers without heed: the same',
      async () => {
        const ways: Way[] = ['produceAsync without heed', 'produceBatch']
        const load = await pressure(chaos, ways, { valueBytes: 1_000, batchCallers: 10 }, { ioThreads: 2 })
        const report = await load.through(
          () => chaos.proxy.deafen(),
          () => chaos.proxy.heal(),
        )
        process.stderr.write(`   ${chaos.world.target}, never read: ${figuresOf(report)}\n`)
        await load.expectGood(report, chaos.world.brokers)
      },
      timeout,
    )
  },
  ['embedded-1', 'real-1'],
)

onChaos(
  'a stalled broker, otherwise',
  (chaos) => {
    it.each<[what: string, ways: readonly Way[], task: Partial<PressureTask>, options: Partial<KafkaOptions>]>([
      ['300 partitions', ['produceAsync without heed'], { partitions: 300, bufferMemory: 16 * MIB }, {}],
      [
        'batches that have no room in their store',
        ['produceAsync without heed', 'tryProduce'],
        {},
        { batchStoreBytes: 64 * 1024 },
      ],
      ['no I/O thread', ['produceAsync without heed', 'tryProduce'], {}, { ioThreads: 0 }],
    ])(
      'P9 IP7 IP8: with %s: the same',
      async (what, ways, task, options) => {
        const load = await pressure(chaos, ways, task, options)
        const { promise: until, resolve: release } = Promise.withResolvers<void>()
        const report = await load.through(
          () => chaos.proxy.answers({ api: 'Produce', times: ALWAYS }, harm.hold(until)),
          () => {
            chaos.proxy.clear()
            release()
          },
        )
        process.stderr.write(`   ${what}: ${figuresOf(report)}\n`)
        await load.expectGood(report, chaos.world.brokers)
      },
      timeout,
    )
  },
  ['embedded-1'],
)
