/**
 * A real Kafka for tests and benches, whatever this machine has to run one. Owns the choice between the ways; each way is a file of its own.
 */
import { KafkaUnavailable, type RealKafka, type StartOptions, type Via } from './cluster.ts'
import { checkLibs } from './libs.ts'
import { namedBrokers, useNamedBrokers } from './via-brokers.ts'
import { checkDocker, startViaDocker } from './via-docker.ts'
import { startViaMaven } from './via-maven.ts'

export {
  type Configs,
  KafkaUnavailable,
  type ListenerOptions,
  type NodeSignal,
  type RealKafka,
  type ScramUser,
  type StartOptions,
  type Via,
} from './cluster.ts'

interface Way {
  check(): Promise<void> | void
  start(options: StartOptions): Promise<RealKafka>
}

// In the order in which they are tried.
const ways = new Map<Via, Way>([
  ['brokers', { check: () => void namedBrokers(), start: useNamedBrokers }],
  ['docker', { check: checkDocker, start: startViaDocker }],
  ['maven', { check: checkLibs, start: startViaMaven }],
])

export interface FoundKafka {
  /** The way that `auto` takes; undefined when there is none. */
  via: Via | undefined
  /** Why each of the other ways before it, or all of them, are not to be had. */
  missing: Map<Via, string>
}

async function whyNot(way: Way): Promise<string | undefined> {
  try {
    await way.check()
    return undefined
  } catch (error) {
    if (!(error instanceof KafkaUnavailable)) throw error
    return error.message
  }
}

/** Which way of getting a real Kafka this machine has, and why not the others. Starts and downloads nothing. */
export async function findKafka(): Promise<FoundKafka> {
  const missing = new Map<Via, string>()
  const only = process.env['ODRADEK_KAFKA_VIA']
  for (const [via, way] of ways) {
    if (only && only !== via) continue
    const reason = await whyNot(way)
    if (reason === undefined) return { via, missing }
    missing.set(via, reason)
  }
  return { via: undefined, missing }
}

/** One line that says why no way works. */
export function explainMissing(missing: ReadonlyMap<Via, string>): string {
  return [...missing].map(([via, reason]) => `${via}: ${reason}`).join('; ')
}

/**
 * Starts a cluster, or connects to the one of `KAFKA_BROKERS`. `ODRADEK_KAFKA_VIA` names the only way to try. With `auto`, a way that turns out not to be had after all (an image that
 * cannot be pulled, a named cluster with too few nodes) gives way to the next; a Kafka that fails to start does not.
 * Rejects with KafkaUnavailable when no way is left.
 */
export async function startKafka(options: StartOptions): Promise<RealKafka> {
  if (options.nodes !== 1 && options.nodes !== 3) throw new RangeError(`nodes must be 1 or 3, not ${options.nodes}`)
  const wanted = options.via ?? (process.env['ODRADEK_KAFKA_VIA'] || 'auto')
  if (wanted !== 'auto' && !ways.has(wanted as Via))
    throw new TypeError(`via must be auto, ${[...ways.keys()].join(', ')}, not ${wanted}`)
  const missing = new Map<Via, string>()
  for (const [via, way] of ways) {
    if (wanted !== 'auto' && wanted !== via) continue
    try {
      await way.check()
      return await way.start(options)
    } catch (error) {
      if (!(error instanceof KafkaUnavailable)) throw error
      missing.set(via, error.message)
    }
  }
  throw new KafkaUnavailable(`no real Kafka to be had: ${explainMissing(missing)}`)
}
