/** The Kafka under the benchmarks: a real one that is started for them or one that somebody runs; and the topics on it. */
import { randomBytes } from 'node:crypto'
import { Kafka } from '../src/main/index.ts'
import { startKafka } from '../test/kafka/index.ts'

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

  async createTopic(scenario: string, partitions: number): Promise<string> {
    const topic = `bench-${scenario}-${randomBytes(6).toString('hex')}`
    await this.#kafka.admin.createTopics([{ topic, partitions, configs: TOPIC_CONFIGS }])
    return topic
  }

  deleteTopic(topic: string): Promise<void> {
    return this.#kafka.admin.deleteTopics([topic])
  }

  /** How many records were ever written to the topic. */
  async recordsIn(topic: string, partitions: number): Promise<number> {
    const queries = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, timestamp: 'latest' as const }))
    const ends = await this.#kafka.admin.listOffsets(queries)
    return ends.reduce((sum, { offset }) => sum + offset, 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kafka.close()
    await this.#stop()
  }
}
