/** Zstandard, from Node's own zlib. A frame whose window is over 128 MiB is refused there. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type Codec, InflatesTooFar } from './codec.ts'

/** Output is collected in pieces of this size; zlib's own 16 KiB cost more time on large batches. */
const CHUNK_BYTES = 64 * 1024
/** What every reader of zstd has to bear, and levels up to 19 stay under. */
const PLAIN_WINDOW_LOG = 23
const MAX_WINDOW_LOG = 27

export const zstd: Codec = {
  compress: (bytes, level) => zstdCompressSync(bytes, level === undefined ? {} : { params: paramsOf(level) }),
  decompress(bytes, maxBytes) {
    if (claimedSize(bytes) > maxBytes) throw new InflatesTooFar()
    try {
      return inflate(bytes, maxBytes, PLAIN_WINDOW_LOG)
    } catch (error) {
      if ((error as { code?: string }).code !== 'ZSTD_error_frameParameter_windowTooLarge') throw error
    }
    // the decoder keeps a window beside what it gives out: with a large one, what comes out is in memory twice
    return inflate(bytes, Math.floor(maxBytes / 2), MAX_WINDOW_LOG)
  },
}

/** To Node a −1 means that a parameter is not set. Levels below zero differ in the target length alone, which is their distance from zero. */
function paramsOf(level: number): Record<number, number> {
  const { ZSTD_c_compressionLevel: compressionLevel, ZSTD_c_targetLength: targetLength } = constants
  return level === -1 ? { [compressionLevel]: -2, [targetLength]: 1 } : { [compressionLevel]: level }
}

/** What the first frame says that it inflates to, 0 when it does not; Node takes a window of that size before it looks further. */
function claimedSize(bytes: Uint8Array): number {
  const descriptor = bytes[4] ?? 0
  const isSegment = (descriptor & 0x20) !== 0
  const sizeBytes = [isSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6]!
  const at = 5 + (isSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!
  let size = sizeBytes === 2 ? 256 : 0
  for (let i = sizeBytes - 1; i >= 0; i--) size += (bytes[at + i] ?? 0) * 256 ** i
  return size
}

function inflate(bytes: Uint8Array, maxBytes: number, windowLog: number): Uint8Array {
  try {
    return zstdDecompressSync(bytes, {
      maxOutputLength: maxBytes,
      chunkSize: CHUNK_BYTES,
      params: { [constants.ZSTD_d_windowLogMax]: windowLog },
    })
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_BUFFER_TOO_LARGE') throw error
    const large = windowLog === MAX_WINDOW_LOG
    throw new InflatesTooFar(large ? 'with a window over 8 MiB, which counts twice' : '')
  }
}
