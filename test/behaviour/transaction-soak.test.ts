/**
 * Records moved from topic to topic through transactional handlers while processes are killed with -9 every few seconds and brokers are
 * restarted. `ODRADEK_SOAK_RECORDS` says how many records, 200000 for the full run.
 */
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Kafka } from '../../src/main/index.ts'
import { valuesByPartition } from './committed-values.ts'
import { onEmbedded, type World } from './on-brokers.ts'
import { onPrivateCluster } from './on-private-cluster.ts'
import type { MoverTask } from './transaction-mover-child.ts'

const RECORDS = Number(process.env['ODRADEK_SOAK_RECORDS'] ?? 6_000)
/** In a small run the trouble ends before the records do. */
const SMALL = RECORDS < 50_000
const PARTITIONS = 6
const MOVERS = 3
const KILL_EVERY_MS = 4_000
/** One that does not get to move anything is killed all the same. */
const PATIENCE_MS = 20_000
const SESSIONS = {
  'group.consumer.min.session.timeout.ms': '6000',
  'group.consumer.session.timeout.ms': '6000',
  'group.consumer.min.heartbeat.interval.ms': '500',
  'group.consumer.heartbeat.interval.ms': '1000',
}

/** Processes that move records, each replaced when it is killed. */
class Movers {
  readonly #task: Omit<MoverTask, 'inThreads' | 'idPrefix' | 'batchSize'>
  readonly #children: ChildProcess[] = []
  readonly #moving = new Set<ChildProcess>()
  #over = false
  kills = 0

  constructor(task: Omit<MoverTask, 'inThreads' | 'idPrefix' | 'batchSize'>) {
    this.#task = task
    for (let i = 0; i < MOVERS; i++) this.#begin(i)
  }

  /** Kills one that is at work. */
  async kill(index: number): Promise<void> {
    const child = this.#children[index]!
    for (const until = performance.now() + PATIENCE_MS; !this.#moving.has(child) && performance.now() < until; ) await sleep(50)
    this.kills++
    child.kill('SIGKILL')
  }

  async end(): Promise<void> {
    this.#over = true
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const exit = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
        await exit
        clearTimeout(timer)
      }),
    )
  }

  #begin(index: number): void {
    const task: MoverTask = {
      ...this.#task,
      inThreads: index % 2 === 1,
      idPrefix: `${this.#task.groupName}-${index}`,
      batchSize: SMALL ? 20 : 500,
    }
    const options: ForkOptions = { stdio: 'inherit', execArgv: [] }
    const child = fork(new URL('./transaction-mover-child.ts', import.meta.url), [JSON.stringify(task)], options)
    this.#children[index] = child
    child.once('message', () => this.#moving.add(child))
    child.once('exit', () => {
      if (!this.#over) this.#begin(index)
    })
  }
}

async function fill(kafka: Kafka, topic: string): Promise<string[][]> {
  const values = Array.from({ length: PARTITIONS }, (): string[] => [])
  const producer = kafka.producer()
  for (let i = 0; i < RECORDS; i++) {
    const partition = i % PARTITIONS
    values[partition]!.push(`${partition}:${i}`)
    if (!producer.produceAsync({ topic, partition, value: `${partition}:${i}` }))
      await new Promise<void>((resolve) => producer.once('drain', resolve))
  }
  await producer.flush()
  return values
}

/** `restart` takes one broker down for a while and brings it back. */
function suite(world: World, restart: (node: number) => Promise<void>): void {
  it(
    'IT1, F22, F24, F1: movers are killed and brokers restarted: what is committed equals what was there, nothing lost or doubled, in order',
    async () => {
      const kafka = world.client()
      const [from, to] = [await world.topic(PARTITIONS), await world.topic(PARTITIONS)]
      const wanted = await fill(kafka, from)
      const movers = new Movers({ brokers: world.brokers, groupName: world.freshName(), from, to })
      const began = performance.now()
      const seenAll = async (): Promise<boolean> => {
        const places = wanted.map((_, partition) => ({ topic: from, partition }))
        const ends = await kafka.admin.listOffsets(
          places.map(({ partition }) => ({ topic: to, partition, timestamp: 'latest' as const })),
          { isolationLevel: 'read_committed' },
        )
        // markers take places too: only reading tells, but not before there may be enough
        if (ends.some(({ offset, partition }) => offset < wanted[partition]!.length)) return false
        return (await valuesByPartition(kafka, to, PARTITIONS)).every((got, p) => got.length >= wanted[p]!.length)
      }
      let stop = false
      let restarts = 0
      const trouble = Promise.all([
        (async () => {
          for (let i = 0; !stop; i++) {
            await sleep(KILL_EVERY_MS)
            if (!stop && !(SMALL && movers.kills >= 4)) await movers.kill(i % MOVERS)
          }
        })(),
        (async () => {
          for (let node = 1; !stop && !(SMALL && restarts >= 2); node = (node % 3) + 1, restarts++) await restart(node)
        })(),
      ])
      try {
        // at least some of it in trouble, also when all are quick
        while (movers.kills < 3 || restarts < 1 || !(await seenAll().catch(() => false))) await sleep(500)
      } finally {
        stop = true
        await trouble
        await movers.end()
      }
      expect(await valuesByPartition(kafka, to, PARTITIONS)).toEqual(wanted)
      const seconds = Math.round((performance.now() - began) / 1_000)
      process.stderr.write(`   ${RECORDS} records moved, ${movers.kills} kills, ${restarts} restarts, ${seconds} s\n`)
    },
    Math.max(300_000, RECORDS * 10),
  )
}

onEmbedded(
  'moving in transactions',
  3,
  (world) =>
    suite(world, async (node) => {
      await sleep(2_000)
      await world.broker.kill(node)
      await sleep(700)
      await world.broker.revive(node)
    }),
  { groups: { sessionTimeoutMs: 6_000, heartbeatIntervalMs: 1_000 } },
)

onPrivateCluster(
  'moving in transactions',
  (world) =>
    suite(world, async (node) => {
      await sleep(5_000)
      await world.kafka.kill(node)
      await sleep(2_000)
      await world.kafka.restart(node)
      await sleep(8_000)
    }),
  SESSIONS,
)
