/**
 * What was produced since a mark, on any cluster: marks remember where the logs of topics ended. Reads only what is committed, of
 * partitions that came later too.
 */
import type { Env } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import { nodeEnv } from '../../shared/node-env.ts'
import type { FetchedRecord, FetchPosition } from '../../shared/types.ts'
import type { Kafka } from '../index.ts'
import { type ClusterAccess, withClient } from './cluster-access.ts'
import { differences, type ExpectedRecord } from './expected-record.ts'

/** Where the logs of topics ended. */
export interface Mark {
  readonly cluster: ClusterAccess
  readonly topics: readonly string[]
  /** By topic and partition: the offset of the next record. */
  readonly ends: ReadonlyMap<string, number>
}

/** For {@link waitForProduced}. */
export interface WaitOptions {
  /** Default 5,000. */
  timeoutMs?: number
  signal?: AbortSignal
}

const WAIT_MS = 5_000
const PAUSE_MS = 25
/** A look may take so long, however little time is left: what is behind or nearest is worth more than being in time. */
const LEAST_MS = 10_000
const MISSES = 3

/**
 * Remembers where the logs of these topics end now.
 *
 * @throws KafkaError UNKNOWN_TOPIC, NO_BROKER, …
 */
export function mark(cluster: ClusterAccess, ...topics: string[]): Promise<Mark> {
  if (topics.length === 0) throw new KafkaError('INVALID_ARGUMENT', 'mark() takes the topics that are to be looked at.')
  return withClient(cluster, async (kafka) => ({ cluster, topics, ends: await endsOf(kafka, topics, 'latest') }))
}

/** All records since the mark, topic by topic, in each by partition and offset. */
export function producedSince(mark: Mark): Promise<FetchedRecord[]> {
  return withClient(mark.cluster, (kafka) => new Since(kafka, mark).next())
}

/** The first record since the mark that is the expected one; undefined when there is none. */
export async function wasProduced(mark: Mark, expected: ExpectedRecord): Promise<FetchedRecord | undefined> {
  return (await producedSince(mark)).find((record) => differences(record, expected).length === 0)
}

/**
 * The first record since the mark that is the expected one, as soon as it is there.
 *
 * @throws KafkaError TIMEOUT, which lists the records that came nearest and what is different in them; ABORTED
 */
export function waitForProduced(mark: Mark, expected: ExpectedRecord, options: WaitOptions = {}): Promise<FetchedRecord> {
  const { timeoutMs = WAIT_MS, signal } = options
  return withClient(mark.cluster, async (kafka) => {
    const since = new Since(kafka, mark)
    const misses = new Misses()
    const record = await poll({ timeoutMs, signal }, async (limits) => {
      for (const record of await since.next(limits)) {
        const different = differences(record, expected)
        if (different.length === 0) return record
        misses.add(record, different)
      }
      return undefined
    })
    if (record) return record
    const text = `No such record in ${mark.topics.join(', ')} within ${timeoutMs} ms. ${misses.text}`
    throw new KafkaError('TIMEOUT', text, { ...(mark.topics.length === 1 && { topic: mark.topics[0]! }), elapsedMs: timeoutMs })
  })
}

/** How long one look may take. */
export interface LookLimits {
  timeoutMs: number
  signal?: AbortSignal
}

/** Looks until there is something or `timeoutMs` are over; once at least. */
export async function poll<T>(
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
  look: (limits: LookLimits) => Promise<T | undefined>,
): Promise<T | undefined> {
  if (!(timeoutMs >= 0)) throw new KafkaError('INVALID_ARGUMENT', `timeoutMs must be 0 or more, but is ${timeoutMs}.`)
  const env = nodeEnv()
  const deadline = env.now() + timeoutMs
  for (;;) {
    if (signal?.aborted)
      throw new KafkaError('ABORTED', 'The wait was given up: its signal was aborted.', { cause: signal.reason })
    const left = Math.max(LEAST_MS, Math.round(deadline - env.now()))
    const found = await look({ timeoutMs: left, ...(signal && { signal }) })
    if (found !== undefined || env.now() >= deadline) return found
    await pause(env, PAUSE_MS)
  }
}

function pause(env: Env, ms: number): Promise<void> {
  return new Promise((resolve) => void env.setTimeout(resolve, ms))
}

const keyOf = (topic: string, partition: number): string => `${topic}-${partition}`

async function endsOf(
  kafka: Kafka,
  topics: readonly string[],
  timestamp: 'earliest' | 'latest',
  limits: Partial<LookLimits> = {},
): Promise<Map<string, number>> {
  const described = await kafka.admin.describeTopics(topics, limits)
  const queries = described.flatMap(({ topic, partitions }) => {
    return Array.from({ length: partitions }, (_, partition) => ({ topic, partition, timestamp }))
  })
  const offsets = await kafka.admin.listOffsets(queries, { ...limits, isolationLevel: 'read_committed' })
  return new Map(offsets.map(({ topic, partition, offset }) => [keyOf(topic, partition), offset]))
}

/** Reads on from a mark. */
class Since {
  readonly #kafka: Kafka
  readonly #topics: readonly string[]
  readonly #next: Map<string, number>

  constructor(kafka: Kafka, { topics, ends }: Mark) {
    this.#kafka = kafka
    this.#topics = topics
    this.#next = new Map(ends)
  }

  /** What came since the last call, or since the mark. */
  async next(limits: Partial<LookLimits> = {}): Promise<FetchedRecord[]> {
    const ends = await endsOf(this.#kafka, this.#topics, 'latest', limits)
    const starts = await endsOf(this.#kafka, this.#topics, 'earliest', limits)
    const records: FetchedRecord[] = []
    for (const topic of this.#topics) {
      for (let partition = 0; ; partition++) {
        const end = ends.get(keyOf(topic, partition))
        if (end === undefined) break
        // what retention took away nobody can find any more
        const start = Math.max(this.#next.get(keyOf(topic, partition)) ?? 0, starts.get(keyOf(topic, partition)) ?? 0)
        await this.#read({ topic, partition, offset: start }, end, limits, records)
      }
    }
    return records
  }

  async #read(from: FetchPosition, end: number, limits: Partial<LookLimits>, into: FetchedRecord[]): Promise<void> {
    const { topic, partition } = from
    let { offset } = from
    while (offset < end) {
      const [batch] = await this.#kafka.fetch([{ topic, partition, offset }], { ...limits, isolationLevel: 'read_committed' })
      for (const record of batch!.records) into.push(record)
      offset = batch!.nextOffset
    }
    this.#next.set(keyOf(topic, partition), offset)
  }
}

/** The records that come nearest to what is looked for. */
class Misses {
  #count = 0
  #nearest: { place: string; different: string[] }[] = []

  get text(): string {
    if (this.#count === 0) return 'Nothing at all was produced since the mark.'
    const nearest = this.#nearest.map(({ place, different }) => `\n  ${place}: ${different.join('; ')}`)
    return `${this.#count} ${this.#count === 1 ? 'other was' : 'others were'} produced since the mark; nearest:${nearest.join('')}`
  }

  add({ topic, partition, offset }: FetchedRecord, different: string[]): void {
    this.#count++
    this.#nearest.push({ place: `${keyOf(topic, partition)} at offset ${offset}`, different })
    this.#nearest.sort((a, b) => a.different.length - b.different.length)
    this.#nearest.length = Math.min(this.#nearest.length, MISSES)
  }
}
