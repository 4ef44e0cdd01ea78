/**
 * What one partition remembers of idempotent producers: the epoch and the last five batches of each, so that a batch sent
 * again is recognised and a gap is refused. Knows no log and no bytes. The rules are Kafka's own, with KIP-360.
 *
 * https://cwiki.apache.org/confluence/pages/viewpage.action?pageId=89068820 (KIP-360)
 */
import { ErrorCode } from '../../../shared/protocol/errors.ts'
import type { Marker } from './transactions/marker.ts'
import type { Verification } from './transactions/partition-transactions.ts'

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
  /** Of the last marker; −1: none came yet. */
  coordinatorEpoch: number
  /** Of the last batch or marker. */
  lastTimestamp: number
  /** Of this epoch, oldest first; none when a marker brought the epoch. */
  batches: RememberedBatch[]
}

export type SavedProducers = readonly (readonly [id: number, Readonly<Producer>])[]
/** What is told of a producer (KIP-664). */
export interface ProducerFacts {
  producerId: number
  producerEpoch: number
  /** −1: none in this epoch. */
  lastSequence: number
  lastTimestamp: number
  coordinatorEpoch: number
}

/** `append`: goes to the log. `duplicate`: is there already. Otherwise the broker error. */
export type Verdict = { kind: 'append' } | { kind: 'duplicate'; batch: RememberedBatch } | { kind: 'refused'; error: number }

const APPEND: Verdict = { kind: 'append' }
const OUT_OF_ORDER: Verdict = { kind: 'refused', error: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER }
const NO_SEQUENCE = -1
const NO_COORDINATOR = -1
const BUMPED_EPOCH_SINCE = 2

export class ProducerState {
  /** In the order of the last append. */
  readonly #producers = new Map<number, Producer>()

  get size(): number {
    return this.#producers.size
  }

  /**
   * What is to be done with a batch; forgets its producer first if that was silent until `expiredSince` or longer. `verification`:
   * the producer begins a transaction here.
   */
  judge(batch: ProducerBatch, expiredSince = Number.NEGATIVE_INFINITY, verification?: Verification): Verdict {
    const known = this.#producers.get(batch.producerId)
    // as Kafka does, which looks at the records' own time
    const expired = known && known.lastTimestamp <= expiredSince
    if (expired) this.#producers.delete(batch.producerId)
    const producer = expired ? undefined : known
    const { producerEpoch, baseSequence } = batch
    if (producer && producerEpoch < producer.epoch) return { kind: 'refused', error: ErrorCode.INVALID_PRODUCER_EPOCH }
    const batches = producer?.epoch === producerEpoch ? producer.batches : []
    const last = lastSequence(baseSequence, batch.recordCount)
    const duplicate = batches.find((known) => known.firstSequence === baseSequence && known.lastSequence === last)
    if (duplicate) return { kind: 'duplicate', batch: duplicate }
    if (verification) {
      // A producer with an epoch for each transaction begins at 0 where nothing is known of it (KIP-890).
      const mustBeFirst = verification.adds && (producer === undefined || producer.batches.length === 0)
      if ((mustBeFirst && baseSequence !== 0) || baseSequence > verification.lowestSequence) return OUT_OF_ORDER
    }
    // Nothing known, perhaps because retention dropped it all: any sequence starts it.
    if (producer === undefined) return APPEND
    // After a batch without an epoch any sequence may come.
    if (producer.epoch < 0) return APPEND
    return baseSequence === nextSequence(batches.at(-1)?.lastSequence ?? NO_SEQUENCE) ? APPEND : OUT_OF_ORDER
  }

  /** Why a marker is not taken, or NONE. `isOpen`: the producer has a transaction here. */
  judgeMarker({ producerId, epoch, coordinatorEpoch, version }: Marker, isOpen: boolean): number {
    const producer = this.#producers.get(producerId)
    if (producer === undefined) return ErrorCode.NONE
    // That of a transaction of version 2 is newer than its records'; the same one again is taken when nothing is open (KAFKA-19999).
    const tooOld = version >= BUMPED_EPOCH_SINCE && isOpen ? epoch <= producer.epoch : epoch < producer.epoch
    if (tooOld) return ErrorCode.INVALID_PRODUCER_EPOCH
    return producer.coordinatorEpoch > coordinatorEpoch ? ErrorCode.TRANSACTION_COORDINATOR_FENCED : ErrorCode.NONE
  }

  /** That of the last batch or marker; undefined when the producer is not known. */
  epochOf(producerId: number): number | undefined {
    return this.#producers.get(producerId)?.epoch
  }

  /** Those that are known, the one that was silent longest first. */
  list(): ProducerFacts[] {
    return Array.from(this.#producers, ([producerId, { epoch, batches, lastTimestamp, coordinatorEpoch }]) => ({
      producerId,
      producerEpoch: epoch,
      lastSequence: batches.at(-1)?.lastSequence ?? NO_SEQUENCE,
      lastTimestamp,
      coordinatorEpoch,
    }))
  }

  /** Where the last batch of a producer ends; undefined: it is not known. */
  lastOffsetOf(producerId: number): number | undefined {
    return this.#producers.get(producerId)?.batches.at(-1)?.lastOffset
  }

  /** Everybody it knows, as plain data. */
  get saved(): SavedProducers {
    return [...this.#producers].map(([id, producer]) => [id, { ...producer, batches: [...producer.batches] }])
  }

  restore(saved: SavedProducers): void {
    this.#producers.clear()
    for (const [id, producer] of saved) this.#producers.set(id, { ...producer, batches: [...producer.batches] })
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
    const coordinatorEpoch = known?.coordinatorEpoch ?? NO_COORDINATOR
    this.#remember(producerId, { epoch: producerEpoch, coordinatorEpoch, lastTimestamp: maxTimestamp, batches })
  }

  /** Remembers a marker that was appended. */
  ended({ producerId, epoch, coordinatorEpoch }: Omit<Marker, 'version' | 'commit'>, timestamp: number): void {
    const known = this.#producers.get(producerId)
    const batches = known?.epoch === epoch ? known.batches : []
    this.#remember(producerId, { epoch, coordinatorEpoch, lastTimestamp: timestamp, batches })
  }

  /** Remembers a producer that wrote something without sequences. */
  seen(producerId: number, epoch: number, timestamp: number): void {
    const { coordinatorEpoch = NO_COORDINATOR } = this.#producers.get(producerId) ?? {}
    this.#remember(producerId, { epoch, coordinatorEpoch, lastTimestamp: timestamp, batches: [] })
  }

  #remember(producerId: number, producer: Producer): void {
    this.#producers.delete(producerId)
    this.#producers.set(producerId, producer)
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
