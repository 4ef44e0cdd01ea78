/** C12: handlers in threads, with real modules in real threads. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KafkaError } from '../../../src/shared/errors.ts'
import type { Script } from './handlers/scripted.ts'
import { delivered, numbered } from './records.ts'
import { batchOf, failure, type Host, made, moduleAt, opened, run, shown, tell } from './threads.ts'

const nothing = { skips: [], moves: [], cooldownMs: undefined }
let folder: string
let files = 0
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-handlers-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const newFile = (): string => join(folder, `${files++}`)
const linesOf = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [])

/** For as long as threads are begun. */
function inEnvironment(values: Record<string, string>): Disposable {
  Object.assign(process.env, values)
  return {
    [Symbol.dispose]() {
      for (const name of Object.keys(values)) delete process.env[name]
    },
  }
}

describe('C12: what a handler in a thread gets and gives', () => {
  let host: Host
  beforeAll(async () => {
    host = await opened({ onEnd: () => {} })
  })
  afterAll(() => host.close())

  it('C12: records of every kind arrive as they are', async () => {
    const records = delivered(
      [
        { timestamp: 5, key: null, value: null },
        { timestamp: 4, key: '', value: '' },
        {
          timestamp: 6,
          key: 'k',
          value: Buffer.from([0, 255, 254]),
          headers: [
            ['a', 'b'],
            ['a', null],
            ['', ''],
            ['ключ', Buffer.from([200])],
          ],
        },
        { timestamp: 1_764_000_000_000, key: 'π', value: 'x'.repeat(1_000_000) },
      ],
      'orders',
      0,
    )
    expect(await shown(host, records)).toEqual(records.map((record) => JSON.parse(JSON.stringify(record))))
    expect(JSON.parse(JSON.stringify(records[2]))).toMatchObject({ attempt: 1, value: { base64: 'AP/+' } })
  })

  it('C12: records that are no views on a batch arrive as well, among others', async () => {
    const plain = (offset: number) => ({
      topic: 'orders',
      partition: 0,
      offset,
      timestamp: 7,
      attempt: 3,
      key: Buffer.from('k'),
      value: null,
      headers: [['name of ünits', Buffer.from('v')]] as [string, Buffer][],
    })
    const views = numbered(4, 'orders', 0)
    const records = [plain(1), views[0]!, views[1]!, plain(9), views[3]!, views[2]!]
    const seen = (await shown(host, records)) as { offset: number; attempt: number; value: unknown; headers: unknown }[]
    expect(seen.map(({ offset }) => offset)).toEqual([1, 0, 1, 9, 3, 2])
    expect(seen.map(({ value }) => value)).toEqual([null, 'v0', 'v1', null, 'v3', 'v2'])
    expect(seen[0]).toMatchObject({ attempt: 3, timestamp: 7, key: 'k', headers: [['name of ünits', 'v']] })
  })

  it('C12: main keeps its records, to give them again', async () => {
    const batch = batchOf({ do: 'throw', what: 'error' }, { count: 3 })
    await failure(host.handle(batch))
    expect(batch.records.slice(1).map(({ value }) => String(value))).toEqual(['v1', 'v2'])
    await failure(host.handle(batch))
  })

  it('C2: attempt is that of the batch', async () => {
    expect(await tell(host, 0, 7)).toMatchObject({ attempt: 7, threadId: expect.any(Number) })
  })

  it.each([
    [
      { do: 'return', result: undefined },
      { done: 5, ...nothing },
    ],
    [
      { do: 'return', result: 'commit' },
      { done: 5, ...nothing },
    ],
    [
      { do: 'return', result: 'retry' },
      { done: 0, ...nothing },
    ],
    [
      { do: 'return', result: { actions: 'commit', handlerCooldownMs: 12.5 } },
      { done: 5, ...nothing, cooldownMs: 12.5 },
    ],
    [
      { do: 'return', result: { moveTo: 'dead' } },
      { done: 5, ...nothing, moves: [0, 1, 2, 3, 4].map((index) => ({ index, topic: 'dead' })) },
    ],
    [
      { do: 'list', actions: ['commit', 'commit', 'commit', 'commit', 'commit'] },
      { done: 5, ...nothing },
    ],
    [
      { do: 'list', actions: ['commit', 'commit', 'commit', 'commit', 'commit'], cooldown: 3 },
      { done: 5, ...nothing, cooldownMs: 3 },
    ],
    [
      { do: 'list', actions: ['commit', { skip: 'too old' }, { moveTo: 'dead' }, 'retry', 'retry'] },
      { done: 3, skips: [{ index: 1, reason: 'too old' }], moves: [{ index: 2, topic: 'dead' }], cooldownMs: undefined },
    ],
    [{ do: 'empty the list' }, { done: 5, ...nothing }],
  ] as const)('C2: %j', async (script, verdict) => {
    expect(await run(host, script as never, { count: 5 })).toEqual(verdict)
  })

  it.each([
    [{ do: 'return', result: 42 }, '42'],
    [{ do: 'return', result: null }, 'null'],
    [{ do: 'return', result: [] }, 'a list of 0 for 3 records'],
    [{ do: 'return', result: [1, 2, 3] }, '1 at place 0'],
    [{ do: 'return', result: [['commit']] }, 'a list of 1 at place 0'],
    [{ do: 'return', result: { actions: 'commit', more: { deep: [] } } }, "'more'"],
    [{ do: 'list', actions: ['commit', 'commit'] }, 'a list of 2 for 3 records'],
    [{ do: 'list', actions: ['commit', 'commit', 'commit'], foreign: true }, 'not one of the batch'],
    [
      { do: 'list', actions: ['commit', 'commit', 'commit'], order: [0, 2, 1] },
      'the record of offset 2 where that of offset 1 is due',
    ],
    [{ do: 'list', actions: ['commit', 'commit', 'commit'], order: [0, 0, 1] }, 'the record of offset 0 twice'],
    [{ do: 'list', actions: ['retry', 'commit', 'retry'] }, "behind 'retry'"],
    [{ do: 'list', actions: ['commit', { skip: { a: 1 } }, 'commit'] }, 'skip'],
  ] as const)('C3: %j is refused as on the main thread', async (script, words) => {
    const error = await failure(run(host, script as never, { count: 3 }))
    expect(error).toMatchObject({
      code: 'HANDLER_RESULT',
      message: expect.stringContaining(words),
      context: { topic: 'orders', partition: 0 },
    })
  })

  it('C12: a module may have its functions in its default export', async () => {
    const host = await opened({ module: 'default-export.ts' })
    expect((await run(host, { do: 'tell' })).skips).toEqual([{ index: 0, reason: 'number 1' }])
    expect((await run(host, { do: 'tell' })).skips).toEqual([{ index: 0, reason: 'number 2' }])
  })

  it('C12: a module in JavaScript, as in production', async () => {
    const file = `${newFile()}.mjs`
    writeFileSync(
      file,
      'export const handleRecordBatch = (topic, partition, records) => records.map((r) => [{ skip: String(r.value) }, r])\n',
    )
    const host = await opened({ url: pathToFileURL(file) })
    expect((await host.handle({ ...batchOf({ do: 'tell' }), records: numbered(2, 'orders', 0) })).skips).toEqual([
      { index: 0, reason: 'v0' },
      { index: 1, reason: 'v1' },
    ])
  })
})

