/**
 * A record's tail: its bytes from the key's length on, exactly as in a record batch. Main writes it straight into the
 * submission ring, the worker copies it behind the few bytes that depend on the batch. Knows neither ring nor batch.
 */
import { copyBytes } from './copy-bytes.ts'
import type { Bytes, HeaderInput } from './types.ts'
import { varintSize, writeVarint } from './varint.ts'

/** Up to this many UTF-16 units a loop beats the call into native code (`bench/micro/record-batch.ts`). */
const SHORT_TEXT_UNITS = 12

type Headers = readonly HeaderInput[] | undefined

/** Bytes the tail takes at most: cheap to know, up to three times too much for text. */
export function tailBound(key: Bytes | undefined, value: Bytes | undefined, headers: Headers): number {
  let bound = 15 + bytesBound(key) + bytesBound(value)
  if (headers !== undefined) {
    for (let i = 0; i < headers.length; i++) bound += 10 + headers[i]![0].length * 3 + bytesBound(headers[i]![1])
  }
  return bound
}

/** Bytes the tail takes exactly: walks every text. */
export function tailSize(key: Bytes | undefined, value: Bytes | undefined, headers: Headers): number {
  const count = headers?.length ?? 0
  let size = bytesSize(key) + bytesSize(value) + varintSize(count)
  for (let i = 0; i < count; i++) size += bytesSize(headers![i]![0]) + bytesSize(headers![i]![1])
  return size
}

/** Writes the tail at `at`, where {@link tailBound} bytes must be free; returns the position after it. */
export function writeTail(
  target: Buffer,
  at: number,
  key: Bytes | undefined,
  value: Bytes | undefined,
  headers: Headers,
): number {
  let end = writeBytes(target, writeBytes(target, at, key), value)
  if (headers === undefined || headers.length === 0) {
    target[end] = 0
    return end + 1
  }
  end = writeVarint(target, end, headers.length)
  for (let i = 0; i < headers.length; i++) {
    const header = headers[i]!
    end = writeBytes(target, writeBytes(target, end, header[0]), header[1])
  }
  return end
}

function bytesBound(bytes: Bytes | undefined): number {
  if (bytes === null || bytes === undefined) return 0
  return typeof bytes === 'string' ? bytes.length * 3 : bytes.length
}

function bytesSize(bytes: Bytes | undefined): number {
  if (bytes === null || bytes === undefined) return 1
  const length = typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length
  return varintSize(length) + length
}

function writeBytes(target: Buffer, at: number, bytes: Bytes | undefined): number {
  if (bytes === null || bytes === undefined) {
    target[at] = 1 // zigzag of −1
    return at + 1
  }
  if (typeof bytes === 'string') return writeText(target, at, bytes)
  return copyBytes(bytes, 0, bytes.length, target, writeVarint(target, at, bytes.length))
}

function writeText(target: Buffer, at: number, text: string): number {
  if (text.length <= SHORT_TEXT_UNITS) {
    const end = writeShortAscii(target, at, text)
    if (end !== 0) return end
  }
  // The length goes before the text but is known after it: leave room for what ASCII takes, move the text if that was wrong.
  const start = at + varintSize(text.length)
  const length = target.write(text, start)
  const exact = at + varintSize(length)
  if (exact !== start) target.copyWithin(exact, start, start + length)
  writeVarint(target, at, length)
  return exact + length
}

/** Returns 0 when the text is not ASCII after all; then what was written is to be overwritten. */
function writeShortAscii(target: Buffer, at: number, text: string): number {
  const length = text.length
  target[at] = length << 1 // its varint
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) return 0
    target[at + 1 + i] = unit
  }
  return at + 1 + length
}
