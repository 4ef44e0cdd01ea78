import { describe, expect, it } from 'vitest'
import type { AdaptedEvent } from '../../../src/main/group/flow.ts'
import type { AdaptiveOptions } from '../../../src/main/group/group-options.ts'
import { UsualPace } from '../../../src/main/group/usual-pace.ts'
import { Backlog, Downstream, type DownstreamSettings } from './downstream.ts'
import { FlowWorld } from './flow-world.ts'

const PARTITIONS = 8

/** Handlers of eight partitions that always have records and take `handlingMs` a batch. */
function loops(
  world: FlowWorld,
  handlingMs: (records: number, partition: number) => number,
  wanted: () => number = () => 100,
  topic = 't',
): void {
  for (let partition = 0; partition < PARTITIONS; partition++) {
    void world.run(topic, partition, wanted, (records) => world.pause(handlingMs(records, partition)))
  }
}

const stateOf = (world: FlowWorld, topic = 't') => world.flow.metrics().adaptive.find((one) => one.topic === topic)!
const changes = (world: FlowWorld) => world.of('adapted').map(({ event }) => event as AdaptedEvent)
const cuts = (world: FlowWorld) => changes(world).filter(({ change }) => change === 'cut')
const rateBetween = (world: FlowWorld, from: number, to: number) =>
  (world.total(({ at }) => at >= from && at < to) * 1_000) / (to - from)

/** Near enough to a bell curve. */
function bell(random: () => number): number {
  let sum = 0
  for (let index = 0; index < 12; index++) sum += random()
  return sum - 6
}

describe('C14 adaptive: the cut', () => {
  it('a fivefold time a record leaves far less than a fifth of the rate, within seconds and without any rateLimit', async () => {
    const world = new FlowWorld({ adaptive: true })
    let factor = 1
    loops(world, (records) => records * 0.4 * factor)
    await world.env.advance(20_000)
    const usual = rateBetween(world, 10_000, 20_000)
    expect(stateOf(world)).toMatchObject({ limit: undefined })
    expect(stateOf(world).usualRate / usual).toBeCloseTo(1, 1)
    factor = 5
    await world.env.advance(4_000)
    const { limit, slowness } = stateOf(world)
    expect(slowness).toBeGreaterThan(4)
    expect(slowness).toBeLessThan(6)
    expect(limit).toBeLessThan(usual / 15)
    expect(limit).toBeGreaterThan(usual / 60)
    await world.env.advance(6_000)
    expect(rateBetween(world, 25_000, 30_000)).toBeLessThan(usual / 15)
    const [first] = cuts(world)
    expect(first!.usualRate / usual).toBeCloseTo(1, 1)
    expect(world.of('adapted')[0]!.at).toBeLessThan(23_000)
    world.end.abort()
  })

  it.each([
    ['severity', { severity: 1 }, 3, 7],
    ['severity', { severity: 3 }, 45, 51],
    ['minRecordsPerSecond', { minRecordsPerSecond: 1_000 }, 19, 21],
  ] as const)('%s says how deep: %j', async (_name, adaptive, least, most) => {
    const world = new FlowWorld({ adaptive })
    let factor = 1
    loops(world, (records) => records * 0.4 * factor)
    await world.env.advance(20_000)
    factor = 5
    await world.env.advance(3_000)
    const [first] = cuts(world)
    expect(first!.usualRate / first!.limit!).toBeGreaterThan(least)
    expect(first!.usualRate / first!.limit!).toBeLessThan(most)
    world.end.abort()
  })

  it('tolerance says from when on', async () => {
    const cutAt = async (tolerance: number, slower: number) => {
      const world = new FlowWorld({ adaptive: { tolerance } })
      let factor = 1
      loops(world, (records) => records * 0.4 * factor)
      await world.env.advance(20_000)
      factor = slower
      await world.env.advance(10_000)
      world.end.abort()
      return cuts(world).length > 0
    }
    expect(await cutAt(2, 1.7)).toBe(false)
    expect(await cutAt(2, 2.4)).toBe(true)
    expect(await cutAt(1.4, 1.7)).toBe(true)
    expect(await cutAt(4, 3.4)).toBe(false)
  })

  it('intervalMs says how soon', async () => {
    const cutAfter = async (intervalMs: number) => {
      const world = new FlowWorld({ adaptive: { intervalMs } })
      let factor = 1
      loops(world, (records) => records * 0.1 * factor)
      await world.env.advance(20_000)
      factor = 5
      await world.env.advance(20_000)
      world.end.abort()
      return world.of('adapted')[0]!.at - 20_000
    }
    expect(await cutAfter(50)).toBeLessThan(300)
    expect(await cutAfter(3_000)).toBeGreaterThan(3_000)
  })

  it('never collapses to zero, however slow it gets and for however long', async () => {
    const world = new FlowWorld({ adaptive: { habituationMs: 86_400_000 } })
    let factor = 1
    loops(
      world,
      (records) => records * 0.4 * factor,
      () => 10,
    )
    await world.env.advance(20_000)
    const usual = stateOf(world).usualRate
    factor = 20
    await world.env.advance(300_000)
    expect(stateOf(world).limit! / usual).toBeGreaterThanOrEqual(0.02 - 1e-9)
    expect(rateBetween(world, 100_000, 300_000)).toBeGreaterThan(usual * 0.019)
    world.end.abort()
  })

  it('concerns the topic that is slow, and no other', async () => {
    const world = new FlowWorld({ adaptive: true })
    let factor = 1
    loops(world, (records) => records * 0.4 * factor)
    loops(
      world,
      (records) => records * 4,
      () => 100,
      '__proto__',
    )
    await world.env.advance(20_000)
    factor = 5
    await world.env.advance(20_000)
    expect(stateOf(world).limit).toBeDefined()
    expect(stateOf(world, '__proto__').limit).toBeUndefined()
    expect(new Set(changes(world).map(({ topic }) => topic))).toEqual(new Set(['t']))
    world.end.abort()
  })
})

