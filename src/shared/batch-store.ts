/**
 * Where an I/O core keeps record batches until they are settled: shared memory, so that they outlive the core. If it crashes, its
 * successor sends them again under the same producer id, epoch and sequence (IX8).
 *
 * A buddy allocator over blocks of 4 KiB and up. Beside the blocks lie their descriptions, one for each possible block: what is
 * needed to go on with the batch in it. A description counts once its state is set, which is written last; what was written before
 * a crash is whole or does not count. Knows no lanes and no sockets.
 *
 * Batches that find no room live in ordinary memory: they work alike and die with the core.
 */

/** The smallest block, as a power of two. */
const MIN_BITS = 12
const HEAD_BYTES = 128
/** The largest block is this share of the store, as a power of two: a quarter. */
const LARGEST_SHARE_BITS = 2

/** What is known of a block. */
export const BlockState = {
  /** Nothing: being filled for the first time, or free. */
  none: 0,
  /** Whole records, without a batch header. */
  open: 1,
  /** A whole batch. */
  sealed: 2,
  /** A whole batch whose identity and checksum do not count: they were just being changed. */
  unstamped: 3,
} as const

export const BlockFlag = {
  /** A broker may have the batch. */
  possiblyWritten: 1,
  /** A socket has it now. */
  inFlight: 2,
  /** It carries a producer id, epoch and sequence. */
  stamped: 4,
} as const

// int32 and float64 indices into a description
/** The state, and in its second byte which of the two extents counts: one store makes a new one valid as a whole. */
const STATE = 0
const LANE = 1
const SERIAL = 2
const FLAGS = 3
const TRIES = 4
const FIRST_ORDINAL = 3
const CREATED_AT = 4
const BASE_TIMESTAMP = 5
/** Where the extents begin: int32 count, end, budget, unused, float64 max timestamp. */
const EXTENTS = 12
const EXTENT_WORDS = 8

/** A description as it was found after a crash. */
export interface FoundBlock {
  block: number
  state: number
  lane: number
  /** Tells lanes apart that used the same number one after the other. */
  serial: number
  /** Which of its lane's records is the first in the batch. */
  firstOrdinal: number
  count: number
  /** Bytes in use. */
  end: number
  budget: number
  flags: number
  tries: number
  /** On the clock that all threads of the process share. */
  createdAt: number
  baseTimestamp: number
  maxTimestamp: number
  bytes: Buffer
}

/** `bytes` must be a power of two of at least 64 KiB. */
export function createBatchStore(bytes: number): SharedArrayBuffer {
  if (bytes < 65_536 || (bytes & (bytes - 1)) !== 0)
    throw new RangeError(`a batch store must be a power of two of at least 64 KiB, not ${bytes}`)
  return new SharedArrayBuffer(bytes + blocksOf(bytes) * (HEAD_BYTES + 1))
}

function blocksOf(bytes: number): number {
  return bytes >> MIN_BITS
}

/** The parts of the memory: blocks, descriptions, and one byte a block that tells the size of what begins there, plus one. */
class Layout {
  readonly memory: SharedArrayBuffer
  readonly blocks: number
  readonly int32: Int32Array
  readonly float64: Float64Array
  readonly tags: Uint8Array

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    let capacity = 65_536
    while (capacity * 2 < memory.byteLength) capacity *= 2
    this.blocks = blocksOf(capacity)
    this.int32 = new Int32Array(memory, capacity, (this.blocks * HEAD_BYTES) / 4)
    this.float64 = new Float64Array(memory, capacity, (this.blocks * HEAD_BYTES) / 8)
    this.tags = new Uint8Array(memory, capacity + this.blocks * HEAD_BYTES, this.blocks)
  }

  bytes(block: number, order: number): Buffer {
    return Buffer.from(this.memory, block << MIN_BITS, 1 << (MIN_BITS + order))
  }
}

