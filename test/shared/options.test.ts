import * as v from 'valibot'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { KafkaError } from '../../src/shared/errors.ts'
import {
  byteCount,
  checkOptions,
  choice,
  flag,
  integer,
  milliseconds,
  optionalInteger,
  optionsTable,
  passed,
  powerOfTwo,
  signalOption,
  text,
} from '../../src/shared/options.ts'

const schema = v.strictObject({
  clientId: text('me', { min: 1, max: 5 }, 'A name.'),
  threads: integer(2, { min: 0, max: 64 }, 'How many.'),
  lingerMs: milliseconds(0, { max: 60_000 }, 'How long.'),
  limitBytes: byteCount(1024, { min: 16, max: 1024 * 1024 }, 'How large.'),
  ring: powerOfTwo(4096, { min: 1024, max: 65_536 }, 'How round.'),
  codec: choice('none', ['none', 'gzip'], 'Which.', new Map([['lz4', 'cannot be lz4 yet']])),
  safe: flag(true, 'Whether.'),
  level: optionalInteger({ min: 1, max: 9 }, 'How hard.'),
  hook: passed<() => void>((value) => typeof value === 'function', '() => void', 'a function', 'What then.'),
  signal: signalOption(),
})

const refusal = (input: unknown): KafkaError => {
  try {
    checkOptions(schema, input, 'new Thing()')
  } catch (error) {
    expect(error).toBeInstanceOf(KafkaError)
    expect((error as KafkaError).code).toBe('INVALID_OPTION')
    return error as KafkaError
  }
  throw new Error('it was accepted')
}

