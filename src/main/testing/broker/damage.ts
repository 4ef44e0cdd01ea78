/** Answers that went wrong on the way: flipped bits, a wrong correlation id, a wrong length. Knows frames, not what is in them. */
import { readInt32, writeInt32 } from '../../../shared/record-batch.ts'
import type { FaultRule } from './fault-desk.ts'

const LENGTH_BYTES = 4
/** Length and correlation id. */
const HEADER_BYTES = 8
/** Lengths that are wrong in ways of their own: a little, too large for memory, none. */
const WRONG_LENGTHS: readonly ((length: number, chance: () => number) => number)[] = [
  (length, chance) => length + 1 + Math.floor(chance() * 1_000),
  (length, chance) => Math.floor(chance() * length),
  () => 2 ** 31 - 1,
  () => -1,
]

/** Changes the frame, in places that `chance` decides, and gives it back. */
export function damaged(frame: Buffer, { what = 'bytes', bytes = 1 }: FaultRule, chance: () => number): Buffer {
  const below = (limit: number): number => Math.floor(chance() * limit)
  if (what === 'length') {
    writeInt32(frame, 0, WRONG_LENGTHS[below(WRONG_LENGTHS.length)]!(frame.length - LENGTH_BYTES, chance))
  } else if (what === 'correlationId') writeInt32(frame, LENGTH_BYTES, (readInt32(frame, LENGTH_BYTES) + 1 + below(1_000)) | 0)
  else {
    const body = frame.subarray(HEADER_BYTES)
    for (let i = 0; i < bytes && body.length > 0; i++) body[below(body.length)]! ^= 1 << below(8)
  }
  return frame
}
