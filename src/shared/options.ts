/**
 * Options as tables: an option is one row of a valibot schema with its type, default, bounds and one sentence. From the rows
 * come validation, filled-in defaults, TypeScript types and the documentation. Knows no option by name.
 */
import { distance } from 'fastest-levenshtein'
import * as v from 'valibot'
import { KafkaError } from './errors.ts'

/** What a row says about itself besides its description. */
interface RowMetadata {
  /** The type as the documentation shows it. */
  type: string
  /** The allowed values as the documentation shows them; may be empty. */
  bounds: string
  /** The allowed values as the end of "must be …". */
  allowed: string
  /** How a number reads best. */
  unit?: Unit | undefined
  /** Values that deserve an answer of their own, as the end of "option x …". */
  refusals?: ReadonlyMap<unknown, string> | undefined
  /** The rows of each item, when the option is a list of tables. */
  table?: OptionSchema | undefined
  /** One of that list, as the end of "must be …", when it may be something else too. */
  item?: string | undefined
  /** The rows of the option, when it is a table itself. */
  fields?: OptionSchema | undefined
  /** No value of it is ever shown, a wrong one neither. */
  secret?: boolean | undefined
}

type Unit = 'bytes'

/** A table of options: a strict object schema, with or without checks across rows. */
export type OptionSchema = v.GenericSchema & { readonly entries: Readonly<Record<string, v.GenericSchema>> }

/** One option as documentation shows it; every field is text. */
export interface OptionRow {
  name: string
  type: string
  default: string
  bounds: string
  description: string
}

interface IntegerBounds {
  min: number
  max: number
  unit?: Unit
}

const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB
const MAX_SECRET = 65_536

/** A row's type, without a default. A caller may leave the option out unless the row is {@link required}. */
function integerType({ min, max, unit }: IntegerBounds, description: string) {
  const bounds = `${showNumber(min, unit)} to ${showNumber(max, unit)}`
  const allowed = `a whole number from ${bounds}`
  return v.pipe(
    v.number(),
    v.integer(),
    v.minValue(min),
    v.maxValue(max),
    v.description(description),
    v.metadata({ type: 'integer', bounds, allowed, unit }),
  )
}

/** A whole number that has to be given. */
export function requiredInteger(bounds: IntegerBounds, description: string) {
  return integerType(bounds, description)
}

/** A whole number. */
export function integer(fallback: number, bounds: IntegerBounds, description: string) {
  return v.optional(integerType(bounds, description), fallback)
}

/** A whole number that has no default. */
export function optionalInteger(bounds: IntegerBounds, description: string) {
  return v.optional(integerType(bounds, description))
}

/** A number that need not be whole. */
export function decimalType({ min, max }: { min: number; max: number }, description: string) {
  const bounds = `${showNumber(min)} to ${showNumber(max)}`
  return v.pipe(
    v.number(),
    v.minValue(min),
    v.maxValue(max),
    v.description(description),
    v.metadata({ type: 'number', bounds, allowed: `a number from ${bounds}` }),
  )
}

/** A number that need not be whole, with a default. */
export function decimal(fallback: number, bounds: { min: number; max: number }, description: string) {
  return v.optional(decimalType(bounds, description), fallback)
}

/** A duration in milliseconds; a day at most unless told, since timers end at 2^31 ms. */
export function milliseconds(
  fallback: number,
  { min = 0, max = 86_400_000 }: { min?: number; max?: number },
  description: string,
) {
  return integer(fallback, { min, max }, description)
}

/** A size in bytes. */
export function byteCount(fallback: number, { min, max }: { min: number; max: number }, description: string) {
  return integer(fallback, { min, max, unit: 'bytes' }, description)
}

/** A size in bytes that is a power of two. */
export function powerOfTwo(fallback: number, { min, max }: { min: number; max: number }, description: string) {
  const bounds = `a power of two, ${showNumber(min, 'bytes')} to ${showNumber(max, 'bytes')}`
  return v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(min),
      v.maxValue(max),
      v.check((size) => Number.isInteger(Math.log2(size))),
      v.description(description),
      v.metadata({ type: 'integer', bounds, allowed: bounds.replace(',', ' from'), unit: 'bytes' as const }),
    ),
    fallback,
  )
}

/** Text of limited length. */
export function text(fallback: string, { min, max }: { min: number; max: number }, description: string) {
  return v.optional(textType({ min, max }, description), fallback)
}

/** Text of limited length that has no default. */
export function optionalText(bounds: { min: number; max: number }, description: string) {
  return v.optional(textType(bounds, description))
}

/** Text of limited length, for rows that add a rule of their own. */
export function textType({ min, max }: { min: number; max: number }, description: string) {
  const bounds = `${min} to ${max} characters`
  return v.pipe(
    v.string(),
    v.minLength(min),
    v.maxLength(max),
    v.description(description),
    v.metadata({ type: 'string', bounds, allowed: `a string of ${bounds}` }),
  )
}

