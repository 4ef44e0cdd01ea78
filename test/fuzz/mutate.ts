/** Makes damaged and lying frames from good ones. Knows bytes only, and the numbers that protocols trip over. */
import type { Random } from './random.ts'

const MAX_GROWTH = 32 * 1024

/** Numbers that lie about lengths and counts, as they stand on the wire: of one to eight bytes, and varints. */
const LIES = [
  ...['00', '01', '02', '7e', '7f', '80', 'fe', 'ff'],
  ...['0000', '0001', '7fff', '8000', 'ffff', 'ff7f', '0080'],
  ...['00000000', '00000001', '0000ffff', '00010000', '7fffffff', '80000000', 'fffffffe', 'ffffffff', 'ffffff7f', '04224d18'],
  ...['7fffffffffffffff', '8000000000000000', 'ffffffffffffffff', '001fffffffffffff', '0000000100000000'],
  ...['8000', '8001', 'ff01', 'ffff03', '80808000', 'ffffff7f', 'ffffffff07', 'ffffffff0f', 'ffffffff7f', 'ffffffffff01'],
  ...['ffffffffffffffffff01', 'ffffffffffffffffff7f', '80808080808080808080'],
].map((hex) => Buffer.from(hex, 'hex'))

type Mutation = (frame: Buffer, at: number, random: Random, other: Buffer) => Buffer

const mutations: readonly Mutation[] = [
  function flipBit(frame, at, random) {
    const copy = Buffer.from(frame)
    copy[at]! ^= 1 << random(8)
    return copy
  },
  function setByte(frame, at, random) {
    return spliced(frame, at, 1, Buffer.from([random(256)]))
  },
  function lie(frame, at, random) {
    const number = LIES[random(LIES.length)]!
    return spliced(frame, at, number.length, number)
  },
  function insertLie(frame, at, random) {
    return spliced(frame, at, 0, LIES[random(LIES.length)]!)
  },
  function nudge(frame, at, random) {
    const copy = Buffer.from(frame)
    copy[at]! += random(9) - 4
    return copy
  },
  function remove(frame, at, random) {
    return spliced(frame, at, 1 + random(8), EMPTY)
  },
  function truncate(frame, at) {
    return frame.subarray(0, at)
  },
  function extend(frame, _at, random) {
    const pattern = random(2) === 0 ? LIES[random(LIES.length)]! : frame
    return Buffer.concat([frame, Buffer.alloc(random(1 << random(16)) % MAX_GROWTH, pattern.length > 0 ? pattern : 0)])
  },
  function swell(frame, at, random) {
    return spliced(frame, at, 0, Buffer.alloc(random(1 << random(16)) % MAX_GROWTH, LIES[random(LIES.length)]!))
  },
  function repeat(frame, at, random) {
    const piece = frame.subarray(at, at + 1 + random(64))
    return spliced(frame, at, 0, Buffer.alloc(piece.length * (1 + random(20)), piece))
  },
  function splice(frame, at, random, other) {
    return Buffer.concat([frame.subarray(0, at), other.subarray(random(other.length + 1))])
  },
  function noise(frame, at, random) {
    return spliced(frame, at, 16, Buffer.from(Uint8Array.from({ length: 16 }, () => random(256))))
  },
]

const EMPTY = Buffer.alloc(0)

function spliced(frame: Buffer, at: number, removed: number, added: Buffer): Buffer {
  return Buffer.concat([frame.subarray(0, at), added, frame.subarray(at + removed)])
}

/** A copy with one to four things wrong; `other` is a frame to borrow from. */
export function mutant(frame: Buffer, random: Random, other: Buffer): Buffer {
  let made = Buffer.from(frame)
  for (let times = 1 + random(2) * random(4); times > 0; times--) {
    made = mutations[random(mutations.length)]!(made, random(made.length + 1), random, other) as Buffer<ArrayBuffer>
  }
  return made
}
