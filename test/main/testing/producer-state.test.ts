import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { lastSequence, ProducerState } from '../../../src/main/testing/broker/producer-state.ts'

const MAX = 2 ** 31 - 1
const OUT_OF_ORDER = { kind: 'refused', error: 45 }
const OLD_EPOCH = { kind: 'refused', error: 47 }

const batch = (baseSequence: number, recordCount = 1, producerEpoch = 0, producerId = 7) => ({
  producerId,
  producerEpoch,
  baseSequence,
  recordCount,
})

/** Judges and, if it may, appends; offsets go on by the record count. */
function writer(state = new ProducerState()) {
  let offset = 0
  return {
    state,
    write(...args: Parameters<typeof batch>) {
      const one = batch(...args)
      const verdict = state.judge(one)
      if (verdict.kind === 'append') {
        state.appended(one, offset, offset + one.recordCount - 1, -1)
        offset += one.recordCount
        return offset - one.recordCount
      }
      return verdict
    },
  }
}

describe('F37 idempotence of a partition', () => {
  test('takes batches in sequence', () => {
    const { write } = writer()
    expect([write(0, 3), write(3, 2), write(5)]).toEqual([0, 3, 5])
  })

  test('answers a batch sent again with where it is', () => {
    const { write } = writer()
    write(0, 3)
    write(3, 2)
    expect(write(0, 3)).toMatchObject({ kind: 'duplicate', batch: { baseOffset: 0, lastOffset: 2 } })
    expect(write(3, 2)).toMatchObject({ kind: 'duplicate', batch: { baseOffset: 3, lastOffset: 4 } })
  })

  test('knows the last five batches, not the sixth', () => {
    const { write } = writer()
    for (let i = 0; i < 6; i++) write(i)
    expect(write(1)).toMatchObject({ kind: 'duplicate', batch: { baseOffset: 1 } })
    expect(write(0)).toEqual(OUT_OF_ORDER)
  })

  test('refuses a gap, and a batch that begins like a known one but ends elsewhere', () => {
    const { write } = writer()
    write(0, 3)
    expect(write(4)).toEqual(OUT_OF_ORDER)
    expect(write(0, 2)).toEqual(OUT_OF_ORDER)
    expect(write(3)).toBe(3)
  })

  test('takes any sequence from a producer that it does not know', () => {
    const { write } = writer()
    expect(write(41)).toBe(0)
    expect(write(42)).toBe(1)
  })

  test('a new epoch begins at sequence 0 and ends the old one', () => {
    const { write } = writer()
    write(0)
    expect(write(1, 1, 1)).toEqual(OUT_OF_ORDER)
    expect(write(0, 1, 1)).toBe(1)
    expect(write(1, 1, 0)).toEqual(OLD_EPOCH)
    expect(write(0, 1, 0)).toEqual(OLD_EPOCH)
    expect(write(1, 1, 1)).toBe(2)
  })

  test('a batch of the old epoch is no duplicate in the new one', () => {
    const { write } = writer()
    write(0)
    write(1)
    write(0, 1, 1)
    expect(write(1, 1, 1)).toBe(3)
  })

  test('keeps producers apart', () => {
    const { write } = writer()
    expect([write(0, 1, 0, 1), write(0, 1, 0, 2), write(1, 1, 0, 1)]).toEqual([0, 1, 2])
  })

  test('goes on at 0 after the greatest sequence, also within a batch', () => {
    const { write } = writer()
    expect(write(MAX - 1, 2)).toBe(0)
    expect(write(0)).toBe(2)
    const other = writer()
    expect(other.write(MAX, 3)).toBe(0)
    expect(other.write(2)).toBe(3)
    expect(other.write(MAX, 3)).toMatchObject({ kind: 'duplicate' })
  })

  test('remembers a bounded number of producers', () => {
    const { write, state } = writer()
    for (let id = 0; id < 100_010; id++) write(0, 1, 0, id)
    expect(state.size).toBe(100_000)
  })
})

property.prop([fc.integer({ min: 0, max: MAX }), fc.integer({ min: 1, max: 10_000 })])(
  'a last sequence is one step at a time',
  (base, count) => {
    let expected = base
    for (let i = 1; i < count; i++) expected = expected === MAX ? 0 : expected + 1
    expect(lastSequence(base, count)).toBe(expected)
  },
)

property.prop([fc.array(fc.record({ size: fc.integer({ min: 1, max: 4 }), again: fc.nat(6) }), { maxLength: 60 })])(
  'whatever of the last five is sent again, each record is in the log once and in order',
  (steps) => {
    const { write } = writer()
    const sent: { base: number; size: number }[] = []
    let sequence = 0
    for (const { size, again } of steps) {
      expect(write(sequence, size)).toBe(sequence)
      sent.push({ base: sequence, size })
      sequence += size
      const old = sent.at(-1 - again)
      if (old === undefined) continue
      const verdict = write(old.base, old.size)
      if (again < 5) expect(verdict).toMatchObject({ kind: 'duplicate', batch: { baseOffset: old.base } })
      else expect(verdict).toEqual(OUT_OF_ORDER)
    }
  },
)