describe('C12: order, affinity and parallelism', () => {
  it('C12: partitions are spread, and each stays with its thread, in order', async () => {
    const host = await opened({ threads: 3 }, 6)
    const threads = new Map<number, number>()
    for (let round = 0; round < 5; round++)
      for (let partition = 0; partition < 6; partition++) {
        const { threadId, batches } = await tell(host, partition)
        expect(threads.get(partition) ?? threadId).toBe(threadId)
        threads.set(partition, threadId)
        expect(batches.filter((batch) => batch.startsWith(`orders-${partition}@`))).toHaveLength(round + 1)
      }
    const sizes = new Map<number, number>()
    for (const threadId of threads.values()) sizes.set(threadId, (sizes.get(threadId) ?? 0) + 1)
    expect([...sizes.values()]).toEqual([2, 2, 2])
  })

  it('C12: a partition that is started later goes where fewest are', async () => {
    const host = await opened({ threads: 2 }, 2)
    const { threadId } = await tell(host, 0)
    await host.stop('orders', 0, 'revoked')
    await host.start('orders', 5)
    expect((await tell(host, 5)).threadId).toBe(threadId)
  })

  it('C12: handlers of two threads compute at the same time', async () => {
    const host = await opened({ threads: 2 }, 2)
    const [one, other] = [newFile(), newFile()]
    // each spins until the other one has begun: one after the other they would never end
    await Promise.all([
      run(host, { do: 'meet', mine: one, other }, { partition: 0 }),
      run(host, { do: 'meet', mine: other, other: one }, { partition: 1 }),
    ])
  })

  it('C12: handlers of one thread wait at the same time', async () => {
    const host = await opened({ threads: 1 }, 20)
    await Promise.all(Array.from({ length: 20 }, (_, partition) => run(host, { do: 'gather', count: 20 }, { partition })))
  })

  it('C12: timers of a thread go on while it has no records', async () => {
    const host = await opened()
    await run(host, { do: 'tick' })
    // ticks counted between two batches, with nothing running
    await new Promise((resolve) => setTimeout(resolve, 50))
    await run(host, { do: 'tick' })
  })

  it('C12: each thread has its own setup, once, before all else', async () => {
    const host = await opened({ threads: 2 }, 2)
    const [one, other] = [await tell(host, 0), await tell(host, 1)]
    expect(one.threadId).not.toBe(other.threadId)
    expect([one.setups, other.setups]).toEqual([1, 1])
    expect([one.started, other.started]).toEqual([['orders-0'], ['orders-1']])
  })
})

