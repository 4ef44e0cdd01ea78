import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Action, ConsumedRecord, GroupHandler } from '../../../src/main/index.ts'
import { type HandlerRun, type RunHandlerOptions, runHandler } from '../../../src/main/testing/index.ts'

const values = (...texts: string[]) => texts.map((value) => ({ value }))
const actionsOf = ({ records }: HandlerRun) => records.map(({ action }) => action)
const attemptsOf = ({ records }: HandlerRun) => records.map(({ attempts }) => attempts)
/** Decides by the value of each record. */
const by =
  (decide: (value: string, record: ConsumedRecord) => Action) => (_topic: string, _p: number, records: ConsumedRecord[]) =>
    records.map((record): [Action, ConsumedRecord] => [decide(String(record.value), record), record])

describe('T4: runHandler', () => {
  it('gives records as a group does, in batches of the usual size, and commits them', async () => {
    const got: string[] = []
    const run = await runHandler(
      (topic, partition, records, { attempt, group }) => {
        for (const record of records) {
          const { key, value, headers, timestamp, offset } = record
          got.push(`${topic}-${partition}@${offset} ${key} ${value} ${headers} ${timestamp} ${attempt} ${group.groupName}`)
        }
      },
      Array.from({ length: 12 }, (_, i) => ({
        key: `k${i}`,
        value: `v${i}`,
        headers: [['h', 'x']] as const,
        timestamp: 1_000 - i,
      })),
    )
    expect(got[0]).toBe('records-0@0 k0 v0 h,x 1000 1 run-handler')
    expect(got[11]).toBe('records-0@11 k11 v11 h,x 989 1 run-handler')
    expect(run.calls.map(({ offsets }) => offsets.length)).toEqual([10, 2])
    expect(run.commits.map(({ offset }) => offset)).toEqual([10, 12])
    expect(run.records[11]).toEqual({ topic: 'records', partition: 0, offset: 11, action: 'commit', attempts: 1 })
    expect(run).toMatchObject({ moved: [], errors: [], failed: [] })
  })

  it('has one partition after the other in order, several side by side, with offsets that have gaps', async () => {
    const order: string[] = []
    const handler: GroupHandler = {
      handleConsumerStart: (topic, partition) => void order.push(`start ${topic}-${partition}`),
      handleConsumerStop: (topic, partition, reason) => void order.push(`stop ${topic}-${partition} ${reason}`),
      async handleRecordBatch(topic, partition, records) {
        await sleep(partition === 1 ? 20 : 1)
        order.push(`${topic}-${partition}: ${records.map(({ offset }) => offset)}`)
      },
    }
    const records = [
      { topic: 'a', partition: 1, offset: 5 },
      { topic: 'a', partition: 0 },
      { topic: 'a', partition: 1, offset: 7_000_000_000 },
      { topic: 'a', partition: 1 },
    ]
    const run = await runHandler(handler, records)
    expect(order).toEqual([
      'start a-1',
      'start a-0',
      'a-0: 0',
      'a-1: 5,7000000000,7000000001',
      'stop a-1 stopped',
      'stop a-0 stopped',
    ])
    expect(run.records.map(({ offset }) => offset)).toEqual([5, 0, 7_000_000_000, 7_000_000_001])
    expect(run.commits.map(({ partition, offset }) => [partition, offset])).toEqual([
      [0, 1],
      [1, 7_000_000_002],
    ])
  })

  it('skips, moves with the headers of a group, and says both in the commit', async () => {
    const handler = by((value) => (value === 'bad' ? { moveTo: 'dead' } : value === 'old' ? { skip: 'too old' } : 'commit'))
    const run = await runHandler(
      handler,
      [{ topic: 't', partition: 3, key: 'k', value: 'bad', timestamp: 9, offset: 4 }, ...values('old')],
      {
        groupName: 'billing',
      },
    )
    expect(actionsOf(run)).toEqual([{ moveTo: 'dead' }, { skip: 'too old' }])
    const headers = { topic: 't', partition: '3', offset: '4', timestamp: '9' }
    expect(run.moved).toEqual([
      {
        topic: 'dead',
        key: Buffer.from('k'),
        value: Buffer.from('bad'),
        timestamp: 9,
        headers: [
          ...Object.entries(headers).map(([name, value]) => [`odradek.from.${name}`, value]),
          ['odradek.moved-by.group', 'billing'],
          ['odradek.attempts', '1'],
        ],
      },
    ])
    expect(run.commits.map(({ metadata }) => metadata)).toEqual(['moved 4 to dead', 'skipped 0: too old'])
  })

  it('repeats what asked for a retry, with what is behind it, and nothing before it', async () => {
    const run = await runHandler(
      (_topic, _partition, records) =>
        records.map((record): [Action, ConsumedRecord] => [
          record.offset < 2 || record.attempt === 3 ? 'commit' : 'retry',
          record,
        ]),
      values('a', 'b', 'c', 'd'),
    )
    expect(run.calls.map(({ offsets, attempt }) => [offsets, attempt])).toEqual([
      [[0, 1, 2, 3], 1],
      [[2, 3], 2],
      [[2, 3], 3],
    ])
    expect(attemptsOf(run)).toEqual([1, 1, 3, 3])
    expect(run.commits.at(-1)!.metadata).toBe('2 took 3 attempts; 3 took 3 attempts')
    expect(run.errors).toEqual([])
  })

  it('repeats a batch whose handler threw, whatever it threw; pauses take no time', async () => {
    const began = performance.now()
    const thrown = [new TypeError('first'), 'second']
    const run = await runHandler(
      () => {
        if (thrown.length > 0) throw thrown.shift()
      },
      values('a', 'b'),
    )
    expect(performance.now() - began).toBeLessThan(90) // the least of the first pause alone
    expect(actionsOf(run)).toEqual(['commit', 'commit'])
    expect(attemptsOf(run)).toEqual([3, 3])
    expect(run.errors.map(({ attempt, error }) => [attempt, (error as Error).message])).toEqual([
      [1, 'first'],
      [2, expect.stringContaining('second')],
    ])
    expect(run.errors[0]!.retryInMs).toBeGreaterThan(50)
    expect(run.calls.map(({ error }) => error)).toEqual([expect.any(TypeError), expect.any(Error), undefined])
  })

  it('deliveries: ends a partition that gets nowhere, others go on', async () => {
    // what follows a retry has to wait too
    const handler = by((value) => (value === 'stuck' || value === 'behind' ? 'retry' : 'commit'))
    const run = await runHandler(handler, [...values('a', 'stuck', 'behind'), { partition: 1, value: 'other' }], {
      deliveries: 4,
    })
    expect(actionsOf(run)).toEqual(['commit', 'retry', 'retry', 'commit'])
    expect(attemptsOf(run)).toEqual([1, 4, 4, 1])
    expect(run.commits.map(({ partition, offset }) => [partition, offset])).toEqual(
      expect.arrayContaining([
        [0, 1],
        [1, 1],
      ]),
    )
  })

  it.each<[string, RunHandlerOptions['handlerGiveUp'], Action]>([
    ['skip', { skip: 'poison' }, { skip: 'poison' }],
    ['move', { moveTo: 'dead' }, { moveTo: 'dead' }],
  ])('handlerMaxAttempts and handlerGiveUp: %s', async (_what, handlerGiveUp, action) => {
    const handler = by((value) => {
      if (value === 'poison') throw new Error('poison')
      return 'commit'
    })
    const run = await runHandler(handler, values('a', 'poison', 'b'), {
      handlerMaxAttempts: 3,
      handlerGiveUp,
      handlerMaxBatchSize: 2,
    })
    expect(actionsOf(run)).toEqual(['commit', action, 'commit'])
    expect(run.errors.at(-1)).toMatchObject({ offset: 1, attempt: 3, retryInMs: -1 })
    expect(run.moved.map(({ topic }) => topic)).toEqual('moveTo' in (action as object) ? ['dead'] : [])
    expect(run.failed).toEqual([])
  })

  it('handlerGiveUp stop: the partition stands still', async () => {
    const run = await runHandler(
      () => {
        throw new Error('broken')
      },
      values('a'),
      { handlerMaxAttempts: 2 },
    )
    expect(run.failed).toEqual([{ topic: 'records', partition: 0, error: expect.objectContaining({ code: 'HANDLER_FAILED' }) }])
    expect(run.records).toEqual([{ topic: 'records', partition: 0, offset: 0, action: 'retry', attempts: 2 }])
    expect(run.commits).toEqual([])
  })

  it('a result that says nothing is an error, as in a group', async () => {
    const run = await runHandler((() => 'done') as never, values('a'), { deliveries: 1 })
    expect(run.errors).toEqual([expect.objectContaining({ error: expect.objectContaining({ code: 'HANDLER_RESULT' }) })])
    expect(actionsOf(run)).toEqual(['retry'])
  })

  it('a start that fails is repeated, and not for ever; what stop throws is told', async () => {
    let starts = 0
    const handler: GroupHandler = {
      handleConsumerStart() {
        if (++starts < 3) throw new Error('not yet')
      },
      handleRecordBatch() {},
      handleConsumerStop() {
        throw new Error('cannot stop')
      },
    }
    const run = await runHandler(handler, values('a'))
    expect(run.errors.map(({ error }) => (error as Error).message)).toEqual(['not yet', 'not yet', 'cannot stop'])
    expect(actionsOf(run)).toEqual(['commit'])
    starts = -100
    const never = await runHandler(handler, values('a'), { deliveries: 5 })
    expect([starts, never.records[0]!.attempts, never.errors.length]).toEqual([-95, 0, 5])
    expect(actionsOf(never)).toEqual([undefined])
  })

  it('handlerTimeoutMs aborts the signal, and what comes later does not count', async () => {
    const reasons: unknown[] = []
    const run = await runHandler(
      async (_topic, _partition, _records, { signal, attempt }) => {
        if (attempt > 1) return { skip: 'in time' }
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        reasons.push(signal.reason)
        return { skip: 'too late' }
      },
      values('a'),
      { handlerTimeoutMs: 30 },
    )
    expect(reasons).toEqual([expect.objectContaining({ code: 'HANDLER_TIMEOUT' })])
    expect(actionsOf(run)).toEqual([{ skip: 'in time' }])
    expect(attemptsOf(run)).toEqual([2])
  })

  it('signal: partitions are taken away from a handler that runs', async () => {
    const controller = new AbortController()
    const told: string[] = []
    const run = await runHandler(
      {
        async handleRecordBatch(_topic, _partition, _records, { signal }) {
          setTimeout(() => controller.abort(), 10)
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
          told.push((signal.reason as { code: string }).code)
        },
        handleConsumerStop: (_topic, _partition, reason) => void told.push(reason),
      },
      values('a'),
      { signal: controller.signal },
    )
    expect(told).toEqual(['ABORTED', 'revoked'])
    expect(run.commits).toEqual([])
    expect(actionsOf(run)).toEqual(['retry'])
  })

  it('a handler can pause, seek and stop; what takes brokers says that there are none', async () => {
    const paused = await runHandler((_topic, _partition, _records, { group }) => group.pause(), values('a', 'b'), {
      handlerMaxBatchSize: 1,
    })
    expect(actionsOf(paused)).toEqual(['commit', undefined])
    const sought = await runHandler(
      (topic, partition, [record], { group }) => {
        if (record!.offset === 0) group.seek({ topic, partition, offset: 2 })
      },
      values('a', 'b', 'c'),
      { handlerMaxBatchSize: 1 },
    )
    expect(sought.calls.map(({ offsets }) => offsets)).toEqual([[0], [2]])
    expect(sought.commits.map(({ offset }) => offset)).toEqual([3])
    const stopped = await runHandler(async (_topic, _partition, _records, { group }) => void group.stop(), values('a', 'b'), {
      handlerMaxBatchSize: 1,
    })
    expect(actionsOf(stopped)).toEqual(['commit', undefined])
    const asked = await runHandler((_topic, _partition, _records, { group }) => void group.metrics(), values('a'), {
      deliveries: 1,
    })
    expect(asked.errors[0]!.error).toMatchObject({ code: 'UNSUPPORTED' })
  })

  it('a module runs in threads, and one that ends is replaced', async () => {
    const module = new URL('./handlers/prices.ts', import.meta.url)
    const run = await runHandler(module, values('a', 'bad', 'throw', 'exit'), {
      handlerMaxBatchSize: 1,
      threads: 1,
      handlerMaxAttempts: 2,
      handlerGiveUp: { skip: 'no price' },
    })
    expect(actionsOf(run)).toEqual([{ skip: 'thread other' }, { moveTo: 'dead' }, { skip: 'no price' }, { skip: 'thread other' }])
    expect(attemptsOf(run)).toEqual([1, 1, 2, 2])
    expect(run.errors.map(({ error }) => (error as { code?: string }).code ?? (error as Error).message)).toEqual([
      'no price, attempt 1',
      'no price, attempt 2',
      'WORKER_DIED',
    ])
    await expect(runHandler(new URL('./handlers/none.ts', import.meta.url), values('a'))).rejects.toThrow(/none\.ts/)
  })

  it('transactional: what is handed to the transaction counts when its batch is committed', async () => {
    const late: Promise<unknown>[] = []
    const handler: GroupHandler = {
      async handleRecordBatch(_topic, _partition, [record], { tx, attempt }) {
        const text = String(record!.value)
        await tx!.produce({ topic: 'bills', value: `${text} ${attempt}` })
        if (text === 'throw' && attempt < 3) throw new Error('not yet')
        if (text === 'retry' && attempt < 2) return 'retry'
        if (text === 'unwritable') await tx!.produceBatch([{ topic: 'bills', value: 7 as never }])
        late.push(sleep(20).then(() => tx!.produce({ topic: 'bills' })))
        late.at(-1)!.catch(() => {})
        return text === 'move' ? { moveTo: 'dead' } : 'commit'
      },
    }
    const inputs = values('a', 'throw', 'retry', 'move', 'unwritable', 'b')
    const options = {
      handlerMaxBatchSize: 1,
      handlerMaxAttempts: 3,
      handlerGiveUp: { moveTo: 'unbilled' },
      transactional: true,
    } as const
    const run = await runHandler(handler, inputs, options)
    expect(run.produced.map(({ topic, value }) => `${topic} ${value}`)).toEqual([
      'bills a 1',
      'bills throw 3',
      'bills retry 2',
      'bills move 1',
      'bills b 1',
    ])
    expect(run.moved.map(({ topic, value }) => `${topic} ${value}`)).toEqual(['dead move', 'unbilled unwritable'])
    expect(actionsOf(run)).toEqual(['commit', 'commit', 'commit', { moveTo: 'dead' }, { moveTo: 'unbilled' }, 'commit'])
    expect(run.commits.map(({ offset }) => offset)).toEqual([1, 2, 3, 4, 5, 6])
    for (const outcome of await Promise.allSettled(late)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'TRANSACTION_MISUSED' } })
    }
  })

  it('takes many records, and more bytes than a group fetches ahead', { timeout: 60_000 }, async () => {
    const many = Array.from({ length: 200_000 }, (_, i) => ({ partition: i % 3, value: `${i}` }))
    const all = await runHandler(() => {}, many, { handlerMaxBatchSize: 1_000 })
    expect(all.records.every(({ action }) => action === 'commit')).toBe(true)
    const large = Array.from({ length: 60 }, (_, i) => ({ partition: i % 3, value: Buffer.alloc(1024 * 1024) }))
    const run = await runHandler(() => {}, large, { handlerMaxBatchSize: 'dynamic' })
    expect(run.commits.map(({ partition, offset }) => [partition, offset]).toSorted()).toEqual(
      [0, 1, 2].map((partition) => [partition, 20]),
    )
  })

  it('nothing to handle is no work', async () => {
    expect((await runHandler(() => expect.unreachable(), [])).calls).toEqual([])
  })

  it.each<[string, unknown, unknown, string]>([
    ['an option', [], { delivery: 3 }, "runHandler(): unknown option 'delivery'; did you mean 'deliveries'?"],
    ['a bound', [], { deliveries: 0 }, "runHandler(): option 'deliveries'"],
    ['giving up without a limit', [], { handlerGiveUp: { skip: 'x' } }, 'handlerGiveUp'],
    ['a value', [{ value: 7 }], {}, "The value of a record for 'records' must be a string, a Uint8Array or null, but is 7"],
    ['a topic', [{ topic: 'a b' }], {}, "'a b' cannot name a topic"],
    ['a partition', [{ partition: -1 }], {}, 'partition -1 is no number of a partition'],
    ['an offset', [{ offset: 3 }, { offset: 3 }], {}, 'offset 3 of records-0 must be a whole number, above'],
  ])('refuses %s that makes no sense', async (_what, records, options, message) => {
    await expect(runHandler(() => {}, records as never, options as never)).rejects.toThrow(message)
  })

  it('refuses what is no handler', async () => {
    await expect(runHandler({} as never, [])).rejects.toThrow('handleRecordBatch')
  })

  it('takes every record that was fetched', () => {
    expectTypeOf<ConsumedRecord[]>().toExtend<Parameters<typeof runHandler>[1]>()
  })
})
