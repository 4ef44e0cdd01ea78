/**
 * What one partition remembers of idempotent producers: the epoch and the last five batches of each, so that a batch sent
 * again is recognised and a gap is refused. Knows no log and no bytes. The rules are Kafka's own, with KIP-360.
 *
 * https://cwiki.apache.org/confluence/pages/viewpage.action?pageId=89068820 (KIP-360)
 */
import { ErrorCode } from '../../../shared/protocol/errors.ts'

/** Batches of a producer that are remembered: a client may have this many requests in flight. */
const REMEMBERED_BATCHES = 5
const MAX_SEQUENCE = 2 ** 31 - 1
/** Producers remembered by a partition; the one that was silent longest goes first. */
const MAX_PRODUCERS = 100_000

/** The part of a batch that is judged. */
export interface ProducerBatch {
  producerId: number
  producerEpoch: number
  baseSequence: number
  recordCount: number
}

export interface RememberedBatch {
  firstSequence: number
  lastSequence: number
  baseOffset: number
  lastOffset: number
  maxTimestamp: number
}

interface Producer {
  epoch: number
  /** Oldest first, one at least. */
  batches: RememberedBatch[]
}

export type SavedProducers = readonly (readonly [id: number, Readonly<Producer>])[]

/** `append`: goes to the log. `duplicate`: is there already. Otherwise the broker error. */
export type Verdict = { kind: 'append' } | { kind: 'duplicate'; batch: RememberedBatch } | { kind: 'refused'; error: number }

const APPEND: Verdict = { kind: 'append' }

export class ProducerState {
  /** In the order of the last append. */
  readonly #producers = new Map<number, Producer>()

  get size(): number {
    return this.#producers.size
  }

  /** What is to be done with a batch; forgets its producer first if that was silent until `expiredSince` or longer. */
  judge(batch: ProducerBatch, expiredSince = Number.NEGATIVE_INFINITY): Verdict {
    const known = this.#producers.get(batch.producerId)
    // as Kafka does, which looks at the records' own time
    const expired = known && known.batches.at(-1)!.maxTimestamp <= expiredSince
    if (expired) this.#producers.delete(batch.producerId)
    const producer = expired ? undefined : known
    // Nothing known, perhaps because retention dropped it all: any sequence starts it.
    if (producer === undefined) return APPEND
    const { producerEpoch, baseSequence } = batch
    if (producerEpoch < producer.epoch) return { kind: 'refused', error: ErrorCode.INVALID_PRODUCER_EPOCH }
    if (producerEpoch > producer.epoch) {
      return baseSequence === 0 ? APPEND : { kind: 'refused', error: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER }
    }
    const last = lastSequence(baseSequence, batch.recordCount)
    const duplicate = producer.batches.find((known) => known.firstSequence === baseSequence && known.lastSequence === last)
    if (duplicate) return { kind: 'duplicate', batch: duplicate }
    if (baseSequence === nextSequence(producer.batches.at(-1)!.lastSequence)) return APPEND
    return { kind: 'refused', error: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER }
  }

  /** Where the last batch of a producer ends; undefined: it is not known. */
  lastOffsetOf(producerId: number): number | undefined {
    return this.#producers.get(producerId)?.batches.at(-1)?.lastOffset
  }

  /** Everybody it knows, as plain data. */
  get saved(): SavedProducers {
    return [...this.#producers].map(([id, { epoch, batches }]) => [id, { epoch, batches: [...batches] }])
  }

  restore(saved: SavedProducers): void {
    this.#producers.clear()
    for (const [id, { epoch, batches }] of saved) this.#producers.set(id, { epoch, batches: [...batches] })
  }

  /** Forgets every producer. */
  forget(): void {
    this.#producers.clear()
  }

  /** Remembers a batch that was appended. */
  appended(batch: ProducerBatch, baseOffset: number, lastOffset: number, maxTimestamp: number): void {
    const { producerId, producerEpoch, baseSequence, recordCount } = batch
    const known = this.#producers.get(producerId)
    const batches = known?.epoch === producerEpoch ? known.batches : []
    if (batches.length === REMEMBERED_BATCHES) batches.shift()
    batches.push({
      firstSequence: baseSequence,
      lastSequence: lastSequence(baseSequence, recordCount),
      baseOffset,
      lastOffset,
      maxTimestamp,
    })
    this.#producers.delete(producerId)
    this.#producers.set(producerId, { epoch: producerEpoch, batches })
    if (this.#producers.size > MAX_PRODUCERS) this.#producers.delete(this.#producers.keys().next().value!)
  }
}

/** Sequences start again at 0 after 2^31 − 1, also within a batch. */
export function lastSequence(baseSequence: number, recordCount: number): number {
  const last = baseSequence + recordCount - 1
  return last > MAX_SEQUENCE ? last - MAX_SEQUENCE - 1 : last
}

function nextSequence(sequence: number): number {
  return sequence === MAX_SEQUENCE ? 0 : sequence + 1
}
