import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { pause, startWait, within } from '../../src/main/wait.ts'
import { KafkaError } from '../../src/shared/errors.ts'
import { rejection } from '../support/metadata-world.ts'
import { VirtualEnv } from '../support/virtual-env.ts'

const never = new Promise<never>(() => undefined)

describe('waiting', () => {
  test.each([
    ['resolved', (wait: ReturnType<typeof startWait<number>>) => wait.resolve(1)],
    ['rejected', (wait: ReturnType<typeof startWait<number>>) => wait.reject(new KafkaError('CLOSED', 'closed'))],
  ])('IX5 once %s it leaves neither timer nor listener, and ends only once', async (_how, settle) => {
    const env = new VirtualEnv()
    const { signal } = new AbortController()
    let ends = 0
    const wait = startWait<number>(env, { signal, deadline: 100 }, 'it', { onEnd: () => ends++ })
    wait.promise.catch(() => undefined)
    settle(wait)
    settle(wait)
    expect(env.pending).toBe(0)
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(ends).toBe(1)
  })

  test('the deadline ends it with TIMEOUT, its name and how long it took', async () => {
    const env = new VirtualEnv()
    const error = await env.until(rejection(within(env, { deadline: 250 }, 'the moon', never)))
    expect(error).toMatchObject({ code: 'TIMEOUT', retriable: true, message: 'Gave up waiting for the moon after 250 ms.' })
  })

  test('a deadline in the past ends it at once', async () => {
    const env = new VirtualEnv()
    await env.advance(1_000)
    await env.until(rejection(within(env, { deadline: 10 }, 'it', never)), 0)
  })

  test('a signal that is aborted already ends it', async () => {
    const env = new VirtualEnv()
    const error = await env.until(rejection(within(env, { signal: AbortSignal.abort('no') }, 'it', never)), 0)
    expect(error).toMatchObject({ code: 'ABORTED', cause: 'no' })
  })

  test('the signal of a closing client ends it with CLOSED', async () => {
    const env = new VirtualEnv()
    const closed = new KafkaError('CLOSED', 'closed')
    expect(await env.until(rejection(within(env, { signal: AbortSignal.abort(closed) }, 'it', never)), 0)).toBe(closed)
  })

  test('a pause lasts as long as it should, and leaves no timer when it is cut short', async () => {
    const env = new VirtualEnv()
    await env.until(pause(env, 70, {}, 'it'))
    expect(env.now()).toBe(70)
    const abort = new AbortController()
    const cut = rejection(pause(env, 70, { signal: abort.signal }, 'it'))
    abort.abort()
    await env.until(cut, 0)
    expect(env.pending).toBe(0)
  })
})
