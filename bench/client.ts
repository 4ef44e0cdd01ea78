/** What a client under measurement looks like. A module of one exports `load`. */
import type { Job, Scenario } from './job.ts'
import type { Meter } from './meter.ts'

/**
 * Runs a scenario to its end. It connects and warms up first, calls `meter.begin()` just before the first record is sent or fetched and
 * `meter.end(records)` as soon as the last one is acknowledged (firehose, awaited) or was seen (fetch).
 */
export type Run = (job: Job, meter: Meter) => Promise<void>

export interface Client {
  /** Name and version. */
  name: string
  settings: Record<string, unknown>
  runs: Partial<Record<Scenario, Run>>
}

export interface ClientModule {
  load(job: Job): Promise<Client>
}

/** The value of every record: bytes that do not compress. */
export function recordValue(size: number): Buffer {
  const value = Buffer.allocUnsafeSlow(size)
  let state = 0x9e3779b9 | 0
  for (let i = 0; i < size; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    value[i] = state
  }
  return value
}

/** `callers` that each send one record after the other and wait for it, for a time; shared by all clients. */
export async function awaitEach(send: (partition: number) => Promise<unknown>, job: Job, meter: Meter): Promise<void> {
  let records = 0
  let until = performance.now() + Math.min(1000, job.seconds * 250)
  const caller = async (index: number, measured: boolean): Promise<void> => {
    for (let n = index; ; n++) {
      const start = performance.now()
      if (start > until) return
      await send(n % job.partitions)
      records++
      if (measured) meter.latencies.record(Math.max(1, Math.round((performance.now() - start) * 1e6)))
    }
  }
  const all = (measured: boolean) => Promise.all(Array.from({ length: job.callers }, (_, index) => caller(index, measured)))
  await all(false)
  records = 0
  until = performance.now() + job.seconds * 1000
  meter.begin()
  await all(true)
  meter.end(records)
}
