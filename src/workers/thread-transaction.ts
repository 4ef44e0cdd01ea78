/**
 * The transaction of a batch as its handler sees it in a thread: hands records to main, where the transaction is, and answers to the handler.
 * Knows nothing of how it ends.
 */
import { KafkaError } from '../shared/errors.ts'
import type { SentRecord, TransactionAnswer, TransactionCall } from '../shared/handler-api.ts'
import type { HandlerTransaction } from '../shared/handler-types.ts'
import { thrownFromWire } from '../shared/thrown.ts'
import type { BatchResult, Bytes, ProducerRecord, RecordMetadata } from '../shared/types.ts'

export class ThreadTransaction implements HandlerTransaction {
  readonly transactionalId: string
  readonly #id: number
  readonly #say: (call: TransactionCall) => void
  readonly #calls = new Map<number, PromiseWithResolvers<BatchResult[]>>()
  #lastCall = 0
  #over = false
  #onIdle: (() => void) | undefined

  /** `id`: of the job that it belongs to. */
  constructor(id: number, transactionalId: string, say: (call: TransactionCall) => void) {
    this.#id = id
    this.transactionalId = transactionalId
    this.#say = say
  }

  produce(record: ProducerRecord): Promise<RecordMetadata> {
    const sent = this.#send('produce', [record]).then(([result]) => {
      if (!result!.ok) throw result!.error
      return result!.metadata
    })
    // a forgotten await must not become an unhandled rejection: main knows of it, and there will be no commit
    sent.catch(() => {})
    return sent
  }

  produceBatch(records: readonly ProducerRecord[]): Promise<BatchResult[]> {
    return this.#send('produceBatch', records)
  }

  answered({ call, results, thrown }: TransactionAnswer): void {
    const waiting = this.#calls.get(call)
    this.#calls.delete(call)
    if (results) {
      waiting?.resolve(results.map((result) => (result.ok ? result : { ok: false, error: KafkaError.fromWire(result.error) })))
    } else waiting?.reject(thrown && thrownFromWire(thrown))
    if (this.#calls.size === 0) this.#onIdle?.()
  }

  /** The handler has returned: it takes nothing more, and resolves when all is answered. */
  async end(): Promise<void> {
    this.#over = true
    if (this.#calls.size === 0) return
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve
    })
  }

  #send(what: string, records: readonly ProducerRecord[]): Promise<BatchResult[]> {
    if (this.#over) {
      const text = `tx.${what}() came too late: the handler has returned. Await what is to be part of a transaction inside the handler.`
      return Promise.reject(new KafkaError('TRANSACTION_MISUSED', text, { outcome: 'not-written' }))
    }
    const waiting = Promise.withResolvers<BatchResult[]>()
    waiting.promise.catch(() => {})
    const call = ++this.#lastCall
    try {
      const sent = Array.isArray(records) ? records.map(own) : records
      this.#say({ id: this.#id, call, records: sent as SentRecord[] })
      this.#calls.set(call, waiting)
    } catch (thrown) {
      // what cannot be sent is no record
      const text = `tx.${what}() was given something that is no record: ${(thrown as Error).message}`
      waiting.reject(new KafkaError('INVALID_ARGUMENT', text, { outcome: 'not-written', cause: thrown }))
    }
    return waiting.promise
  }
}

/** A record's bytes are mostly a view on the memory of many: only its own go over. */
function own(record: ProducerRecord): ProducerRecord {
  if (typeof record !== 'object' || record === null) return record
  const copy: ProducerRecord = { ...record }
  if (record.key !== undefined) copy.key = ownBytes(record.key)
  if (record.value !== undefined) copy.value = ownBytes(record.value)
  if (Array.isArray(record.headers)) {
    copy.headers = record.headers.map((header) => (Array.isArray(header) ? ([header[0], ownBytes(header[1])] as const) : header))
  }
  return copy
}

function ownBytes(bytes: Bytes): Bytes {
  return bytes instanceof Uint8Array ? Uint8Array.prototype.slice.call(bytes) : bytes
}
