/** xxHash32 with seed 0 of fewer than 16 bytes: all that the header of an LZ4 frame needs. Knows no frame. */
const PRIME_2 = 0x85ebca77
const PRIME_3 = 0xc2b2ae3d
const PRIME_4 = 0x27d4eb2f
const PRIME_5 = 0x165667b1

const rotate = (bits: number, by: number): number => (bits << by) | (bits >>> (32 - by))

/** Of `bytes[start, end)`; unsigned. */
export function xxhash32Short(bytes: Uint8Array, start: number, end: number): number {
  let hash = (PRIME_5 + (end - start)) | 0
  let at = start
  for (; at + 4 <= end; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    hash = Math.imul(rotate((hash + Math.imul(word, PRIME_3)) | 0, 17), PRIME_4)
  }
  for (; at < end; at++) hash = Math.imul(rotate((hash + Math.imul(bytes[at]!, PRIME_5)) | 0, 11), 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2)
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3)
  return (hash ^ (hash >>> 16)) >>> 0
}
