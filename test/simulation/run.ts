/**
 * One simulated run: producers and readers of one client on a three-node cluster in trouble, until the trouble ends and everything
 * has to settle, resume and agree. The same seed gives the same run.
 */
import { Kafka } from '../../src/main/index.ts'
import { handlers } from '../../src/main/testing/broker/apis/index.ts'
import { Cluster } from '../../src/main/testing/broker/cluster.ts'
import { clusterOptions } from '../../src/main/testing/options.ts'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'
import { apiCode } from '../../src/shared/protocol/registry.ts'
import { Lane } from '../../src/workers/lane.ts'
import { SimEnv } from '../support/sim-env.ts'
import { Chance } from './chance.ts'
import { faults } from './faults/index.ts'
import { finalLogs } from './final-log.ts'
import { judge } from './judge.ts'
import { Ledger } from './ledger.ts'
import { AMPLE_STORE, type Plan, planOf } from './plan.ts'
import { Reader } from './reader.ts'
import { type RunReport, reportOf } from './report.ts'
import { Trouble } from './trouble.ts'
import { Wire } from './wire.ts'
import { FLEETING, sleep, type World } from './world.ts'
import { Writer } from './writer.ts'

/** Everything takes place within this much simulated time. */
const LIMIT_MS = 900_000
/** IX4: so long after the last effect of a fault everything works again. */
const RECOVERY_MS = 20_000
const GRACE_MS = 1_000

let warm: Promise<unknown> | undefined

/** `wanted` leaves out strikes of trouble by their numbers. */
export async function runSeed(seed: number, wanted?: (number: number) => boolean): Promise<RunReport> {
  warm ??= loadCode()
  await warm
  return run(seed, planOf(seed), wanted)
}

/** Code is loaded in real time, which must not happen in the middle of a run that is to be repeatable. */
async function loadCode(): Promise<void> {
  for (const key of handlers.keys()) await apiCode(key)
  // as the client does, by its address
  await import(new URL('../../src/workers/io-core.ts', import.meta.url).href)
  await run(0, { ...planOf(0), readers: 1 }, () => false)
}

async function run(seed: number, plan: Plan, wanted?: (number: number) => boolean): Promise<RunReport> {
  const env = new SimEnv(seed)
  const problems = new Set<string>()
  const cluster = new Cluster(env, {
    ...clusterOptions({ nodes: 3, topics: plan.topics.map((topic) => ({ ...topic, replicationFactor: 3 })) }),
    onBug: (bug) => problems.add(`the broker has a bug: ${bug instanceof Error ? bug.stack : bug}`),
  })
  await env.run(cluster.start())
  const kafka = new Kafka({ ...plan.kafka, brokers: cluster.addresses }, env)
  const wire = new Wire()
  env.network.tamper = wire.tamper
  env.network.onChanged = () => problems.add('IP6: bytes changed that a socket still held')
  const world: World = {
    env,
    cluster,
    kafka,
    wire,
    problems,
    chance: new Chance(seed),
    topics: [...cluster.topics.values()],
    down: new Set(),
    quietAt: 0,
  }
  const trouble = new Trouble(world, seed, faults, wanted)
  const answered = (error: number) => trouble.strikes.some(({ text }) => text.includes(`answers ${error}`))
  kafka.on('dataLoss', ({ topic, partition, detail }) => {
    // a position in a topic that was made anew, as `kafka.fetch` knows topics by name
    if (topic === FLEETING && detail.includes('truncated')) return
    // these brokers lose nothing; they only say so when a fault makes them
    if (!answered(ErrorCode.UNKNOWN_PRODUCER_ID)) problems.add(`IP1: data loss reported for ${topic}-${partition}: ${detail}`)
  })
  const ledger = new Ledger(() => env.now())
  const readers = Array.from({ length: plan.readers }, (_, number) => new Reader(world, seed, number))
  const writers = plan.writers.map((writer) => new Writer(world, ledger, writer, seed))
  env.watch = () => {
    for (const writer of writers) writer.check()
  }
  Lane.firstSequence = plan.firstSequence
  let complete = true
  try {
    complete = await env.run(live(world, plan, trouble, writers, readers), LIMIT_MS)
  } catch (error) {
    problems.add(`IX4: ${error instanceof Error ? error.message : error}`)
  } finally {
    Lane.firstSequence = 0
  }
  await env.run(kafka.close({ timeoutMs: 0 }))
  cluster.close()
  const followings = complete ? readers.flatMap((reader) => reader.followings) : []
  const lossless = plan.kafka.batchStoreBytes === AMPLE_STORE
  const found = [
    ...problems,
    ...ledger.problems(lossless),
    ...ledger.unprovoked(answered),
    ...judge(ledger.sent, finalLogs(world.topics), followings),
  ]
  return reportOf(ledger.sent, readers, trouble.strikes, found, env.now())
}

/** False when the client was closed in the midst of it, so that readers cannot have seen all. */
async function live(world: World, plan: Plan, trouble: Trouble, writers: Writer[], readers: Reader[]): Promise<boolean> {
  const { env } = world
  let over = false
  trouble.start()
  const reading = Promise.all(readers.map((reader) => reader.run(() => over)))
  await Promise.all(writers.map((writer) => writer.run()))
  if (plan.closesWithin !== undefined) await close(world, plan.closesWithin)
  trouble.end()
  const settled = Promise.all(writers.map((writer) => writer.settled()))
  if (plan.closesWithin !== undefined) {
    over = true
    await Promise.all([settled, reading])
    return false
  }
  await sleep(world, Math.max(0, world.quietAt - env.now()))
  const deadline = env.now() + RECOVERY_MS
  await Promise.all(writers.map((writer) => writer.resume(deadline)))
  await settled
  for (const writer of writers) writer.checkEmpty()
  over = true
  await reading
  await Promise.all(readers.map((reader) => reader.catchUp(env.now() + RECOVERY_MS)))
  await close(world, 30_000)
  return true
}

/** IX5: in time, and nothing stays open. */
async function close({ env, kafka, problems }: World, timeoutMs: number): Promise<void> {
  const began = env.now()
  await kafka.close({ timeoutMs })
  const took = env.now() - began
  if (took > timeoutMs + GRACE_MS) problems.add(`IX5: close() took ${took.toFixed(0)} ms, its timeout was ${timeoutMs} ms`)
  if (env.network.pipes.size > 0) problems.add(`IX5: ${env.network.pipes.size} connections are open after close()`)
}