describe('C14 adaptive: the way back', () => {
  it('is slow and in equal steps, and ends without a limit', async () => {
    const world = new FlowWorld({ adaptive: { recoveryMs: 30_000 } })
    let factor = 1
    loops(world, (records) => records * 0.4 * factor)
    await world.env.advance(20_000)
    const usual = stateOf(world).usualRate
    factor = 5
    await world.env.advance(5_000)
    factor = 1
    const limits: number[] = []
    for (let second = 0; second < 40; second++) {
      await world.env.advance(1_000)
      limits.push((stateOf(world).limit ?? Number.NaN) / usual)
    }
    // a thirtieth a second
    const [early, later] = [limits[5]!, limits[20]!]
    expect(later - early).toBeGreaterThan(0.4)
    expect(later - early).toBeLessThan(0.6)
    for (let at = 6; at < 20; at++) expect(limits[at]! - limits[at - 1]!).toBeLessThan(0.08)
    await world.env.advance(40_000)
    expect(stateOf(world).limit).toBeUndefined()
    expect(changes(world).at(-1)).toMatchObject({ topic: 't', change: 'lifted', limit: undefined })
    expect(rateBetween(world, 100_000, 105_000) / usual).toBeCloseTo(1, 1)
    world.end.abort()
  })

  it('a pace that stays is usual after a while', async () => {
    const world = new FlowWorld({ adaptive: { habituationMs: 60_000 } })
    let factor = 1
    loops(
      world,
      (records) => records * 0.4 * factor,
      () => 10,
    )
    await world.env.advance(60_000)
    factor = 4
    await world.env.advance(600_000)
    expect(stateOf(world).limit).toBeUndefined()
    expect(stateOf(world).slowness).toBeLessThan(1.3)
    world.end.abort()
  })

  it('tells at most once a second for each topic, and the last word is true', async () => {
    const world = new FlowWorld({ adaptive: { intervalMs: 20, recoveryMs: 5_000 } })
    let factor = 1
    loops(world, (records) => records * 0.1 * factor)
    await world.env.advance(10_000)
    factor = 6
    await world.env.advance(2_000)
    factor = 1
    await world.env.advance(60_000)
    const told = world.of('adapted')
    expect(told.length).toBeGreaterThan(3)
    for (let at = 1; at < told.length; at++) expect(told[at]!.at - told[at - 1]!.at).toBeGreaterThanOrEqual(1_000)
    expect(changes(world).at(-1)!.limit).toBe(stateOf(world).limit)
    world.end.abort()
  })
})

