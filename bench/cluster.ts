/** The Kafka under the benchmarks: a real one that is started for them or one that somebody runs; and the topics on it. */
import { randomBytes } from 'node:crypto'
import { Kafka } from '../src/main/index.ts'
import { startKafka } from '../test/kafka/index.ts'
import { placesOf } from './client.ts'

/** Small segments and a small log, so that a long series of runs does not fill a disk. */
const TOPIC_CONFIGS = { 'retention.bytes': '1073741824', 'segment.bytes': '268435456', 'file.delete.delay.ms': '1000' }

export class Cluster implements AsyncDisposable {
  readonly brokers: string[]
  /** For the report. */
  readonly description: string
  readonly #kafka: Kafka
  readonly #stop: () => Promise<void>

  private constructor(brokers: string[], description: string, stop: () => Promise<void>) {
    this.brokers = brokers
    this.description = description
    this.#kafka = new Kafka({ brokers, clientId: 'bench-topics' })
    this.#stop = stop
  }

  /** `brokers` undefined: one node of its own. */
  static async open(brokers: string[] | undefined, log: (text: string) => void): Promise<Cluster> {
    if (brokers) return new Cluster(brokers, `the cluster at ${brokers.join(', ')}`, async () => {})
    const kafka = await startKafka({ nodes: 1, performance: true, onProgress: log })
    return new Cluster(kafka.brokers, `Apache Kafka ${kafka.version}, one node on the same machine`, () => kafka.stop())
  }

  /** Topics whose partitions have a leader that answers, so that no client has to wait for one. */
  async createTopics(scenario: string, count: number, partitions: number): Promise<string[]> {
    const topics = Array.from({ length: count }, () => `bench-${scenario}-${randomBytes(6).toString('hex')}`)
    await this.#kafka.admin.createTopics(topics.map((topic) => ({ topic, partitions, configs: TOPIC_CONFIGS })))
    await this.recordsIn(topics, partitions)
    return topics
  }

  deleteTopics(topics: readonly string[]): Promise<void> {
    return this.#kafka.admin.deleteTopics(topics)
  }

  /** How many records were ever written to the topics. */
  async recordsIn(topics: readonly string[], partitions: number): Promise<number> {
    const queries = placesOf({ topics, partitions }).map((place) => ({ ...place, timestamp: 'latest' as const }))
    const ends = await this.#kafka.admin.listOffsets(queries)
    return ends.reduce((sum, { offset }) => sum + offset, 0)
  }

  /** How many records readers of committed data see: offsets also count the marks of transactions. */
  async committedIn(topics: readonly string[], partitions: number): Promise<number> {
    const queries = placesOf({ topics, partitions }).map((place) => ({ ...place, timestamp: 'latest' as const }))
    const ends = await this.#kafka.admin.listOffsets(queries, { isolationLevel: 'read_committed' })
    let places = ends.map(({ topic, partition, offset }) => ({ topic, partition, offset: 0, end: offset }))
    let count = 0
    while ((places = places.filter(({ offset, end }) => offset < end)).length > 0) {
      const wanted = places.map(({ topic, partition, offset }) => ({ topic, partition, offset }))
      const answers = await this.#kafka.fetch(wanted, { isolationLevel: 'read_committed', maxWaitMs: 100 })
      for (const { records } of answers) count += records.length
      places = places.map((place, index) => ({ ...place, offset: answers[index]!.nextOffset }))
    }
    return count
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kafka.close()
    await this.#stop()
  }
}
