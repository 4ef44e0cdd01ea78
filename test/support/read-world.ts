/**
 * Reading without a group or a call: credits given by hand to a real I/O core, which talks to an embedded cluster in simulated time.
 * Counts what is asked and by which connection.
 */
import { afterEach } from 'vitest'
import { type CreditAsk, Credits, type ReadAnswer, type Ticket } from '../../src/main/credits.ts'
import { Fetchers } from '../../src/main/fetchers.ts'
import { Io } from '../../src/main/io.ts'
import { Metadata } from '../../src/main/metadata.ts'
import { bootstrapAddresses, type KafkaOptions, kafkaOptions } from '../../src/main/options.ts'
import { Cluster } from '../../src/main/testing/broker/cluster.ts'
import type { Partition } from '../../src/main/testing/broker/partition.ts'
import { clusterOptions } from '../../src/main/testing/options.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import type { IoEvent } from '../../src/shared/io-api.ts'
import { checkOptions } from '../../src/shared/options.ts'
import { type FetchRequest, fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { Reader } from '../../src/shared/protocol/reader.ts'
import { apiCode } from '../../src/shared/protocol/registry.ts'
import { readBatchHeader, readRecords } from '../../src/shared/record-batch.ts'
import { type BatchInit, makeBatch } from '../main/testing/batches.ts'
import { Wire } from '../simulation/wire.ts'
import { SimEnv } from './sim-env.ts'

/** A Fetch as it was answered. */
export interface SeenFetch {
  at: number
  node: number
  /** Connections have numbers in the order of their making. */
  connection: number
  request: FetchRequest
  /** How many more were on their way behind it when it was answered. */
  followedBy: number
}

export interface ReadOutcome {
  ticket: Ticket
  answer: ReadAnswer | KafkaError
  /** The values of the records that were read. */
  values: string[]
  at: number
}

export class ReadWorld {
  readonly env: SimEnv
  readonly cluster: Cluster
  readonly fetchers = new Fetchers()
  readonly io: Io
  readonly metadata: Metadata
  readonly credits: Credits
  readonly wire = new Wire()
  readonly seen: SeenFetch[] = []
  readonly events: IoEvent[] = []
  /** The world's own idea of a broker's bug. */
  readonly bugs: unknown[] = []
  readonly #connections = new Map<unknown, number>()

  private constructor(env: SimEnv, cluster: Cluster, options: Partial<KafkaOptions>, bugs: unknown[]) {
    this.env = env
    this.cluster = cluster
    this.bugs = bugs
    const checked = checkOptions(kafkaOptions, { brokers: cluster.addresses, ioThreads: 0, ...options }, 'the test')
    this.io = new Io(env, checked, (thread) => ({
      tallies: () => [],
      onRestart: () => this.credits.askAgain(thread),
      onNews: () => {},
      onAcked: () => {},
      onFailed: () => {},
      onFetched: (...fetched) => this.credits.onFetched(...fetched),
      onFetchFailed: (number, error) => this.credits.onFetchFailed(number, error),
      onRoom: () => {},
      onEvent: (event) => this.#onEvent(event),
      onDeath: (error) => this.credits.close(error),
    }))
    this.metadata = new Metadata({ env, io: this.io, options: checked, bootstrap: bootstrapAddresses(checked.brokers) })
    this.credits = new Credits(env, this.io, this.fetchers)
    this.#watchFetches()
  }

  /** Topic 't' has six partitions, all led by node 1 unless there are more nodes. */
  static async start(
    options: Partial<KafkaOptions> = {},
    nodes = 1,
    partitions = 6,
    racks?: readonly string[],
  ): Promise<ReadWorld> {
    // code is loaded in real time, while simulated time flies
    await apiCode(metadata.key)
    const env = new SimEnv(1)
    const bugs: unknown[] = []
    const topics = [{ topic: 't', partitions, replicationFactor: nodes }]
    const cluster = new Cluster(env, { ...clusterOptions({ nodes, topics, racks }), onBug: (bug) => void bugs.push(bug) })
    await env.run(cluster.start())
    const world = new ReadWorld(env, cluster, options, bugs)
    open.push(world)
    await world.io.setBrokers(bootstrapAddresses(cluster.addresses))
    await env.run(world.metadata.topic('t'))
    return world
  }

  partition(index = 0, topic = 't'): Partition {
    return this.cluster.partition(topic, index)!
  }

  handle(index = 0, topic = 't'): number {
    return this.metadata.cached(topic)!.partitions[index]!.handle
  }

  /** Records come into being, as by a producer. */
  append(index: number, values: string[], more: Partial<BatchInit> = {}): void {
    const batch = makeBatch({ values, ...more })
    const header = readBatchHeader(batch, 0)
    if (typeof header === 'string') throw new Error(header)
    const partition = this.partition(index)
    partition.append(batch, header, 1_700_000_000_000)
    partition.announce()
  }

  /** Gives a credit. */
  read(index: number, offset: number, more: Partial<CreditAsk> = {}): Promise<ReadOutcome> {
    const defaults = { maxBytes: 100_000, maxWaitMs: 5_000, minBytes: 1, fetcher: 0, lastFetchedEpoch: -1, patient: true }
    const ask = { handle: this.handle(index), offset, ...defaults, ...more }
    const { promise, resolve } = Promise.withResolvers<ReadOutcome>()
    this.credits.give(ask, {
      onAnswer: (answer, ticket) => {
        const records: { value: Buffer | null }[] = []
        if (!(answer instanceof KafkaError)) readRecords('t', index, answer.bytes, offset, records as never)
        resolve({ ticket, answer, values: records.map(({ value }) => String(value)), at: this.env.now() })
      },
    })
    return promise
  }

  pass(ms: number): Promise<void> {
    return this.env.run(new Promise((resolve) => this.env.setTimeout(resolve, ms)))
  }

  run<T>(work: Promise<T>): Promise<T> {
    return this.env.run(work)
  }

  /** The connections to a node that are open, by what they are: 'connected' less 'disconnected'. */
  connectionsTo(node: number): number {
    let count = 0
    for (const event of this.events) {
      if (event.type === 'connection' && event.nodeId === node) count += event.state === 'connected' ? 1 : -1
    }
    return count
  }

  async end(): Promise<void> {
    this.metadata.close()
    const closed = this.io.close()
    await this.env.run(closed)
    this.cluster.close()
    if (this.bugs.length > 0) throw this.bugs[0]
  }

  #onEvent(event: IoEvent): void {
    this.events.push(event)
    if (event.type === 'metadata-stale') this.metadata.stale(event.topics, event.reason)
    else if (event.type === 'leader-hints') this.metadata.hinted(event.hints)
  }

  #watchFetches(): void {
    const ports = new Map(this.cluster.nodes.map(({ port, id }) => [port, id]))
    this.env.network.tamper = (frame, pipe) => {
      const asked = pipe.asked.get(frame.readInt32BE(4))
      if (asked?.readInt16BE(4) === fetch.key) {
        let connection = this.#connections.get(pipe)
        if (connection === undefined) this.#connections.set(pipe, (connection = this.#connections.size))
        const id = frame.readInt32BE(4)
        const followedBy = [...pipe.asked].filter(([other, sent]) => other > id && sent.readInt16BE(4) === fetch.key).length
        this.seen.push({ at: this.env.now(), node: ports.get(pipe.port)!, connection, request: requestOf(asked), followedBy })
      }
      return this.wire.tamper(frame, pipe)
    }
  }
}

const open: ReadWorld[] = []

/** Ends the worlds of a test with it. */
export function endWorlds(): void {
  afterEach(async () => {
    for (const world of open.splice(0)) await world.end()
  })
}

function requestOf(frame: Buffer): FetchRequest {
  const reader = new Reader(frame, 12)
  reader.nullableString()
  reader.skipTags()
  return fetch.decodeRequest(reader, frame.readInt16BE(6))
}

/** Partition and offset of what a request names. */
export function named({ request }: SeenFetch): [partition: number, offset: number][] {
  return request.topics.flatMap(({ partitions }) =>
    partitions.map(({ partition, fetchOffset }): [number, number] => [partition, fetchOffset]),
  )
}
