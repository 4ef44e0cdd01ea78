/** What main and a handler thread say to each other. Types, and the notes on jobs that both see. */
import type { MessagePort } from 'node:worker_threads'
import type { WireError } from './errors.ts'
import type { StopReason } from './handler-types.ts'
import type { Parcel } from './record-parcel.ts'
import type { WireThrown } from './thrown.ts'
import type { ProducerRecord, RecordMetadata } from './types.ts'

/** What a thread is asked to do. `id` counts up, in the order in which jobs are given to the thread. */
export type Job = { id: number } & (
  | { kind: 'setup'; file: string; notes: SharedArrayBuffer; control: MessagePort }
  | { kind: 'start'; topic: string; partition: number }
  | { kind: 'handle'; topic: string; partition: number; attempt: number; parcel: Parcel; transactionalId?: string }
  | { kind: 'stop'; topic: string; partition: number; reason: StopReason }
  | { kind: 'teardown' }
)

/** A job never fails: what was thrown is its result. The value of `handle` is what the handler returned, with records by their index. */
export type JobResult = { ok: true; value: unknown } | { ok: false; thrown: WireThrown }

/** Main gives up a job. */
export interface GivenUp {
  id: number
  reason: WireThrown
}

/** The thread has heard of it: its event loop turns. */
export interface Heard {
  id: number
}

/** A record on its way to the transaction of a job; its bytes are its own. */
export type SentRecord = ProducerRecord

/** A handler hands records to the transaction of its job. */
export interface TransactionCall {
  id: number
  /** Counts up within the job. */
  call: number
  records: SentRecord[]
}

export type SentResult = { ok: true; metadata: RecordMetadata } | { ok: false; error: WireError }

/** What became of them; `thrown` when none was taken. */
export interface TransactionAnswer {
  id: number
  call: number
  results?: SentResult[]
  thrown?: WireThrown
}

/** More jobs than usually run in a thread at the same time. */
const NOTES = 1024

/**
 * Notes on jobs in shared memory: when the thread began which one, and which ones main has given up before that. A job shares its place
 * with the one 1024 before it; where the place has a later job, it began long ago.
 */
export class JobNotes {
  readonly memory: SharedArrayBuffer
  readonly #times: Float64Array
  readonly #begun: Int32Array
  readonly #givenUp: Int32Array

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(NOTES * 16)) {
    this.memory = memory
    this.#times = new Float64Array(memory, 0, NOTES)
    this.#begun = new Int32Array(memory, NOTES * 8, NOTES)
    this.#givenUp = new Int32Array(memory, NOTES * 12, NOTES)
  }

  /** The thread begins a job; false when that was given up. `now` counts from the same moment in all threads. */
  begin(id: number, now: number): boolean {
    const place = id % NOTES
    this.#times[place] = now
    Atomics.store(this.#begun, place, id)
    return Atomics.load(this.#givenUp, place) !== (id | 0)
  }

  /** Undefined when it has not begun. */
  begunAt(id: number): number | undefined {
    const place = id % NOTES
    // ids are kept in 32 bits; a difference of them is right all the same
    const later = (Atomics.load(this.#begun, place) - id) | 0
    if (later < 0) return undefined
    return later === 0 ? this.#times[place]! : 0
  }

  giveUp(id: number): void {
    Atomics.store(this.#givenUp, id % NOTES, id)
  }
}
