/** Test a broker failure. `node --test examples/testing/failure.test.ts` */
import assert from 'node:assert/strict'
import test from 'node:test'
import { Kafka, type KafkaError } from '../../src/main/index.ts'
import { mark, producedSince, startBrokerFor, waitForLag0 } from '../../src/main/testing/index.ts'
import { billing, placeOrder } from './shop.ts'

const order = (id: number) => ({ id, customer: `customer-${id}`, total: 1 })

test('an answer that is lost does not write an order twice', async (t) => {
  const broker = await startBrokerFor(t, { topics: [{ topic: 'orders' }] })
  await using kafka = new Kafka({ brokers: broker.brokers })
  const before = await mark(kafka, 'orders')

  // the order is written, and the connection breaks before the answer
  const lost = await broker.faults.drop('Produce', { afterApply: true })
  await placeOrder(kafka, 'orders', order(1))

  assert.equal(await lost.hits(), 1)
  assert.equal((await producedSince(before)).length, 1)
})

test('a broker that refuses is reported', async (t) => {
  const broker = await startBrokerFor(t, { topics: [{ topic: 'orders' }] })
  await using kafka = new Kafka({ brokers: broker.brokers })

  await broker.faults.fail('Produce', { error: 'TOPIC_AUTHORIZATION_FAILED', times: Infinity })

  await assert.rejects(placeOrder(kafka, 'orders', order(1)), (error: KafkaError) => {
    assert.deepEqual([error.code, error.outcome], ['BROKER_ERROR', 'not-written'])
    return true
  })
})

test('orders go on when the leader dies', async (t) => {
  const broker = await startBrokerFor(t, { nodes: 3, topics: [{ topic: 'orders' }] })
  await using kafka = new Kafka({ brokers: broker.brokers })
  const before = await mark(kafka, 'orders')
  await placeOrder(kafka, 'orders', order(1))

  const { leader } = await broker.log('orders', 0)
  await broker.kill(leader)
  await placeOrder(kafka, 'orders', order(2))

  assert.notEqual((await broker.log('orders', 0)).leader, leader)
  assert.equal((await producedSince(before)).length, 2)
})

test('every order is billed although the coordinator of the group dies', async (t) => {
  const broker = await startBrokerFor(t, { nodes: 3, topics: [{ topic: 'orders', partitions: 3 }] })
  await using kafka = new Kafka({ brokers: broker.brokers })
  const billed = new Set<number>()
  const topics = [{ name: 'orders', offsetResetPolicy: 'earliest' as const }]
  const group = kafka.consumerGroup({ groupName: 'billing', topics, handler: billing(async ({ id }) => void billed.add(id)) })
  await group.start()
  await placeOrder(kafka, 'orders', order(1))
  await waitForLag0(kafka, { groupName: 'billing', topics: ['orders'] })

  await broker.kill(await broker.coordinator('billing'))
  await placeOrder(kafka, 'orders', order(2))

  await waitForLag0(kafka, { groupName: 'billing', topics: ['orders'] }, { timeoutMs: 30_000 })
  assert.deepEqual([...billed], [1, 2])
})
