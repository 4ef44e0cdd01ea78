/** IT1–IT4 when brokers, connections and answers fail: the coordinator of a transaction, and the leaders it writes to. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { type Kafka, KafkaError, type Transaction } from '../../src/main/index.ts'
import { valuesByPartition } from './committed-values.ts'
import { type EmbeddedWorld, onEmbedded } from './on-brokers.ts'

async function failureOf(promise: Promise<unknown>): Promise<KafkaError> {
  const error = await promise.then(
    (value) => new Error(`resolved with ${String(value)}`),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof KafkaError)) throw error
  return error
}

/** Three records, one in each partition. */
const three = (topic: string, value: string) => (tx: Transaction) =>
  tx.produceBatch([0, 1, 2].map((partition) => ({ topic, partition, value })))

async function idOf(kafka: Kafka): Promise<string> {
  return kafka.transaction((tx) => tx.transactionalId)
}

const onThree = (theme: string, version: 0 | 1 | 2, suite: (world: EmbeddedWorld) => void) =>
  onEmbedded(`${theme}, transaction.version ${version}`, 3, suite, { transactionVersion: version })

for (const version of [0, 1, 2] as const) {
  onThree('transactions whose brokers fail', version, (world) => {
    const seen = (kafka: Kafka, topic: string) => valuesByPartition(kafka, topic, 3)

    it('IT4: partitions and groups are told to the coordinator where brokers do not see to it, and not where they do', async () => {
      const count = async (api: string) => (await world.broker.requestCounts(api)).reduce((sum, one) => sum + one.requests, 0)
      const topic = await world.topic(3)
      const kafka = world.client({ transactionPool: { size: 1 } })
      const [partitions, ends] = [await count('AddPartitionsToTxn'), await count('EndTxn')]
      for (let i = 0; i < 4; i++) await kafka.transaction(three(topic, `v${i}`))
      expect(await count('EndTxn')).toBe(ends + 4)
      const told = (await count('AddPartitionsToTxn')) - partitions
      if (version === 2) expect(told).toBe(0)
      else expect(told).toBeGreaterThanOrEqual(4)
      expect(await seen(kafka, topic)).toEqual([0, 1, 2].map(() => ['v0', 'v1', 'v2', 'v3']))
    })

    it('IT2, F8: answers to EndTxn that are lost or late: the commit is proven, and counts once', async () => {
      const topic = await world.topic(3)
      const kafka = world.client({ transactionPool: { size: 1 }, requestTimeoutMs: 500 })
      await idOf(kafka)
      await world.broker.faults.drop('EndTxn', { afterApply: true, times: 2 })
      await kafka.transaction(three(topic, 'answer lost'))
      await world.broker.faults.drop('EndTxn', { times: 2 })
      await kafka.transaction(three(topic, 'request lost'))
      await world.broker.faults.hang('EndTxn', { afterApply: true })
      await kafka.transaction(three(topic, 'never answered'))
      await world.broker.faults.fail('EndTxn', { error: 'COORDINATOR_LOAD_IN_PROGRESS', times: 3 })
      await kafka.transaction(three(topic, 'loading'))
      await world.broker.faults.fail('EndTxn', { error: 'NOT_COORDINATOR', times: 2 })
      await kafka.transaction(three(topic, 'elsewhere'))
      const all = ['answer lost', 'request lost', 'never answered', 'loading', 'elsewhere']
      expect(await seen(kafka, topic)).toEqual([all, all, all])
    })

    it('IT2: an end that nobody learns of is told as unknown, and the id begins anew before anything else', async () => {
      const topic = await world.topic(3)
      const kafka = world.client({ transactionPool: { size: 1, timeoutMs: 1_500 } })
      await idOf(kafka)
      for (const afterApply of [true, false]) {
        const fault = await world.broker.faults.drop('EndTxn', { afterApply, times: Infinity })
        const error = await failureOf(kafka.transaction(three(topic, `unknown, in fact ${afterApply}`)))
        expect(error).toMatchObject({ code: 'TRANSACTION_FAILED', retriable: false, outcome: 'possibly-written' })
        expect(error.context.transaction).toBe('unknown')
        await fault.remove()
        await kafka.transaction(three(topic, `after ${afterApply}`))
      }
      // what was committed stays so, what was not is aborted by the new beginning, and nothing is seen in part
      const all = ['unknown, in fact true', 'after true', 'after false']
      expect(await seen(kafka, topic)).toEqual([all, all, all])
    })

    it('IT1: refusals on the way: what passes is repeated, what does not aborts', async () => {
      const topic = await world.topic(3)
      const kafka = world.client({ transactionPool: { size: 1 } })
      await world.broker.faults.fail('InitProducerId', { error: 'CONCURRENT_TRANSACTIONS', times: 3 })
      await world.broker.faults.fail('FindCoordinator', { error: 'COORDINATOR_NOT_AVAILABLE', times: 2 })
      await kafka.transaction(three(topic, 'patient'))
      await world.broker.faults.fail('Produce', { error: 'NOT_ENOUGH_REPLICAS', times: 2 })
      await kafka.transaction(three(topic, 'in the end'))
      if (version < 2) {
        await world.broker.faults.fail('AddPartitionsToTxn', { error: 'CONCURRENT_TRANSACTIONS', times: 2 })
        await kafka.transaction(three(topic, 'told in the end'))
        await world.broker.faults.fail('AddPartitionsToTxn', { error: 'TOPIC_AUTHORIZATION_FAILED' })
        const refused = await failureOf(kafka.transaction((tx) => void three(topic, 'not allowed')(tx)))
        expect(refused).toMatchObject({ code: 'TRANSACTION_FAILED', retriable: false, context: { transaction: 'aborted' } })
      }
      for (const error of ['INVALID_TXN_STATE', 'TRANSACTION_ABORTABLE']) {
        // whatever was in doubt before is ended by now
        await idOf(kafka)
        await world.broker.faults.fail('EndTxn', { error })
        const failed = await failureOf(kafka.transaction(three(topic, error)))
        expect(failed).toMatchObject({ code: 'TRANSACTION_FAILED', retriable: true, outcome: 'not-written' })
        expect(failed.context).toMatchObject({ transaction: 'aborted', brokerError: error })
      }
      await world.broker.faults.fail('Produce', { error: 'OUT_OF_ORDER_SEQUENCE_NUMBER', topic, partition: 0 })
      const failed = await failureOf(kafka.transaction((tx) => void three(topic, 'gap')(tx)))
      expect(failed).toMatchObject({ code: 'TRANSACTION_FAILED', retriable: true })
      await kafka.transaction(three(topic, 'last'))
      const all = ['patient', 'in the end', ...(version < 2 ? ['told in the end'] : []), 'last']
      expect(await seen(kafka, topic)).toEqual([all, all, all])
    })

    it('F8, IT1: the coordinator moves, loads and dies in the middle of transactions: nothing in part, nothing twice', async () => {
      const topic = await world.topic(3)
      const kafka = world.client({ transactionPool: { size: 1 } })
      const id = await idOf(kafka)
      const committed: string[] = []
      const run = async (value: string, meanwhile: () => Promise<unknown>) => {
        await kafka.transaction(async (tx) => {
          await three(topic, value)(tx)
          await meanwhile()
          await three(topic, `${value} too`)(tx)
        })
        committed.push(value, `${value} too`)
      }
      const other = async () => ((await world.broker.transactionCoordinator(id)) % 3) + 1
      await run('moved', async () => world.broker.moveTransactionCoordinator(id, await other()))
      await run('loading', async () => world.broker.moveTransactionCoordinator(id, await other(), { loadingMs: 500 }))
      const dead = await world.broker.transactionCoordinator(id)
      await run('dead', () => world.broker.kill(dead))
      await world.broker.revive(dead)
      expect(await seen(kafka, topic)).toEqual([committed, committed, committed])
    })

    it('F1, IT1: brokers are stopped and started in turn under transactions of many callers: all or nothing of each, in order', async () => {
      const topic = await world.topic(3)
      const kafka = world.client({ transactionPool: { size: 4 } })
      const committed = new Map<number, string[]>()
      let stop = false
      const caller = async (n: number) => {
        const mine: string[] = []
        committed.set(n, mine)
        for (let i = 0; !stop; i++) {
          const value = `${n}:${i}`
          await kafka.transaction(three(topic, value)).then(
            () => mine.push(value),
            (error: KafkaError) => expect(error.context.transaction, error.message).not.toBe('fenced'),
          )
        }
      }
      const callers = [0, 1, 2, 3].map(caller)
      for (const node of [1, 2, 3]) {
        await world.broker.kill(node)
        await sleep(500)
        await world.broker.revive(node)
        await sleep(300)
      }
      stop = true
      await Promise.all(callers)
      const values = await seen(kafka, topic)
      for (const [n, mine] of committed) {
        expect(mine.length).toBeGreaterThan(5)
        for (const partition of values) {
          const got = partition.filter((value) => value.startsWith(`${n}:`))
          expect(got).toEqual(mine)
        }
      }
    })
  })
}
