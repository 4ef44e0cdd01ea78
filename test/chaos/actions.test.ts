/** What each action makes of a frame. */
import { expect, it } from 'vitest'
import {
  type Action,
  claimSize,
  cut,
  extend,
  flipBit,
  http,
  noise,
  otherCorrelationId,
  overwrite,
  repeat,
  resize,
  shorten,
  slow,
  tlsAlert,
  unsolicited,
} from './actions.ts'

const frame = Buffer.from([0, 0, 0, 8, 0, 0, 0, 5, 10, 11, 12, 13])
const played = (action: Action) => [...action(frame, undefined as never)]
const only = (action: Action) => played(action)[0] as Buffer

it('cuts before, inside and behind the frame', () => {
  expect(played(cut(0))).toEqual([Buffer.alloc(0), 'reset'])
  expect(played(cut(5, 'fin'))).toEqual([frame.subarray(0, 5), 'fin'])
  expect(played(cut(-1, 'freeze'))).toEqual([frame.subarray(0, 11), 'freeze'])
  expect(played(cut(99))).toEqual([frame, 'reset'])
})

it('changes of the length keep the size true, a false size keeps the length', () => {
  expect(only(shorten(3))).toEqual(Buffer.from([0, 0, 0, 5, 0, 0, 0, 5, 10]))
  expect(only(extend(2)).readInt32BE(0)).toBe(10)
  expect(only(extend(2))).toHaveLength(14)
  for (let seed = 0; seed < 20; seed++) expect(only(resize(seed)).readInt32BE(0)).toBe(only(resize(seed)).length - 4)
  expect(only(claimSize(-1))).toEqual(Buffer.concat([Buffer.alloc(4, 0xff), frame.subarray(4)]))
})

it('the same seed does the same harm, and never to size or correlation id', () => {
  for (const action of [flipBit, noise]) {
    expect(only(action(7))).toEqual(only(action(7)))
    expect(only(action(7))).not.toEqual(only(action(8)))
    expect(only(action(7))).toHaveLength(frame.length)
    expect(only(action(7)).subarray(0, 8)).toEqual(frame.subarray(0, 8))
  }
  expect(only(flipBit(1)).filter((byte, at) => byte !== frame[at])).toHaveLength(1)
})

it('other ids, other bytes, more answers', () => {
  expect(only(otherCorrelationId((id) => id + 1)).readInt32BE(4)).toBe(6)
  expect(only(overwrite(-1, [99]))[11]).toBe(99)
  expect(played(repeat())).toEqual([frame, frame])
  expect(played(unsolicited())).toHaveLength(2)
  expect(only(tlsAlert()).readInt32BE(0)).toBe(0x15030300)
  expect(only(http()).toString('latin1', 0, 4)).toBe('HTTP')
  expect(Buffer.concat(played(slow(50)).filter((step) => step instanceof Uint8Array))).toEqual(frame)
})