/** What a core left behind: every block with a description that counts. Main reads this when nobody writes any more. */
export function findBlocks(memory: SharedArrayBuffer): FoundBlock[] {
  const layout = new Layout(memory)
  const { int32, float64, tags, blocks } = layout
  const found: FoundBlock[] = []
  for (let block = 0; block < blocks; block++) {
    const tag = tags[block]!
    const at = block * (HEAD_BYTES / 4)
    const state = Atomics.load(int32, at + STATE)
    if (tag === 0 || (state & 0xff) === BlockState.none) continue
    const wide = at / 2
    const extent = at + EXTENTS + (state >> 8) * EXTENT_WORDS
    found.push({
      block,
      state: state & 0xff,
      lane: int32[at + LANE]!,
      serial: int32[at + SERIAL]!,
      firstOrdinal: float64[wide + FIRST_ORDINAL]!,
      count: int32[extent]!,
      end: int32[extent + 1]!,
      budget: int32[extent + 2]!,
      flags: int32[at + FLAGS]!,
      tries: int32[at + TRIES]!,
      createdAt: float64[wide + CREATED_AT]!,
      baseTimestamp: float64[wide + BASE_TIMESTAMP]!,
      maxTimestamp: float64[extent / 2 + 2]!,
      bytes: layout.bytes(block, tag - 1),
    })
  }
  return found
}

/** A block in use. */
export class BatchSlot {
  readonly buffer: Buffer
  /** Its first block; −1 in ordinary memory. */
  readonly block: number
  readonly order: number

  constructor(buffer: Buffer, block: number, order: number) {
    this.buffer = buffer
    this.block = block
    this.order = order
  }
}

export class BatchStore {
  readonly #layout: Layout
  readonly #largestOrder: number
  // doubly linked lists of free blocks, one an order; −1 ends them
  readonly #heads: Int32Array
  readonly #next: Int32Array
  readonly #previous: Int32Array
  /** The order of the free block that begins here, −1 where none does. */
  readonly #freeOrder: Int8Array
  /** Smallest blocks in use. */
  #used = 0
  /** Slots made before, to be used again: a steady stream makes none. */
  readonly #slots: (BatchSlot | undefined)[] = []

  /** Blocks that are in use stay so; see {@link keepOnly}. */
  constructor(memory: SharedArrayBuffer) {
    this.#layout = new Layout(memory)
    const { blocks, tags } = this.#layout
    this.#largestOrder = Math.max(0, Math.log2(blocks) - LARGEST_SHARE_BITS)
    this.#heads = new Int32Array(this.#largestOrder + 1).fill(-1)
    this.#next = new Int32Array(blocks).fill(-1)
    this.#previous = new Int32Array(blocks).fill(-1)
    this.#freeOrder = new Int8Array(blocks).fill(-1)
    // from the end, so that the first blocks are taken first
    const taken = new Uint8Array(blocks)
    for (let block = 0; block < blocks; block++) {
      const tag = tags[block]!
      if (tag === 0) continue
      taken.fill(1, block, block + (1 << (tag - 1)))
      this.#used += 1 << (tag - 1)
    }
    for (let block = blocks - 1; block >= 0; block--) if (taken[block] === 0) this.#addFree(block, 0)
  }

  /** More than half of it is in use: better not to take blocks in advance of what goes into them. */
  get crowded(): boolean {
    return this.#used > this.#layout.blocks >> 1
  }

