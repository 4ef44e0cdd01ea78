/** Which CRC-32C is faster for which length: own table or native. `node bench/micro/crc32c.ts` */
import { createRequire } from 'node:module'
import { crc32c, crc32cTable, NATIVE_FROM_BYTES } from '../../src/shared/crc32c.ts'
import { measure } from './measure.ts'

const CALLS = 200
const native = (createRequire(import.meta.url)('@node-rs/crc32') as { crc32c: (bytes: Uint8Array) => number }).crc32c

const ordinary = Buffer.alloc(1 << 20, 'some bytes, not all alike')
const shared = Buffer.from(new SharedArrayBuffer(ordinary.length))
ordinary.copy(shared)

const rows: Record<string, object> = {}
for (const length of [16, 64, 128, 192, 256, 320, 384, 512, 1024, 16384, 1 << 17]) {
  const repeat = (crc: (at: number) => number) => () => {
    let all = 0
    for (let i = 0; i < CALLS; i++) all ^= crc(i & 63)
    return all
  }
  const [table, inNative, tableShared, nativeShared, chosen] = await measure([
    { name: 'table', units: CALLS, run: repeat((at) => crc32cTable(ordinary, at, at + length)) },
    { name: 'native', units: CALLS, run: repeat((at) => native(ordinary.subarray(at, at + length))) },
    { name: 'table, shared', units: CALLS, run: repeat((at) => crc32cTable(shared, at, at + length)) },
    { name: 'native, shared', units: CALLS, run: repeat((at) => native(shared.subarray(at, at + length))) },
    { name: 'crc32c', units: CALLS, run: repeat((at) => crc32c(shared, at, at + length)) },
  ])
  rows[`${length} bytes`] = {
    'table ns': Math.round(table!.median),
    'native ns': Math.round(inNative!.median),
    'table, shared': Math.round(tableShared!.median),
    'native, shared': Math.round(nativeShared!.median),
    'crc32c()': Math.round(chosen!.median),
  }
}
console.log(`Native from ${NATIVE_FROM_BYTES} bytes on:`)
console.table(rows)