describe('F25: what a handler in a thread throws', () => {
  it.each([false, true])('F25: an Error arrives with message, stack, code and cause; later: %s (IX1)', async (later) => {
    const host = await opened()
    const error = await failure(run(host, { do: 'throw', what: 'error', later }))
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'TypeError', message: 'no such order', code: 'E_ORDER', status: 404 })
    expect(error.stack).toContain('scripted.ts')
    expect(error.cause).toMatchObject({ message: 'not in the table', code: 'E_ROW' })
    expect((error.cause as Error).stack).toContain('scripted.ts')
  })

  it.each(['text', 'nothing', 'object', 'proxy', 'function'] as const)('F25: %s, and the thread goes on (IX1)', async (what) => {
    const host = await opened()
    for (const later of [false, true]) {
      const error = await failure(run(host, { do: 'throw', what, later }))
      expect(error).toMatchObject({ code: 'HANDLER_FAILED', context: { topic: 'orders', partition: 0 } })
    }
    expect(await failure(run(host, { do: 'throw', what: 'text' }))).toMatchObject({ cause: 'just a text' })
    expect((await tell(host)).setups).toBe(1)
    expect(host.news).toEqual([])
  })

  it('F25: handleConsumerStart that fails can be called again', async () => {
    const host = await opened()
    expect(await failure(host.start('not-today', 0))).toMatchObject({ message: 'not today' })
    expect(await failure(host.start('not-today', 0))).toMatchObject({ message: 'not today' })
    await tell(host)
  })
})

