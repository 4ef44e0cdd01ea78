/** Zstandard, from Node's own zlib. A frame whose window is over 128 MiB is refused there. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type Codec, InflatesTooFar } from './codec.ts'

/** Output is collected in pieces of this size; zlib's own 16 KiB cost more time on large batches. */
const CHUNK_BYTES = 64 * 1024

export const zstd: Codec = {
  compress: (bytes, level) =>
    zstdCompressSync(bytes, level === undefined ? {} : { params: { [constants.ZSTD_c_compressionLevel]: level } }),
  decompress(bytes, maxBytes) {
    try {
      return zstdDecompressSync(bytes, { maxOutputLength: maxBytes, chunkSize: CHUNK_BYTES })
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw new InflatesTooFar()
      throw error
    }
  },
}
