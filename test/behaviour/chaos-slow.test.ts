/** F11: one slow broker. F12: a peer that is gone without a word. F21: a network that is cut for a while. F20: throttling. */
import { expect, it } from 'vitest'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import * as harm from '../chaos/actions.ts'
import { EAGER, onChaos, readAll } from './on-chaos.ts'

const throttled = (throttleTimeMs: number) => (body: { throttleTimeMs: number }) => void (body.throttleTimeMs = throttleTimeMs)
const ALWAYS = Number.POSITIVE_INFINITY

onChaos(
  'one slow broker of three',
  (chaos) => {
    it('F11: 2 kB/s in both directions: partitions of the others are written and read as if nothing were', async () => {
      const topic = await chaos.world.topic(3)
      const kafka = chaos.client()
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(3, 3)
      const slowed = [
        chaos.proxy.requests({ node: 1, times: ALWAYS }, harm.slow(2_000)),
        chaos.proxy.answers({ node: 1, times: ALWAYS }, harm.slow(2_000)),
      ]
      let over = false
      const slow = ledger.send(0, 12_000).then(() => (over = true))
      await slowed[0]!.reached()
      const behind = kafka.fetch([{ topic, partition: 0, offset: 0 }])
      // far more round trips than the slow record takes seconds
      for (let i = 0; i < 20; i++) {
        await ledger.send(1 + (i % 2))
        const [batch] = await kafka.fetch([{ topic, partition: 1 + (i % 2), offset: 1 + Math.floor(i / 2) }])
        expect(batch!.records).toHaveLength(1)
      }
      expect(over).toBe(false)
      await slow
      expect((await behind)[0]!.records.length).toBeGreaterThan(0)
      chaos.proxy.clear()
      await ledger.settle()
    })

    it('F11: a broker that answers nothing, metadata included, holds up nobody else', async () => {
      const topic = await chaos.world.topic(3)
      const other = await chaos.world.topic(3)
      const kafka = chaos.client()
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(3, 3)
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      const held = chaos.proxy.answers({ node: 1, times: ALWAYS }, harm.hold(released))
      let over = false
      const slow = ledger.send(0).then(() => (over = true))
      await held.reached()
      for (let i = 0; i < 50; i++) await ledger.send(1 + (i % 2))
      // needs metadata, which any broker has
      await kafka.producer().produce({ topic: other, partition: 1, value: 'new topic' })
      expect(over).toBe(false)
      release()
      await slow
      await ledger.settle()
    })
  },
  ['embedded-3', 'real-3'],
)

onChaos('a peer that is gone without a word', (chaos) => {
  it.each(['requests', 'answers'] as const)(
    'F12: %s vanish while the connections stay: the records arrive once, after requestTimeoutMs',
    async (direction) => {
      const topic = await chaos.world.topic(3)
      const kafka = chaos.client({ ...EAGER, requestTimeoutMs: 800 })
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(3, 3)
      const gone = chaos.proxy[direction]({ api: 'Produce', times: 2 }, harm.freeze())
      const started = performance.now()
      while (gone.hits < 2) await ledger.burst(6, 3)
      await ledger.settle()
      expect(performance.now() - started).toBeLessThan(15_000)
    },
  )

  it('F12: a new connection that is accepted and never answered is given up after connectTimeoutMs', async () => {
    const topic = await chaos.world.topic(1)
    const silent = chaos.proxy.connections({ times: 2 }, 'freeze')
    const kafka = chaos.client({ ...EAGER, connectTimeoutMs: 600 })
    const ledger = chaos.ledger(topic, kafka.producer())
    await ledger.burst(3)
    expect(silent.hits).toBe(2)
    await ledger.settle()
  })

  it('F21: the network to every broker is cut for longer than a request may take, then whole again', async () => {
    const topic = await chaos.world.topic(3)
    const kafka = chaos.client({ ...EAGER, requestTimeoutMs: 700, connectTimeoutMs: 700 })
    const ledger = chaos.ledger(topic, kafka.producer())
    await ledger.burst(3, 3)
    chaos.proxy.partition()
    const cut = ledger.burst(12, 3)
    await harm.sleep(2_500)
    expect(ledger.errors).toEqual([])
    chaos.proxy.heal()
    await cut
    expect(await readAll(kafka, topic, 1, 2)).toHaveLength(ledger.sent.get(2)!.length)
    await ledger.settle()
  })
})

onChaos('throttling', (chaos) => {
  it('F20: no Produce goes to a broker that asked for 500 ms, for so long', async () => {
    const topic = await chaos.world.topic(1)
    const ledger = chaos.ledger(topic, chaos.client().producer())
    await ledger.burst(3)
    const rule = chaos.proxy.rewrite(produce, throttled(500))
    await ledger.send(0)
    const answered = performance.now()
    expect(rule.hits).toBe(1)
    await ledger.send(0)
    const arrived = chaos.proxy.traffic.times('Produce').filter((at) => at > answered)
    expect(arrived).toHaveLength(1)
    expect(arrived[0]! - answered).toBeGreaterThan(400)
    await ledger.settle()
  })

  it('F20: no Fetch goes to a broker that asked for 500 ms, for so long', async () => {
    const topic = await chaos.world.topic(1)
    const kafka = chaos.client()
    const ledger = chaos.ledger(topic, kafka.producer())
    await ledger.burst(3)
    const rule = chaos.proxy.rewrite(fetch, throttled(500))
    await readAll(kafka, topic, 1)
    const answered = performance.now()
    expect(rule.hits).toBe(1)
    await readAll(kafka, topic, 3)
    const arrived = chaos.proxy.traffic.times('Fetch').filter((at) => at > answered)
    expect(arrived[0]! - answered).toBeGreaterThan(400)
    await ledger.settle()
  })

  it('F20: a negative throttle time is none', async () => {
    const topic = await chaos.world.topic(1)
    const kafka = chaos.client()
    const ledger = chaos.ledger(topic, kafka.producer())
    chaos.proxy.rewrite(produce, throttled(-5), { times: ALWAYS })
    chaos.proxy.rewrite(fetch, throttled(-5), { times: ALWAYS })
    await ledger.burst(2)
    for (let i = 0; i < 5; i++) {
      await ledger.send(0)
      await readAll(kafka, topic, 1, 0, i)
    }
    await ledger.settle()
  })
})

onChaos(
  'throttling without end',
  (chaos) => {
    it('F20: a broker that asks for 2^31 − 1 ms is left alone for a minute, and only it', { timeout: 120_000 }, async () => {
      const topic = await chaos.world.topic(3)
      const kafka = chaos.client()
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(3, 3)
      chaos.proxy.rewrite(produce, throttled(2 ** 31 - 1), { node: 1 })
      chaos.proxy.rewrite(fetch, throttled(2 ** 31 - 1), { node: 1 })
      await ledger.send(0)
      await readAll(kafka, topic, 1)
      const answered = performance.now()
      let over = 0
      const muted = [ledger.send(0), kafka.fetch([{ topic, partition: 0, offset: 0 }], { timeoutMs: 100_000 })]
      for (const one of muted) one.then(() => over++)
      while (performance.now() - answered < 50_000) {
        await Promise.all([ledger.send(1), ledger.send(2)])
        await readAll(kafka, topic, 1, 2)
        await harm.sleep(1_000)
      }
      expect(over).toBe(0)
      await Promise.all(muted)
      expect(performance.now() - answered).toBeGreaterThan(55_000)
      await ledger.settle()
    })
  },
  ['embedded-3'],
)