describe('C14 adaptive: what is no reason to cut', () => {
  const quiet = async (
    handlingMs: (world: FlowWorld) => (records: number, partition: number) => number,
    wanted: (world: FlowWorld) => () => number = () => () => 100,
    minutes = 5,
  ) => {
    const world = new FlowWorld({ adaptive: true }, 11)
    loops(world, handlingMs(world), wanted(world))
    await world.env.advance(minutes * 60_000)
    world.end.abort()
    expect(world.handedOut.length).toBeGreaterThan(1_000)
    expect(stateOf(world).usualRate).toBeGreaterThan(0)
    expect(cuts(world)).toEqual([])
  }

  it('handlers that were always slow', () => quiet(() => () => 5_000, undefined, 20))

  it('noise: times that vary by a factor of three either way', () =>
    quiet((world) => (records) => records * Math.exp(0.7 * bell(() => world.env.random()))))

  it('single calls that take a hundred times as long', () =>
    quiet((world) => (records) => records * (world.env.random() < 0.02 ? 100 : 1)))

  it('a pause of the whole process', () => quiet((world) => () => (world.env.now() % 30_000 < 60 ? 900 : 50)))

  it('batches of very different sizes, where a call costs as much as a hundred records', () =>
    quiet(
      () => (records) => 20 + records * 0.2,
      (world) => () => Math.ceil(1_000 ** world.env.random()),
    ))

  it('batches that get small after hours of large ones, or large after small ones', async () => {
    const sizes = (first: number, then: number) => (world: FlowWorld) => () => (world.env.now() < 150_000 ? first : then)
    await quiet(() => (records) => 20 + records, sizes(1_000, 1))
    await quiet(() => (records) => 20 + records, sizes(1, 1_000))
    await quiet(() => (records) => 20 + records, sizes(64, 127))
  })

  it('differences below a millisecond', async () => {
    const world = new FlowWorld({ adaptive: true })
    for (let turn = 0; turn < 10_000; turn++) {
      world.flow.handled('t', 0, 10, turn < 5_000 ? 0.01 : 0.6)
      await world.env.advance(10)
    }
    expect(stateOf(world).slowness).toBeLessThan(1.6)
    expect(cuts(world)).toEqual([])
  })

  it('F25 handlers that fail at once for a while, and then work as before', async () => {
    const world = new FlowWorld({ adaptive: true })
    const { env, flow } = world
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const loop = async () => {
        for (;;) {
          const count = await world.admit('t', partition, 100)
          const failing = env.now() > 60_000 && env.now() < 400_000
          await world.pause(failing ? 50 : 1_000)
          flow.handled('t', partition, count, failing ? 50 : 1_000, failing)
        }
      }
      loop().catch(() => {})
    }
    await env.advance(500_000)
    expect(cuts(world)).toEqual([])
    world.flow.close()
  })
})

interface Run {
  settings: DownstreamSettings
  arrivals: number
  stallAt: number
  seconds: number
}

interface Second {
  backlog: number
  latencyMs: number
  handedOut: number
}

/** What is read arrives steadily, waits in 16 partitions, and is handled by calls of the downstream, which stalls once for 5 s. */
async function simulate(adaptive: AdaptiveOptions | boolean, { settings, arrivals, stallAt, seconds }: Run): Promise<Second[]> {
  const world = new FlowWorld({ adaptive }, 7)
  const { env } = world
  const downstream = new Downstream(env, settings)
  const backlog = new Backlog(env, 16, arrivals)
  const elapsed: number[] = []
  const partition = async (number: number) => {
    await world.pause(number * 2.5)
    for (;;) {
      const wanted = Math.min(20, backlog.of(number))
      if (wanted === 0) {
        await world.pause(40)
        continue
      }
      const count = await world.admit('t', number, wanted)
      backlog.take(number, count)
      const began = env.now()
      await downstream.call(count)
      elapsed.push(env.now() - began)
      world.flow.handled('t', number, count, env.now() - began)
    }
  }
  for (let number = 0; number < 16; number++) partition(number).catch(() => {})
  const history: Second[] = []
  for (let second = 0; second < seconds; second++) {
    if (second === stallAt) downstream.stall(5_000)
    const before = world.total()
    await env.advance(1_000)
    const calls = elapsed.splice(0)
    const latencyMs = calls.reduce((sum, one) => sum + one, 0) / Math.max(1, calls.length)
    history.push({ backlog: backlog.total, latencyMs, handedOut: world.total() - before })
  }
  world.flow.close()
  return history
}

