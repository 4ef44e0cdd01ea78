import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../src/shared/errors.ts'
import { asError, thrownFromWire, thrownToWire } from '../../src/shared/thrown.ts'

/** To another thread and back. */
const passed = (thrown: unknown): unknown => thrownFromWire(structuredClone(thrownToWire(thrown)))

describe('what was thrown, in another thread', () => {
  it('F25: an Error keeps name, message, stack, code and what else it says', () => {
    class RowError extends RangeError {
      override readonly name = 'RowError'
      readonly code = 'E_ROW'
      readonly row = 7
      readonly final = true
      readonly rest = { deep: true }
    }
    const error = new RowError('no such row')
    const arrived = passed(error) as RowError
    expect(arrived).toBeInstanceOf(Error)
    expect(arrived.stack).toBe(error.stack)
    expect(arrived).toMatchObject({ name: 'RowError', message: 'no such row', code: 'E_ROW', row: 7, final: true })
    expect('rest' in arrived).toBe(false)
  })

  it('F25: causes arrive, of whatever kind, as deep as anybody reads', () => {
    let error = new Error('0', { cause: 'a text' })
    for (let depth = 1; depth < 20; depth++) error = new Error(`${depth}`, { cause: error })
    let seen = 0
    for (let at: unknown = passed(error); at instanceof Error; at = at.cause) seen++
    expect(seen).toBe(9)
    expect((passed(new Error('x', { cause: 'a text' })) as Error).cause).toBe('a text')
    const circle = new Error('round')
    circle.cause = circle
    expect(passed(circle)).toMatchObject({ message: 'round' })
  })

  it('F25: a KafkaError stays one, with its stack and the whole of its cause', () => {
    const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET' })
    const error = new KafkaError('CONNECTION_LOST', 'It is gone.', {
      broker: 'a:1',
      retriable: true,
      outcome: 'possibly-written',
      cause,
    })
    const arrived = passed(error) as KafkaError
    expect(arrived).toBeInstanceOf(KafkaError)
    expect(arrived).toMatchObject({
      code: 'CONNECTION_LOST',
      retriable: true,
      outcome: 'possibly-written',
      context: { broker: 'a:1' },
    })
    expect(arrived.stack).toBe(error.stack)
    expect(arrived.cause).toMatchObject({ message: 'reset', code: 'ECONNRESET' })
  })

  it.each([['text'], [0], [true], [null], [undefined]])('F25: %j arrives as it is', (value) => {
    expect(passed(value)).toBe(value)
  })

  it('F25: what cannot be sent is told of', () => {
    expect(passed({ status: 500 })).toBe('{ status: 500 }')
    expect(passed(Symbol('odd'))).toBe('Symbol(odd)')
    expect(passed('x'.repeat(300))).toBe('x'.repeat(300))
    expect(String(passed({ text: 'x'.repeat(9_000) })).length).toBeLessThanOrEqual(200)
  })

  it('F25: nothing that is thrown can make this throw (IX1)', () => {
    const hostile = () => {
      throw new Error('keep out')
    }
    const traps = { get: hostile, ownKeys: hostile, getPrototypeOf: hostile, getOwnPropertyDescriptor: hostile }
    for (const odd of [
      new Proxy(new Error('x'), traps),
      new Proxy({}, traps),
      Object.defineProperty(new Error('x'), 'message', { get: hostile }),
      Object.defineProperty(new Error('x'), 'stack', { get: hostile }),
      Object.assign(Object.create(null), { [Symbol.for('nodejs.util.inspect.custom')]: hostile }),
    ]) {
      expect(() => passed(odd)).not.toThrow()
      expect(passed(asError(odd, 'The handler'))).toMatchObject({ code: 'HANDLER_FAILED' })
      expect(asError(odd, 'The handler').message).toBeTypeOf('string')
    }
  })

  it('IX9: names of fields are never keys that mean something', () => {
    const error = new Error('x')
    Object.defineProperty(error, '__proto__', { value: 'text', enumerable: true })
    const arrived = passed(error) as Error
    expect(arrived).toBeInstanceOf(Error)
    expect(Object.getOwnPropertyDescriptor(arrived, '__proto__')!.value).toBe('text')
  })
})
