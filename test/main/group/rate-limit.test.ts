import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { TokenBucket } from '../../../src/main/group/token-bucket.ts'
import { VirtualEnv } from '../../support/virtual-env.ts'
import { FlowWorld, worstBurst } from './flow-world.ts'

const never = new AbortController().signal

const keyOf = (per: 'group' | 'topic' | 'partition', topic: string, partition: number): string =>
  per === 'group' ? '' : per === 'topic' ? topic : `${topic}-${partition}`

describe('C14 rateLimit', () => {
  it('hands out what the burst has at once, then waits for the rest', async () => {
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 100, burst: 20 } })
    expect(world.admit('t', 0, 15)).toBe(15)
    const next = world.admit('t', 0, 15)
    expect(next).toBeInstanceOf(Promise)
    expect(await world.env.until(next as Promise<number>)).toBe(15)
    expect(world.env.now()).toBeCloseTo(100, 5)
  })

  it('cuts a batch that is larger than the burst', () => {
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 100, burst: 20 } })
    expect(world.admit('t', 0, 1_000)).toBe(20)
  })

  it('has a burst of a tenth of a second unless told, and of at least one record', async () => {
    expect(new FlowWorld({ rateLimit: { recordsPerSecond: 5_000 } }).admit('t', 0, 10_000)).toBe(500)
    const slow = new FlowWorld({ rateLimit: { recordsPerSecond: 0.5 } })
    expect(slow.admit('t', 0, 10)).toBe(1)
    expect(await slow.env.until(slow.admit('t', 0, 10) as Promise<number>)).toBe(1)
    expect(slow.env.now()).toBeCloseTo(2_000, 5)
  })

  property.prop(
    [
      fc.record({
        recordsPerSecond: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0.1, max: 50, noNaN: true })),
        burst: fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined }),
        per: fc.constantFrom('group' as const, 'topic' as const, 'partition' as const),
        gate: fc.constantFrom('none', 'flips', 'async'),
        partitions: fc.array(
          fc.record({
            topic: fc.constantFrom('a', 'b'),
            wanted: fc.integer({ min: 1, max: 3_000 }),
            handlingMs: fc.integer({ min: 0, max: 300 }),
            patienceMs: fc.option(fc.integer({ min: 1, max: 3_000 }), { nil: undefined }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
      }),
      fc.integer({ min: 1, max: 1_000_000 }),
    ],
    { numRuns: 60 },
  )(
    'never hands out more than recordsPerSecond × t + burst in any stretch of time, and nearly as much as there may be',
    async ({ recordsPerSecond, burst, per, gate, partitions }, seed) => {
      const shut = () => gate === 'flips' && Math.floor(world.env.now() / 400) % 2 === 1
      const asked = async () => {
        await world.pause(world.env.random() * 50)
        return world.env.random() < 0.1
      }
      const pauseWhen = gate === 'none' ? undefined : gate === 'async' ? asked : shut
      const world = new FlowWorld({ rateLimit: { recordsPerSecond, per, burst }, ...(pauseWhen && { pauseWhen }) }, seed)
      const { env, end } = world
      const loops = partitions.map(async ({ topic, wanted, handlingMs, patienceMs }, partition) => {
        while (!end.signal.aborted) {
          const own = new AbortController()
          const giveUp = patienceMs === undefined ? undefined : env.setTimeout(() => own.abort(), patienceMs)
          try {
            const most = 1 + Math.floor(env.random() * wanted)
            const answer = world.admit(topic, partition, most, own.signal)
            const count = await answer
            expect(count).toBeGreaterThanOrEqual(1)
            expect(count).toBeLessThanOrEqual(most)
            expect(Number.isInteger(count)).toBe(true)
          } catch (error) {
            if (!own.signal.aborted && !end.signal.aborted) throw error
          }
          if (giveUp) env.clearTimeout(giveUp)
          await world.pause(env.random() * handlingMs)
        }
      })
      await env.advance(10_000)
      end.abort()
      world.flow.close()
      await env.until(Promise.all(loops))

      const limit = burst ?? Math.max(1, Math.floor(recordsPerSecond / 10))
      const keys = new Set(world.handedOut.map(({ topic, partition }) => keyOf(per, topic, partition)))
      for (const key of keys) {
        const own = world.handedOut.filter(({ topic, partition }) => keyOf(per, topic, partition) === key)
        expect(worstBurst(own, recordsPerSecond)).toBeLessThanOrEqual(limit + 1e-6)
      }
      // With somebody always waiting, the bucket is never full for long.
      const busy =
        per === 'group' && gate === 'none' && partitions.every(({ handlingMs, patienceMs }) => handlingMs === 0 && !patienceMs)
      if (busy) expect(world.total()).toBeGreaterThanOrEqual(Math.floor(recordsPerSecond * 10) - 1)
    },
    120_000,
  )

  it('hands out as much as it may while there are takers', async () => {
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 1_000 } })
    for (let partition = 0; partition < 7; partition++)
      void world.run(
        't',
        partition,
        () => 40,
        () => world.pause(5),
      )
    await world.env.advance(20_000)
    world.end.abort()
    expect(world.total()).toBeGreaterThan(20_000 * 0.99)
    expect(worstBurst(world.handedOut, 1_000)).toBeLessThanOrEqual(100 + 1e-6)
  })

  it('a partition with huge batches does not starve those with small ones', async () => {
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 1_000, burst: 5_000 } })
    const { env } = world
    let longest = 0
    const small = async (partition: number) => {
      for (;;) {
        const asked = env.now()
        await world.admit('t', partition, 10)
        longest = Math.max(longest, env.now() - asked)
        await world.pause(1)
      }
    }
    void world.run(
      't',
      0,
      () => 1_000_000,
      () => world.pause(1),
    )
    await env.advance(1)
    for (let partition = 1; partition < 5; partition++) small(partition).catch(() => {})
    await env.advance(30_000)
    world.end.abort()
    await env.settle()
    // five takers, of whom the large one gets no more than a tenth of a second among them at a time
    expect(longest).toBeLessThan(200)
    const shares = [0, 1, 2, 3, 4].map((one) => world.total(({ partition, at }) => partition === one && at > 1_000))
    for (const share of shares.slice(1)) expect(share).toBeGreaterThan(2_000)
    expect(Math.max(...shares.slice(1)) / Math.min(...shares.slice(1))).toBeLessThan(1.05)
  })

  it('takes turns among those who want the same', async () => {
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 600 } })
    for (let partition = 0; partition < 6; partition++)
      void world.run(
        't',
        partition,
        () => 50,
        () => world.pause(1 + partition),
      )
    await world.env.advance(60_000)
    world.end.abort()
    const shares = [0, 1, 2, 3, 4, 5].map((one) => world.total(({ partition }) => partition === one))
    expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(1.02)
  })

  it.each([
    ['group', 100],
    ['topic', 200],
    ['partition', 400],
  ] as const)('per %s gives %d records/s to two topics of two partitions', async (per, expected) => {
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 100, per } })
    for (const topic of ['a', '__proto__'])
      for (const partition of [0, 1])
        void world.run(
          topic,
          partition,
          () => 20,
          () => world.pause(1),
        )
    await world.env.advance(60_000)
    world.end.abort()
    expect(world.total() / 60).toBeGreaterThan(expected * 0.98)
    expect(world.total() / 60).toBeLessThan(expected * 1.02)
  })

  it('who gives up leaves the line, gets the reason of the signal, and takes nothing', async () => {
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 10, burst: 10 } })
    expect(world.admit('t', 0, 10)).toBe(10)
    const own = new AbortController()
    const given = world.admit('t', 1, 10, own.signal) as Promise<number>
    const other = world.admit('t', 2, 10) as Promise<number>
    await world.env.advance(500)
    const reason = new Error('revoked')
    own.abort(reason)
    await expect(given).rejects.toBe(reason)
    expect(await world.env.until(other)).toBe(10)
    expect(world.env.now()).toBeCloseTo(1_000, 3)
    await expect(world.admit('t', 1, 1, own.signal)).rejects.toBe(reason)
  })

  it('IX5 after close nobody waits and no timer is left', async () => {
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 1 }, adaptive: true, pauseWhen: () => false })
    expect(world.admit('t', 0, 1)).toBe(1)
    const waiting = world.admit('t', 0, 1) as Promise<number>
    await world.env.settle()
    world.flow.close()
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(world.admit('t', 0, 1)).rejects.toMatchObject({ code: 'CLOSED' })
    expect(world.env.pending).toBe(0)
    world.flow.close()
  })

  it('a partition that comes back has no fuller bucket than it left', async () => {
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 10, burst: 10, per: 'partition' } })
    expect(world.admit('t', 0, 10)).toBe(10)
    world.flow.forget('t', 0)
    const own = new AbortController()
    const waiting = world.admit('t', 0, 10, own.signal) as Promise<number>
    own.abort()
    await expect(waiting).rejects.toBe(own.signal.reason)
    await world.env.advance(10_000)
    world.flow.forget('t', 0)
    expect(world.flow.admit('t', 0, 10, never)).toBe(10)
  })
})

