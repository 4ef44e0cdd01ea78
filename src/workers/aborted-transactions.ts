/**
 * Which batches of one Fetch response belong to aborted transactions, as Kafka's own consumer finds out: the broker lists the aborted
 * transactions of the range by producer and first offset; from there on a producer's transactional batches are left out until its abort
 * marker. Walks forward only; knows no positions.
 *
 * https://cwiki.apache.org/confluence/display/KAFKA/KIP-98+-+Exactly+Once+Delivery+and+Transactional+Messaging
 */
import { attributes as attributeBits, BATCH_OVERHEAD, type BatchHeader, readInt16 } from '../shared/record-batch.ts'
import { MalformedVarint, VarintReader } from '../shared/varint.ts'

export interface AbortedTransaction {
  producerId: number
  firstOffset: number
}

const ABORT_MARKER = 0
/** Of a control record's key: int16 version, int16 type. */
const CONTROL_KEY_BYTES = 4

export class AbortedTransactions {
  /** By first offset, those that begin later than the walk has come in the end. */
  readonly #ahead: AbortedTransaction[]
  #next = 0
  /** Producers in an aborted transaction at this place. */
  readonly #producers = new Set<number>()

  constructor(listed: readonly AbortedTransaction[]) {
    this.#ahead = [...listed].sort((a, b) => a.firstOffset - b.firstOffset)
  }

  /** Whether the batch at `at` is to be left out. Called with every batch of the response, in order. */
  leavesOut(bytes: Uint8Array, at: number, header: BatchHeader): boolean {
    const { producerId, attributes } = header
    if (producerId < 0) return false
    const lastOffset = header.baseOffset + header.lastOffsetDelta
    for (; this.#next < this.#ahead.length && this.#ahead[this.#next]!.firstOffset <= lastOffset; this.#next++)
      this.#producers.add(this.#ahead[this.#next]!.producerId)
    if (this.#producers.size === 0 || !this.#producers.has(producerId)) return false
    if (attributeBits.control(attributes)) {
      if (controlType(bytes, at, header) === ABORT_MARKER) this.#producers.delete(producerId)
      return false
    }
    return attributeBits.transactional(attributes)
  }
}

/** The type of the control record in a control batch; undefined when there is none, as after compaction. */
function controlType(bytes: Uint8Array, at: number, { batchLength, recordCount }: BatchHeader): number | undefined {
  if (recordCount < 1) return undefined
  const reader = new VarintReader(bytes, at + BATCH_OVERHEAD, at + batchLength)
  try {
    reader.varint() // its length
    reader.at++ // its attributes
    reader.varlong()
    reader.varint()
    if (reader.varint() < CONTROL_KEY_BYTES || reader.at + CONTROL_KEY_BYTES > at + batchLength) return undefined
    return readInt16(bytes, reader.at + 2)
  } catch (thrown) {
    if (thrown instanceof MalformedVarint) return undefined
    throw thrown
  }
}
