/**
 * Zigzag varints as record batches use them: `varint` is Kafka's int32, `varlong` its int64. Varlongs are plain numbers,
 * exact for every safe integer; no BigInt. Knows nothing of records.
 */

/** A varint that does not end where it must: over the end of its bytes, or longer than its type allows. */
export class MalformedVarint extends Error {
  readonly code = 'MALFORMED_VARINT'
  readonly at: number

  constructor(at: number) {
    super(`Varint at byte ${at} runs over its end`)
    this.at = at
  }
}

/** Bytes that `value` (an int32) takes. */
export function varintSize(value: number): number {
  return unsignedSize(((value << 1) ^ (value >> 31)) >>> 0)
}

/** Bytes that `value` (a safe integer) takes. */
export function varlongSize(value: number): number {
  if (value === (value | 0)) return varintSize(value)
  // The sign takes one bit of the first byte; doubling would leave the safe integers.
  let rest = Math.floor((value < 0 ? -(value + 1) : value) / 64)
  let size = 1
  for (; rest > 0; size++) rest = Math.floor(rest / 128)
  return size
}

/** Writes `value` (an int32) at `at`; returns the position after it. */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  let rest = (value << 1) ^ (value >> 31)
  let end = at
  while ((rest & ~0x7f) !== 0) {
    target[end++] = rest | 0x80
    rest >>>= 7
  }
  target[end++] = rest
  return end
}

/** Writes `value` (a safe integer) at `at`; returns the position after it. */
export function writeVarlong(target: Uint8Array, at: number, value: number): number {
  if (value === (value | 0)) return writeVarint(target, at, value)
  const magnitude = value < 0 ? -(value + 1) : value
  let rest = Math.floor(magnitude / 64)
  let end = at
  target[end++] = ((magnitude % 64) << 1) | (value < 0 ? 1 : 0) | 0x80
  while (rest > 0x7f) {
    target[end++] = (rest % 128) | 0x80
    rest = Math.floor(rest / 128)
  }
  target[end++] = rest
  return end
}

/**
 * Reads varints one after the other. `at` is the position of the next byte and may be moved; nothing is read at or past `end`.
 */
export class VarintReader {
  readonly bytes: Uint8Array
  at: number
  end: number

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  /** An int32. */
  varint(): number {
    const first = this.byte()
    if (first < 0x80) return (first >>> 1) ^ -(first & 1)
    let bits = first & 0x7f
    for (let shift = 7; shift < 28; shift += 7) {
      const next = this.byte()
      bits |= (next & 0x7f) << shift
      if (next < 0x80) return (bits >>> 1) ^ -(bits & 1)
    }
    const last = this.byte()
    if (last > 0x0f) throw new MalformedVarint(this.at)
    bits |= last << 28
    return (bits >>> 1) ^ -(bits & 1)
  }

  /** An int64; exact when it is a safe integer, else the nearest number. */
  varlong(): number {
    const first = this.byte()
    if (first < 0x80) return (first >>> 1) ^ -(first & 1)
    let magnitude = (first & 0x7f) >>> 1
    let scale = 64
    for (let i = 1; ; i++) {
      const next = this.byte()
      magnitude += (next & 0x7f) * scale
      if (next < 0x80) {
        if (i === 9 && next > 1) throw new MalformedVarint(this.at)
        return first & 1 ? -magnitude - 1 : magnitude
      }
      if (i === 9) throw new MalformedVarint(this.at)
      scale *= 128
    }
  }

  private byte(): number {
    if (this.at >= this.end) throw new MalformedVarint(this.at)
    return this.bytes[this.at++]!
  }
}

function unsignedSize(bits: number): number {
  if (bits < 0x80) return 1
  if (bits < 0x4000) return 2
  if (bits < 0x200000) return 3
  return bits < 0x10000000 ? 4 : 5
}
