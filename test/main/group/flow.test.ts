import { describe, expect, it } from 'vitest'
import { FlowWorld } from './flow-world.ts'

describe('C14 a flow', () => {
  it('lets everything through at once, without a promise, when nothing is configured', () => {
    const world = new FlowWorld({})
    for (let partition = 0; partition < 1_000; partition++) expect(world.admit('t', partition, 100_000)).toBe(100_000)
    world.flow.handled('t', 0, 1, 5)
    expect(world.env.pending).toBe(0)
    expect(world.told).toEqual([])
    expect(world.flow.metrics()).toMatchObject({
      admittedRecords: 100_000_000,
      rateLimit: undefined,
      adaptive: [],
      gate: undefined,
      waitedSeconds: { rateLimit: 0, adaptive: 0, pauseWhen: 0 },
    })
  })

  it('allocates nothing for it', () => {
    const { flow, end } = new FlowWorld({})
    let total = 0
    const run = (times: number) => {
      for (let turn = 0; turn < times; turn++) total += flow.admit('t', turn & 7, 10, end.signal) as number
    }
    run(200_000)
    const before = process.memoryUsage().heapUsed
    run(1_000_000)
    // a promise each would be some hundred megabytes, a small object each some tens
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(4 * 1024 * 1024)
    expect(total).toBe(12_000_000)
  })

  it('says in words what a partition waits for', async () => {
    let pause = false
    const world = new FlowWorld({
      rateLimit: { recordsPerSecond: 5_000, per: 'topic', burst: 600 },
      adaptive: true,
      pauseWhen: () => pause,
    })
    expect(world.admit('t', 0, 600)).toBe(600)
    void world.admit('t', 0, 600)
    await world.env.settle()
    expect(world.flow.waitingFor('t', 0)).toBe('the rate limit of 5000 records/s for each topic (next in 120 ms)')
    expect(world.flow.waitingFor('t', 1)).toBeUndefined()
    expect(world.flow.waitingFor('other', 0)).toBeUndefined()
    await world.env.advance(1_000)
    expect(world.flow.waitingFor('t', 0)).toBeUndefined()
    pause = true
    void world.admit('t', 3, 1)
    await world.env.advance(3_200)
    expect(world.flow.waitingFor('t', 3)).toBe('pauseWhen, which has been true for 3.2 s')
    pause = false
    await world.env.advance(200)
    expect(world.flow.waitingFor('t', 3)).toBeUndefined()
  })

  it('says how slow handling is when that is the reason', async () => {
    const world = new FlowWorld({ adaptive: { habituationMs: 86_400_000 } })
    let factor = 1
    for (let partition = 0; partition < 8; partition++) {
      void world.run(
        't',
        partition,
        () => 100,
        (records) => world.pause(records * 0.4 * factor),
      )
    }
    await world.env.advance(20_000)
    factor = 5
    await world.env.advance(20_000)
    const words = [0, 1, 2, 3, 4, 5, 6, 7].map((partition) => world.flow.waitingFor('t', partition)).find((text) => text)
    expect(words).toMatch(
      /^the adaptive limit of [\d.]+ records\/s, since handling took (?:4|5)[.\d]* times as long as usual \(next in \d+ ms\)$/,
    )
    expect(world.flow.metrics().waitedSeconds.adaptive).toBeGreaterThan(100)
    world.end.abort()
  })

  it('tells at most once a second that the rate limits', async () => {
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 100, per: 'group' } })
    for (let partition = 0; partition < 4; partition++)
      void world.run(
        't',
        partition,
        () => 20,
        () => world.pause(1),
      )
    await world.env.advance(10_500)
    const told = world.of('limited')
    expect(told.length).toBeGreaterThanOrEqual(10)
    expect(told.length).toBeLessThanOrEqual(11)
    expect(told[0]!.event).toMatchObject({ topic: 't', recordsPerSecond: 100, per: 'group' })
    expect(told.slice(1).every(({ event }) => (event as { waiting: number }).waiting >= 1)).toBe(true)
    world.end.abort()
  })

  it('has figures: the limit, its use, and how long was waited for what', async () => {
    let pause = false
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 100 }, pauseWhen: () => pause })
    for (let partition = 0; partition < 2; partition++)
      void world.run(
        't',
        partition,
        () => 20,
        () => world.pause(1),
      )
    await world.env.advance(10_000)
    const figures = world.flow.metrics()
    expect(figures.recordsPerSecond).toBeGreaterThan(85)
    expect(figures.recordsPerSecond).toBeLessThan(115)
    expect(figures.admittedRecords).toBe(world.total())
    expect(figures.rateLimit).toMatchObject({ recordsPerSecond: 100, per: 'group' })
    expect(figures.rateLimit!.waiting).toBeGreaterThan(0)
    // two partitions that wait nearly all the time
    expect(figures.waitedSeconds.rateLimit).toBeGreaterThan(18)
    expect(figures.waitedSeconds.rateLimit).toBeLessThanOrEqual(20)
    pause = true
    await world.env.advance(10_000)
    const paused = world.flow.metrics()
    expect(paused.recordsPerSecond).toBe(0)
    expect(paused.waitedSeconds.pauseWhen).toBeGreaterThan(19)
    expect(paused.waitedSeconds.pauseWhen).toBeLessThanOrEqual(20)
    expect(paused.gate).toMatchObject({ open: false, waiting: 2, failures: 0 })
    expect(paused.gate!.closedMs).toBeGreaterThan(9_700)
    world.end.abort()
  })

  it('what was given up gives its tokens back, whatever it waited for', async () => {
    let pause = false
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 1, burst: 10 }, adaptive: true, pauseWhen: () => pause })
    expect(world.admit('t', 0, 9)).toBe(9)
    const own = new AbortController()
    // it has to wait for its tokens, and then finds the gate closed
    const waiting = world.admit('t', 1, 3, own.signal) as Promise<number>
    await world.env.advance(1_000)
    pause = true
    await world.env.advance(5_000)
    expect(world.flow.waitingFor('t', 1)).toContain('pauseWhen')
    own.abort(new Error('revoked'))
    await expect(waiting).rejects.toThrow('revoked')
    pause = false
    expect(world.admit('t', 2, 7)).toBe(7)
    expect(world.env.pending).toBe(1)
    world.flow.close()
    expect(world.env.pending).toBe(0)
  })
})
