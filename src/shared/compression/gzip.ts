/** gzip, from Node's own zlib. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Codec, InflatesTooFar } from './codec.ts'

/** Output is collected in pieces of this size; zlib's own 16 KiB cost a fifth more time on large batches. */
const CHUNK_BYTES = 64 * 1024

export const gzip: Codec = {
  compress: (bytes, level) => gzipSync(bytes, level === undefined ? {} : { level }),
  decompress(bytes, maxBytes) {
    try {
      return gunzipSync(bytes, { maxOutputLength: maxBytes, chunkSize: CHUNK_BYTES })
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw new InflatesTooFar()
      throw error
    }
  },
}
