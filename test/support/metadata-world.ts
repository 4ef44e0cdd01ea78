/** A Metadata on a fake cluster in virtual time, for the tests of it. */
import { Metadata } from '../../src/main/metadata.ts'
import { bootstrapAddresses } from '../../src/main/options.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import { type Call, FakeCluster } from './fake-cluster.ts'
import { VirtualEnv } from './virtual-env.ts'

export const settings = {
  requestTimeoutMs: 30_000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  metadataMaxAgeMs: 300_000,
  unknownTopicTimeoutMs: 5_000,
}
export const never = new Promise<never>(() => undefined)

export function start(brokers = ['a:1', 'b:2']) {
  const env = new VirtualEnv()
  const cluster = new FakeCluster(env)
  const metadata = new Metadata({ env, io: cluster, options: settings, bootstrap: bootstrapAddresses(brokers) })
  return { env, cluster, metadata }
}

export async function connected(brokers?: string[]) {
  const world = start(brokers)
  await world.env.until(world.metadata.connect())
  world.cluster.calls.length = 0
  world.cluster.pushes.length = 0
  return world
}

export const rejection = (promise: Promise<unknown>): Promise<KafkaError> =>
  promise.then(
    () => Promise.reject(new Error('it resolved')),
    (error) => (error instanceof KafkaError ? error : Promise.reject(error)),
  )

/** The most calls that fell into any window of one second. */
export function busiestSecond(calls: readonly Call[]): number {
  return Math.max(0, ...calls.map(({ at }) => calls.filter((other) => other.at >= at && other.at < at + 1_000).length))
}
