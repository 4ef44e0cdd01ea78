/**
 * Offsets of all partitions of a client in shared memory: one row a handle. Workers write what brokers said, main reads
 * without a message. Grows in place, so every thread keeps its view.
 */

/** Columns of a row. */
export const OffsetColumn = {
  /** The next offset to fetch. */
  fetched: 0,
  /** The offset after the last replicated record. */
  highWatermark: 1,
  /** The first offset of the oldest open transaction, or the high watermark. */
  lastStableOffset: 2,
  /** The oldest offset still there. */
  logStartOffset: 3,
} as const

export type OffsetColumn = (typeof OffsetColumn)[keyof typeof OffsetColumn]

const COLUMNS = 4
const ROW_BYTES = COLUMNS * 8
const FIRST_ROWS = 1024
/** Address space, not memory: rows take memory when they are written. */
const MAX_ROWS = 1 << 20

export function createOffsetTable(): SharedArrayBuffer {
  return new SharedArrayBuffer(FIRST_ROWS * ROW_BYTES, { maxByteLength: MAX_ROWS * ROW_BYTES })
}

export class OffsetTable {
  readonly #memory: SharedArrayBuffer
  readonly #cells: BigInt64Array

  constructor(memory: SharedArrayBuffer) {
    this.#memory = memory
    this.#cells = new BigInt64Array(memory)
  }

  /** Makes sure that the row exists; main calls it before a handle is given out. */
  grow(handle: number): void {
    if (handle >= MAX_ROWS) throw new RangeError(`a client can hold ${MAX_ROWS} partitions`)
    if ((handle + 1) * ROW_BYTES <= this.#memory.byteLength) return
    this.#memory.grow(Math.min(MAX_ROWS, Math.max(handle + 1, (this.#memory.byteLength / ROW_BYTES) * 2)) * ROW_BYTES)
  }

  set(handle: number, column: OffsetColumn, offset: number): void {
    Atomics.store(this.#cells, handle * COLUMNS + column, BigInt(offset))
  }

  /** 0 until somebody set it. */
  get(handle: number, column: OffsetColumn): number {
    return Number(Atomics.load(this.#cells, handle * COLUMNS + column))
  }
}
