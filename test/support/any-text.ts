import fc from 'fast-check'

const LEAD = 0xd800
const SURROGATES = 0x800

/**
 * Every character that UTF-8 has, those of one to four bytes equally often. fast-check's unit 'binary' gives the same, but goes through the
 * whole of Unicode first, which takes a second of each process.
 */
const character = fc
  .oneof(
    fc.nat({ max: 0x7f }),
    fc.integer({ min: 0x80, max: 0x7ff }),
    fc.integer({ min: 0x800, max: 0xffff - SURROGATES }).map((n) => (n < LEAD ? n : n + SURROGATES)),
    fc.integer({ min: 0x1_0000, max: 0x10_ffff }),
  )
  .map((codePoint) => String.fromCodePoint(codePoint))

/** Text of up to `maxLength` such characters. */
export const anyText = (maxLength: number, size?: 'max'): fc.Arbitrary<string> =>
  fc.string({ unit: character, maxLength, ...(size && { size }) })
