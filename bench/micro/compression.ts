/**
 * What each codec costs at its default level, on a batch of JSON records that are alike but not equal. Native codecs that are not
 * installed are left out. `node bench/micro/compression.ts`
 */

import { CODECS, compress, decompress, requireCodec } from '../../src/shared/compression/index.ts'
import type { CompressionName } from '../../src/shared/io-api.ts'
import { main } from './measure.ts'

const RECORDS = 1000

/** Records as services write them, the same in every run. */
function records(): Buffer {
  let state = 1
  const chance = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % below
  }
  const kinds = ['created', 'paid', 'shipped', 'cancelled']
  const lines = Array.from({ length: RECORDS }, (_, id) =>
    JSON.stringify({
      id,
      kind: kinds[chance(4)],
      customer: `user-${chance(10_000)}`,
      cents: chance(100_000),
      note: chance(2) === 0,
    }),
  )
  return Buffer.from(lines.join(''))
}

function installed(codec: CompressionName): boolean {
  try {
    requireCodec(codec)
    return true
  } catch {
    return false
  }
}

const batch = records()
const codecs = CODECS.filter((codec) => codec !== 'none' && installed(codec)).map((codec) => {
  const packed = compress(codec, undefined, batch)
  return { codec, packed }
})
const bytes = batch.length

await main('compression', [
  {
    title: `Compression of a batch of ${RECORDS} JSON records, ${Math.round(bytes / 1000)} kB`,
    unit: 'batch',
    subjects: [
      ...codecs.map(({ codec }) => ({
        name: `${codec}: compress`,
        units: 1,
        bytes,
        run: () => compress(codec, undefined, batch),
      })),
      ...codecs.map(({ codec, packed }) => ({
        name: `${codec}: decompress`,
        units: 1,
        bytes,
        run: () => decompress(codec, packed, bytes),
      })),
    ],
  },
])
