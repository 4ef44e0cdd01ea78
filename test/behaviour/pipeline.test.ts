import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Kafka } from '../../src/main/index.ts'
import { startBroker } from '../../src/main/testing/index.ts'

/** How many Produce requests carry five records that come one after the other while the broker is slow to answer. */
async function requestsFor(options: { pipelineBytes?: number; maxInFlightRequests?: number }): Promise<number> {
  await using broker = await startBroker({ topics: [{ topic: 'events' }] })
  await using kafka = new Kafka({ brokers: broker.brokers, ...options })
  const producer = kafka.producer()
  await producer.produce({ topic: 'events', value: 'the broker knows the producer from here on' })
  const count = async () => (await broker.requestCounts('Produce')).reduce((sum, { requests }) => sum + requests, 0)
  const before = await count()
  await broker.faults.delay('Produce', { ms: 1_000, times: 1 })
  const sends: Promise<unknown>[] = []
  for (let i = 0; i < 5; i++) {
    sends.push(producer.produce({ topic: 'events', value: `record ${i}` }))
    await sleep(60)
  }
  await Promise.all(sends)
  return (await count()) - before
}

describe('requests in flight', () => {
  it('are not joined by small ones unless pipelineBytes allows it', async () => {
    expect(await requestsFor({})).toBe(2)
    expect(await requestsFor({ pipelineBytes: 0 })).toBe(5)
  })

  it('are never more than maxInFlightRequests', async () => {
    expect(await requestsFor({ pipelineBytes: 0, maxInFlightRequests: 2 })).toBe(3)
  })
})