export function flag(fallback: boolean, description: string) {
  return v.optional(
    v.pipe(v.boolean(), v.description(description), v.metadata({ type: 'boolean', bounds: '', allowed: 'true or false' })),
    fallback,
  )
}

/** One of a few values; `refusals` answers for well-known values that are not among them. */
export function choice<const T extends readonly (string | number)[]>(
  fallback: T[number],
  values: T,
  description: string,
  refusals?: ReadonlyMap<unknown, string>,
) {
  return v.optional(choiceType(values, description, refusals), fallback)
}

/** One of a few values, without a default. */
export function optionalChoice<const T extends readonly (string | number)[]>(values: T, description: string) {
  return v.optional(choiceType(values, description))
}

export function choiceType<const T extends readonly (string | number)[]>(
  values: T,
  description: string,
  refusals?: ReadonlyMap<unknown, string>,
) {
  const bounds = values.map(show).join(', ')
  const metadata = { type: values.map(show).join(' | '), bounds: '', allowed: `one of ${bounds}`, refusals }
  return v.pipe(v.picklist(values), v.description(description), v.metadata(metadata))
}

/** A function or another value that is passed through as it is. */
export function passed<T>(check: (value: unknown) => boolean, type: string, allowed: string, description: string) {
  return v.optional(v.pipe(v.custom<T>(check), v.description(description), v.metadata({ type, bounds: '', allowed })))
}

/** Text that nobody is to see, or a function that gives it; errors about it do not show what was given. */
export function secret(description: string) {
  return v.optional(
    v.pipe(
      v.custom<string | (() => string | Promise<string>)>(
        (value) => typeof value === 'function' || (typeof value === 'string' && value.length > 0 && value.length <= MAX_SECRET),
      ),
      v.description(description),
      v.metadata({
        type: 'string | function',
        bounds: `1 to ${showNumber(MAX_SECRET)} characters`,
        allowed: `a string of 1 to ${showNumber(MAX_SECRET)} characters, or a function that gives one`,
        secret: true,
      }),
    ),
  )
}

/** A list of things that have options of their own, each checked by the rows of `table`; `what` names one of them. */
export function tableList<const S extends OptionSchema>(
  table: S,
  { type, what }: { type: string; what: string },
  description: string,
) {
  return v.pipe(
    v.array(
      v.pipe(
        table,
        v.transform((item) => Object.freeze(item)),
      ),
    ),
    v.description(description),
    v.metadata({ type, bounds: '', allowed: `a list of ${what}`, table: table as OptionSchema }),
  )
}

/** Whether a value is an object that may have rows of its own: no list, no function, and nothing that some class made. */
export function isTable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** One thing that has options of its own, checked by the rows of `table`; `what` says what it is. */
export function subTable<const S extends OptionSchema>(
  table: S,
  { type, what, bounds = '' }: { type: string; what: string; bounds?: string },
  description: string,
) {
  return v.pipe(
    table,
    v.transform((item) => Object.freeze(item)),
    v.description(description),
    v.metadata({ type, bounds, allowed: what, fields: table as OptionSchema }),
  )
}

/** For rules across rows: the way to an option, or to one within it, as an issue's path. */
export function pathTo(options: object, ...keys: [string | number, ...(string | number)[]]) {
  let input = options as Record<string | number, unknown>
  const path = keys.map((key) => {
    const item = { type: 'object' as const, origin: 'value' as const, input, key: key as string, value: input[key] }
    input = item.value as typeof input
    return item
  })
  return path as [v.IssuePathItem, ...v.IssuePathItem[]]
}

/** The signal that every waiting call takes. */
export function signalOption() {
  return passed<AbortSignal>(
    (value) => value instanceof AbortSignal,
    'AbortSignal',
    'an AbortSignal',
    'Gives the call up; it then rejects with code ABORTED and the reason of the signal as cause.',
  )
}

/**
 * The options with every default filled in, frozen; the input is never written to. Throws INVALID_OPTION with all problems in
 * one message; `where` names the call, such as `new Kafka()`.
 */
export function checkOptions<S extends OptionSchema>(schema: S, input: unknown, where: string): Readonly<v.InferOutput<S>> {
  if (Array.isArray(input)) throw invalid(`${where}: the options must be an object, but are ${show(input)}.`)
  const result = v.safeParse(schema, input === undefined ? {} : input)
  if (!result.success) throw refusal(schema, result.issues, where)
  return freezeLists(result.output) as Readonly<v.InferOutput<S>>
}

/** The rows as text, for the documentation. */
export function optionsTable(schema: OptionSchema): OptionRow[] {
  return Object.entries(schema.entries).map(([name, entry]) => {
    const { row, required, fallback } = unwrap(entry)
    const { type, bounds, unit } = metadataOf(row)
    const shown = required
      ? 'required'
      : fallback === undefined
        ? ''
        : typeof fallback === 'number'
          ? showNumber(fallback, unit)
          : show(fallback)
    return { name, type, default: shown, bounds, description: v.getDescription(row) ?? '' }
  })
}

