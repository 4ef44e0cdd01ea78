import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../../src/shared/errors.ts'
import { FlowWorld } from './flow-world.ts'

describe('C14 pauseWhen', () => {
  it('is asked before each batch, and lets it go at once when it is false', () => {
    let asked = 0
    const world = new FlowWorld({
      pauseWhen: () => {
        asked++
        return false
      },
    })
    expect([world.admit('t', 0, 10), world.admit('t', 1, 20)]).toEqual([10, 20])
    expect(asked).toBe(2)
  })

  it('is asked every pauseCheckMs while it is true, once for all who wait', async () => {
    let [pause, asked] = [true, 0]
    const pauseWhen = () => {
      asked++
      return pause
    }
    const world = new FlowWorld({ pauseWhen, pauseCheckMs: 50 })
    for (let partition = 0; partition < 20; partition++)
      void world.run(
        't',
        partition,
        () => 5,
        () => world.pause(1_000),
      )
    await world.env.advance(1_001)
    expect(world.handedOut).toEqual([])
    expect(asked).toBeGreaterThanOrEqual(20)
    expect(asked).toBeLessThanOrEqual(22)
    pause = false
    await world.env.advance(51)
    expect(world.handedOut).toHaveLength(20)
    world.end.abort()
  })

  it('lets those who waited through one after the other, so that the first batches may close it again', async () => {
    let running = 0
    let most = 0
    let blocked = true
    const world = new FlowWorld({ pauseWhen: () => blocked || running >= 3, pauseCheckMs: 10 })
    const handle = async () => {
      most = Math.max(most, ++running)
      await world.pause(100)
      running--
    }
    for (let partition = 0; partition < 30; partition++) void world.run('t', partition, () => 1, handle)
    await world.env.advance(500)
    expect(world.handedOut).toEqual([])
    blocked = false
    await world.env.advance(10_000)
    world.end.abort()
    expect(most).toBe(3)
    // three at a time, each a tenth of a second and the time to be asked again
    expect(world.handedOut.length).toBeGreaterThan(240)
    const partitions = new Set(world.handedOut.map(({ partition }) => partition))
    expect(partitions.size).toBe(30)
  })

  it('nobody overtakes those who wait', async () => {
    let pause = true
    const world = new FlowWorld({ pauseWhen: () => pause })
    const first = world.admit('t', 0, 1)
    await world.env.settle()
    pause = false
    const second = world.admit('t', 1, 1)
    await world.env.until(Promise.all([first, second]))
    expect(world.handedOut.map(({ partition }) => partition)).toEqual([0, 1])
  })

  it('may be asynchronous', async () => {
    let pause = true
    const world = new FlowWorld({
      pauseWhen: async () => {
        await world.pause(20)
        return pause
      },
      pauseCheckMs: 100,
    })
    const waiting = world.admit('t', 0, 7) as Promise<number>
    await world.env.advance(300)
    expect(world.flow.metrics().gate).toMatchObject({ open: false, waiting: 1 })
    pause = false
    expect(await world.env.until(waiting)).toBe(7)
    expect(world.env.now()).toBeLessThan(500)
  })

  it('one that never answers holds back, says so, and can be given up', async () => {
    const world = new FlowWorld({ pauseWhen: () => new Promise<boolean>(() => {}) })
    const waiting = world.admit('t', 0, 7) as Promise<number>
    await world.env.advance(12_000)
    expect(world.flow.waitingFor('t', 0)).toBe('pauseWhen, which was asked 12.0 s ago and has not answered')
    world.end.abort(new Error('stopped'))
    await expect(waiting).rejects.toThrow('stopped')
    expect(world.flow.waitingFor('t', 0)).toBeUndefined()
    expect(world.env.pending).toBe(0)
  })

  const failures: [string, () => unknown, string][] = [
    ['throws', () => raise(new Error('no pool')), 'no pool'],
    ['rejects', () => Promise.reject(new Error('no pool')), 'no pool'],
    ['throws what is no error', () => raise('no pool'), "'no pool'"],
    ['throws nothing', () => raise(undefined), 'it failed without an error'],
    ['returns nothing', () => undefined, 'pauseWhen must return true or false'],
    ['returns a number', () => 0, 'pauseWhen must return true or false'],
    ['promises nothing', () => Promise.resolve(), 'pauseWhen must return true or false'],
    ['returns what throws when awaited', () => thenable(() => () => raise(new Error('no pool'))), 'no pool'],
    ['returns what throws when looked at', () => thenable(() => raise(new Error('no pool'))), 'no pool'],
  ]
  it.each(failures)('F25 IX1 one that %s stays closed, and an event tells', async (_what, fail, message) => {
    let failing = true
    const world = new FlowWorld({ pauseWhen: () => (failing ? fail() : false) as boolean })
    const waiting = world.admit('t', 0, 7) as Promise<number>
    await world.env.advance(5_500)
    expect(world.handedOut).toEqual([])
    expect(world.flow.waitingFor('t', 0)).toContain(`pauseWhen, which failed: ${message}`)
    const told = world.of('failed')
    expect(told.length).toBeGreaterThanOrEqual(5)
    expect(told.length).toBeLessThanOrEqual(6)
    const { error } = told[0]!.event as { error: unknown }
    expect(error instanceof Error ? error.message : `'${error}'`).toContain(message)
    if (message.startsWith('pauseWhen')) expect(error).toBeInstanceOf(KafkaError)
    expect(world.flow.metrics().gate!.failures).toBeGreaterThan(50)
    failing = false
    expect(await world.env.until(waiting)).toBe(7)
  })

  it('is asked again after a wait for the rate limit, for what it said before may be out of date', async () => {
    let pause = false
    const world = new FlowWorld({ rateLimit: { recordsPerSecond: 10, burst: 10 }, pauseWhen: () => pause })
    expect(world.admit('t', 0, 10)).toBe(10)
    const next = world.admit('t', 0, 10) as Promise<number>
    await world.env.advance(500)
    pause = true
    await world.env.advance(5_000)
    expect(world.handedOut).toHaveLength(1)
    expect(world.flow.waitingFor('t', 0)).toContain('pauseWhen, which has been true for')
    pause = false
    expect(await world.env.until(next)).toBe(10)
  })

  it('tells when it closes and opens, at most once a second, and has the last word right', async () => {
    let pause = true
    const world = new FlowWorld({ pauseWhen: () => pause, pauseCheckMs: 10 })
    void world.run(
      't',
      0,
      () => 1,
      () => world.pause(10),
    )
    for (let turn = 0; turn < 50; turn++) {
      await world.env.advance(73)
      pause = !pause
    }
    pause = false
    await world.env.advance(2_000)
    const told = world.of('gate')
    expect(told[0]).toEqual({ at: 0, kind: 'gate', event: { open: false, closedMs: 0 } })
    expect(told.at(-1)!.event).toMatchObject({ open: true })
    for (let index = 1; index < told.length; index++) {
      expect(told[index]!.at - told[index - 1]!.at).toBeGreaterThanOrEqual(1_000)
      expect((told[index]!.event as { open: boolean }).open).not.toBe((told[index - 1]!.event as { open: boolean }).open)
    }
    world.end.abort()
  })
})

function raise(thrown: unknown): never {
  throw thrown
}

function thenable(get: () => () => void): object {
  return Object.defineProperty({}, 'then', { get })
}
