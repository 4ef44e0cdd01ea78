/**
 * Cuts a byte stream into frames: a length, then that many bytes. Each frame gets a buffer of its own, the only copy that its
 * bytes see; the log keeps views on it. Knows no API.
 */

/** Kafka's `socket.request.max.bytes`. */
export const MAX_FRAME_BYTES = 100 * 1024 * 1024
/** The shortest request header: key, version, correlation id, no client id. */
export const MIN_FRAME_BYTES = 10
/** More is not allocated on the word of a length; the buffer grows with what arrives. */
const TRUSTED_BYTES = 2 * 1024 * 1024

/** A length that no Kafka client sends. */
export class BadFrame extends Error {
  constructor(length: number, min: number, max: number) {
    super(`A frame of ${length} bytes is not a Kafka request (${min} to ${max} bytes)`)
  }
}

export class FrameSplitter {
  minBytes = MIN_FRAME_BYTES
  maxBytes = MAX_FRAME_BYTES
  /** The length as far as it has arrived. */
  #length = 0
  #lengthBytes = 0
  #frame: Uint8Array | undefined
  #filled = 0

  /** Takes borrowed bytes and gives each frame that they complete to `onFrame`. Throws {@link BadFrame}. */
  push(bytes: Uint8Array, onFrame: (frame: Uint8Array) => void): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#frame === undefined) {
        this.#length = (this.#length << 8) | bytes[at++]!
        if (++this.#lengthBytes === 4) this.#begin()
        if (this.#lengthBytes === 4 && this.#length === 0) this.#end(onFrame)
        continue
      }
      at += this.#take(this.#frame, bytes, at)
      if (this.#filled === this.#length) this.#end(onFrame)
    }
  }

  #begin(): void {
    const { minBytes: min, maxBytes: max } = this
    if (this.#length < min || this.#length > max) throw new BadFrame(this.#length, min, max)
    this.#frame = Buffer.allocUnsafeSlow(Math.min(this.#length, TRUSTED_BYTES))
    this.#filled = 0
  }

  #take(frame: Uint8Array, bytes: Uint8Array, at: number): number {
    const count = Math.min(bytes.length - at, this.#length - this.#filled)
    if (this.#filled + count > frame.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#length, Math.max(frame.length * 2, this.#filled + count)))
      larger.set(frame.subarray(0, this.#filled))
      frame = this.#frame = larger
    }
    frame.set(count === bytes.length ? bytes : bytes.subarray(at, at + count), this.#filled)
    this.#filled += count
    return count
  }

  #end(onFrame: (frame: Uint8Array) => void): void {
    const frame = this.#frame!
    this.#frame = undefined
    this.#length = 0
    this.#lengthBytes = 0
    onFrame(frame)
  }
}
