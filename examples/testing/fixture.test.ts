/** A broker for each test of vitest. `npx vitest run --project examples` */
import { test as base, expect } from 'vitest'
import { Kafka } from '../../src/main/index.ts'
import { brokerFixture, createTopicFor, type EmbeddedBroker, mark, wasProduced } from '../../src/main/testing/index.ts'
import { placeOrder } from './shop.ts'

// one broker for all tests of the file: [brokerFixture({ … }), { scope: 'file' }]
const test = base.extend<{ broker: EmbeddedBroker }>({ broker: brokerFixture({ nodes: 1 }) })

test('an order is written', async ({ broker, task, onTestFinished }) => {
  const topic = await createTopicFor({ task, onTestFinished }, broker)
  const kafka = new Kafka({ brokers: broker.brokers })
  onTestFinished(() => kafka.close())
  const before = await mark(kafka, topic)
  await placeOrder(kafka, topic, { id: 1, customer: 'customer-7', total: 12 })
  expect(await wasProduced(before, { key: 'customer-7' })).toBeDefined()
})
