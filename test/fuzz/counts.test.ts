import { describe, expect, it } from 'vitest'
import { MalformedFrame, Reader } from '../../src/shared/protocol/reader.ts'
import { Writer } from '../../src/shared/protocol/writer.ts'
import { codecOf, type GoldenMessage, goldenMessages } from '../shared/protocol/golden.ts'

interface Count {
  /** Where it stands and where the elements begin. */
  at: number
  end: number
  compact: boolean
  /** The least that an element takes, as the decoder believes. */
  elementBytes: number
}

/** Notes where a decoder reads counts. */
class CountSpy extends Reader {
  readonly counts: Count[] = []

  override arrayLength(elementBytes: number): number {
    const at = this.offset
    const count = super.arrayLength(elementBytes)
    this.counts.push({ at, end: this.offset, compact: false, elementBytes })
    return count
  }

  override compactArrayLength(elementBytes: number): number {
    const at = this.offset
    const count = super.compactArrayLength(elementBytes)
    this.counts.push({ at, end: this.offset, compact: true, elementBytes })
    return count
  }
}

function withCount(frame: Buffer, { at, end, compact }: Count, count: number): Buffer {
  const writer = new Writer()
  if (compact) writer.compactArrayLength(count)
  else writer.arrayLength(count)
  return Buffer.concat([frame.subarray(0, at), writer.finish(), frame.subarray(end)])
}

describe('G6: a count of more elements than the bytes behind it can be is refused before anything is made of it', () => {
  const full = goldenMessages.filter(({ m, v, mode }) => mode === 'full' && v <= codecOf(m).maxVersion)
  it.each(Array.from(Map.groupBy(full, ({ m }) => m)))('%s', (name, messages: GoldenMessage[]) => {
    for (const { v, hex } of messages) {
      const frame = Buffer.from(hex, 'hex')
      const spy = new CountSpy(frame)
      codecOf(name).decode(spy, v)
      for (const count of spy.counts) {
        expect(count.elementBytes).toBeGreaterThan(0)
        const most = Math.floor((frame.length - count.end) / count.elementBytes)
        for (const lie of [most + 1, 2 ** 31 - 1]) {
          const reader = new CountSpy(withCount(frame, count, lie))
          const decode = () => codecOf(name).decode(reader, v)
          expect(decode, `version ${v}, ${lie} at ${count.at}`).toThrow(MalformedFrame)
          // it ended at this count: the ones before it are all it read
          expect(reader.counts).toHaveLength(spy.counts.indexOf(count))
        }
      }
    }
  })
})
