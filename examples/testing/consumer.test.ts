/** Test your consumer. `node --test examples/testing/consumer.test.ts` */
import assert from 'node:assert/strict'
import test from 'node:test'
import { Kafka } from '../../src/main/index.ts'
import { createTopicFor, mark, runHandler, startBrokerFor, waitForLag0, waitForProduced } from '../../src/main/testing/index.ts'
import { billing, type Order, placeOrder } from './shop.ts'

test('bills orders, passes over test orders, and moves what is none', async () => {
  const billed: Order[] = []
  const handler = billing(async (order) => void billed.push(order))

  const { records, moved } = await runHandler(handler, [
    { value: '{"id":1,"total":12}' },
    { value: '{"id":2,"total":0}' },
    { value: '{"id":3' },
  ])

  assert.deepEqual(billed, [{ id: 1, total: 12 }])
  assert.deepEqual(
    records.map(({ action }) => action),
    ['commit', { skip: 'a test order' }, { moveTo: 'rejected' }],
  )
  assert.equal(String(moved[0]!.value), '{"id":3')
})

test('a failure of the bank is tried again, and given up', async () => {
  const handler = billing(async ({ id }) => {
    if (id === 2) throw new Error('no answer from the bank')
  })

  const { records, errors, commits } = await runHandler(
    handler,
    [1, 2, 3].map((id) => ({ value: JSON.stringify({ id, total: 1 }) })),
    { handlerMaxAttempts: 3, handlerGiveUp: { moveTo: 'unpaid' } },
  )

  // what was in a batch with it was handed out again too
  assert.deepEqual(
    records.map(({ action, attempts }) => [action, attempts]),
    [
      ['commit', 3],
      [{ moveTo: 'unpaid' }, 3],
      ['commit', 3],
    ],
  )
  assert.equal(errors.at(-1)!.retryInMs, -1)
  assert.equal(commits.at(-1)!.offset, 3)
})

test('a handler in threads', async () => {
  const { records } = await runHandler(new URL('./checksums.ts', import.meta.url), [{ value: 'a', headers: [['sha256', 'b']] }], {
    threads: 1,
  })
  assert.deepEqual(records[0]!.action, { moveTo: 'damaged' })
})

test('the whole group, on a broker', async (t) => {
  const broker = await startBrokerFor(t, { topics: [{ topic: 'rejected' }] })
  const topic = await createTopicFor(t, broker, { partitions: 3 })
  await using kafka = new Kafka({ brokers: broker.brokers })
  const billed: number[] = []
  const topics = [{ name: topic, offsetResetPolicy: 'earliest' as const }]
  const group = kafka.consumerGroup({ groupName: 'billing', topics, handler: billing(async ({ id }) => void billed.push(id)) })
  await group.start()

  const before = await mark(kafka, 'rejected')
  for (const id of [1, 2, 3]) await placeOrder(kafka, topic, { id, customer: `customer-${id}`, total: 1 })
  await kafka.producer().produce({ topic, value: 'no order' })

  await waitForLag0(kafka, { groupName: 'billing', topics: [topic] })
  assert.deepEqual(billed.toSorted(), [1, 2, 3])
  await waitForProduced(before, { value: 'no order', headers: { 'odradek.from.topic': topic } })
})
