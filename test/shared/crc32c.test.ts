import { execFileSync } from 'node:child_process'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { crc32c, crc32cTable, hasNativeCrc, NATIVE_FROM_BYTES } from '../../src/shared/crc32c.ts'

const ascending = Uint8Array.from({ length: 32 }, (_, i) => i)

/** From RFC 3720, appendix B.4, and the usual check string. */
const vectors: [string, Uint8Array, number][] = [
  ['nothing', new Uint8Array(0), 0],
  ['"123456789"', Buffer.from('123456789'), 0xe3069283],
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 times 0xff', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['0 to 31', ascending, 0x46dd794e],
  ['31 to 0', ascending.toReversed(), 0x113fdb5c],
]

describe('crc32c', () => {
  it.each(vectors)('agrees with the published vector: %s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected)
    expect(crc32cTable(bytes)).toBe(expected)
  })

  it('has the native implementation here, so that the comparison below means something', () => {
    expect(hasNativeCrc).toBe(true)
  })

  test.prop([fc.uint8Array({ minLength: NATIVE_FROM_BYTES, maxLength: 3000, size: 'max' }), fc.nat(50), fc.boolean()])(
    'is the same by table and native code, on a part and on shared memory',
    (bytes, start, shared) => {
      const view = shared ? new Uint8Array(new SharedArrayBuffer(bytes.length + start)) : new Uint8Array(bytes.length + start)
      view.set(bytes, start)
      const expected = crc32cTable(bytes)
      expect(crc32c(bytes)).toBe(expected)
      expect(crc32c(view, start)).toBe(expected)
      expect(crc32c(Buffer.from(view.buffer), start, view.length)).toBe(expected)
      expect(crc32cTable(view, start)).toBe(expected)
    },
  )

  it('works without the optional package', () => {
    const script = `
      import Module from 'node:module'
      const resolve = Module._resolveFilename
      Module._resolveFilename = (name, ...rest) => {
        if (name === '@node-rs/crc32') throw new Error('not installed')
        return resolve(name, ...rest)
      }
      const { crc32c, hasNativeCrc } = await import(${JSON.stringify(new URL('../../src/shared/crc32c.ts', import.meta.url).href)})
      console.log(hasNativeCrc, crc32c(new Uint8Array(4096).fill(7)))`
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(printed.trim()).toBe(`false ${crc32c(new Uint8Array(4096).fill(7))}`)
  })
})
