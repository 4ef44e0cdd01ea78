/** Calls that take too long, on a clock that the test turns. */
import { expect, it } from 'vitest'
import { Overruns } from '../../../src/main/group/overruns.ts'
import type { RunningCall } from '../../../src/main/group/types.ts'
import { VirtualEnv } from '../../support/virtual-env.ts'

function watched(maxProcessingMs: number) {
  const env = new VirtualEnv()
  const happened: string[] = []
  const is: { call: RunningCall | undefined } = { call: undefined }
  const overruns = new Overruns(env, maxProcessingMs, () => is.call, {
    onOverrun: ({ what }, forMs) => happened.push(`${what} ${forMs}`),
    onOver: () => happened.push('over'),
  })
  overruns.start()
  return { env, happened, is, overruns }
}

it('F26: told once a call has run for longer, and once when none does any more', async () => {
  const { env, happened, is } = watched(1_000)
  is.call = { what: 'one', since: env.now() }
  await env.advance(1_000)
  expect(happened).toEqual([])
  await env.advance(125)
  expect(happened).toEqual(['one 1125'])
  await env.advance(5_000)
  // another one that has run for as long is no news
  is.call = { what: 'two', since: 500 }
  await env.advance(1_000)
  expect(happened).toHaveLength(1)
  is.call = { what: 'three', since: env.now() }
  await env.advance(125)
  expect(happened).toEqual(['one 1125', 'over'])
  is.call = undefined
  await env.advance(5_000)
  expect(happened).toHaveLength(2)
})

it('F26: one that ends when it is told to at maxProcessingMs was none', async () => {
  const { env, happened, is } = watched(80_000)
  is.call = { what: 'one', since: env.now() }
  env.setTimeout(() => {
    is.call = undefined
  }, 80_000)
  await env.advance(200_000)
  expect(happened).toEqual([])
})

it('IX5: leaves no timer, and says nothing after the end', async () => {
  const { env, happened, is, overruns } = watched(1_000)
  is.call = { what: 'one', since: env.now() }
  overruns.stop()
  await env.advance(10_000)
  expect(happened).toEqual([])
})
