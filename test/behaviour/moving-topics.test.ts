/** Brokers that fall silent, and topics that grow, move, vanish and come back while records are on their way to them and from them. */
import { expect, it } from 'vitest'
import { Load } from './load.ts'
import { onEmbedded } from './on-brokers.ts'

onEmbedded('a silent broker', 3, (world) => {
  it('F3: its leadership moves while it owes answers: sends and reads go on elsewhere long before requestTimeoutMs', async () => {
    const topic = await world.topic(3)
    const kafka = world.client({ requestTimeoutMs: 120_000 })
    const load = new Load(kafka.producer({ deliveryTimeoutMs: 300_000 }), topic, { partitions: 3, callers: 6, paceMs: 5 })
    await load.flowing()
    await world.broker.faults.hang('Fetch', { node: 1 })
    const read = kafka.fetch([{ topic, partition: 0, offset: 0 }], { timeoutMs: 120_000 })
    const hang = await world.broker.faults.hang('Produce', { node: 1, afterApply: true })
    await expect.poll(() => hang.hits()).toBe(1)
    const started = performance.now()
    await world.broker.moveLeader(topic, 0, 2)
    await load.flowing()
    expect((await read)[0]!.records.length).toBeGreaterThan(0)
    expect(performance.now() - started).toBeLessThan(30_000)
    await load.expectExactlyOnce(world.brokers)
  })
})
