import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { MIN_GAP_MS, RefreshSchedule } from '../../src/main/refresh-schedule.ts'
import { VirtualEnv } from '../support/virtual-env.ts'

const limits = { retry: { initialMs: 100, maxMs: 1_000 }, maxAgeMs: 300_000 }
const trouble = { settled: false, progressed: false, awaited: true }
const well = { settled: true, progressed: true, awaited: false }

property.prop([fc.integer()])('a topic that is due within the distance between requests is taken along', async (seed) => {
  const env = new VirtualEnv(seed)
  const schedule = new RefreshSchedule(env, limits)
  schedule.want('a')
  expect(schedule.start()).toEqual(['a'])
  schedule.answered(new Map([['a', trouble]]))
  await env.advance(60)
  schedule.want('b')
  await env.advance(schedule.nextAt() - env.now())
  expect(env.now()).toBe(MIN_GAP_MS)
  expect(schedule.start()).toEqual(['a', 'b'])
})

test('topics in the same trouble stay in the same request', async () => {
  const env = new VirtualEnv()
  const schedule = new RefreshSchedule(env, limits)
  const names = Array.from({ length: 100 }, (_, index) => `t${index}`)
  for (const name of names) schedule.want(name)
  for (let round = 0; round < 20; round++) {
    await env.advance(Math.max(0, schedule.nextAt() - env.now()))
    expect(schedule.start()).toEqual(names)
    schedule.answered(new Map(names.map((name) => [name, trouble])))
  }
})

test('topics that nobody asks for any more are forgotten after a minute', async () => {
  const env = new VirtualEnv()
  const schedule = new RefreshSchedule(env, limits)
  for (let index = 0; index < 1_000; index++) {
    schedule.want(`missing-${index}`)
    await env.advance(100)
    schedule.start()
    schedule.answered(new Map([[`missing-${index}`, trouble]]))
    schedule.rest(`missing-${index}`)
  }
  expect(schedule.size).toBeLessThan(720)
  schedule.want('known')
  schedule.start()
  schedule.answered(new Map([['known', well]]))
  await env.advance(200_000)
  schedule.want('another')
  expect(schedule.size).toBe(2)
})

test('F3 an answer that says all is well with a topic that somebody has trouble with is doubtful, until one brings news', async () => {
  const env = new VirtualEnv()
  const schedule = new RefreshSchedule(env, limits)
  const answer = (outcome: typeof well) => {
    schedule.start()
    schedule.answered(new Map([['a', outcome]]))
    return schedule.doubtful
  }
  const nothingNew = { ...well, progressed: false }
  schedule.want('a')
  expect(answer(well)).toBe(false)
  await env.advance(limits.maxAgeMs)
  // it was asked for because it is old, and nobody has any trouble
  expect(answer(nothingNew)).toBe(false)
  schedule.want('a')
  await env.advance(1_000)
  expect(answer(nothingNew)).toBe(true)
  schedule.want('a')
  await env.advance(1_000)
  expect(answer(well)).toBe(false)
})
