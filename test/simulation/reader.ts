/** Follows partitions through `kafka.fetch`, keeping its positions itself, as they are written. Notes all it was given. */
import { KafkaError } from '../../src/main/index.ts'
import { Chance } from './chance.ts'
import { FLEETING, sleep, type World } from './world.ts'

const READERS = 4
const GRACE_MS = 1_000

/** One record as it was delivered. */
export interface Delivered {
  offset: number
  value: string
}

export interface Following {
  readonly topic: string
  readonly partition: number
  offset: number
  /** Of the batch before `offset`: no log is to diverge from it here, since these brokers lose nothing. */
  lastFetchedEpoch: number
  readonly delivered: Delivered[]
}

/** What may come of a fetch in trouble. Reading goes on at the same position afterwards. */
const EXCUSES: ReadonlySet<string> = new Set([
  'TIMEOUT',
  'ABORTED',
  'NO_BROKER',
  'CONNECTION_FAILED',
  'CONNECTION_LOST',
  'PROTOCOL_ERROR',
  'UNKNOWN_TOPIC',
  'BROKER_ERROR',
  'CORRUPT_BATCH',
  'UNSUPPORTED',
  'UNSUPPORTED_COMPRESSION',
])

/** What becomes of positions in a topic that was made anew. */
const GONE: ReadonlySet<string> = new Set(['OFFSET_OUT_OF_RANGE', 'LOG_TRUNCATED', 'UNKNOWN_PARTITION'])

export class Reader {
  readonly followings: Following[]
  readonly #world: World
  readonly #chance: Chance
  /** Another fetcher for every other one. Nothing here is written in transactions. */
  readonly #isolationLevel: 'read_committed' | 'read_uncommitted'

  constructor(world: World, seed: number, number: number) {
    this.#world = world
    this.#isolationLevel = number % 2 === 0 ? 'read_committed' : 'read_uncommitted'
    this.#chance = new Chance(seed, READERS, number)
    this.followings = [...world.cluster.topics.values()].flatMap(({ name, partitions }) =>
      partitions.map(
        ({ index }): Following => ({ topic: name, partition: index, offset: 0, lastFetchedEpoch: -1, delivered: [] }),
      ),
    )
  }

  /** Two calls at a time, each for some of the partitions, until told to stop. */
  async run(stopped: () => boolean): Promise<void> {
    const half = this.#chance.between(1, this.followings.length)
    const follow = async (some: Following[]): Promise<void> => {
      while (!stopped()) {
        const wanted = some.filter(() => !this.#chance.oneIn(4))
        if (wanted.length > 0) await this.#fetch(wanted)
        if (this.#chance.oneIn(5)) await sleep(this.#world, this.#chance.pick(200))
      }
    }
    const calls = [this.followings.slice(0, half), this.followings.slice(half)]
    await Promise.all(calls.filter(({ length }) => length > 0).map(follow))
  }

  /** Reads on until it has everything there is. */
  async catchUp(deadline: number): Promise<void> {
    const { cluster, env, problems } = this.#world
    const behind = (): Following[] =>
      this.followings.filter(({ topic, partition, offset }) => {
        return topic !== FLEETING && offset < cluster.logFacts(topic, partition).highWatermark
      })
    while (behind().length > 0 && env.now() < deadline) await this.#fetch(behind())
    for (const { topic, partition, offset } of behind()) {
      const { highWatermark } = cluster.logFacts(topic, partition)
      problems.add(`IX4: reading ${topic}-${partition} is stuck at ${offset}, the log ends at ${highWatermark}`)
    }
  }

  async #fetch(wanted: Following[]): Promise<void> {
    const { env, kafka } = this.#world
    const chance = this.#chance
    const abort = new AbortController()
    if (chance.oneIn(10)) env.setTimeout(() => abort.abort(), chance.pick(600))
    const timeoutMs = chance.oneOf([500, 5_000, 30_000])
    const began = env.now()
    try {
      const batches = await kafka.fetch(
        wanted.map(({ topic, partition, offset, lastFetchedEpoch }) => {
          return { topic, partition, offset, lastFetchedEpoch, maxBytes: chance.oneOf([1_000, 100_000]) }
        }),
        {
          maxWaitMs: chance.oneOf([0, 50, 500]),
          minBytes: chance.oneOf([0, 1, 1, 5_000]),
          isolationLevel: this.#isolationLevel,
          timeoutMs,
          signal: abort.signal,
        },
      )
      for (const [index, following] of wanted.entries()) this.#take(following, batches[index]!)
    } catch (error) {
      await this.#failed(wanted, error)
    }
    const took = env.now() - began
    if (took > timeoutMs + GRACE_MS) this.#problem(`IX4: a fetch took ${took.toFixed(0)} ms, its timeout was ${timeoutMs} ms`)
  }

  #take(following: Following, batch: Awaited<ReturnType<World['kafka']['fetch']>>[number]): void {
    const { topic, partition } = following
    const where = `${topic}-${partition}`
    if (batch.topic !== topic || batch.partition !== partition) this.#problem(`IC1: asked for ${where}, got another partition`)
    for (const record of batch.records) {
      if (record.offset !== following.offset) {
        this.#problem(`IC1: ${where} gave offset ${record.offset} where ${following.offset} was due`)
      }
      following.offset = record.offset + 1
      following.delivered.push({ offset: record.offset, value: String(record.value) })
    }
    if (batch.nextOffset !== following.offset) {
      this.#problem(`IC1: ${where} is at ${following.offset} and was told to go on at ${batch.nextOffset}`)
    }
    following.offset = batch.nextOffset
    following.lastFetchedEpoch = batch.lastFetchedEpoch
    if (topic === FLEETING) return
    const { highWatermark } = this.#world.cluster.logFacts(topic, partition)
    if (following.offset > highWatermark || batch.highWatermark > highWatermark) {
      this.#problem(
        `IC1: ${where} was read to ${following.offset} (${batch.highWatermark}), above the high watermark ${highWatermark}`,
      )
    }
  }

  async #failed(wanted: Following[], error: unknown): Promise<void> {
    if (error instanceof KafkaError && error.code === 'CLOSED') {
      await sleep(this.#world, 100)
      return
    }
    const fleeting = wanted.some(({ topic }) => topic === FLEETING)
    const gone = error instanceof KafkaError && GONE.has(error.code)
    if (gone && fleeting) {
      // the topic was made anew: from the beginning
      for (const following of wanted)
        if (following.topic === FLEETING) Object.assign(following, { offset: 0, lastFetchedEpoch: -1 })
    } else if (!(error instanceof KafkaError) || !EXCUSES.has(error.code)) {
      this.#problem(`IC2: a fetch ended with ${error}`)
    }
    await sleep(this.#world, 20)
  }

  #problem(text: string): void {
    this.#world.problems.add(text)
  }
}
