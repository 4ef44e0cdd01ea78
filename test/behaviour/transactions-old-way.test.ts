/** IT1, KIP-890: transactions with real brokers whose `transaction.version` is below 2, as it is before Kafka 4.0. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { type AddPartitionsToTxnRequest, addPartitionsToTxn } from '../../src/shared/protocol/generated/add-partitions-to-txn.ts'
import { apiVersions } from '../../src/shared/protocol/generated/api-versions.ts'
import { updateFeatures } from '../../src/shared/protocol/generated/update-features.ts'
import { type ChaosProxy, startChaosProxy } from '../chaos/index.ts'
import { type RealKafka, startKafka } from '../kafka/index.ts'
import { ask } from '../support/raw-calls.ts'
import { valuesByPartition } from './committed-values.ts'
import { committedOffsets, eventually, fill, valuesFor } from './group-support.ts'
import { Site } from './on-brokers.ts'
import { type Seen, watchRequests } from './wire-watch.ts'

const SAFE_DOWNGRADE = 2
const missing = inject('realKafka1') === null
const why = missing ? ` (skipped: ${inject('realKafkaMissing')})` : ''

async function downgrade(address: string, level: number): Promise<void> {
  const feature = { feature: 'transaction.version', maxVersionLevel: level, upgradeType: SAFE_DOWNGRADE }
  const altered = await ask(address, updateFeatures, 1, { timeoutMs: 10_000, featureUpdates: [feature] })
  expect([altered.errorCode, altered.results[0]!.errorCode]).toEqual([0, 0])
  const finalized = async (): Promise<number> => {
    const answer = await ask(address, apiVersions, 4, { clientSoftwareName: 'x', clientSoftwareVersion: '1' })
    return answer.finalizedFeatures.find(({ name }) => name === 'transaction.version')?.maxVersionLevel ?? 0
  }
  while ((await finalized()) !== level) await sleep(20)
}

describe.skipIf(missing)(`the older way of transactions on real-1${why}`, () => {
  const site = new Site('real-1')
  let kafka: RealKafka
  let proxy: ChaosProxy
  let told: Seen<AddPartitionsToTxnRequest>[]
  beforeAll(async () => {
    // its features are changed, so that it is nobody else's
    kafka = await startKafka({ nodes: 1, via: process.env['KAFKA_BROKERS'] ? 'maven' : 'auto' })
    proxy = await startChaosProxy(kafka)
    told = watchRequests(proxy, addPartitionsToTxn)
    site.brokers = proxy.brokers
  })
  afterEach(() => site.endTest())
  afterAll(async () => {
    await site.end()
    await proxy?.close()
    await kafka?.stop()
  })

  describe.each([1, 0])('transaction.version %d', (level) => {
    beforeAll(() => downgrade(kafka.brokers[0]!, level))

    it('P11, IT1, IT4: what is committed is seen, what is aborted is not, and the coordinator is told of each partition', async () => {
      const topic = await site.topic(3)
      const client = site.client({ transactionPool: { size: 2 } })
      const before = told.length
      const values: string[] = []
      const one = (value: string, fails: boolean) =>
        client.transaction(async (tx) => {
          await tx.produceBatch([0, 1, 2].map((partition) => ({ topic, partition, value })))
          if (fails) throw new Error('undone')
        })
      for (let i = 0; i < 12; i++) {
        if (i % 3 === 2) await expect(one(`${i}`, true)).rejects.toThrow('undone')
        else {
          await one(`${i}`, false)
          values.push(`${i}`)
        }
      }
      await eventually(async () => expect(await valuesByPartition(client, topic, 3)).toEqual([values, values, values]))
      expect((await valuesByPartition(client, topic, 3, 'read_uncommitted'))[0]!.length).toBe(12)
      expect(told.length - before).toBeGreaterThanOrEqual(12)
    })

    it('P11, IT1, KIP-447: batches of a group are handled, written and committed in one', async () => {
      const [from, to] = [await site.topic(3), await site.topic(3)]
      const client = site.client()
      await fill(client, from, 3, 60)
      let calls = 0
      const group = client.consumerGroup({
        groupName: site.freshName(),
        topics: [
          { name: from, transactional: true, offsetResetPolicy: 'earliest', handlerMaxBatchSize: 10, handlerRetryBackoffMs: 20 },
        ],
        handler: {
          async handleRecordBatch(_topic, partition, records, { tx }) {
            await tx!.produceBatch(records.map(({ key, value }) => ({ topic: to, partition, key, value })))
            if (++calls % 4 === 0) throw new Error('again')
          },
        },
      })
      await group.start()
      const wanted = [0, 1, 2].map((partition) => valuesFor(partition, 60))
      await eventually(async () => expect(await valuesByPartition(client, to, 3)).toEqual(wanted))
      await group.stop()
      const places = [0, 1, 2].map((partition) => ({ topic: from, partition }))
      const offsets = (await committedOffsets(site.brokers, group.groupName, places)).map(({ offset }) => offset)
      expect(offsets).toEqual([60, 60, 60])
    })
  })
})
