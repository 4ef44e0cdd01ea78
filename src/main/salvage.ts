/**
 * After the crash of an I/O core: what became of each record that it had not settled (IX8). It is whole in a block of the batch
 * store, or still in the submission ring, or lost. Pure bookkeeping by ordinals: each lane's records are counted from 0 in the order
 * of the sends. Knows no threads.
 */
import { BlockFlag, BlockState, type FoundBlock } from '../shared/batch-store.ts'
import type { WireError } from '../shared/errors.ts'
import type { LaneRemains, LostRecords } from '../shared/io-api.ts'
import { BATCH_OVERHEAD, checkCrc, readBatchHeader } from '../shared/record-batch.ts'
import type { LaneLeftovers } from '../shared/submission.ts'
import { MalformedVarint, VarintReader } from '../shared/varint.ts'

/** What main knows of a lane. */
export interface LaneTally {
  lane: number
  serial: number
  /** Records handed over since it was opened. */
  accepted: number
  /** Those of them that have their verdict. */
  settled: number
  /** What the others take of the buffer budget. */
  bytes: number
}

export interface Salvage {
  remains: LaneRemains[]
  /** How many records of each lane need not be read from the ring, lost ones included. */
  taken: Map<number, number>
  /** How many of each lane's records in the ring are to be left out: they are in a batch already. */
  inRingToo: Map<number, number>
}

export function salvage(
  found: readonly FoundBlock[],
  left: ReadonlyMap<number, LaneLeftovers>,
  tallies: Iterable<LaneTally>,
  lost: WireError,
): Salvage {
  const byLane = Map.groupBy(found, ({ lane }) => lane)
  const result: Salvage = { remains: [], taken: new Map(), inRingToo: new Map() }
  for (const tally of tallies) {
    const blocks = (byLane.get(tally.lane) ?? []).filter(({ serial }) => serial === tally.serial)
    const firstInRing = tally.accepted - (left.get(tally.lane)?.records ?? 0)
    const batches: LaneRemains['batches'] = []
    let at = tally.settled
    const loseUntil = (ordinal: number): void => {
      if (ordinal > at) batches.push({ firstOrdinal: at, count: ordinal - at, budget: 0, lost })
      at = Math.max(at, ordinal)
    }
    // of two copies, made while a batch was moved, the longer one counts
    for (const block of blocks.sort((a, b) => a.firstOrdinal - b.firstOrdinal || b.count - a.count)) {
      const end = block.firstOrdinal + block.count
      if (block.firstOrdinal < at || end > tally.accepted || !isWhole(block)) continue
      loseUntil(block.firstOrdinal)
      const { bytes: _, ...description } = block
      batches.push(description)
      at = end
    }
    loseUntil(firstInRing)
    result.taken.set(tally.lane, at)
    result.inRingToo.set(tally.lane, at - firstInRing)
    const ghost = ghostOf(blocks, tally.settled)
    if (batches.length > 0 || ghost) result.remains.push({ lane: tally.lane, batches, ghost })
  }
  return result
}

/** Gives lost records their share of the budget: what nothing else accounts for. `ringBytes` is what each lane still has in the ring. */
export function settleBudgets(
  { remains }: Salvage,
  tallies: ReadonlyMap<number, LaneTally>,
  ringBytes: (lane: number) => number,
): void {
  for (const { lane, batches } of remains) {
    const lost = batches.find((batch): batch is LostRecords => 'lost' in batch)
    if (!lost) continue
    let known = ringBytes(lane)
    for (const batch of batches) if (!('lost' in batch)) known += batch.budget
    lost.budget = Math.max(0, tallies.get(lane)!.bytes - known)
  }
}

/** A settled batch that a socket had when the core crashed: a broker may still take it. */
function ghostOf(blocks: readonly FoundBlock[], settled: number): LaneRemains['ghost'] {
  const sent = BlockFlag.inFlight | BlockFlag.stamped
  const ghosts = blocks.filter(
    (block) =>
      block.firstOrdinal + block.count <= settled &&
      (block.flags & sent) === sent &&
      block.state === BlockState.sealed &&
      isWhole(block),
  )
  const last = ghosts.sort((a, b) => b.firstOrdinal - a.firstOrdinal)[0]
  if (!last) return undefined
  const { bytes: _, ...description } = last
  return description
}

/** Whether the block holds what its description says: no torn write, no stray one. */
function isWhole({ state, count, end, bytes }: FoundBlock): boolean {
  if (count < 1 || end < BATCH_OVERHEAD || end > bytes.length) return false
  if (state === BlockState.open) return endOfRecords(bytes, count) === end
  const header = readBatchHeader(bytes, 0, end)
  if (typeof header === 'string' || header.batchLength !== end || header.recordCount !== count) return false
  // its checksum was being changed together with its identity
  return state === BlockState.unstamped || checkCrc(bytes, 0, header)
}

/** Where the last of `count` records ends; −1 when they do not follow one another. */
function endOfRecords(bytes: Buffer, count: number): number {
  const reader = new VarintReader(bytes, BATCH_OVERHEAD, bytes.length)
  try {
    for (let i = 0; i < count; i++) {
      const length = reader.varint()
      if (length < 0 || reader.at + length > bytes.length) return -1
      reader.at += length
    }
    return reader.at
  } catch (thrown) {
    if (thrown instanceof MalformedVarint) return -1
    throw thrown
  }
}
