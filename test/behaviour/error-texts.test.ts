/** E7: an error says what happened, where, after how much, why, and what to do, in words and in fields. */
import { expect, it } from 'vitest'
import type { KafkaError } from '../../src/main/index.ts'
import { onEmbedded } from './on-brokers.ts'

const errorOf = async (promise: Promise<unknown>): Promise<KafkaError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeDefined()
  return error as KafkaError
}

onEmbedded('error texts', 1, (world) => {
  it('E7: a refused record: the place, the reason of the broker and the way on', async () => {
    const topic = await world.topic(1)
    await world.broker.faults.fail('Produce', { error: 'TOPIC_AUTHORIZATION_FAILED', topic })
    const error = await errorOf(world.client().producer().produce({ topic, value: 'x' }))
    expect(error.message).toMatch(`${topic}-0: TOPIC_AUTHORIZATION_FAILED. Give the principal`)
    expect(error.context).toMatchObject({ api: 'Produce', topic, partition: 0, tries: 1, brokerErrorCode: 29 })
  })

  it('E7: a record that could not be written in time: how often, how long, and what was in the way', async () => {
    const topic = await world.topic(1)
    await world.broker.faults.fail('Produce', { error: 'NOT_ENOUGH_REPLICAS', topic, times: 1_000 })
    const error = await errorOf(
      world
        .client({ retryBackoffMs: 1, retryBackoffMaxMs: 20 })
        .producer({ deliveryTimeoutMs: 1_000 })
        .produce({ topic, value: 'x' }),
    )
    expect(error).toMatchObject({ code: 'DELIVERY_TIMEOUT', retriable: true, outcome: 'not-written' })
    expect(error.message).toMatch(/1000 ms \(deliveryTimeoutMs\).*NOT_ENOUGH_REPLICAS.*min\.insync\.replicas/)
    const where = { api: 'Produce', topic, partition: 0, elapsedMs: 1_000, brokerError: 'NOT_ENOUGH_REPLICAS' }
    expect(error.context).toMatchObject(where)
    expect(error.context.tries).toBeGreaterThan(1)
  })

  it('E7: a read that no leader answers: how often, how long, and the last reason', async () => {
    const topic = await world.topic(1)
    await world.broker.faults.fail('Fetch', { error: 'NOT_LEADER_OR_FOLLOWER', topic, times: 1_000 })
    const kafka = world.client({ requestTimeoutMs: 500, retryBackoffMs: 1, retryBackoffMaxMs: 20 })
    const error = await errorOf(kafka.fetch([{ topic, partition: 0, offset: 0 }]))
    expect(error.message).toMatch(
      new RegExp(`reading ${topic}-0 from offset 0 after \\d+ tries in \\d+ ms.*NOT_LEADER_OR_FOLLOWER`),
    )
    expect(error.context).toMatchObject({ api: 'Fetch', topic, partition: 0, offset: 0, brokerErrorCode: 6 })
    expect(error.context.tries).toBeGreaterThan(1)
    expect(error.context.elapsedMs).toBeGreaterThanOrEqual(500)
  })
})
