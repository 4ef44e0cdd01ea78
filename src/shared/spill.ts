/** Entries that found no room in a ring, in the same layout, waiting in ordinary memory. */

const SPILL_CHUNK = 256 * 1024

export class SpillChunk {
  readonly bytes: Buffer
  readonly int32: Int32Array
  readonly float64: Float64Array
  start = 0
  end = 0

  constructor(size: number) {
    const memory = new ArrayBuffer(size)
    this.bytes = Buffer.from(memory)
    this.int32 = new Int32Array(memory)
    this.float64 = new Float64Array(memory)
  }
}

/** The last of the chunks, or a new one at their end, with room for an entry. */
export function roomIn(chunks: SpillChunk[], size: number): SpillChunk {
  const last = chunks.at(-1)
  if (last && last.bytes.length - last.end >= size) return last
  const chunk = new SpillChunk(Math.max(SPILL_CHUNK, size))
  chunks.push(chunk)
  return chunk
}
