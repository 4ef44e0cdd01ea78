import { once } from 'node:events'
import { MessageChannel, Worker } from 'node:worker_threads'
import { afterEach, describe, expect, test } from 'vitest'
import { KafkaError } from '../../../src/shared/errors.ts'
import { connect, expose, type Remote } from '../../../src/shared/rpc.ts'
import type { TestApi } from './rpc-worker.ts'

let worker: Worker
const deaths: KafkaError[] = []

function start(): Remote<TestApi> {
  worker = new Worker(new URL('./rpc-worker.ts', import.meta.url), { execArgv: [] })
  return connect<TestApi>(worker, { onDeath: (error) => deaths.push(error) })
}

afterEach(async () => {
  await worker?.terminate()
  deaths.length = 0
})

describe('calls between threads', () => {
  test('give results of plain and asynchronous methods', async () => {
    const remote = start()
    expect(await remote.add(2, 3)).toBe(5)
    expect(await remote.later('x')).toBe('x')
  })

  test('many at once are answered each with its own', async () => {
    const remote = start()
    const sums = await Promise.all(Array.from({ length: 1000 }, (_, i) => remote.add(i, i)))
    expect(sums).toEqual(Array.from({ length: 1000 }, (_, i) => 2 * i))
  })

  test('keep code, fields, outcome and cause of a KafkaError', async () => {
    const error = await start()
      .refuse()
      .catch((e) => e)
    expect(error).toBeInstanceOf(KafkaError)
    expect(error).toMatchObject({ code: 'NO_BROKER', retriable: true, outcome: 'not-written', context: { broker: 'h:1' } })
    expect(error.cause.message).toBe('deep')
  })

  test('turn any other error into INTERNAL with its message', async () => {
    await expect(start().blunder()).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('off by one') })
  })

  test('reject when a result or an argument cannot cross, and go on', async () => {
    const remote = start()
    await expect(remote.unsendable()).rejects.toBeInstanceOf(KafkaError)
    await expect(remote.later((() => {}) as never)).rejects.toBeInstanceOf(KafkaError)
    expect(await remote.add(1, 1)).toBe(2)
  })

  test('reject when there is no such method, inherited ones included', async () => {
    const remote = start() as unknown as Record<string, () => Promise<void>>
    await expect(remote['nothing']!()).rejects.toThrow('there is no method nothing')
    await expect(remote['hasOwnProperty']!()).rejects.toThrow('there is no method hasOwnProperty')
  })

  test('a remote is not taken for a promise', async () => {
    const remote = start()
    expect(await remote).toBe(remote)
  })
})

describe('a dying thread', () => {
  test.each(['exit', 'crash'] as const)('by %s rejects every pending and later call and says so once', async (way) => {
    const remote = start()
    const pending = [remote.never(), remote.never()].map((call) => call.catch((error) => error.code))
    remote[way]().catch(() => {})
    expect(await Promise.all(pending)).toEqual(['WORKER_DIED', 'WORKER_DIED'])
    await expect(remote.add(1, 2)).rejects.toMatchObject({ code: 'WORKER_DIED' })
    expect(deaths.map(({ code }) => code)).toEqual(['WORKER_DIED'])
  })

  test('by an uncaught error names it as the cause', async () => {
    const remote = start()
    const pending = remote.never().catch((error) => error)
    remote.crash().catch(() => {})
    expect((await pending).message).toContain('worker bug')
  })

  test('a port that is closed on the other side counts as dead', async () => {
    const { port1, port2 } = new MessageChannel()
    expose(port2, { never: () => new Promise(() => {}) })
    const remote = connect<{ never(): Promise<void> }>(port1)
    const pending = remote.never().catch((error) => error.code)
    port2.close()
    expect(await pending).toBe('WORKER_DIED')
  })
})

test('a process ends while no call is pending, not before one is answered', async () => {
  const rpc = new URL('../../../src/shared/rpc.ts', import.meta.url).href
  const thread = new URL('./rpc-worker.ts', import.meta.url).href
  const code = `
    import { Worker } from 'node:worker_threads'
    import { connect } from '${rpc}'
    const remote = connect(new Worker(new URL('${thread}'), { execArgv: [] }), { unrefWhenIdle: true })
    console.log(await remote.add(1, 2))`
  const { spawn } = await import('node:child_process')
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(output).toBe('3\n')
})
