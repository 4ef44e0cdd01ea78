/** The hash that places a key, the same in every Kafka client. `node bench/micro/murmur2.ts` */
import { murmur2 } from '../../src/main/murmur2.ts'
import { main } from './measure.ts'

const CALLS = 1000
/** Of each kind, so that nothing is hashed twice in a row. */
const KEYS = 64

const keys: [string, (index: number) => string | Uint8Array][] = [
  ['text of 9', (index) => `user-${1000 + index}`],
  ['text of 36', (index) => `0af76519-16cd-43dd-8448-eb211c8031${10 + index}`],
  ['text of 9, umlauts', (index) => `schlüß${100 + index}`],
  ['16 bytes', (index) => Buffer.alloc(16, index)],
  ['100 bytes', (index) => Buffer.alloc(100, index)],
]

let all = 0
const subjects = keys.map(([name, make]) => {
  const some = Array.from({ length: KEYS }, (_, index) => make(index))
  return {
    name,
    units: CALLS,
    run() {
      for (let i = 0; i < CALLS; i++) all ^= murmur2(some[i % KEYS]!)
    },
  }
})

await main('murmur2', [{ title: 'murmur2 of a key', unit: 'key', subjects }])
if (!Number.isInteger(all)) throw new Error('nothing was hashed')
