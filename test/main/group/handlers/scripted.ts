/**
 * Does what the first record of a batch says, as JSON. What a test wants to know comes back as the reason of a skip, or in the file
 * that HANDLER_LOG names.
 */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { threadId } from 'node:worker_threads'
import type { ConsumedRecord, HandlerResult, StopReason, ThreadContext } from '../../../../src/main/group/types.ts'

export type Script =
  /** Says what this thread has seen. */
  | { do: 'tell' }
  /** Says what each record is. */
  | { do: 'show' }
  | { do: 'return'; result: unknown }
  /** A list with this action for each record, in this order. */
  | { do: 'list'; actions: unknown[]; order?: number[]; foreign?: boolean; cooldown?: number }
  | { do: 'throw'; what: keyof typeof thrown; later?: boolean }
  | { do: 'empty the list' }
  | { do: 'exit' }
  | { do: 'throw in a timer'; ms?: number }
  | { do: 'reject unheard' }
  | { do: 'eat memory' }
  | { do: 'spin'; ms: number }
  | { do: 'hang' }
  /** Waits until its signal is aborted, and writes the reason to the log. */
  | { do: 'wait for the abort' }
  /** The same, and takes so long to end after it. */
  | { do: 'end slowly'; ms: number }
  /** Makes a file and spins until there is another one. */
  | { do: 'meet'; mine: string; other: string }
  /** Waits until so many batches of this thread have come so far. */
  | { do: 'gather'; count: number }
  /** Touches every record, and says how much memory this thread's buffers take. */
  | { do: 'measure' }
  /** Looks whether a timer that was set before is still running. */
  | { do: 'tick' }

const thrown = {
  error: () =>
    Object.assign(new TypeError('no such order', { cause: Object.assign(new Error('not in the table'), { code: 'E_ROW' }) }), {
      code: 'E_ORDER',
      status: 404,
    }),
  text: () => 'just a text',
  nothing: () => undefined,
  object: () => ({ status: 500 }),
  proxy: () =>
    new Proxy(new Error('hidden'), {
      get() {
        throw new Error('keep out')
      },
    }),
  function: () => () => {},
}

const seen = { setups: 0, started: [] as string[], batches: [] as string[] }
let ticks = 0
let gathered = 0
let gather = Promise.withResolvers<void>()
const log = (line: string): void => {
  const file = process.env['HANDLER_LOG']
  if (file) appendFileSync(file, `${line}\n`)
}

export async function setup(): Promise<void> {
  await null
  seen.setups++
  setInterval(() => ticks++, 1).unref()
}

export async function teardown(): Promise<void> {
  await null
  log(`teardown ${seen.started.join(' ')}`)
}

export async function handleConsumerStart(topic: string, partition: number): Promise<void> {
  await null
  if (topic === 'not-today') throw new Error('not today')
  if (topic === 'never') await new Promise(() => {})
  if (topic === 'deadly') process.exit(4)
  seen.started.push(`${topic}-${partition}`)
  log(`start ${topic}-${partition}`)
}

export async function handleConsumerStop(topic: string, partition: number, reason: StopReason): Promise<void> {
  await null
  log(`stop ${topic}-${partition} ${reason}`)
}

export function handleRecordBatch(
  topic: string,
  partition: number,
  records: ConsumedRecord[],
  context: ThreadContext,
): HandlerResult | Promise<HandlerResult> {
  seen.batches.push(`${topic}-${partition}@${records[0]!.offset}`)
  const script = JSON.parse(String(records[0]!.value)) as Script
  const all = (action: unknown) => records.map((record) => [action, record]) as HandlerResult
  switch (script.do) {
    case 'tell':
      return all({ skip: JSON.stringify({ threadId, ...seen, attempt: context.attempt }) })
    case 'show':
      return records.map((record) => [{ skip: JSON.stringify(record) }, record] as const)
    case 'return':
      return script.result as HandlerResult
    case 'list':
      return listed(script, records)
    case 'throw': {
      const what = thrown[script.what]()
      if (script.later) return Promise.resolve().then(() => Promise.reject(what))
      throw what
    }
    case 'empty the list':
      records.length = 0
      return 'commit'
    case 'measure': {
      let bytes = 0
      for (const { value } of records) bytes += value!.length
      return all({ skip: `${bytes} ${process.memoryUsage().arrayBuffers}` })
    }
    case 'meet':
      writeFileSync(script.mine, '')
      while (!existsSync(script.other));
      return 'commit'
    case 'gather':
      if (++gathered === script.count) {
        gather.resolve()
        gathered = 0
      }
      return gather.promise.then(() => {
        gather = Promise.withResolvers()
      })
    case 'tick':
      return new Promise((resolve) => {
        const before = ticks
        const look = (): void => {
          if (ticks > before + 2) resolve('commit')
          else setTimeout(look, 1)
        }
        look()
      })
    default:
      return misbehave(script, context)
  }
}

function listed(script: Extract<Script, { do: 'list' }>, records: ConsumedRecord[]): HandlerResult {
  const order = script.order ?? script.actions.map((_, at) => at)
  const list = order.map((at, place) => {
    const record = records[at]!
    return [script.actions[place], script.foreign ? { ...record } : record]
  })
  const actions = list as unknown as readonly (readonly ['commit', ConsumedRecord])[]
  return script.cooldown === undefined ? actions : { actions, handlerCooldownMs: script.cooldown }
}

function misbehave(script: Script, { signal }: ThreadContext): HandlerResult | Promise<HandlerResult> {
  switch (script.do) {
    case 'exit':
      return process.exit(3)
    case 'throw in a timer':
      setTimeout(() => {
        throw new Error('from a timer')
      }, script.ms)
      return new Promise(() => {})
    case 'reject unheard':
      Promise.reject(new Error('unheard'))
      return new Promise(() => {})
    case 'eat memory': {
      const kept: unknown[] = []
      for (;;) kept.push(new Array(1_000).fill(kept.length))
    }
    case 'spin':
      for (const end = performance.now() + script.ms; performance.now() < end; );
      return 'commit'
    case 'end slowly':
      return new Promise((resolve) => {
        const end = (): void => {
          log('ended')
          resolve('commit')
        }
        signal.addEventListener('abort', () => setTimeout(end, script.ms))
      })
    case 'wait for the abort':
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          log(`aborted ${(signal.reason as Error).name} ${(signal.reason as { code: string }).code}`)
          resolve('commit')
        })
      })
    default:
      return new Promise(() => {})
  }
}
