/** Brokers and topics that last as long as a test, whatever runs it. */
import { randomUUID } from 'node:crypto'
import { KafkaError } from '../../shared/errors.ts'
import type { Kafka, NewTopic } from '../index.ts'
import { type ClusterAccess, withClient } from './cluster-access.ts'
import type { BrokerOptions, EmbeddedBroker } from './index.ts'

/**
 * What tells that a test is over: the context of a test of vitest or node:test; or a function that takes what is to be done then, such
 * as `afterAll` or `after`.
 */
export type TestScope =
  | { onTestFinished(cleanUp: () => Promise<void>): void; task?: { name: string } }
  | { after(cleanUp: () => Promise<void>): void; name?: string }
  | ((cleanUp: () => Promise<void>) => void)

const NAME_LENGTH = 60

/** Makes a topic with a name of its own, and deletes it when the test is over. Returns the name. */
export async function createTopicFor(
  test: TestScope,
  cluster: Exclude<ClusterAccess, Kafka>,
  options: Omit<NewTopic, 'topic'> = {},
): Promise<string> {
  const words = nameOf(test)
    .replaceAll(/[^a-zA-Z0-9]+/g, '-')
    .slice(0, NAME_LENGTH)
  const topic = `${words || 'test'}-${randomUUID()}`
  await withClient(cluster, (kafka) => kafka.admin.createTopics([{ topic, ...options }]))
  atEnd(test, () => withClient(cluster, (kafka) => deleteTopic(kafka, topic)))
  return topic
}

// the context of a test of vitest is a function, too
function nameOf(test: TestScope): string {
  if ('onTestFinished' in test) return test.task?.name ?? ''
  return 'after' in test ? (test.name ?? '') : ''
}

function atEnd(test: TestScope, cleanUp: () => Promise<void>): void {
  if ('onTestFinished' in test) test.onTestFinished(cleanUp)
  else if ('after' in test) test.after(cleanUp)
  else test(cleanUp)
}

/** Runners differ in what they end first: a cluster that is gone has taken the topic with it. */
async function deleteTopic(kafka: Kafka, topic: string): Promise<void> {
  try {
    await kafka.connect()
  } catch (error) {
    if (error instanceof KafkaError && error.code === 'NO_BROKER') return
    throw error
  }
  await kafka.admin.deleteTopics([topic])
}

/** Starts a broker that is closed when the test is over. */
export async function startBrokerFor(test: TestScope, options: BrokerOptions = {}): Promise<EmbeddedBroker> {
  const started = import('./index.ts').then(({ startBroker }) => startBroker(options))
  // at once: some runners take no such hook any more when their tests have begun
  atEnd(test, async () => {
    const broker = await started.catch(() => undefined)
    await broker?.close()
  })
  return started
}

/**
 * A fixture of vitest: `test.extend({ broker: brokerFixture() })` gives each test that asks for `broker` one of its own, and
 * `[brokerFixture(), { scope: 'file' }]` all tests of a file one together.
 */
export function brokerFixture(options: BrokerOptions = {}) {
  // vitest reads the source of a fixture to see which others it takes: this takes none
  // biome-ignore lint/correctness/noEmptyPattern: as vitest wants it
  return async ({}, use: (broker: EmbeddedBroker) => Promise<void>): Promise<void> => {
    const { startBroker } = await import('./index.ts')
    const broker = await startBroker(options)
    try {
      await use(broker)
    } finally {
      await broker.close()
    }
  }
}
