/** Test your producer. `node --test examples/testing/producer.test.ts` */
import assert from 'node:assert/strict'
import test from 'node:test'
import { Kafka } from '../../src/main/index.ts'
import {
  createTopicFor,
  mark,
  producedSince,
  startBrokerFor,
  waitForProduced,
  wasProduced,
} from '../../src/main/testing/index.ts'
import { placeOrder } from './shop.ts'

test('an order is written once, by its customer', async (t) => {
  const broker = await startBrokerFor(t)
  const topic = await createTopicFor(t, broker, { partitions: 3 })
  await using kafka = new Kafka({ brokers: broker.brokers })

  const before = await mark(kafka, topic)
  await placeOrder(kafka, topic, { id: 1, customer: 'customer-7', total: 12 })

  const expected = { key: 'customer-7', value: { id: 1, customer: 'customer-7', total: 12 }, headers: { source: 'shop' } }
  assert.ok(await wasProduced(before, expected))
  assert.equal((await producedSince(before)).length, 1)
})

test('what is produced some time later is waited for', async (t) => {
  const broker = await startBrokerFor(t)
  // any cluster will do: this could be { brokers: ['localhost:9092'] }
  const cluster = { brokers: broker.brokers }
  const topic = await createTopicFor(t, cluster)
  await using kafka = new Kafka(cluster)

  const before = await mark(cluster, topic)
  setTimeout(() => placeOrder(kafka, topic, { id: 2, customer: 'customer-8', total: 5 }), 50)

  const { key } = await waitForProduced(before, { value: /"id":2,/ }, { timeoutMs: 5_000 })
  assert.equal(String(key), 'customer-8')
})
