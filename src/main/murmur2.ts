/** Kafka's murmur2 and the partition it gives a key; bit for bit, since every client must place a key alike. */

const SEED = 0x9747b28c
const MIX = 0x5bd1e995

/** Text up to this many UTF-16 units is encoded into `scratch`, which allocates nothing. */
const SCRATCH_UNITS = 512
/** Up to this many, ASCII goes in by a loop. */
const SHORT_UNITS = 16
const scratch = Buffer.allocUnsafeSlow(SCRATCH_UNITS * 3)

/**
 * The hash (an int32) of the key's bytes; text counts as UTF-8. Half a surrogate pair counts as U+FFFD, since that is what is written
 * for it; Java writes a question mark instead, so there it is another key.
 */
export function murmur2(key: string | Uint8Array): number {
  if (typeof key !== 'string') return hash(key, key.length)
  if (key.length > SCRATCH_UNITS) {
    const bytes = Buffer.from(key)
    return hash(bytes, bytes.length)
  }
  return hash(scratch, writeShortAscii(key) ? key.length : scratch.write(key, 0))
}

/** Short ASCII is faster by a loop than by a call into native code. */
function writeShortAscii(key: string): boolean {
  if (key.length > SHORT_UNITS) return false
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i)
    if (unit > 0x7f) return false
    scratch[i] = unit
  }
  return true
}

/** The partition of a key among `partitionCount`. */
export function partitionForKey(key: string | Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount
}

function hash(bytes: Uint8Array, length: number): number {
  let h = SEED ^ length
  let at = 0
  for (const last = length - 4; at <= last; at += 4) {
    let k = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    k = Math.imul(k, MIX)
    k ^= k >>> 24
    h = Math.imul(h, MIX) ^ Math.imul(k, MIX)
  }
  const left = length - at
  if (left === 3) h ^= bytes[at + 2]! << 16
  if (left >= 2) h ^= bytes[at + 1]! << 8
  if (left >= 1) h = Math.imul(h ^ bytes[at]!, MIX)
  h ^= h >>> 13
  h = Math.imul(h, MIX)
  return h ^ (h >>> 15)
}
