/**
 * Runs a suite on every kind of cluster: the embedded broker and real Kafka, one node and three. Owns topics, clients and their
 * end; a suite says only what it expects. How many tests ran where is told by `count-reporter.ts`, which reads the suites' names.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, inject } from 'vitest'
import { Kafka, type KafkaOptions, type NewTopic } from '../../src/main/index.ts'
import { type BrokerOptions, type EmbeddedBroker, startBroker } from '../../src/main/testing/index.ts'
import { quickBroker, quickClient } from '../support/quick.ts'
import { moveLeader } from '../support/raw-calls.ts'
import { type LogRecord, readLog } from './log-reader.ts'

export type TargetName = 'embedded-1' | 'embedded-3' | 'real-1' | 'real-3'
export const allTargets: readonly TargetName[] = ['embedded-1', 'embedded-3', 'real-1', 'real-3']
/** One of each kind, which differ the most: for suites in which neither the number of nodes nor their kind changes much. */
export const oneOfEach: readonly TargetName[] = ['embedded-1', 'real-3']

/** The cluster that a suite runs on; only for use in its tests and hooks. */
export interface World {
  readonly target: TargetName
  readonly nodes: 1 | 3
  readonly brokers: string[]
  /** A client that ends with the test. */
  client(options?: Partial<KafkaOptions>): Kafka
  /** A new topic; its leaders are spread over the nodes, beginning with node 1. */
  topic(partitions?: number, options?: Pick<NewTopic, 'configs'>): Promise<string>
  /** A name that no topic has. */
  freshName(): string
  /** The whole topic, read past the client. */
  log(topic: string): Promise<LogRecord[]>
  /** Another node leads from now on, without any failure; resolves when every node knows it. */
  moveLeader(topic: string, partition: number, node: number): Promise<void>
}

export interface EmbeddedWorld extends World {
  readonly broker: EmbeddedBroker
}

export class Site implements World {
  readonly target: TargetName
  readonly nodes: 1 | 3
  brokers: string[] = []
  #clients: Kafka[] = []
  #admin: Kafka | undefined

  constructor(target: TargetName) {
    this.target = target
    this.nodes = target.endsWith('3') ? 3 : 1
  }

  client(options: Partial<KafkaOptions> = {}): Kafka {
    const kafka = new Kafka({ brokers: this.brokers, ...quickClient, ...options })
    this.#clients.push(kafka)
    return kafka
  }

  async topic(partitions = 3, options: Pick<NewTopic, 'configs'> = {}): Promise<string> {
    const topic = this.freshName()
    this.#admin ??= new Kafka({
      brokers: this.brokers,
      clientId: 'topic-maker',
      ioThreadCrashLimit: 1_000_000,
      ...quickClient,
    })
    const nodes = Array.from({ length: this.nodes }, (_, index) => index + 1)
    // real Kafka places replicas by chance, and tests want to know that leaders differ
    const assignments = Array.from({ length: partitions }, (_, p) => nodes.map((_, r) => nodes[(p + r) % nodes.length]!))
    await this.#admin.admin.createTopics([{ topic, assignments, ...options }])
    return topic
  }

  freshName(): string {
    return `t-${randomUUID()}`
  }

  log(topic: string): Promise<LogRecord[]> {
    return readLog(this.brokers, topic)
  }

  moveLeader(topic: string, partition: number, node: number): Promise<void> {
    return moveLeader(this.brokers, topic, partition, node)
  }

  async endTest(): Promise<void> {
    const clients = this.#clients
    this.#clients = []
    await Promise.all(clients.map((client) => client.close({ timeoutMs: 1_000 })))
  }

  async end(): Promise<void> {
    await this.endTest()
    await this.#admin?.close()
  }
}

/** Defines the suite once for each target; what everything else stands on runs on {@link allTargets}. */
export function onBrokers(theme: string, suite: (world: World) => void, targets: readonly TargetName[] = oneOfEach): void {
  for (const target of targets) {
    if (target.startsWith('embedded')) onEmbedded(theme, target === 'embedded-1' ? 1 : 3, suite)
    else onReal(theme, target, suite)
  }
}

/** For suites that need the fault desk, or to look into the broker. */
export function onEmbedded(
  theme: string,
  nodes: 1 | 3,
  suite: (world: EmbeddedWorld) => void,
  options: Omit<BrokerOptions, 'nodes'> = {},
): void {
  describe(`${theme} on embedded-${nodes}`, () => {
    let broker: EmbeddedBroker
    const site = Object.defineProperty(new Site(`embedded-${nodes}`), 'broker', { get: () => broker })
    site.moveLeader = (topic, partition, node) => broker.moveLeader(topic, partition, node)
    beforeAll(async () => {
      broker = await startBroker({ nodes, ...quickBroker, ...options })
      site.brokers = broker.brokers
    })
    afterEach(async () => {
      await broker.faults.clear()
      await site.endTest()
    })
    afterAll(async () => {
      await site.end()
      await broker?.close()
    })
    suite(site as Site & EmbeddedWorld)
  })
}

function onReal(theme: string, target: TargetName, suite: (world: World) => void): void {
  const brokers = inject(target === 'real-1' ? 'realKafka1' : 'realKafka3')
  const why = brokers === null ? ` (skipped: ${inject('realKafkaMissing')})` : ''
  describe.skipIf(brokers === null)(`${theme} on ${target}${why}`, () => {
    const site = new Site(target)
    site.brokers = brokers ?? []
    afterEach(() => site.endTest())
    afterAll(() => site.end())
    suite(site)
  })
}
