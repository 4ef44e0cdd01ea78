/**
 * The same requests about transactions to a real Kafka and to the embedded broker: what they answer must be the same, line by line, but
 * for producer ids, which go by letters.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EmbeddedBroker, startBroker } from '../../../../src/main/testing/index.ts'
import { ErrorCode } from '../../../../src/shared/protocol/errors.ts'
import { createTopics } from '../../../../src/shared/protocol/generated/create-topics.ts'
import { explainMissing, findKafka, type RealKafka, startKafka } from '../../../kafka/index.ts'
import { RawTransactions } from '../../../support/raw-transactions.ts'
import { scenarios } from './scenarios.ts'

const { via, missing } = await findKafka()
const whether = via === undefined ? ` (skipped: ${explainMissing(missing)})` : ''

let real: RealKafka
let embedded: EmbeddedBroker

type Configs = Record<string, string>

async function makeTopic(raw: RawTransactions, brokers: readonly string[], configs: Configs = {}): Promise<string> {
  const name = `t-${randomUUID()}`
  const topics = [
    {
      name,
      numPartitions: 3,
      replicationFactor: 1,
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    },
  ]
  const answer = await raw.ask(brokers[0]!, createTopics, 7, { timeoutMs: 10_000, topics })
  if (answer.topics[0]!.errorCode !== 0) throw new Error(`no topic: ${answer.topics[0]!.errorCode}`)
  for (const partition of [0, 1, 2]) await raw.leader(name, partition)
  const told = raw.lines
  // A real broker says who leads before that one knows it itself.
  for (const partition of [0, 1, 2]) {
    for (let lines = ['NOT']; lines.join().includes('NOT') || lines.join().includes('UNKNOWN'); await sleep(10)) {
      raw.lines = []
      await raw.producers(name, partition)
      lines = raw.lines
    }
  }
  raw.lines = told
  return name
}

/** A new cluster's coordinators are found before they are ready, and each of their partitions becomes it by itself. */
async function warmUp(brokers: readonly string[]): Promise<void> {
  const raw = new RawTransactions(brokers)
  for (let i = 0; i < 40; i++) {
    const id = `warm-${randomUUID()}`
    const isReady = async (): Promise<boolean> => {
      raw.lines = []
      await raw.offset(id, 't', false)
      const [line = ''] = raw.lines
      return line.includes(': NONE') && (await raw.state(id)).errorCode === ErrorCode.TRANSACTIONAL_ID_NOT_FOUND
    }
    while (!(await isReady())) await sleep(20)
  }
  raw.close()
}

describe.skipIf(via === undefined)(`T2, T5 transactions like those of real Kafka${whether}`, () => {
  beforeAll(async () => {
    ;[real, embedded] = await Promise.all([startKafka({ nodes: 1 }), startBroker()])
    await warmUp(real.brokers)
  }, 120_000)

  afterAll(() => Promise.all([real?.stop(), embedded?.close()]))

  test.each(scenarios)('$name', { timeout: 60_000 }, async ({ run }) => {
    const told = await Promise.all(
      [real.brokers, embedded.brokers].map(async (brokers) => {
        const raw = new RawTransactions(brokers)
        try {
          await run(raw, await makeTopic(raw, brokers), (configs) => makeTopic(raw, brokers, configs))
          return raw.lines
        } finally {
          raw.close()
        }
      }),
    )
    expect(told[1]).toEqual(told[0])
    // or there would be nothing to compare
    expect(told[0]!.length).toBeGreaterThan(3)
    if (process.env['SHOW_LINES']) process.stdout.write(`${told[0]!.join('\n')}\n`)
  })
})
