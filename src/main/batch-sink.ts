/** Collects the results of a batch of sends in input order. */
import type { KafkaError } from '../shared/errors.ts'
import type { BatchResult, RecordMetadata } from '../shared/types.ts'
import type { SendSink } from './sends.ts'

export type { BatchResult } from '../shared/types.ts'

export class BatchSink implements SendSink {
  readonly #results: BatchResult[]
  readonly #done: (results: BatchResult[]) => void
  #left: number

  /** `done` is called once, when the last record is settled. */
  constructor(count: number, done: (results: BatchResult[]) => void) {
    this.#results = new Array(count)
    this.#left = count
    this.#done = done
  }

  settle(index: number, error: KafkaError | null, metadata: RecordMetadata | undefined): void {
    this.#results[index] = error ? { ok: false, error } : { ok: true, metadata: metadata! }
    if (--this.#left === 0) this.#done(this.#results)
  }
}
