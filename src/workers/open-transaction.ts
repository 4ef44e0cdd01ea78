/**
 * What a transactional producer may write on this thread now: under which identity, and to which partitions. Main says so for each
 * transaction; the state of the transaction itself is main's (KIP-98).
 */
import type { KafkaError } from '../shared/errors.ts'
import type { TransactionTerms } from '../shared/io-api.ts'
import type { IdentitySource, ProducerIdentity } from './producer-id.ts'

export class OpenTransaction implements IdentitySource {
  readonly lastError = undefined
  /** The transaction is lost: nothing of it is sent any more. */
  broken: KafkaError | undefined
  readonly #ask: (handle: number) => void
  #terms: TransactionTerms | undefined
  readonly #admitted = new Set<number>()
  readonly #asked = new Set<number>()

  /** `ask` has the coordinator told of a partition. */
  constructor(ask: (handle: number) => void) {
    this.#ask = ask
  }

  begin(terms: TransactionTerms): void {
    this.#terms = terms
    this.#admitted.clear()
    this.#asked.clear()
    this.broken = undefined
  }

  admit(handle: number): void {
    this.#admitted.add(handle)
  }

  /** Whether records may go to the partition; if not, it is asked for once. */
  admits(handle: number): boolean {
    if (!this.#terms || this.broken) return false
    if (this.#terms.byBrokers || this.#admitted.has(handle)) return true
    if (!this.#asked.has(handle)) {
      this.#asked.add(handle)
      this.#ask(handle)
    }
    return false
  }

  /** Whether brokers are to add partitions to the transaction by themselves. */
  get byBrokers(): boolean {
    return this.#terms?.byBrokers ?? false
  }

  get(): ProducerIdentity | undefined {
    return this.#terms
  }

  /** Only the coordinator gives it another one. */
  discard(): void {}
}