describe('C14 a token bucket', () => {
  it('counts what is held as if it were in it, so that it cannot be spent on top of a full one', async () => {
    const env = new VirtualEnv()
    const bucket = new TokenBucket(env, 100, 10)
    expect(bucket.take(10, never)).toBe(10)
    await env.advance(60_000)
    // spent only now, a minute after they were taken
    bucket.spend(10)
    const next = bucket.take(10, never)
    expect(next).toBeInstanceOf(Promise)
    expect(await env.until(next as Promise<number>)).toBe(10)
    expect(env.now()).toBeCloseTo(60_100, 3)
  })

  it('what is given back serves those who wait', async () => {
    const env = new VirtualEnv()
    const bucket = new TokenBucket(env, 0.001, 10)
    expect(bucket.take(10, never)).toBe(10)
    const waiting = bucket.take(4, never) as Promise<number>
    bucket.giveBack(10)
    await expect(waiting).resolves.toBe(4)
    bucket.spend(4)
    expect(bucket.untouched).toBe(false)
  })

  it('serves those who wait when its rate is raised or lifted', async () => {
    const env = new VirtualEnv()
    const bucket = new TokenBucket(env)
    expect(bucket.take(1_000, never)).toBe(1_000)
    bucket.spend(1_000)
    bucket.setRate(0.01, 1)
    const first = bucket.take(5, never) as Promise<number>
    const second = bucket.take(50, never) as Promise<number>
    await env.advance(10)
    bucket.setRate(100, 100)
    expect(await env.until(first)).toBe(5)
    expect(env.now()).toBeLessThan(100)
    bucket.lift()
    expect(await second).toBe(50)
    expect(env.pending).toBe(0)
  })
})
