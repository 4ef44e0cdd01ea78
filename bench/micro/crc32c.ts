/** CRC-32C as it is chosen for a length, and by itself what there was to choose from. `node bench/micro/crc32c.ts` */
import { createRequire } from 'node:module'
import { crc32c, crc32cTable } from '../../src/shared/crc32c.ts'
import { main, type Subject } from './measure.ts'

const CALLS = 200
const LENGTHS = [16, 64, 128, 192, 256, 320, 384, 512, 1024, 16384, 1 << 17]
const IN_THE_SUITE = [64, 1024, 16384, 1 << 17]

type Native = { crc32c: (bytes: Uint8Array) => number }
const ordinary = Buffer.alloc(1 << 20, 'some bytes, not all alike')
const shared = Buffer.from(new SharedArrayBuffer(ordinary.length))
ordinary.copy(shared)

/** An optional dependency: without it there is only the table. */
function native(): Native['crc32c'] | undefined {
  try {
    return (createRequire(import.meta.url)('@node-rs/crc32') as Native).crc32c
  } catch {
    return undefined
  }
}

const inNative = native()
const ways: [string, (at: number, length: number) => number][] = [
  ['chosen, shared memory', (at, length) => crc32c(shared, at, at + length)],
  ['table', (at, length) => crc32cTable(ordinary, at, at + length)],
  ['table, shared memory', (at, length) => crc32cTable(shared, at, at + length)],
]
if (inNative) {
  ways.push(['native', (at, length) => inNative(ordinary.subarray(at, at + length))])
  ways.push(['native, shared memory', (at, length) => inNative(shared.subarray(at, at + length))])
}

const subjects = LENGTHS.flatMap((length) =>
  ways.map(
    ([name, crc], index): Subject => ({
      name: `${length} bytes, ${name}`,
      units: CALLS,
      bytes: length,
      alone: index > 0 || !IN_THE_SUITE.includes(length),
      run() {
        let all = 0
        for (let i = 0; i < CALLS; i++) all ^= crc(i & 63, length)
        return all
      },
    }),
  ),
)

await main('crc32c', [{ title: 'CRC-32C', unit: 'call', subjects }])
