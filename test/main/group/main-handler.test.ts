/** Handlers on the main thread: whatever they do ends in a verdict or in one error, in time. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConsumerGroup } from '../../../src/main/group/consumer-group.ts'
import { MainHandler } from '../../../src/main/group/main-handler.ts'
import type { GroupHandler, HandlerContext } from '../../../src/main/group/types.ts'
import { KafkaError } from '../../../src/shared/errors.ts'
import { VirtualEnv } from '../../support/virtual-env.ts'
import { numbered } from './records.ts'

const group = { groupName: 'shipping' } as ConsumerGroup
const lost = new KafkaError('ABORTED', 'The partition was lost.')
const env = () => new VirtualEnv()

let unhandled: unknown[] = []
const onUnhandled = (reason: unknown): void => void unhandled.push(reason)
beforeEach(() => {
  unhandled = []
  process.on('unhandledRejection', onUnhandled)
})
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 0))
  process.off('unhandledRejection', onUnhandled)
  expect(unhandled).toEqual([])
})

function host(handler: GroupHandler | GroupHandler['handleRecordBatch'], world = env(), handlerTimeoutMs = 1_000): MainHandler {
  return new MainHandler(
    world,
    { handler: typeof handler === 'function' ? { handleRecordBatch: handler } : handler, handlerTimeoutMs },
    group,
  )
}

function batch(count = 3, signal = new AbortController().signal, attempt = 1) {
  return { topic: 'orders', partition: 3, records: numbered(count), signal, attempt }
}

const nothing = { skips: [], moves: [], cooldownMs: undefined }

describe('what a handler on the main thread gets', () => {
  it('C1: topic, partition, records and context, on its own object', async () => {
    const seen: unknown[] = []
    const handler: GroupHandler & { mine: string } = {
      mine: 'yes',
      handleRecordBatch(topic, partition, records, context) {
        seen.push(
          this.mine,
          topic,
          partition,
          records.map(({ value }) => String(value)),
          context.attempt,
          context.group,
        )
        expect(context.signal.aborted).toBe(false)
        expect(context.signal).toBe(context.signal)
      },
    }
    await host(handler).handle(batch(2, undefined, 4))
    expect(seen).toEqual(['yes', 'orders', 3, ['v0', 'v1'], 4, group])
  })

  it('C1: handleConsumerStart and handleConsumerStop are called and awaited, and may be missing', async () => {
    const calls: unknown[] = []
    const later = async (call: unknown): Promise<void> => {
      await null
      calls.push(call)
    }
    const handler: GroupHandler = {
      handleRecordBatch() {},
      handleConsumerStart: (...args) => later(['start', ...args]),
      handleConsumerStop: (...args) => later(['stop', ...args]),
    }
    const one = host(handler)
    await one.open()
    await one.start('orders', 3)
    await one.stop('orders', 3, 'revoked')
    expect(calls).toEqual([
      ['start', 'orders', 3],
      ['stop', 'orders', 3, 'revoked'],
    ])
    const bare = host(() => {})
    await bare.start('orders', 3)
    await bare.stop('orders', 3, 'lost')
    await bare.close()
  })

  it('what it does to its list of records changes nothing', async () => {
    const one = host((_topic, _partition, records) => {
      records.length = 0
    })
    expect(await one.handle(batch(5))).toEqual({ done: 5, ...nothing })
  })
})

describe('what it returns', () => {
  it('C2: a value, a promise and a thenable count alike', async () => {
    const results = [undefined, 'commit', { actions: 'commit', handlerCooldownMs: 7 }] as const
    for (const result of results) {
      const cooldownMs = typeof result === 'object' ? 7 : undefined
      const verdict = { done: 3, ...nothing, cooldownMs }
      expect(await host(() => result).handle(batch())).toEqual(verdict)
      expect(await host(async () => result).handle(batch())).toEqual(verdict)
      const thenable = Object.defineProperty({}, 'then', { value: (resolve: (value: unknown) => void) => resolve(result) })
      expect(await host(() => thenable as never).handle(batch())).toEqual(verdict)
    }
  })

  it('C2: a list says what becomes of each record', async () => {
    const one = host((_topic, _partition, records) => [
      ['commit', records[0]!],
      [{ skip: 'too old' }, records[1]!],
      [{ moveTo: 'orders-dead' }, records[2]!],
      ['retry', records[3]!],
      ['retry', records[4]!],
    ])
    expect(await one.handle(batch(5))).toEqual({
      done: 3,
      skips: [{ index: 1, reason: 'too old' }],
      moves: [{ index: 2, topic: 'orders-dead' }],
      cooldownMs: undefined,
    })
  })

  it('C3: what is no result is a typed error', async () => {
    for (const result of [42, 'comit', [], { skip: 1 }, { actions: [] }]) {
      await expect(host(() => result as never).handle(batch())).rejects.toMatchObject({
        code: 'HANDLER_RESULT',
        context: { partition: 3 },
      })
    }
  })
})

describe('F25: what it throws', () => {
  const mine = Object.assign(new TypeError('no such order'), { code: 'E_ORDER' })

  it.each<[string, GroupHandler['handleRecordBatch']]>([
    [
      'thrown at once',
      () => {
        throw mine
      },
    ],
    ['rejected', () => Promise.reject(mine)],
    [
      'thrown later',
      async () => {
        await null
        throw mine
      },
    ],
    [
      'thrown by the then of what it returns',
      () =>
        Object.defineProperty({}, 'then', {
          get() {
            throw mine
          },
        }) as never,
    ],
  ])('F25: an Error %s arrives as it is (IX1)', async (_how, handle) => {
    await expect(host(handle).handle(batch())).rejects.toBe(mine)
  })

  it.each([['a text'], [undefined], [null], [0], [{ status: 500 }], [Symbol('odd')], [Object.create(null)]])(
    'F25: %s, which is no Error, becomes HANDLER_FAILED with it as cause (IX1)',
    async (odd) => {
      const thrower = () => {
        throw odd
      }
      for (const handle of [thrower, () => Promise.reject(odd)]) {
        const error = await host(handle)
          .handle(batch())
          .then(
            () => undefined,
            (thrown: KafkaError) => thrown,
          )
        expect(error).toMatchObject({ code: 'HANDLER_FAILED', retriable: true, context: { topic: 'orders', partition: 3 } })
        expect(error!.cause).toBe(odd)
      }
    },
  )

  it('F25: handleConsumerStart and handleConsumerStop likewise (IX1)', async () => {
    const one = host({
      handleRecordBatch() {},
      handleConsumerStart: () => Promise.reject(mine),
      handleConsumerStop() {
        throw 'a text'
      },
    })
    await expect(one.start('orders', 3)).rejects.toBe(mine)
    await expect(one.stop('orders', 3, 'stopped')).rejects.toMatchObject({ code: 'HANDLER_FAILED', cause: 'a text' })
  })
})

describe('F26: a handler that does not return', () => {
  it('F26: HANDLER_TIMEOUT after handlerTimeoutMs, and its signal is aborted with the same', async () => {
    const world = env()
    let context: HandlerContext | undefined
    const one = host((_topic, _partition, _records, given) => {
      context = given
      return new Promise(() => {})
    }, world)
    const handled = one.handle(batch())
    let failed: KafkaError | undefined
    handled.catch((error) => (failed = error))
    await world.advance(999)
    expect(failed).toBeUndefined()
    expect(context!.signal.aborted).toBe(false)
    expect(one.doing('orders', 3)).toBe('its handler runs with 3 records from offset 0 on, for 999 ms')
    await world.advance(1)
    expect(failed).toMatchObject({
      code: 'HANDLER_TIMEOUT',
      retriable: true,
      context: { topic: 'orders', partition: 3, offset: 0, elapsedMs: 1_000 },
    })
    expect(context!.signal.reason).toBe(failed)
    expect(one.doing('orders', 3)).toBeUndefined()
    expect(world.pending).toBe(0)
  })

  it('F26: a signal first looked at after the end is aborted as well', async () => {
    const world = env()
    let context: HandlerContext | undefined
    const one = host((_topic, _partition, _records, given) => {
      context = given
      return new Promise(() => {})
    }, world)
    const handled = one.handle(batch()).catch(() => {})
    await world.advance(1_000)
    await handled
    expect(context!.signal.reason).toMatchObject({ code: 'HANDLER_TIMEOUT' })
  })

  it('F26: what it returns or throws afterwards is of no consequence (IX1)', async () => {
    const world = env()
    for (const late of [() => 'retry', () => Promise.reject(new Error('late')), () => Promise.reject(undefined)]) {
      const { promise, resolve } = Promise.withResolvers<unknown>()
      const handled = host(() => promise as Promise<undefined>, world).handle(batch())
      const failed = handled.catch((error) => error)
      await world.advance(1_000)
      expect(await failed).toMatchObject({ code: 'HANDLER_TIMEOUT' })
      resolve(late())
      await world.settle()
    }
  })

  it('F26: what it waited for counts when it came while the thread was busy', async () => {
    const world = env()
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const handled = host(() => promise, world).handle(batch())
    // as if the time had passed within one turn: the timer is due, and the answer is there as well
    world.setTimeout(() => resolve(undefined), 1_000)
    await world.advance(1_000)
    expect(await handled).toEqual({ done: 3, ...nothing })
  })

  it('F26: hooks have the same time', async () => {
    const world = env()
    const one = host({ handleRecordBatch() {}, handleConsumerStart: () => new Promise(() => {}) }, world)
    const started = one.start('orders', 3).catch((error) => error)
    await world.advance(500)
    expect(one.doing('orders', 3)).toBe('handleConsumerStart runs, for 500 ms')
    await world.advance(500)
    expect(await started).toMatchObject({
      code: 'HANDLER_TIMEOUT',
      message: expect.stringContaining('handleConsumerStart of orders-3'),
    })
  })

  it('leaves no timer behind when it returns in time', async () => {
    const world = env()
    await world.until(host(async () => {}, world).handle(batch()))
    expect(world.pending).toBe(0)
  })
})

describe('a batch that is aborted', () => {
  it('is rejected at once with the reason, which the handler hears too', async () => {
    const world = env()
    const controller = new AbortController()
    let heard: unknown
    const one = host((_topic, _partition, _records, { signal }) => {
      signal.addEventListener('abort', () => (heard = signal.reason))
      return new Promise(() => {})
    }, world)
    const handled = one.handle(batch(3, controller.signal))
    await world.settle()
    controller.abort(lost)
    await expect(handled).rejects.toBe(lost)
    expect(heard).toBe(lost)
    expect(world.pending).toBe(0)
  })

  it('is not given to the handler when it was aborted before', async () => {
    let calls = 0
    const one = host(() => void calls++)
    await expect(one.handle(batch(3, AbortSignal.abort(lost)))).rejects.toBe(lost)
    expect(calls).toBe(0)
  })

  it('does not count when the handler itself had it aborted', async () => {
    const controller = new AbortController()
    const sync = host(() => controller.abort(lost))
    await expect(sync.handle(batch(3, controller.signal))).rejects.toBe(lost)
    const other = new AbortController()
    const async = host(async () => other.abort(lost))
    await expect(async.handle(batch(3, other.signal))).rejects.toBe(lost)
  })
})

it('IX5: close ends what runs with CLOSED and leaves no timer', async () => {
  const world = env()
  let signal: AbortSignal | undefined
  const one = host((_topic, _partition, _records, context) => {
    signal = context.signal
    return new Promise(() => {})
  }, world)
  const handled = one.handle(batch()).catch((error) => error)
  await world.settle()
  await one.close()
  expect(await handled).toMatchObject({ code: 'CLOSED' })
  expect(signal!.reason).toMatchObject({ code: 'CLOSED' })
  expect(world.pending).toBe(0)
  await expect(one.handle(batch())).rejects.toMatchObject({ code: 'CLOSED' })
})

it('C8: batches of several partitions run at the same time', async () => {
  const met = new Set<number>()
  const { promise, resolve } = Promise.withResolvers<void>()
  const one = host(async (_topic, partition) => {
    met.add(partition)
    if (met.size === 3) resolve()
    await promise
  })
  await Promise.all(
    [0, 1, 2].map((partition) => one.handle({ ...batch(), partition, records: numbered(1, 'orders', partition) })),
  )
})
