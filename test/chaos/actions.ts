/**
 * What can become of a frame on its way: a script of bytes, pauses and ends that is played instead of it. Frames have their size in
 * front. Pure, except for the few that remember an earlier frame; which frames are hit is decided in `rules.ts`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exchange } from './exchange.ts'

/** `freeze`: nothing goes either way any more, both sockets stay open. */
export type End = 'reset' | 'fin' | 'freeze'
/** Bytes are sent, a number is a pause in ms, a promise is awaited, an end ends the connection. */
export type Step = Uint8Array | number | Promise<unknown> | End
export type Action = (frame: Buffer, exchange: Exchange) => Iterable<Step>

export const delay =
  (ms: number): Action =>
  (frame) => [ms, frame]

/** Held back until the promise resolves. */
export const hold =
  (until: Promise<unknown>): Action =>
  (frame) => [until, frame]

/** In ten pieces a second. */
export const slow = (bytesPerSecond: number): Action =>
  function* (frame) {
    const piece = Math.max(1, Math.floor(bytesPerSecond / 10))
    for (let at = 0; at < frame.length; at += piece) {
      yield frame.subarray(at, at + piece)
      yield 100
    }
  }

/** The first `bytes` bytes, then the end; a negative number counts from the frame's end. 0 loses the frame, a large number follows it. */
export const cut =
  (bytes: number, end: End = 'reset'): Action =>
  (frame) => [frame.subarray(0, bytes < 0 ? Math.max(0, frame.length + bytes) : bytes), end]

/** Lost whole: of an answer, the acknowledgement of what took effect. */
export const lose = (end: End = 'reset'): Action => cut(0, end)

/** Nothing more either way, as when the peer is gone without a word. */
export const freeze = (): Action => cut(0, 'freeze')

/** The body loses its last bytes and the size says so. */
export const shorten =
  (bytes: number): Action =>
  (frame) => [sized(frame.subarray(0, Math.max(4, frame.length - bytes)))]

/** Bytes follow the body and the size counts them. */
export const extend =
  (bytes: number): Action =>
  (frame) => [sized(Buffer.concat([frame, Buffer.alloc(bytes, 0x5a)]))]

/** One bit flipped between the byte `from` and `to` bytes from the end, in a place that the seed chooses; the size and the correlation id stay, so that the body is read. */
export const flipBit =
  (seed: number, { from = 8, to = 0 }: { from?: number; to?: number } = {}): Action =>
  (frame) => {
    const random = dice(seed)
    const flipped = Buffer.from(frame)
    const places = frame.length + to - from
    if (places > 0) {
      const at = from + Math.floor(random() * places)
      flipped[at] = flipped[at]! ^ (1 << Math.floor(random() * 8))
    }
    return [flipped]
  }

/** Bytes are taken out or put in where the seed says, and the size is right again. */
export const resize =
  (seed: number): Action =>
  (frame) => {
    const random = dice(seed)
    const at = 8 + Math.floor(random() * (frame.length - 8))
    const count = 1 + Math.floor(random() * 8)
    const added = random() < 0.5 ? Buffer.from(Array.from({ length: count }, () => Math.floor(random() * 256))) : Buffer.alloc(0)
    const after = added.length > 0 ? at : Math.min(frame.length, at + count)
    return [sized(Buffer.concat([frame.subarray(0, at), added, frame.subarray(after)]))]
  }

/** Everything behind the correlation id is noise. */
export const noise =
  (seed: number): Action =>
  (frame) => {
    const random = dice(seed)
    return [Buffer.from(frame.map((byte, at) => (at < 8 ? byte : Math.floor(random() * 256))))]
  }

/** Other bytes at a place: lies in counts. A negative place counts from the end. */
export const overwrite =
  (at: number, bytes: readonly number[]): Action =>
  (frame) => {
    const lying = Buffer.from(frame)
    lying.set(bytes, at < 0 ? frame.length + at : at)
    return [lying]
  }

/** The size in front says something else; the body follows as it is. */
export const claimSize =
  (size: number): Action =>
  (frame) => {
    const lying = Buffer.from(frame)
    lying.writeInt32BE(size, 0)
    return [lying]
  }

/** Other bytes instead. */
export const say =
  (bytes: Uint8Array | string): Action =>
  () => [Buffer.from(bytes as Uint8Array)]

/** What a TLS listener says to plain text: a fatal alert, unexpected message. */
export const tlsAlert = (): Action => say(Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x0a]))

export const http = (): Action => say('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')

/** As if it answered another request. */
export const otherCorrelationId =
  (change: (id: number) => number): Action =>
  (frame) => [withCorrelationId(frame, change(frame.readInt32BE(4)))]

export const repeat = (): Action => (frame) => [frame, frame]

/** The frame, and an answer that nobody asked for. */
export const unsolicited = (): Action => (frame) => [frame, withCorrelationId(frame, 0x7fff_fff0)]

/** Two answers on one connection get each other's correlation ids; needs a rule for two, and two requests in flight. */
export function swapped(): Action {
  let held: Buffer | undefined
  return (frame) => {
    if (held === undefined) {
      held = frame
      return []
    }
    const first = held
    return [withCorrelationId(first, frame.readInt32BE(4)), withCorrelationId(frame, first.readInt32BE(4))]
  }
}

function withCorrelationId(frame: Buffer, id: number): Buffer {
  const changed = Buffer.from(frame)
  changed.writeInt32BE(id, 4)
  return changed
}

function sized(frame: Buffer): Buffer {
  const copy = Buffer.from(frame)
  copy.writeInt32BE(copy.length - 4, 0)
  return copy
}

/** The same numbers for the same seed. */
export function dice(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export { sleep }
