/** A ThreadHandler on the real world, with a module of `handlers`, and batches that tell the scripted one what to do. */
import { onTestFinished } from 'vitest'
import type { HandlerThreadNews } from '../../../src/main/group/thread-handler.ts'
import { ThreadHandler, type ThreadHandlerOptions } from '../../../src/main/group/thread-handler.ts'
import type { ConsumedRecord, HandlerBatch, Verdict } from '../../../src/main/group/types.ts'
import { nodeEnv } from '../../../src/shared/node-env.ts'
import type { Script } from './handlers/scripted.ts'
import { delivered } from './records.ts'

export const moduleAt = (name: string): URL => new URL(`./handlers/${name}`, import.meta.url)

export interface Host extends ThreadHandler {
  news: HandlerThreadNews[]
}

export function made(
  options: Partial<ThreadHandlerOptions> & { module?: string; onEnd?: (close: () => Promise<void>) => void } = {},
): Host {
  const { module = 'scripted.ts', onEnd = onTestFinished, ...others } = options
  const news: HandlerThreadNews[] = []
  const settings = { url: moduleAt(module), threads: 1, handlerTimeoutMs: 10_000, closeTimeoutMs: 1_000, ...others }
  const host = Object.assign(new ThreadHandler(nodeEnv(), settings, (one) => news.push(one)), { news })
  onEnd(() => host.close())
  return host
}

/** With partitions 0 to `partitions` − 1 of `orders` started. */
export async function opened(options: Parameters<typeof made>[0] = {}, partitions = 1): Promise<Host> {
  const host = made(options)
  await host.open()
  for (let partition = 0; partition < partitions; partition++) await host.start('orders', partition)
  return host
}

/** The script and as many more records as it takes. */
export function batchOf(
  script: Script,
  { partition = 0, count = 1, signal = new AbortController().signal, attempt = 1 } = {},
): HandlerBatch {
  const values = [JSON.stringify(script), ...Array.from({ length: count - 1 }, (_, i) => `v${i + 1}`)]
  const records = delivered(
    values.map((value, i) => ({ timestamp: 1_764_000_000_000 + i, value })),
    'orders',
    partition,
  )
  return { topic: 'orders', partition, records, signal, attempt }
}

export function run(host: ThreadHandler, script: Script, more: Parameters<typeof batchOf>[1] = {}): Promise<Verdict> {
  return host.handle(batchOf(script, more))
}

export const failure = (promise: Promise<unknown>): Promise<Error & Record<string, unknown>> =>
  promise.then(
    () => {
      throw new Error('it did not fail')
    },
    (error) => error,
  )

export interface Told {
  threadId: number
  setups: number
  started: string[]
  batches: string[]
  attempt: number
}

/** What the thread of a partition has seen. */
export async function tell(host: ThreadHandler, partition = 0, attempt = 1): Promise<Told> {
  const { skips } = await run(host, { do: 'tell' }, { partition, attempt })
  return JSON.parse(skips[0]!.reason)
}

/** What the thread of a partition makes of these records. */
export async function shown(host: ThreadHandler, records: ConsumedRecord[]): Promise<object[]> {
  const { skips } = await host.handle({ ...batchOf({ do: 'show' }), records: [...batchOf({ do: 'show' }).records, ...records] })
  return skips.slice(1).map(({ reason }) => JSON.parse(reason))
}
