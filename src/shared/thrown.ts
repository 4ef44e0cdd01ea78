/**
 * Whatever a user's function threw: as an Error, and as plain data on its way between threads. Message, name, stack, code and cause
 * arrive as they were; the class does not, unless it is KafkaError. Nothing here throws, whatever it is given.
 */
import { inspect } from 'node:util'
import { KafkaError, type WireError } from './errors.ts'

type Primitive = string | number | boolean | undefined

export type WireThrown =
  | { kind: 'kafka'; error: WireError; stack: string; cause: WireThrown | undefined }
  | {
      kind: 'error'
      name: string
      message: string
      stack: string
      fields: [name: string, value: Primitive][]
      cause: WireThrown | undefined
    }
  | { kind: 'value'; value: Primitive | null }

/** An error that is the cause of the cause of … is looked at so far. */
const MOST_CAUSES = 8
const LONGEST_TEXT = 200

/** What was thrown, when it is an Error; else one that tells of it. `where` is the subject: "The handler of orders-3". */
export function asError(thrown: unknown, where: string, context: { topic?: string; partition?: number } = {}): Error {
  if (isError(thrown)) return thrown
  const text = `${where} threw ${textOf(thrown)}, which is no Error. Throw Errors, so that their stack says where they come from.`
  return new KafkaError('HANDLER_FAILED', text, { cause: thrown, retriable: true, ...context })
}

export function thrownToWire(thrown: unknown, depth: number = 0): WireThrown {
  try {
    if (!isError(thrown)) return { kind: 'value', value: isPrimitive(thrown) || thrown === null ? thrown : textOf(thrown) }
    const cause = thrown.cause === undefined || depth === MOST_CAUSES ? undefined : thrownToWire(thrown.cause, depth + 1)
    const stack = String(thrown.stack)
    if (thrown instanceof KafkaError) {
      const { code, message, retriable, outcome, context } = thrown
      return { kind: 'kafka', error: { code, message, retriable, outcome, context, cause: undefined }, stack, cause }
    }
    const fields = Object.entries(thrown).filter((entry): entry is [string, Primitive] => isPrimitive(entry[1]))
    return { kind: 'error', name: String(thrown.name), message: String(thrown.message), stack, fields, cause }
  } catch {
    return { kind: 'value', value: 'something that cannot be looked at' }
  }
}

export function thrownFromWire(wire: WireThrown): unknown {
  if (wire.kind === 'value') return wire.value
  const cause = wire.cause === undefined ? undefined : thrownFromWire(wire.cause)
  if (wire.kind === 'kafka') {
    const error = KafkaError.fromWire(wire.error).with(cause === undefined ? {} : { cause })
    return define(error, 'stack', wire.stack)
  }
  const error = new Error(wire.message, cause === undefined ? undefined : { cause })
  define(error, 'name', wire.name)
  define(error, 'stack', wire.stack)
  for (const [name, value] of wire.fields) Object.defineProperty(error, name, plain(value, true))
  return error
}

const plain = (value: unknown, enumerable: boolean) => ({ value, enumerable, writable: true, configurable: true })
const define = (error: Error, name: string, value: string): Error => Object.defineProperty(error, name, plain(value, false))

/** Also one of another realm; none that throws itself when it is looked at. */
function isError(thrown: unknown): thrown is Error {
  try {
    if (!(thrown instanceof Error) && Object.prototype.toString.call(thrown) !== '[object Error]') return false
    const { message, stack } = thrown as Error
    return typeof message === 'string' && (typeof stack === 'string' || stack === undefined)
  } catch {
    return false
  }
}

function isPrimitive(value: unknown): value is Primitive {
  return value === undefined || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** In one short line. */
function textOf(thrown: unknown): string {
  try {
    return inspect(thrown, { breakLength: Number.POSITIVE_INFINITY, depth: 1, maxStringLength: LONGEST_TEXT }).slice(
      0,
      LONGEST_TEXT,
    )
  } catch {
    return 'something that cannot be looked at'
  }
}
