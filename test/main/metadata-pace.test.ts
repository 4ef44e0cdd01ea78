import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/fake-cluster.ts'
import { busiestSecond, connected, never } from '../support/metadata-world.ts'

describe('when it asks', () => {
  async function quiet(count = 1) {
    const world = await connected()
    const names = Array.from({ length: count }, (_, i) => `t${i}`)
    for (const name of names) world.cluster.topic(name)
    await world.env.until(Promise.all(names.map((name) => world.metadata.topic(name))))
    await world.env.advance(30_000)
    world.cluster.calls.length = 0
    return { ...world, names }
  }

  test('known topics are asked for again when they are old, all in one request', async () => {
    const { env, cluster } = await quiet(50)
    await env.advance(269_000)
    expect(cluster.calls).toHaveLength(0)
    await env.advance(2_000)
    expect(cluster.asked.map((names) => names.length)).toEqual([50])
  })

  test('without any topic the brokers are still refreshed', async () => {
    const { env, cluster } = await connected()
    await env.advance(301_000)
    expect(cluster.asked).toEqual([[]])
  })

  test('after quiet a stale topic is asked for at once; many reports are one request', async () => {
    const { env, cluster, metadata, names } = await quiet(10)
    for (let i = 0; i < 100; i++) metadata.stale(names, 'moved')
    await env.settle()
    expect(cluster.asked).toEqual([names])
    await env.advance(50)
    expect(cluster.calls).toHaveLength(1)
  })

  test('reports about topics that nobody asked for do nothing', async () => {
    const { env, cluster, metadata } = await quiet()
    metadata.stale(['unheard-of'], 'moved')
    await env.advance(1_000)
    expect(cluster.calls).toEqual([])
  })

  test('IX3 reports that asking does not help are answered with ever longer pauses', async () => {
    const { env, cluster, metadata, names } = await quiet()
    for (let ms = 0; ms < 30_000; ms += 10) {
      metadata.stale(names, 'refused')
      await env.advance(10)
    }
    expect(busiestSecond(cluster.calls)).toBeLessThanOrEqual(5)
    expect(cluster.calls.length).toBeLessThan(45)
    expect(cluster.calls.length).toBeGreaterThan(25)
  }, 20_000)

  test('trouble after quiet is new trouble: asked about at once, and again soon', async () => {
    const { env, cluster, metadata, names } = await quiet()
    for (let ms = 0; ms < 10_000; ms += 50) {
      metadata.stale(names, 'refused')
      await env.advance(50)
    }
    await env.advance(30_000)
    cluster.calls.length = 0
    for (let ms = 0; ms < 400; ms += 10) {
      metadata.stale(names, 'refused')
      await env.advance(10)
    }
    expect(cluster.calls).toHaveLength(3)
  })

  test('a report that comes while a request is under way is not answered by it', async () => {
    const { env, cluster, metadata, names } = await quiet()
    cluster.handlers.set(3, async (_body, call) => {
      const before = cluster.metadata(call)
      await new Promise<void>((resolve) => env.setTimeout(resolve, 50))
      return before
    })
    metadata.stale(names, 'moved')
    await env.advance(20)
    cluster.topics.get('t0')!.partitions[0] = { leader: 3, epoch: 1 }
    metadata.stale(names, 'moved')
    await env.advance(400)
    expect(metadata.cached('t0')!.partitions[0]!.leader).toBe(3)
  })

  test('F1 a leader that moves after 8 s of reports is known a good second later', async () => {
    const { env, cluster, metadata, names } = await quiet()
    const moved = env.now() + 8_000
    while (env.now() < moved) {
      metadata.stale(names, 'connection lost')
      await env.advance(20)
    }
    cluster.topics.get('t0')!.partitions[0] = { leader: 3, epoch: 1 }
    while (metadata.cached('t0')!.partitions[0]!.leader !== 3) {
      metadata.stale(names, 'connection lost')
      await env.advance(20)
    }
    expect(env.now() - moved).toBeLessThan(1_300)
  })

  test('IX3 trouble that nobody waits for is looked at rarely', async () => {
    const { env, cluster, metadata, names } = await quiet()
    cluster.topics.get('t0')!.partitions[0] = { leader: -1, epoch: 1 }
    metadata.stale(names, 'moved')
    await env.advance(60_000)
    cluster.calls.length = 0
    await env.advance(120_000)
    expect(cluster.calls.length).toBeGreaterThan(8)
    expect(cluster.calls.length).toBeLessThan(18)
  })

  test('F4 IX3 IX4 with the cluster down it keeps trying gently, and a caller has its topic soon after it is back', async () => {
    const { env, cluster, metadata } = await quiet()
    cluster.topic('new')
    cluster.before = () => {
      throw failure('NO_BROKER')
    }
    const topic = metadata.topic('new', { deadline: env.now() + 300_000 })
    await env.advance(60_000)
    expect(busiestSecond(cluster.calls)).toBeLessThanOrEqual(5)
    expect(cluster.calls.length).toBeLessThan(85)
    cluster.before = () => undefined
    await env.until(topic, 1_300)
  })

  test('F4 a caller need not wait for the long pause of earlier failures that nobody waited for', async () => {
    const { env, cluster, metadata } = await quiet()
    cluster.before = () => {
      throw failure('NO_BROKER')
    }
    await env.advance(400_000)
    cluster.calls.length = 0
    await env.advance(60_000)
    expect(cluster.calls.length).toBeLessThan(9)
    const seen = cluster.calls.length
    while (cluster.calls.length === seen) await env.advance(100)
    cluster.before = () => undefined
    cluster.topic('new')
    await env.until(metadata.topic('new'), 1_300)
  })

  test('F3 G10 a broker that takes requests and never answers is left for another one', async () => {
    const { env, cluster, metadata } = await quiet()
    cluster.topic('new')
    cluster.before = ({ target }) => (target === 'any' ? never : undefined)
    await env.until(metadata.topic('new'), 6_000)
    cluster.before = () => undefined
    await env.until(metadata.refresh())
    expect(cluster.calls.map(({ target }) => target)).toEqual(['any', 1, 'any'])
  })

  test('F44 bootstrap addresses stay in the list of brokers whatever the cluster says', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.brokers = [{ nodeId: 9, host: 'moved', port: 1, rack: null }]
    await env.until(metadata.refresh())
    expect(cluster.pushes).toMatchObject([{ brokers: [{ nodeId: 9 }, { nodeId: -2 }, { nodeId: -3 }] }])
  })

  test('KIP-1102 a broker that demands it sends the client back to its bootstrap addresses', async () => {
    const { env, cluster, metadata } = await connected()
    cluster.errorCode = 129
    const refreshed = metadata.refresh()
    await env.advance(150)
    expect(cluster.pushes[0]).toMatchObject({ type: 'brokers', brokers: [{ nodeId: -2 }, { nodeId: -3 }] })
    cluster.errorCode = 0
    await env.until(refreshed)
    expect(metadata.brokers).toHaveLength(3)
  })

  const event = fc.record({
    wait: fc.integer({ min: 0, max: 400 }),
    kind: fc.constantFrom('stale', 'topic', 'missing', 'refresh', 'move', 'down', 'up'),
    topic: fc.integer({ min: 0, max: 3 }),
  })
  property.prop([fc.array(event, { maxLength: 60 })])(
    'IX3 never more than ten requests in any second, and never two at once',
    async (events) => {
      const { env, cluster, metadata, names } = await quiet(4)
      let open = 0
      cluster.before = async () => {
        expect(++open).toBe(1)
        await Promise.resolve()
        open--
      }
      let down = false
      const inner = cluster.before
      cluster.before = async (call) => {
        await inner(call)
        if (down) throw failure('NO_BROKER')
      }
      for (const { wait, kind, topic } of events) {
        const name = names[topic]!
        if (kind === 'stale') metadata.stale([name], 'test')
        else if (kind === 'topic') metadata.topic(name).catch(() => undefined)
        else if (kind === 'missing') metadata.topic(`missing-${topic}`).catch(() => undefined)
        else if (kind === 'refresh') metadata.refresh().catch(() => undefined)
        else if (kind === 'move') cluster.topics.get(name)!.partitions[0]!.epoch++
        else down = kind === 'down'
        await env.advance(wait)
      }
      await env.advance(3_000)
      expect(busiestSecond(cluster.calls)).toBeLessThanOrEqual(10)
      metadata.close()
    },
  )
})
