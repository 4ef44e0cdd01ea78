/** Reuses the memory of record batches: buffers by size class, so that a steady stream allocates nothing. */

const SMALLEST = 12 // 4 KiB
const LARGEST = 21 // 2 MiB; larger ones are not kept

export class BufferPool {
  readonly #free: Buffer[][] = Array.from({ length: LARGEST + 1 }, () => [])
  readonly #limit: number
  #kept = 0

  /** Keeps at most `limit` bytes of unused buffers. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** A buffer of at least `size` bytes with old contents. */
  take(size: number): Buffer {
    const bits = Math.max(SMALLEST, 32 - Math.clz32(size - 1))
    if (bits > LARGEST) return Buffer.allocUnsafeSlow(size)
    const buffer = this.#free[bits]!.pop()
    if (!buffer) return Buffer.allocUnsafeSlow(1 << bits)
    this.#kept -= buffer.length
    return buffer
  }

  /** Gives a buffer back; nobody may hold a view on it any more (IP6). What is not kept is freed now, not when garbage is collected. */
  give(buffer: Buffer): void {
    if (buffer.length === 0) return
    const bits = 31 - Math.clz32(buffer.length)
    if (bits >= SMALLEST && bits <= LARGEST && buffer.length === 1 << bits && this.#kept + buffer.length <= this.#limit) {
      this.#kept += buffer.length
      this.#free[bits]!.push(buffer)
    } else {
      ;(buffer.buffer as ArrayBuffer).transfer(0)
    }
  }
}
