/** What was sent and what the producers said about it. Judges nothing but that each send is settled once, and in time. */

import { KafkaError, type ProducerRecord, type RecordMetadata } from '../../src/main/index.ts'
import { ErrorCode } from '../../src/shared/protocol/errors.ts'

/** What a producer promises. */
export interface Promises {
  /** IP3 and IP4. */
  idempotent: boolean
  /** IP1: a resolved send is in the log. */
  confirmed: boolean
  deliveryTimeoutMs: number
}

export interface Sent {
  /** The producer object, not only its name: one that is closed and made again is another one. */
  readonly writer: string
  /** Counted in the order of the calls, over all partitions of a writer. */
  readonly sequence: number
  readonly record: ProducerRecord & { value: string }
  readonly promises: Promises
  readonly sentAt: number
  /** Nobody hears what becomes of it. */
  unobserved: boolean
  endedAt: number | undefined
  endings: number
  result: { metadata: RecordMetadata } | { error: unknown } | undefined
}

/** A time that topics refuse, but for those that stamp on append. */
export const TOO_LATE = Date.UTC(2200, 0)

/** Settling may take this much longer than the delivery timeout (IP7). */
const GRACE_MS = 1_000

export class Ledger {
  readonly sent: Sent[] = []
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  enter(writer: string, sequence: number, record: Sent['record'], promises: Promises): Sent {
    const sent: Sent = {
      writer,
      sequence,
      record,
      promises,
      sentAt: this.#now(),
      unobserved: false,
      endedAt: undefined,
      endings: 0,
      result: undefined,
    }
    this.sent.push(sent)
    return sent
  }

  end(sent: Sent, result: NonNullable<Sent['result']>): void {
    sent.endings++
    sent.endedAt ??= this.#now()
    sent.result ??= result
  }

  /** Sends that brokers refused for good with an error that is not among those that faults made them give. */
  unprovoked(isProvoked: (brokerErrorCode: number) => boolean): string[] {
    return this.sent.flatMap((sent) => {
      const error = sent.result && 'error' in sent.result ? sent.result.error : undefined
      if (!(error instanceof KafkaError) || error.code !== 'BROKER_ERROR') return []
      if (isProvoked(error.context.brokerErrorCode ?? 0)) return []
      // P5: it is refused alone, unless nobody knows what became of an earlier try of its batch
      const deserved = sent.record.timestamp === TOO_LATE || error.outcome === 'possibly-written'
      if (error.context.brokerErrorCode === ErrorCode.INVALID_TIMESTAMP && deserved) return []
      return [`IP1: ${nameOf(sent)} was refused, and no fault is to blame: ${error.message}`]
    })
  }

  /** IP7; `lossless`: a crash of the I/O core takes nothing with it (IX8). */
  problems(lossless: boolean): string[] {
    return this.sent.flatMap((sent) => {
      const { endings, unobserved, endedAt, sentAt, promises, result } = sent
      const error = result && 'error' in result ? result.error : undefined
      if (lossless && error instanceof KafkaError && error.code === 'WORKER_DIED')
        return [`IX8: ${nameOf(sent)} was lost in a crash`]
      if (unobserved) return []
      if (endings !== 1) return [`IP7: ${nameOf(sent)} was settled ${endings} times`]
      const late = endedAt! - sentAt - promises.deliveryTimeoutMs
      return late > GRACE_MS ? [`IP7: ${nameOf(sent)} was settled ${late.toFixed(0)} ms after its delivery timeout`] : []
    })
  }
}

export function nameOf({ writer, sequence, record }: Pick<Sent, 'writer' | 'sequence' | 'record'>): string {
  return `${writer}#${sequence} to ${record.topic}-${record.partition ?? '?'}`
}