describe('C14 adaptive: something downstream that overload makes slower', () => {
  const run: Run = { settings: { callMs: 1, recordMs: 1, knee: 6 }, arrivals: 200, stallAt: 30, seconds: 240 }
  const mean = (history: Second[], from: number, to: number, of: keyof Second) =>
    history.slice(from, to).reduce((sum, second) => sum + second[of], 0) / (to - from)

  it('with the limiter its latency comes back and the backlog goes away, without it neither does', async () => {
    const without = await simulate(false, run)
    const limited = await simulate(true, run)
    const before = mean(without, 15, 30, 'latencyMs')
    expect(mean(limited, 15, 30, 'latencyMs') / before).toBeCloseTo(1, 1)
    // without: the stall is long over, but the load that it left keeps the overload up
    expect(mean(without, 120, 170, 'latencyMs')).toBeGreaterThan(before * 100)
    expect(without.at(-1)!.backlog).toBeGreaterThan(10_000)
    // with: while there is a backlog batches are larger than before, so a call may take longer
    expect(mean(limited, 40, 160, 'latencyMs')).toBeLessThan(before * 12)
    expect(mean(limited, 40, 160, 'latencyMs')).toBeLessThan(mean(without, 40, 160, 'latencyMs') / 100)
    expect(mean(limited, 140, 160, 'handedOut')).toBeGreaterThan(mean(without, 140, 160, 'handedOut') * 2)
    expect(mean(limited, 200, 240, 'backlog')).toBeLessThan(20)
    expect(mean(limited, 200, 240, 'latencyMs') / before).toBeCloseTo(1, 0)
  })
})

describe('UsualPace', () => {
  it('knows nothing at first, then what is usual for sizes that it saw', () => {
    const pace = new UsualPace()
    expect(pace.known).toBe(false)
    expect(pace.slowness(10, 5)).toBeUndefined()
    for (let call = 0; call < 10; call++) pace.learn(10, 99, call, 1_000)
    expect(pace.known).toBe(true)
    expect(Math.exp(pace.slowness(10, 99)!)).toBeCloseTo(1)
    expect(Math.exp(pace.slowness(10, 499)!)).toBeCloseTo(5)
  })

  it('gives sizes that it did not see the benefit of the doubt', () => {
    const pace = new UsualPace()
    for (let call = 0; call < 10; call++) pace.learn(10, 99, call, 1_000)
    // as long as the larger ones took, or in proportion
    expect(pace.slowness(1, 99)).toBeCloseTo(0)
    expect(pace.slowness(100, 999)).toBeCloseTo(0)
    expect(pace.slowness(100, 5_000)).toBeGreaterThan(Math.log(4.9))
  })

  it('a new size is not learnt as slower than others allow', () => {
    const pace = new UsualPace()
    for (let call = 0; call < 10; call++) pace.learn(100, 99, call, 1_000)
    for (let call = 0; call < 5; call++) pace.learn(10, 9_999, call, 1_000)
    expect(pace.slowness(10, 99)).toBeCloseTo(0)
  })

  it('gets used to what stays, by its time and not by the number of calls', () => {
    const left = (everyMs: number) => {
      const pace = new UsualPace()
      let now = 0
      for (let call = 0; call < 20; call++) pace.learn(10, 99, now, 100_000)
      for (; now < 100_000; now += everyMs) pace.learn(10, 299, now, 100_000)
      return pace.slowness(10, 299)! / Math.log(3)
    }
    expect(left(10)).toBeCloseTo(1 / Math.E, 2)
    expect(left(5_000)).toBeCloseTo(1 / Math.E, 1)
  })
})
