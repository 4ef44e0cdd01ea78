/** F13: connections that end at any byte of a request or an answer; F14: connections that are closed before they are of any use. */
import { expect, it } from 'vitest'
import type { Kafka } from '../../src/main/index.ts'
import { type Action, cut, type End, lose } from '../chaos/actions.ts'
import type { Rule } from '../chaos/rules.ts'
import { type ChaosWorld, EAGER, onChaos, readAll } from './on-chaos.ts'

/** Cuts one frame after another, each time further behind, until the cut is behind the frame's end. Gives the number of cuts. */
async function cutEverywhere(
  stride: number,
  end: End,
  set: (action: Action) => Rule,
  round: (rule: Rule) => Promise<void>,
): Promise<number> {
  let cuts = 0
  let inside = true
  for (let at = 0; inside; at += stride) {
    const rule = set((frame, exchange) => {
      inside = at < frame.length
      return cut(at, end)(frame, exchange)
    })
    await round(rule)
    expect(rule.hits, `the cut at byte ${at}`).toBe(1)
    cuts++
  }
  return cuts
}

/** One record that can be read over and over. */
async function single(chaos: ChaosWorld, kafka: Kafka): Promise<string> {
  const topic = await chaos.world.topic(1)
  await kafka.producer().produce({ topic, value: '0' })
  return topic
}

onChaos('connections cut short', (chaos) => {
  const { target } = chaos.world
  /** Every byte costs nothing on the embedded broker; real Kafka is asked at some. */
  const stride = target === 'embedded-1' ? 1 : 13
  const ends: End[] = ['reset', 'fin']

  it.each(ends)('F13: a Produce answer cut at every byte (%s): written once, in order', async (end) => {
    const topic = await chaos.world.topic(1)
    const ledger = chaos.ledger(topic, chaos.client(EAGER).producer())
    await ledger.burst(2)
    const cuts = await cutEverywhere(
      stride,
      end,
      (action) => chaos.proxy.answers({ api: 'Produce' }, action),
      () => ledger.burst(2),
    )
    expect(cuts).toBeGreaterThan(5)
    await ledger.settle()
  })

  it.each(ends)('F13: a Produce request cut at every byte (%s): written once, in order', async (end) => {
    const topic = await chaos.world.topic(1)
    const ledger = chaos.ledger(topic, chaos.client(EAGER).producer())
    await ledger.burst(2)
    const cuts = await cutEverywhere(
      stride,
      end,
      (action) => chaos.proxy.requests({ api: 'Produce' }, action),
      () => ledger.burst(2),
    )
    expect(cuts).toBeGreaterThan(10)
    await ledger.settle()
  })

  it('F13: a Fetch answer cut at every byte: the record is read each time, once', async () => {
    const kafka = chaos.client(EAGER)
    const topic = await single(chaos, kafka)
    await cutEverywhere(
      stride,
      'reset',
      (action) => chaos.proxy.answers({ api: 'Fetch' }, action),
      async () => expect(await readAll(kafka, topic, 1)).toEqual(['0']),
    )
  })

  it('F13: a Metadata answer cut at one place after another: a new client finds its way', async () => {
    const topic = await single(chaos, chaos.client(EAGER))
    await cutEverywhere(
      stride * 3,
      'reset',
      (action) => chaos.proxy.answers({ api: 'Metadata' }, action),
      async () => {
        const kafka = chaos.client({ ...EAGER, ioThreads: 0 })
        expect(await readAll(kafka, topic, 1)).toEqual(['0'])
        await kafka.close()
      },
    )
  })

  it('F13: an ApiVersions answer cut at every byte: the next connection serves', async () => {
    const topic = await chaos.world.topic(1)
    const ledger = chaos.ledger(topic, chaos.client(EAGER).producer())
    await ledger.burst(1)
    await cutEverywhere(
      stride,
      'reset',
      (action) => chaos.proxy.answers({ api: 'ApiVersions' }, action),
      async (rule) => {
        chaos.proxy.sever()
        await ledger.burst(2)
        await rule.reached()
      },
    )
    await ledger.settle()
  })

  it('F13: answers are lost again and again under traffic, after the request took effect: written once, in order', async () => {
    const topic = await chaos.world.topic(3)
    const ledger = chaos.ledger(topic, chaos.client(EAGER).producer())
    await ledger.burst(3, 3)
    const lost = chaos.proxy.answers({ api: 'Produce', times: 12 }, lose())
    while (lost.hits < 12) await Promise.race([ledger.burst(9, 3), lost.reached(lost.hits + 1)])
    await ledger.settle()
  })

  it.each(ends)(
    'F14: connections are accepted and closed at once (%s), as by a balancer without backends: an ordinary retry',
    async (end) => {
      const topic = await chaos.world.topic(3)
      const closed = chaos.proxy.connections({ times: 6 }, end)
      const kafka = chaos.client(EAGER)
      const ledger = chaos.ledger(topic, kafka.producer())
      await ledger.burst(30, 3)
      expect(closed.hits).toBe(6)
      const again = chaos.proxy.connections({ times: 9 }, end)
      while (again.hits < 9) {
        chaos.proxy.sever(undefined, end)
        await ledger.burst(9, 3)
      }
      expect(await readAll(kafka, topic, 1, 1)).toHaveLength(ledger.sent.get(1)!.length)
      await ledger.settle()
    },
  )
})

onChaos(
  'connections that are always closed',
  (chaos) => {
    it('F14: connect() says so within its time, sends wait for their own time and say what was in the way', async () => {
      chaos.proxy.connections({ times: Number.POSITIVE_INFINITY }, 'fin')
      const kafka = chaos.client()
      await expect(kafka.connect()).rejects.toMatchObject({ code: 'NO_BROKER', message: expect.stringContaining('closed') })
      const send = kafka.producer({ deliveryTimeoutMs: 1_000 }).produce({ topic: await chaos.world.topic(1), value: 'x' })
      await expect(send).rejects.toMatchObject({ outcome: 'not-written', message: expect.stringContaining('closed') })
      chaos.proxy.clear()
      await kafka.connect()
    })

    it('F14: a record that could not leave for a leader that is known says why there was no way to it', async () => {
      const topic = await chaos.world.topic(1)
      const producer = chaos.client().producer({ deliveryTimeoutMs: 1_500 })
      await producer.produce({ topic, value: 'open' })
      chaos.proxy.connections({ times: Number.POSITIVE_INFINITY }, 'fin')
      chaos.proxy.sever()
      await producer.produce({ topic, value: 'first' }).catch(() => {})
      await expect(producer.produce({ topic, value: 'second' })).rejects.toMatchObject({
        code: 'DELIVERY_TIMEOUT',
        outcome: 'not-written',
        message: expect.stringMatching(/Connection to 127\.0\.0\.1:\d+ was closed/),
      })
    })
  },
  ['embedded-1', 'embedded-3'],
)