function unwrap(entry: v.GenericSchema): { row: v.GenericSchema; required: boolean; fallback: unknown } {
  let row = entry
  let fallback: unknown
  // A row of a table whose gaps another one fills is optional twice.
  while (v.isOfType('optional', row)) {
    const optional = row as v.OptionalSchema<v.GenericSchema, unknown>
    fallback ??= optional.default
    row = optional.wrapped
  }
  return { row, required: row === entry, fallback }
}

function metadataOf(row: v.GenericSchema): RowMetadata {
  return v.getMetadata(row) as unknown as RowMetadata
}

/** Freezes the object and the lists that validation made; values that are passed through stay as they are. */
function freezeLists(value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) for (const item of value) freezeLists(item, depth + 1)
  else if (depth === 0) for (const item of Object.values(value as object)) freezeLists(item, depth + 1)
  else return value
  return Object.freeze(value)
}

type Issue = v.GenericIssue

function refusal(schema: OptionSchema, issues: readonly Issue[], where: string): KafkaError {
  const problems = new Map<string, string>()
  for (const issue of issues) {
    const path = (issue.path ?? []).map(({ key }) => key as string | number)
    if (path.length === 0) return invalid(`${where}: the options must be an object, but are ${show(issue.input)}.`)
    const [name, text] = problem(schema, issue, path, '')
    if (!problems.has(name)) problems.set(name, text)
  }
  const first = issues[0]?.path?.[0]?.key
  const text = [...problems.values()].join('; ')
  return invalid(`${where}: ${text}${text.endsWith('?') ? '' : '.'}`, first === undefined ? undefined : String(first))
}

/** The full name of the option at `path` of the table, and what is wrong with it. */
function problem(
  schema: OptionSchema,
  issue: Issue,
  path: readonly (string | number)[],
  prefix: string,
): [name: string, text: string] {
  const [option, ...places] = path as [string | number, ...(string | number)[]]
  const name = [prefix, option, ...places.map((place) => `[${place}]`)].join('')
  const entry = Object.hasOwn(schema.entries, option) ? schema.entries[option] : undefined
  if (entry === undefined) {
    const unknown = `unknown option ${show(`${prefix}${option}`)}; ${suggestion(String(option), Object.keys(schema.entries))}`
    return [name, unknown]
  }
  const { allowed, refusals, table, item, fields, secret } = metadataOf(unwrap(entry).row)
  if (fields && places.length > 0) return problem(fields, issue, places, `${prefix}${option}.`)
  if (table && places.length > 1) return problem(table, issue, places.slice(1), `${prefix}${option}[${places[0]}].`)
  const value = issue.path?.at(-1)?.value
  const given = secret ? kindOf(value) : show(value)
  const own = issue.type === 'raw_check' || issue.type === 'partial_check' ? issue.message : refusals?.get(issue.input)
  if (own !== undefined) return [name, `option '${name}' ${own}`]
  if (table && places.length > 0) return [name, `option '${name}' must be ${item ?? 'an object'}, but is ${given}`]
  if (issue.type === 'strict_object' && issue.received === 'undefined') return [name, `option '${name}' is required: ${allowed}`]
  return [name, `option '${name}' must be ${allowed}, but is ${given}`]
}

/** The nearest known name. Case and punctuation do not count, so that `client.id` finds `clientId`. */
function suggestion(unknown: string, known: readonly string[]): string {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')
  const wanted = plain(unknown.slice(0, 100))
  let nearest = ''
  let best = Number.POSITIVE_INFINITY
  for (const name of known) {
    const away = distance(wanted, plain(name))
    if (away < best) {
      best = away
      nearest = name
    }
  }
  const near = best <= Math.max(2, Math.ceil(wanted.length / 2))
  return near ? `did you mean '${nearest}'?` : `the nearest is '${nearest}', all are: ${known.join(', ')}`
}

/** A value for an error message: short, and never the inside of an object, which may hold a secret. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`
  if (typeof value === 'function') return 'a function'
  if (value instanceof RegExp) return String(value).slice(0, 60)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'number' ? showNumber(value) : String(value)
}

/** What a secret is, without itself. */
function kindOf(value: unknown): string {
  return typeof value === 'string' ? `a string of ${value.length} characters` : `a value of type ${typeof value}`
}

function showNumber(value: number, unit?: Unit): string {
  if (unit === 'bytes') {
    for (const [size, name] of [
      [GIB, 'GiB'],
      [MIB, 'MiB'],
      [KIB, 'KiB'],
    ] as const) {
      if (value >= size && value % size === 0) return `${value / size} ${name}`
    }
  }
  return Number.isSafeInteger(value) ? String(value).replace(/\B(?=(\d{3})+$)/g, '_') : String(value)
}

function invalid(message: string, option?: string): KafkaError {
  return new KafkaError('INVALID_OPTION', message, option === undefined ? {} : { option })
}
