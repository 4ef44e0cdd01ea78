/**
 * Work that has nothing to do with odradek. By it a comparison sees how fast the machine was, so that a slower machine is not
 * taken for slower code; it must never change. `node bench/micro/reference.ts`
 */
import { main } from './measure.ts'

const STEPS = 10_000

const numbers = new Uint32Array(1 << 14)
const bytes = Buffer.alloc(1 << 16, 'some bytes, not all alike')
const names = new Map(Array.from({ length: 256 }, (_, index) => [`name-${index}`, index]))
const keys = [...names.keys()]

let kept: { index: number; sum: number }[] = []

/** Arithmetic, lookups, small objects and a copy of bytes: a bit of everything that JavaScript does. */
function work(): void {
  let state = 1
  let sum = 0
  kept = []
  for (let i = 0; i < STEPS; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    numbers[state & 0x3fff]! += i
    sum += names.get(keys[i & 0xff]!)!
    if ((i & 0x0f) === 0) kept.push({ index: i, sum })
    if ((i & 0x3ff) === 0) bytes.copyWithin(state & 0xff, 1024)
  }
}

await main('reference', [
  { title: 'Reference', unit: 'step', subjects: [{ name: 'arithmetic, lookups, objects, copies', units: STEPS, run: work }] },
])
if (kept.length === 0) throw new Error('nothing was done')
