/**
 * How a token of a SASL server can be wrong, as plain data: fields of SCRAM that are missing, doubled, in another order or of another
 * value, then bytes that are cut, flipped or strewn in. Knows no connection and no keys.
 */
import fc from 'fast-check'
import { anyText } from '../../support/any-text.ts'

/** `field`: of those that the token has, counted in turns. Values may have parts of the truth in braces, see {@link filledIn}. */
export type TokenLie =
  | { readonly do: 'set'; readonly field: number; readonly value: string }
  | { readonly do: 'drop'; readonly field: number }
  | { readonly do: 'repeat'; readonly field: number; readonly value: string; readonly at: number }
  | { readonly do: 'swap'; readonly field: number; readonly with: number }
  | { readonly do: 'add'; readonly text: string; readonly at: number }
  | { readonly do: 'say'; readonly text: string }
  | { readonly do: 'cut'; readonly at: number }
  | { readonly do: 'flip'; readonly at: number; readonly bits: number }
  | { readonly do: 'strew'; readonly at: number; readonly hex: string }
  | { readonly do: 'swell'; readonly by: number; readonly byte: number }

/** What a lie may make use of: by name. */
export type Truth = ReadonlyMap<string, string>

const NONCES = ['', '{client}', '{client:0:-1}{server}', '{server}', '{server}{client}', '{client}{client}', '{client} x']
const MORE_NONCES = ['x{client}x', '{client}\u00e9', '{client}\x7f', '{client}!', '{client}==', '{client}\0', '{upper}{server}']
const SALTS = [
  '',
  '!',
  '=',
  '==',
  'A',
  'AA',
  'AAA',
  'AAAA',
  'c2FsdA',
  'c2FsdB==',
  'c2F-_A==',
  'c2 FsdA==',
  '{salt}{salt}',
  '\u0000',
]
const COUNTS = [
  '',
  '0',
  '1',
  '-1',
  '15',
  '16',
  '064',
  '+64',
  '64x',
  'x',
  '0x40',
  '6e1',
  '64.0',
  ' 64',
  '64 ',
  '1001',
  'NaN',
  'Infinity',
]
const LARGE_COUNTS = ['1000000001', '2000000000', '2147483648', '9007199254740993', '99999999999999999999', '\u0664\u0660']
const SIGNATURES = [
  '',
  'AAAA',
  '{right:1}',
  '{right:0:-4}',
  '{right}{right}',
  '{right} ',
  '{wrong}',
  '{zeros}',
  '{right:0:-1}',
  '====',
]
const WHOLE = [
  '',
  ',',
  '=',
  'e=',
  'e=other-error',
  'e={secret}',
  'v={right}',
  'v={wrong}',
  'r={client}{server}',
  '{"status":"x"}',
]
const MORE_WHOLE = [
  '{secret}',
  '\0',
  '\x01',
  'r=,s=,i=',
  'r={client}x,s={salt},i=2000000000',
  'm=x,r={client}x,s={salt},i=64',
  '{echo}',
]
const EXTRAS = [
  'm=x',
  'e=x',
  'x=y',
  'x=',
  'x',
  '',
  'r={client}evil',
  's=AAAA',
  'i=1',
  'v={wrong}',
  'ab=c',
  'x=\u00e9',
  'x=a\0b',
  'v={right}',
]

const oneOf = (...texts: readonly string[]) => fc.constantFrom(...texts)
const field = fc.nat({ max: 4 })
const at = fc.nat({ max: 300 })
const value = fc.oneof(
  oneOf(...NONCES, ...MORE_NONCES),
  oneOf(...SALTS),
  oneOf(...COUNTS, ...LARGE_COUNTS),
  oneOf(...SIGNATURES),
  anyText(40),
  fc.constantFrom(100, 1_368, 1_372, 5_000).map((count) => 'A'.repeat(count)),
)

export const tokenLie: fc.Arbitrary<TokenLie> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('set' as const), field, value }) },
  // the right value in the wrong place, or a wrong one of the same kind
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('set' as const), field: fc.constant(0), value: oneOf(...NONCES, ...SIGNATURES) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('set' as const), field: fc.constant(1), value: oneOf(...SALTS) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('set' as const), field: fc.constant(2), value: oneOf(...COUNTS, ...LARGE_COUNTS) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const), field }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('repeat' as const), field, value: fc.oneof(fc.constant('{same}'), value), at: field }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('swap' as const), field, with: field }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add' as const), text: oneOf(...EXTRAS), at: field }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('say' as const), text: oneOf(...WHOLE, ...MORE_WHOLE) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('flip' as const), at, bits: fc.integer({ min: 1, max: 255 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('strew' as const),
      at,
      hex: fc.oneof(
        oneOf('ff', 'fffe', 'c0af', 'eda080', 'f5808080', '00', '0a', '2c', '3d', 'e28080'),
        fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('swell' as const), by: fc.nat({ max: 70_000 }), byte: fc.nat({ max: 255 }) }),
  },
)

/** `{name}` is what is true of that name, `{name:1}` or `{name:0:-1}` a slice of it. */
export function filledIn(text: string, truth: Truth): string {
  return text.replace(/\{(\w+)(?::(-?\d+))?(?::(-?\d+))?\}/g, (whole, name: string, from?: string, to?: string) =>
    truth.has(name) ? truth.get(name)!.slice(Number(from ?? 0), to === undefined ? undefined : Number(to)) : whole,
  )
}

/** The token with all that is wrong with it. */
export function lied(token: string, lies: readonly TokenLie[], truth: Truth): Buffer {
  const fields = token === '' ? [] : token.split(',')
  let said: string | undefined
  for (const lie of lies) {
    if (lie.do === 'say') said = filledIn(lie.text, truth)
    else reorder(fields, lie, truth)
  }
  return lies.reduce(damage, Buffer.from(said ?? fields.join(',')))
}

function reorder(fields: string[], lie: TokenLie, truth: Truth): void {
  const place = (index: number): number => index % Math.max(1, fields.length)
  const name = (index: number): string => (fields[index] ?? '').split('=', 1)[0]!
  if (lie.do === 'add') fields.splice(lie.at % (fields.length + 1), 0, filledIn(lie.text, truth))
  if (fields.length === 0 || !('field' in lie)) return
  const index = place(lie.field)
  if (lie.do === 'set') fields[index] = `${name(index)}=${filledIn(lie.value, truth)}`
  else if (lie.do === 'drop') fields.splice(index, 1)
  else if (lie.do === 'swap') {
    const other = place(lie.with)
    ;[fields[index], fields[other]] = [fields[other]!, fields[index]!]
  } else {
    const same = lie.value === '{same}' ? fields[index]! : `${name(index)}=${filledIn(lie.value, truth)}`
    fields.splice(lie.at % (fields.length + 1), 0, same)
  }
}

function damage(bytes: Buffer, lie: TokenLie): Buffer {
  switch (lie.do) {
    case 'cut':
      return bytes.subarray(0, lie.at % (bytes.length + 1))
    case 'flip': {
      const copy = Buffer.from(bytes)
      if (copy.length > 0) copy[lie.at % copy.length]! ^= lie.bits
      return copy
    }
    case 'strew': {
      const where = lie.at % (bytes.length + 1)
      return Buffer.concat([bytes.subarray(0, where), Buffer.from(lie.hex, 'hex'), bytes.subarray(where)])
    }
    case 'swell':
      return Buffer.concat([bytes, Buffer.alloc(lie.by, lie.byte)])
    default:
      return bytes
  }
}