describe('C12: a thread that ends', () => {
  it.each([
    ['exit', 'exited with code 3'],
    ['throw in a timer', 'from a timer'],
    ['reject unheard', 'unheard'],
    ['eat memory', 'memory'],
  ] as const)('C12, IX1: %s: the batch may be given again, and its successor has the partitions', async (what, words) => {
    const host = await opened({ threads: 2, resourceLimits: { maxOldGenerationSizeMb: 40 } }, 4)
    const before = await Promise.all([0, 1, 2, 3].map((partition) => tell(host, partition)))
    const error = await failure(run(host, { do: what } as Script))
    expect(error).toBeInstanceOf(KafkaError)
    expect(error).toMatchObject({ code: 'WORKER_DIED', retriable: true, context: { topic: 'orders', partition: 0 } })
    expect(error.message).toContain(words)
    // the very same may be given again at once
    const after = await Promise.all([0, 1, 2, 3].map((partition) => tell(host, partition)))
    expect(after[0]!.threadId).not.toBe(before[0]!.threadId)
    expect(after[0]!.started.toSorted()).toEqual(['orders-0', 'orders-2'])
    expect(after[2]!.threadId).toBe(after[0]!.threadId)
    expect([after[1]!.threadId, after[3]!.threadId]).toEqual([before[1]!.threadId, before[3]!.threadId])
    expect(host.news.map(({ thread, state }) => [thread, state])).toEqual([
      [0, 'crashed'],
      [0, 'restarted'],
    ])
  })

  it('C12: every batch that the thread had is rejected, and no other', async () => {
    const host = await opened({ threads: 2 }, 4)
    const hung = run(host, { do: 'hang' }, { partition: 2 })
    const elsewhere = run(host, { do: 'gather', count: 2 }, { partition: 1 })
    const died = failure(hung)
    expect(await failure(run(host, { do: 'exit' }, { partition: 0 }))).toMatchObject({ code: 'WORKER_DIED' })
    expect(await died).toMatchObject({ code: 'WORKER_DIED', context: { partition: 2 } })
    await run(host, { do: 'gather', count: 2 }, { partition: 3 })
    await elsewhere
  })

  it('C12: a batch that ends its thread each time only ends its thread each time', async () => {
    const host = await opened()
    for (let time = 0; time < 4; time++)
      expect(await failure(run(host, { do: 'exit' }))).toMatchObject({ code: 'WORKER_DIED', retriable: true })
    expect((await tell(host)).started).toEqual(['orders-0'])
  })

  it('C12: a thread that ends while it has nothing to do is replaced', async () => {
    const host = await opened()
    const controller = new AbortController()
    const handled = failure(run(host, { do: 'throw in a timer', ms: 200 }, { signal: controller.signal }))
    await tell(host)
    controller.abort(new KafkaError('ABORTED', 'lost'))
    expect(await handled).toMatchObject({ code: 'ABORTED' })
    while (host.news.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    expect((await tell(host)).batches).toHaveLength(1)
  })

  it('C12: one that ends in handleConsumerStart', async () => {
    const host = await opened()
    expect(await failure(host.start('deadly', 0))).toMatchObject({
      code: 'WORKER_DIED',
      context: { topic: 'deadly', partition: 0 },
    })
    await tell(host)
  })

  it('C12: a successor that cannot be set up is said to each batch, and tried again', async () => {
    const works = newFile()
    writeFileSync(works, '')
    using _environment = inEnvironment({ SETUP_WORKS_WHILE: works })
    const host = await opened({ module: 'failing-setup.ts' })
    expect(await failure(run(host, { do: 'tell' }))).toMatchObject({ code: 'WORKER_DIED' })
    for (let time = 0; time < 2; time++) {
      const error = await failure(run(host, { do: 'tell' }))
      expect(error).toMatchObject({ code: 'HANDLER_FAILED', retriable: true, cause: { code: 'ECONNREFUSED' } })
    }
    writeFileSync(works, '')
    // it is there again, and does what it always does
    expect(await failure(run(host, { do: 'tell' }))).toMatchObject({ code: 'WORKER_DIED' })
  })
})

describe('F26: a handler in a thread that does not return', () => {
  it('F26: one that waits is given up alone; its thread and the others there go on', async () => {
    const log = newFile()
    using _environment = inEnvironment({ HANDLER_LOG: log })
    const host = await opened({ handlerTimeoutMs: 300 }, 2)
    const { threadId } = await tell(host, 0)
    const error = await failure(run(host, { do: 'wait for the abort' }))
    expect(error).toMatchObject({
      code: 'HANDLER_TIMEOUT',
      retriable: true,
      context: { partition: 0, offset: 0, elapsedMs: 300 },
    })
    expect(linesOf(log)).toContain('aborted KafkaError HANDLER_TIMEOUT')
    expect(await failure(run(host, { do: 'hang' }))).toMatchObject({ code: 'HANDLER_TIMEOUT' })
    expect((await tell(host, 0)).threadId).toBe(threadId)
    expect((await tell(host, 1)).threadId).toBe(threadId)
    expect(host.news).toEqual([])
  })

  it('F26: until one that heeds its signal has ended, nothing more of its partition is handed out', async () => {
    const log = newFile()
    using _environment = inEnvironment({ HANDLER_LOG: log })
    const host = await opened({ handlerTimeoutMs: 300 })
    expect(await failure(run(host, { do: 'end slowly', ms: 200 }))).toMatchObject({ code: 'HANDLER_TIMEOUT' })
    expect(linesOf(log)).not.toContain('ended')
    await tell(host)
    expect(linesOf(log)).toContain('ended')
  })

  it('F26: one that does not let go of its thread ends with it', async () => {
    const host = await opened({ handlerTimeoutMs: 300 }, 2)
    const { threadId } = await tell(host, 0)
    const beside = failure(run(host, { do: 'hang' }, { partition: 1 }))
    expect(await failure(run(host, { do: 'spin', ms: 60_000 }))).toMatchObject({ code: 'HANDLER_TIMEOUT' })
    expect(await beside).toMatchObject({ code: expect.stringMatching('WORKER_DIED|HANDLER_TIMEOUT') })
    const after = await tell(host, 0)
    expect(after.threadId).not.toBe(threadId)
    expect(after.started.toSorted()).toEqual(['orders-0', 'orders-1'])
    expect(host.news[0]).toMatchObject({ state: 'crashed', error: { message: expect.stringContaining('did not let go') } })
  })

  it('F26: a batch that waits for its thread has all its time when it begins', async () => {
    const host = await opened({ handlerTimeoutMs: 500 }, 3)
    const handled = [0, 1, 2].map((partition) => run(host, { do: 'spin', ms: 300 }, { partition }))
    // 900 ms in all, none of them more than 300
    expect(await Promise.all(handled)).toEqual([0, 1, 2].map(() => ({ done: 1, ...nothing })))
  })

  it('F26: an answer that came while main was blocked counts', async () => {
    const host = await opened({ handlerTimeoutMs: 200 })
    const handled = run(host, { do: 'spin', ms: 50 })
    for (const end = performance.now() + 600; performance.now() < end; );
    expect(await handled).toEqual({ done: 1, ...nothing })
  })

  it('F26: handleConsumerStart and setup have the same time', async () => {
    const host = await opened({ handlerTimeoutMs: 300 })
    expect(await failure(host.start('never', 0))).toMatchObject({ code: 'HANDLER_TIMEOUT', context: { topic: 'never' } })
    for (const how of ['hangs', 'spins']) {
      using _environment = inEnvironment({ FAILING_SETUP: how })
      const error = await failure(made({ module: 'failing-setup.ts', handlerTimeoutMs: 300 }).open())
      expect(error).toMatchObject({ code: 'HANDLER_FAILED', cause: { code: 'HANDLER_TIMEOUT' } })
    }
  })
})

describe('C12: a batch that is aborted', () => {
  const lost = new KafkaError('ABORTED', 'The partition was lost.', { topic: 'orders' })

  it('C12: is rejected at once with the reason, and the handler hears of it', async () => {
    const log = newFile()
    using _environment = inEnvironment({ HANDLER_LOG: log })
    const host = await opened()
    const controller = new AbortController()
    const handled = failure(run(host, { do: 'wait for the abort' }, { signal: controller.signal }))
    await tell(host)
    controller.abort(lost)
    expect(await handled).toBe(lost)
    while (!linesOf(log).includes('aborted KafkaError ABORTED')) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(host.news).toEqual([])
  })

  it('C12: is not given to the handler when it had not begun', async () => {
    const host = await opened({}, 2)
    const spinning = run(host, { do: 'spin', ms: 300 }, { partition: 1 })
    const controller = new AbortController()
    const handled = failure(run(host, { do: 'exit' }, { signal: controller.signal }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    controller.abort(lost)
    expect(await handled).toBe(lost)
    await spinning
    // it would have ended the thread
    await tell(host)
    expect(await failure(run(host, { do: 'exit' }, { signal: AbortSignal.abort(lost) }))).toBe(lost)
    expect((await tell(host)).batches.filter((batch) => batch.startsWith('orders-0@'))).toHaveLength(2)
    expect(host.news).toEqual([])
  })

  it('C12: a thread that does not let go of an aborted one is found out', async () => {
    const host = await opened({ handlerTimeoutMs: 300 })
    const controller = new AbortController()
    const handled = failure(run(host, { do: 'spin', ms: 60_000 }, { signal: controller.signal }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    controller.abort(lost)
    expect(await handled).toBe(lost)
    while (host.news.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    await tell(host)
  })
})

describe('C12: what is no handler', () => {
  const problem = (error: Promise<unknown>) => failure(error)

  it('C12: another URL than that of a file', async () => {
    const error = await problem(made({ url: new URL('https://example.com/handler.js') }).open())
    expect(error).toMatchObject({ code: 'INVALID_OPTION', context: { option: 'handler' } })
    expect(error.message).toContain('import.meta.url')
  })

  it.each([
    ['absent.ts', 'there is no file'],
    ['.', 'is not a file'],
    ['no-function.ts', 'exports no function handleRecordBatch'],
    ['fails-to-load.ts', 'the table is missing'],
    ['odd-hook.ts', 'setup in the module'],
  ])('C12: %s', async (module, words) => {
    const error = await problem(made({ module, threads: 2 }).open())
    expect(error).toMatchObject({ code: 'INVALID_OPTION', retriable: false, context: { option: 'handler' } })
    expect(error.message).toContain(words)
    expect(error.message).toContain(moduleAt(module).href)
  })

  it('C12: a file that is not JavaScript', async () => {
    const file = `${newFile()}.mjs`
    writeFileSync(file, 'export function (')
    expect(await problem(made({ url: pathToFileURL(file) }).open())).toMatchObject({ code: 'INVALID_OPTION' })
  })

  it.each(['throws', 'exits'])('C12: a setup that %s is a typed error that names the file', async (how) => {
    using _environment = inEnvironment({ FAILING_SETUP: how })
    const error = await problem(made({ module: 'failing-setup.ts', threads: 2 }).open())
    expect(error).toMatchObject({ code: 'HANDLER_FAILED', retriable: false })
    expect(error.message).toContain(moduleAt('failing-setup.ts').href)
    if (how === 'throws') expect(error.cause).toMatchObject({ message: 'no connection to the database', code: 'ECONNREFUSED' })
  })
})

describe('IX5: the end', () => {
  it('IX5: partitions stop, threads are torn down, and nothing runs any more', async () => {
    const log = newFile()
    using _environment = inEnvironment({ HANDLER_LOG: log })
    const host = await opened({ threads: 2 }, 2)
    await host.stop('orders', 0, 'revoked')
    await host.stop('orders', 7, 'lost')
    await host.close()
    await host.close()
    expect(linesOf(log).toSorted()).toEqual([
      'start orders-0',
      'start orders-1',
      'stop orders-0 revoked',
      'teardown orders-0',
      'teardown orders-1',
    ])
    expect(await failure(tell(host, 1))).toMatchObject({ code: 'CLOSED' })
    expect(await failure(host.start('orders', 9))).toMatchObject({ code: 'CLOSED' })
  })

  it('IX5: what runs is aborted, awaited and then torn down', async () => {
    const log = newFile()
    using _environment = inEnvironment({ HANDLER_LOG: log })
    const host = await opened()
    const handled = failure(run(host, { do: 'wait for the abort' }))
    await tell(host)
    await host.close()
    expect(await handled).toMatchObject({ code: 'CLOSED' })
    expect(linesOf(log)).toEqual(['start orders-0', 'aborted KafkaError CLOSED', 'teardown orders-0'])
  })

  it('IX5: threads that will not end are ended in time', async () => {
    const slow = await opened({ module: 'slow-teardown.ts', closeTimeoutMs: 400 })
    const handled = failure(run(slow, { do: 'hang' }))
    const spinning = await opened({ closeTimeoutMs: 400 })
    const spun = failure(run(spinning, { do: 'spin', ms: 60_000 }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    const start = performance.now()
    await Promise.all([slow.close(), spinning.close()])
    expect(performance.now() - start).toBeLessThan(4_000)
    expect(await handled).toMatchObject({ code: 'CLOSED' })
    expect(await spun).toMatchObject({ code: 'CLOSED' })
  })

  it('IX5: close while a thread begins', async () => {
    using _environment = inEnvironment({ FAILING_SETUP: 'hangs' })
    const host = made({ module: 'failing-setup.ts', closeTimeoutMs: 400 })
    const opening = failure(host.open())
    await new Promise((resolve) => setTimeout(resolve, 100))
    await host.close()
    expect(await opening).toMatchObject({ code: 'CLOSED' })
  })
})

it('C12: doing() says what a partition is at', async () => {
  const host = await opened({}, 2)
  expect(host.doing('orders', 0)).toBeUndefined()
  expect(host.doing('orders', 9)).toBeUndefined()
  const controller = new AbortController()
  const handled = failure(run(host, { do: 'hang' }, { count: 4, signal: controller.signal }))
  await tell(host, 1)
  expect(host.doing('orders', 0)).toMatch(/^its handler runs with 4 records from offset 0 on in thread 0, for \d+ ms$/)
  controller.abort(new KafkaError('ABORTED', 'enough'))
  await handled
  expect(host.doing('orders', 0)).toBeUndefined()
})

it('C12: memory does not grow over 100 000 records', async () => {
  const host = await opened()
  const [batches, count, size] = [200, 500, 1_000]
  const records = delivered(
    [{ value: JSON.stringify({ do: 'measure' }) }, ...Array.from({ length: count - 1 }, () => ({ value: 'x'.repeat(size) }))].map(
      (record) => ({ timestamp: 1, ...record }),
    ),
    'orders',
    0,
  )
  let [most, mostHere] = [0, 0]
  for (let batch = 0; batch < batches; batch++) {
    const { skips } = await host.handle({ ...batchOf({ do: 'measure' }), records })
    const [bytes, memory] = skips[0]!.reason.split(' ').map(Number)
    expect(bytes).toBeGreaterThan((count - 1) * size)
    most = Math.max(most, memory!)
    mostHere = Math.max(mostHere, process.memoryUsage().arrayBuffers)
  }
  // 100 MB went through
  expect(most).toBeLessThan(60_000_000)
  expect(mostHere).toBeLessThan(60_000_000)
})

it('IX5: the process ends by itself after close', async () => {
  const script = join(folder, 'process.mjs')
  const main = new URL('../../../src/', import.meta.url).href
  writeFileSync(
    script,
    `import { ThreadHandler } from '${main}main/group/thread-handler.ts'
import { nodeEnv } from '${main}shared/node-env.ts'
const url = new URL('${moduleAt('scripted.ts').href}')
const host = new ThreadHandler(nodeEnv(), { url, threads: 2, handlerTimeoutMs: 10_000, closeTimeoutMs: 1_000 }, () => {})
await host.open()
await host.start('orders', 0)
await host.close()
console.log('closed')
`,
  )
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 15_000 })
  expect(stdout).toBe('closed\n')
})