describe('checkOptions', () => {
  test('fills in every default', () => {
    const defaults = { clientId: 'me', threads: 2, lingerMs: 0, limitBytes: 1024, ring: 4096, codec: 'none', safe: true }
    expect(checkOptions(schema, {}, 'x')).toEqual(defaults)
    expect(checkOptions(schema, undefined, 'x')).toEqual(defaults)
  })

  test('an option given as undefined takes its default', () => {
    expect(checkOptions(schema, { threads: undefined }, 'x').threads).toBe(2)
  })

  test("never writes to the caller's object, and returns a frozen one", () => {
    const input = Object.freeze({ threads: 3 })
    const output = checkOptions(schema, input, 'x')
    expect(input).toEqual({ threads: 3 })
    expect(output).not.toBe(input)
    expect(Object.isFrozen(output)).toBe(true)
  })

  test('lists are copies and frozen, functions and signals are passed on as they are', () => {
    const lists = v.strictObject({ names: v.array(v.array(v.string())), hook: passed<() => void>(() => true, '', '', '') })
    const hook = () => undefined
    const input = { names: [['a']], hook }
    const output = checkOptions(lists, input, 'x')
    input.names[0]!.push('b')
    expect(output.names).toEqual([['a']])
    expect(Object.isFrozen(output.names[0])).toBe(true)
    expect(output.hook).toBe(hook)
    expect(Object.isFrozen(hook)).toBe(false)
    expect(Object.isFrozen(input.names)).toBe(false)
  })

  test('E7 says which call, which option, what is allowed and what was given', () => {
    const error = refusal({ threads: 65 })
    expect(error.message).toBe("new Thing(): option 'threads' must be a whole number from 0 to 64, but is 65.")
    expect(error.context.option).toBe('threads')
  })

  test.each([
    [{ threads: -1 }, 'from 0 to 64, but is -1'],
    [{ threads: 1.5 }, 'from 0 to 64, but is 1.5'],
    [{ threads: Number.NaN }, 'from 0 to 64, but is NaN'],
    [{ threads: '3' }, "from 0 to 64, but is '3'"],
    [{ threads: null }, 'from 0 to 64, but is null'],
    [{ lingerMs: 60_001 }, 'from 0 to 60_000, but is 60_001'],
    [{ limitBytes: 1 }, 'from 16 to 1 MiB, but is 1'],
    [{ ring: 3000 }, 'must be a power of two from 1 KiB to 64 KiB, but is 3_000'],
    [{ clientId: '' }, "must be a string of 1 to 5 characters, but is ''"],
    [{ codec: 'gzp' }, "must be one of 'none', 'gzip', but is 'gzp'"],
    [{ codec: 'lz4' }, "option 'codec' cannot be lz4 yet"],
    [{ safe: 0 }, 'must be true or false, but is 0'],
    [{ level: 0 }, 'from 1 to 9, but is 0'],
    [{ hook: { secret: 'hunter2' } }, 'must be a function, but is an object'],
    [{ signal: {} }, 'must be an AbortSignal, but is an object'],
  ])('refuses %o', (input, message) => {
    expect(refusal(input).message).toContain(message)
  })

  test.each([
    ['thread', 'threads'],
    ['linger.ms', 'lingerMs'],
    ['clientid', 'clientId'],
    ['LimitByte', 'limitBytes'],
  ])('E7 suggests the nearest name for %s', (given, nearest) => {
    const error = refusal({ [given]: 1 })
    expect(error.message).toBe(`new Thing(): unknown option '${given}'; did you mean '${nearest}'?`)
    expect(error.context.option).toBe(given)
  })

  test('a name that resembles nothing comes with all that there are', () => {
    expect(refusal({ xyzzyplughfoobar: 1 }).message).toContain('all are: clientId, threads')
  })

  test('says all problems at once', () => {
    expect(refusal({ threads: -1, safe: 3, nope: 1 }).message.split('; ').length).toBeGreaterThanOrEqual(3)
  })

  test('one problem an option, even when it breaks several rules', () => {
    expect(refusal({ threads: -1.5 }).message.match(/threads/g)).toHaveLength(1)
  })

  test.each([[null], ['text'], [[]], [[1]], [5]])('refuses %j in place of options', (input) => {
    expect(refusal(input).message).toContain('the options must be an object')
  })

  test.each([['constructor'], ['toString'], ['hasOwnProperty']])('IX9 an option named %s is just unknown', (name) => {
    expect(refusal({ [name]: 1 }).message).toContain(`unknown option '${name}'`)
  })

  test('IX9 an own property named __proto__ is unknown and reaches no prototype', () => {
    refusal(JSON.parse('{"__proto__": {"threads": 9}}'))
    expect(({} as { threads?: number }).threads).toBeUndefined()
  })

  test('a missing required option is named', () => {
    const needy = v.strictObject({ topic: v.pipe(v.string(), v.metadata({ type: 'string', bounds: '', allowed: 'a string' })) })
    expect(() => checkOptions(needy, {}, 'x')).toThrow("x: option 'topic' is required: a string.")
  })

  test('types come from the rows', () => {
    const options = checkOptions(schema, {}, 'x')
    expectTypeOf(options.threads).toEqualTypeOf<number>()
    expectTypeOf(options.codec).toEqualTypeOf<'none' | 'gzip'>()
    expectTypeOf(options.level).toEqualTypeOf<number | undefined>()
    expectTypeOf<v.InferInput<typeof schema>['threads']>().toEqualTypeOf<number | undefined>()
  })
})

describe('optionsTable', () => {
  test('shows name, type, default, bounds and description of every row', () => {
    expect(optionsTable(schema).slice(0, 5)).toEqual([
      { name: 'clientId', type: 'string', default: "'me'", bounds: '1 to 5 characters', description: 'A name.' },
      { name: 'threads', type: 'integer', default: '2', bounds: '0 to 64', description: 'How many.' },
      { name: 'lingerMs', type: 'integer', default: '0', bounds: '0 to 60_000', description: 'How long.' },
      { name: 'limitBytes', type: 'integer', default: '1 KiB', bounds: '16 to 1 MiB', description: 'How large.' },
      { name: 'ring', type: 'integer', default: '4 KiB', bounds: 'a power of two, 1 KiB to 64 KiB', description: 'How round.' },
    ])
  })

  test('marks what is required and leaves out what has no default', () => {
    const rows = optionsTable(
      v.strictObject({ must: v.pipe(v.string(), v.metadata({ type: 'string' })), level: schema.entries.level }),
    )
    expect(rows.map((row) => row.default)).toEqual(['required', ''])
  })
})