  /** A block of at least `size` bytes with old contents, or ordinary memory when there is none. */
  take(size: number): BatchSlot {
    const wanted = Math.max(0, 32 - Math.clz32(size - 1) - MIN_BITS)
    let order = wanted
    while (order <= this.#largestOrder && this.#heads[order]! < 0) order++
    if (order > this.#largestOrder) return new BatchSlot(Buffer.allocUnsafeSlow(size), -1, -1)
    const block = this.#heads[order]!
    this.#unlink(block, order)
    while (order > wanted) {
      order--
      this.#link(block + (1 << order), order)
    }
    Atomics.store(this.#layout.int32, block * (HEAD_BYTES / 4) + STATE, BlockState.none)
    this.#layout.tags[block] = order + 1
    this.#used += 1 << order
    return this.#slot(block, order)
  }

  /** Gives a block back; nobody may hold a view on it any more (IP6). */
  give(slot: BatchSlot): void {
    const { block, order, buffer } = slot
    // what is not shared is freed now, not when garbage is collected
    if (block < 0) (buffer.buffer as ArrayBuffer).transfer(0)
    else this.#free(block, order)
  }

  /** Frees all blocks but these: what a crashed core left and nobody goes on with. */
  keepOnly(blocks: ReadonlySet<number>): void {
    const { tags } = this.#layout
    for (let block = 0; block < tags.length; block++) {
      if (tags[block]! > 0 && !blocks.has(block)) this.#free(block, tags[block]! - 1)
    }
  }

  /** The slot of a block in use. */
  slotOf(block: number): BatchSlot {
    return this.#slot(block, this.#layout.tags[block]! - 1)
  }

  /** Whom the batch in this block belongs to; does not count before {@link save}. */
  assign({ block }: BatchSlot, lane: number, serial: number, firstOrdinal: number, createdAt: number): void {
    if (block < 0) return
    const { int32, float64 } = this.#layout
    const at = block * (HEAD_BYTES / 4)
    int32[at + LANE] = lane
    int32[at + SERIAL] = serial
    float64[at / 2 + FIRST_ORDINAL] = firstOrdinal
    float64[at / 2 + CREATED_AT] = createdAt
    int32[at + TRIES] = 0
    int32[at + FLAGS] = 0
  }

  /** The batch in this block is older than it was said to be. */
  age({ block }: BatchSlot, createdAt: number): void {
    if (block >= 0) this.#layout.float64[(block * (HEAD_BYTES / 4)) / 2 + CREATED_AT] = createdAt
  }

  /** Records up to `end` count from now on. */
  save(
    { block }: BatchSlot,
    state: number,
    count: number,
    end: number,
    budget: number,
    baseTimestamp: number,
    maxTimestamp: number,
  ): void {
    if (block < 0) return
    const { int32, float64 } = this.#layout
    const at = block * (HEAD_BYTES / 4)
    const copy = (int32[at + STATE]! >> 8) ^ 1
    const extent = at + EXTENTS + copy * EXTENT_WORDS
    int32[extent] = count
    int32[extent + 1] = end
    int32[extent + 2] = budget
    float64[extent / 2 + 2] = maxTimestamp
    float64[at / 2 + BASE_TIMESTAMP] = baseTimestamp
    Atomics.store(int32, at + STATE, state | (copy << 8))
  }

  setState({ block }: BatchSlot, state: number): void {
    if (block < 0) return
    const { int32 } = this.#layout
    const at = block * (HEAD_BYTES / 4) + STATE
    Atomics.store(int32, at, state | (int32[at]! & 0x100))
  }

  /** What its last tries mean for the batch. */
  mark({ block }: BatchSlot, flags: number, tries: number): void {
    if (block < 0) return
    const at = block * (HEAD_BYTES / 4)
    this.#layout.int32[at + FLAGS] = flags
    this.#layout.int32[at + TRIES] = tries
  }

  #slot(block: number, order: number): BatchSlot {
    const known = this.#slots[block]
    if (known?.order === order) return known
    return (this.#slots[block] = new BatchSlot(this.#layout.bytes(block, order), block, order))
  }

  #free(block: number, order: number): void {
    Atomics.store(this.#layout.int32, block * (HEAD_BYTES / 4) + STATE, BlockState.none)
    this.#layout.tags[block] = 0
    this.#used -= 1 << order
    this.#addFree(block, order)
  }

  /** Joins it with its other half as long as that is free too. */
  #addFree(block: number, order: number): void {
    let first = block
    let size = order
    while (size < this.#largestOrder) {
      const buddy = first ^ (1 << size)
      if (this.#freeOrder[buddy] !== size) break
      this.#unlink(buddy, size)
      first &= ~(1 << size)
      size++
    }
    this.#link(first, size)
  }

  #link(block: number, order: number): void {
    const head = this.#heads[order]!
    this.#next[block] = head
    this.#previous[block] = -1
    if (head >= 0) this.#previous[head] = block
    this.#heads[order] = block
    this.#freeOrder[block] = order
  }

  #unlink(block: number, order: number): void {
    const next = this.#next[block]!
    const previous = this.#previous[block]!
    if (previous >= 0) this.#next[previous] = next
    else this.#heads[order] = next
    if (next >= 0) this.#previous[next] = previous
    this.#freeOrder[block] = -1
  }
}
