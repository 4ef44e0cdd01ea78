/**
 * The same requests about transactions to a real Kafka and to the embedded broker: what they answer must be the same, line by line, but
 * for producer ids, which go by letters.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EmbeddedBroker, startBroker } from '../../../../src/main/testing/index.ts'
import { ErrorCode } from '../../../../src/shared/protocol/errors.ts'
import { apiVersions } from '../../../../src/shared/protocol/generated/api-versions.ts'
import { createTopics } from '../../../../src/shared/protocol/generated/create-topics.ts'
import { listOffsets } from '../../../../src/shared/protocol/generated/list-offsets.ts'
import { updateFeatures } from '../../../../src/shared/protocol/generated/update-features.ts'
import { explainMissing, findKafka, type RealKafka, startKafka } from '../../../kafka/index.ts'
import { ask } from '../../../support/raw-calls.ts'
import { RawTransactions } from '../../../support/raw-transactions.ts'
import { type Scenario, scenarios } from './scenarios.ts'

const { via, missing } = await findKafka()
const whether = via === undefined ? ` (skipped: ${explainMissing(missing)})` : ''

const SAFE_DOWNGRADE = 2

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
  // A real broker says who leads before that one knows it itself, so ask what only a leader answers.
  const partitions = [0, 1, 2].map((partitionIndex) => ({ partitionIndex, timestamp: -1 }))
  for (let ready = false; !ready; await sleep(10)) {
    const led = await raw.ask(brokers[0]!, listOffsets, 7, { replicaId: -1, topics: [{ name, partitions }] })
    ready = led.topics[0]!.partitions.every(({ errorCode }) => errorCode === ErrorCode.NONE)
  }
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

  async function compare(sides: readonly (readonly string[])[], { run }: Scenario): Promise<void> {
    const told = await Promise.all(
      sides.map(async (brokers) => {
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
  }

  test.each(scenarios.filter(({ levels = [2] }) => levels.includes(2)))('$name', { timeout: 60_000 }, async (scenario) => {
    await compare([real.brokers, embedded.brokers], scenario)
  })

  // What brokers do of themselves, timeouts and fencing, goes by this level.
  test.each([1, 0] as const)('transaction.version %d', { timeout: 120_000 }, async (transactionVersion) => {
    const feature = { feature: 'transaction.version', maxVersionLevel: transactionVersion, upgradeType: SAFE_DOWNGRADE }
    await using old = await startBroker({ transactionVersion })
    const sides = [real.brokers, old.brokers]
    const altered = await ask(real.brokers[0]!, updateFeatures, 1, { timeoutMs: 10_000, featureUpdates: [feature] })
    expect([altered.errorCode, altered.results[0]!.errorCode]).toEqual([0, 0])
    const level = async ([address]: readonly string[]) => {
      const answer = await ask(address!, apiVersions, 4, { clientSoftwareName: 'x', clientSoftwareVersion: '1' })
      return answer.finalizedFeatures.find(({ name }) => name === 'transaction.version')?.maxVersionLevel
    }
    while ((await level(real.brokers)) !== (transactionVersion || undefined)) await sleep(20)
    expect(await level(old.brokers)).toBe(transactionVersion || undefined)
    for (const scenario of scenarios.filter(({ levels }) => levels?.includes(transactionVersion))) await compare(sides, scenario)
  })
})
