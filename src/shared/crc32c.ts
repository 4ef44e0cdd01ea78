/**
 * CRC-32C (Castagnoli), the checksum of record batches. Uses the optional native `@node-rs/crc32` for long inputs and an own
 * table for short ones, where the call into native code costs more than it saves.
 */
import { createRequire } from 'node:module'

type NativeCrc = (bytes: Uint8Array) => number

/** Measured by `bench/micro/crc32c.ts`: from here on native is faster. */
export const NATIVE_FROM_BYTES = 320

const native = loadNative()
const tables = makeTables()

/** Whether the native implementation was found. */
export const hasNativeCrc: boolean = native !== undefined

/** The checksum of `bytes[start, end)` as uint32. Views on shared memory are fine. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  if (native === undefined || end - start < NATIVE_FROM_BYTES) return crc32cTable(bytes, start, end)
  return native(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end))
}

/** The portable implementation: slicing by 8. */
export function crc32cTable(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const t = tables
  let crc = -1
  let at = start
  for (const last = end - 8; at <= last; at += 8) {
    const low = crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
    crc =
      t[1792 + (low & 0xff)]! ^
      t[1536 + ((low >>> 8) & 0xff)]! ^
      t[1280 + ((low >>> 16) & 0xff)]! ^
      t[1024 + (low >>> 24)]! ^
      t[768 + bytes[at + 4]!]! ^
      t[512 + bytes[at + 5]!]! ^
      t[256 + bytes[at + 6]!]! ^
      t[bytes[at + 7]!]!
  }
  for (; at < end; at++) crc = t[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

/** Table k (of 8, one after the other) holds the CRC of a byte followed by k zero bytes. */
function makeTables(): Int32Array {
  const all = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
    all[byte] = crc
  }
  for (let i = 256; i < all.length; i++) all[i] = (all[i - 256]! >>> 8) ^ all[all[i - 256]! & 0xff]!
  return all
}

function loadNative(): NativeCrc | undefined {
  try {
    return (createRequire(import.meta.url)('@node-rs/crc32') as { crc32c: NativeCrc }).crc32c
  } catch {
    return undefined // an optional dependency: the table does it
  }
}
