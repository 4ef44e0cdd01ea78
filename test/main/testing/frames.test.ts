import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { BadFrame, FrameSplitter, MAX_FRAME_BYTES } from '../../../src/main/testing/broker/frames.ts'

function framed(...bodies: Uint8Array[]): Buffer {
  return Buffer.concat(
    bodies.flatMap((body) => {
      const length = Buffer.alloc(4)
      length.writeInt32BE(body.length)
      return [length, body]
    }),
  )
}

const length = (bytes: number) => {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32BE(bytes)
  return buffer
}

describe('F16 cutting a stream into frames', () => {
  test.each([-1, 0, 3, 9, MAX_FRAME_BYTES + 1, 2 ** 31 - 1, 0x16030100, 0x47455420])('refuses the length %d', (bytes) => {
    expect(() => new FrameSplitter().push(length(bytes), () => {})).toThrow(BadFrame)
  })

  test('does not allocate what has only been promised', () => {
    const before = process.memoryUsage().arrayBuffers
    const splitters = Array.from({ length: 20 }, () => {
      const splitter = new FrameSplitter()
      splitter.push(length(MAX_FRAME_BYTES), () => {})
      return splitter
    })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024)
    expect(splitters).toHaveLength(20)
  })

  test('a frame that is larger than its first buffer arrives whole', () => {
    const body = Buffer.alloc(9 * 1024 * 1024, 'abc')
    const frames: Uint8Array[] = []
    const splitter = new FrameSplitter()
    const bytes = framed(body)
    for (let at = 0; at < bytes.length; at += 65_536)
      splitter.push(bytes.subarray(at, at + 65_536), (frame) => frames.push(frame))
    expect(frames).toHaveLength(1)
    expect(body.equals(frames[0]!)).toBe(true)
  })
})

property.prop([
  fc.array(fc.uint8Array({ minLength: 10, maxLength: 50 }), { maxLength: 10 }),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
])('frames are the same however the stream is cut, and do not share its memory', (bodies, cuts) => {
  const stream = framed(...bodies)
  const frames: Uint8Array[] = []
  const splitter = new FrameSplitter()
  for (let at = 0, i = 0; at < stream.length; i++) {
    const piece = Buffer.from(stream.subarray(at, (at += cuts[i % cuts.length]!)))
    splitter.push(piece, (frame) => frames.push(frame))
    piece.fill(0xee)
  }
  expect(frames.map((frame) => [...frame])).toEqual(bodies.map((body) => [...body]))
})
