import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { copyBytes } from '../../src/shared/copy-bytes.ts'

test.prop([fc.uint8Array({ maxLength: 200, size: 'max' }), fc.nat(20), fc.nat(20), fc.boolean(), fc.boolean()])(
  'copies exactly the bytes asked for, between any two kinds of memory',
  (bytes, before, at, fromShared, toShared) => {
    const source = Buffer.from(
      fromShared ? new SharedArrayBuffer(before + bytes.length + 3) : new ArrayBuffer(before + bytes.length + 3),
    )
    const target = Buffer.from(toShared ? new SharedArrayBuffer(at + bytes.length + 5) : new ArrayBuffer(at + bytes.length + 5))
    source.fill(0xaa)
    target.fill(0xbb)
    source.set(bytes, before)
    expect(copyBytes(source, before, before + bytes.length, target, at)).toBe(at + bytes.length)
    expect([...target]).toEqual([...Array(at).fill(0xbb), ...bytes, ...Array(5).fill(0xbb)])
    // A whole source, plain Uint8Array.
    target.fill(0xbb)
    copyBytes(bytes, 0, bytes.length, target, at)
    expect([...target]).toEqual([...Array(at).fill(0xbb), ...bytes, ...Array(5).fill(0xbb)])
  },
)
