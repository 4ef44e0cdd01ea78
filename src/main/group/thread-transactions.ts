/** The transactions of batches that are with a handler thread: does there what their handlers ask for. Knows no thread but its port. */

import { KafkaError } from '../../shared/errors.ts'
import type { SentResult, TransactionAnswer, TransactionCall } from '../../shared/handler-api.ts'
import type { HandlerTransaction } from '../../shared/handler-types.ts'
import { thrownToWire } from '../../shared/thrown.ts'

export class ThreadTransactions {
  /** By job. */
  readonly #open = new Map<number, HandlerTransaction>()
  readonly #say: (answer: TransactionAnswer) => void

  constructor(say: (answer: TransactionAnswer) => void) {
    this.#say = say
  }

  begin(id: number, tx: HandlerTransaction): void {
    this.#open.set(id, tx)
  }

  end(id: number): void {
    this.#open.delete(id)
  }

  async called({ id, call, records }: TransactionCall): Promise<void> {
    try {
      const tx = this.#open.get(id)
      if (!tx) throw new KafkaError('ABORTED', 'The batch was given up, and its transaction with it.', { outcome: 'not-written' })
      const results = await tx.produceBatch(records)
      this.#say({
        id,
        call,
        results: results.map((result): SentResult => (result.ok ? result : { ok: false, error: result.error.toWire() })),
      })
    } catch (thrown) {
      this.#say({ id, call, thrown: thrownToWire(thrown) })
    }
  }
}
