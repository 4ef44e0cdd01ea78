/**
 * Writes DER (X.690), as far as certificates need it. Owns tags and lengths; does not know what a certificate is.
 */

const node = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  const short = bytes.subarray(bytes.findIndex((byte) => byte !== 0))
  return Buffer.from([0x80 | short.length, ...short])
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => node(0x30, ...items)
export const set = (...items: readonly Uint8Array[]): Buffer => node(0x31, ...items)
export const octetString = (bytes: Uint8Array): Buffer => node(0x04, bytes)
export const utf8String = (text: string): Buffer => node(0x0c, Buffer.from(text))
export const boolean = (value: boolean): Buffer => node(0x01, Buffer.from([value ? 0xff : 0]))

/** Whole bytes, or the first bits of them: `unused` is how many at the end of the last byte do not count. */
export const bitString = (bytes: Uint8Array, unused = 0): Buffer => node(0x03, Buffer.from([unused]), bytes)

/** A number that is not negative, big-endian. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = first === -1 ? Buffer.of(0) : bytes.subarray(first)
  return node(0x02, digits[0]! >= 0x80 ? Buffer.of(0) : Buffer.alloc(0), digits)
}

/** An object identifier in dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return node(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(value: number): number[] {
  const digits = [value & 0x7f]
  for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80)
  return digits
}

/** In seconds. Certificates must say dates until 2049 the short way. */
export function time(date: Date): Buffer {
  const text = `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
  return date.getUTCFullYear() < 2050 ? node(0x17, Buffer.from(text.slice(2))) : node(0x18, Buffer.from(text))
}

/** `[number]` around whole values. */
export const explicit = (number: number, ...items: readonly Uint8Array[]): Buffer => node(0xa0 | number, ...items)
/** `[number]` in place of the tag of a plain value. */
export const implicit = (number: number, content: Uint8Array): Buffer => node(0x80 | number, content)
