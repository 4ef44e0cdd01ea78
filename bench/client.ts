/** What a client under measurement looks like, and the course of each scenario, the same for all. A module of one exports `load`. */
import type { Job, Scenario } from './job.ts'
import type { Meter } from './meter.ts'
import { work } from './work.ts'

/**
 * Runs a scenario to its end. It connects and warms up first, calls `meter.begin()` just before the first measured record is sent or
 * seen and `meter.end(records)` as soon as the last one is acknowledged or was seen.
 */
export type Run = (job: Job, meter: Meter) => Promise<void>

export interface Client {
  /** Name and version. */
  name: string
  settings: Record<string, unknown>
  runs: Partial<Record<Scenario, Run>>
}

export interface ClientModule {
  /** Throws {@link Unable} when the client has no such thing as the job asks for. */
  load(job: Job): Promise<Client>
}

/** A client lacks what a job asks for: no failure, it is left out. */
export class Unable extends Error {}

/**
 * Sends records, at most so many, none after the deadline (of `performance.now`), and resolves with how many there were when all
 * of them are acknowledged.
 */
export type Send = (records: number, deadline: number) => Promise<number>

/** Of the time that a run may take, so much at most goes into its warm-up. */
const WARMUP_SHARE = 0.25
/** Milliseconds: a run is short, getting warm is not. */
const SHORTEST_WARMUP = 500

const warmupMs = ({ seconds }: Job): number => Math.max(SHORTEST_WARMUP, seconds * 1000 * WARMUP_SHARE)

export async function firehose(send: Send, job: Job, meter: Meter): Promise<void> {
  const warm = await send(job.warmup, performance.now() + warmupMs(job))
  meter.begin()
  const sent = await send(job.records, performance.now() + job.seconds * 1000)
  meter.end(sent)
  meter.acknowledged = warm + sent
}

/** Callers that each make one call after the other and wait for it, for a time. The n-th call sends `callRecords` records. */
export async function awaitEach(call: (n: number) => Promise<unknown>, job: Job, meter: Meter): Promise<void> {
  let calls = 0
  let next = 0
  const caller = async (deadline: number, measured: boolean): Promise<void> => {
    for (;;) {
      const start = performance.now()
      if (start > deadline) return
      await call(next++)
      calls++
      if (measured) meter.latencies.record(Math.max(1, Math.round((performance.now() - start) * 1e6)))
    }
  }
  const all = (ms: number, measured: boolean) => {
    const deadline = performance.now() + ms
    return Promise.all(Array.from({ length: job.callers }, () => caller(deadline, measured)))
  }
  await all(warmupMs(job), false)
  const warm = calls
  meter.begin()
  await all(job.seconds * 1000, true)
  meter.end((calls - warm) * job.callRecords)
  meter.acknowledged = calls * job.callRecords
}

/** Records between two looks at the clock. */
const LOOK_EVERY = 1000

/**
 * The course of a `fetch`: a client makes one when it begins to fetch and tells it what it sees. The first records are its warm-up;
 * the clock starts behind them and stops with the last record, or when the time is over.
 */
export class Reading {
  readonly #job: Job
  readonly #meter: Meter
  #done = false
  #seen = 0
  #bytes = 0
  /** Records of the warm-up; undefined while it lasts. */
  #warm: number | undefined
  #nextLook = 0
  #deadline: number

  constructor(job: Job, meter: Meter) {
    this.#job = job
    this.#meter = meter
    this.#deadline = performance.now() + warmupMs(job)
  }

  /** What comes now is of no interest any more. */
  get done(): boolean {
    return this.#done
  }

  /** True once it is enough; the measurement has then ended. `bytes` are those of the values. */
  saw(records: number, bytes: number): boolean {
    if (this.#done) return true
    this.#seen += records
    this.#bytes += bytes
    const all = this.#seen >= this.#job.records
    if (this.#seen < this.#nextLook && !all) return false
    this.#nextLook = this.#seen + LOOK_EVERY
    const late = performance.now() >= this.#deadline
    if (this.#warm === undefined && (late || all || this.#seen >= this.#job.warmup)) this.#begin()
    else if (late) this.#done = true
    if (all) this.#done = true
    if (this.#done) this.#end()
    return this.#done
  }

  #begin(): void {
    this.#warm = this.#seen
    this.#deadline = performance.now() + this.#job.seconds * 1000
    this.#meter.begin()
  }

  #end(): void {
    this.#meter.end(this.#seen - this.#warm!)
    if (this.#bytes === 0) throw new Error('records without bytes')
  }
}

/** What a handler of records does; true once it is enough. */
export type Handler = (reading: Reading, records: readonly { readonly value: Uint8Array | null }[]) => boolean

/** Looks at every value: `fetch` and `group`. */
export const touch: Handler = (reading, records) => {
  let bytes = 0
  for (let i = 0; i < records.length; i++) bytes += records[i]!.value!.length
  return reading.saw(records.length, bytes)
}

/** Works for every record: `cpu`. */
export const labour: Handler = (reading, records) => {
  for (const { value } of records) {
    if (reading.done) return true
    work(value!)
    reading.saw(1, value!.length)
  }
  return reading.done
}

export interface Place {
  topic: string
  partition: number
}

/** All partitions of all topics: the n-th record goes to the n-th of them, and so on from the start. */
export function placesOf({ topics, partitions }: { topics: readonly string[]; partitions: number }): Place[] {
  return Array.from({ length: partitions }, (_, partition) => topics.map((topic) => ({ topic, partition }))).flat()
}
