/** Cuts one direction of a connection into frames, each with its size in front. Knows nothing of what is in them. */
export class FrameSplitter {
  #bytes: Buffer = Buffer.alloc(0)

  /** The frames that are complete now. */
  push(bytes: Buffer): Buffer[] {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes])
    const frames: Buffer[] = []
    while (this.#bytes.length >= 4) {
      const end = 4 + this.#bytes.readInt32BE(0)
      if (end < 4) throw new RangeError(`a frame of ${end - 4} bytes`)
      if (this.#bytes.length < end) break
      frames.push(this.#bytes.subarray(0, end))
      this.#bytes = this.#bytes.subarray(end)
    }
    return frames
  }
}
