/** What readers and writers of a struct share: types, defaults, names, and the range of versions in which it occurs. */
import type { Field, Struct } from './definitions.ts'
import { choose, hull, indent, intersect, isEmpty, NEVER, NO_VERSIONS, type Versions } from './versions.ts'

/** What holds for all structs of a message. */
export interface Scope {
  message: string
  /** The versions with compact lengths and tagged fields. */
  flexible: Versions
  /** The type's name in the file. */
  typeName(struct: Struct): string
  /** The versions in which the struct occurs; empty when only its type is needed. */
  versionsOf(struct: Struct): Versions
}

const SCALARS = new Map([
  ['bool', { method: 'boolean', ts: 'boolean', bytes: 1 }],
  ['int8', { method: 'int8', ts: 'number', bytes: 1 }],
  ['int16', { method: 'int16', ts: 'number', bytes: 2 }],
  ['uint16', { method: 'uint16', ts: 'number', bytes: 2 }],
  ['int32', { method: 'int32', ts: 'number', bytes: 4 }],
  ['uint32', { method: 'uint32', ts: 'number', bytes: 4 }],
  ['int64', { method: 'int64', ts: 'number', bytes: 8 }],
  ['float64', { method: 'float64', ts: 'number', bytes: 8 }],
  ['uuid', { method: 'uuid', ts: 'string', bytes: 16 }],
])

const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA'

/** Names that emitted functions use themselves, and words of the language. */
const TAKEN = new Set(
  `v r w m n i tag tags end item break case catch class const continue debugger default delete do else enum export extends
  false finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof var void while with yield await arguments eval undefined`.split(/\s+/),
)

/** The reader's and writer's method for a fixed-size type. */
export function scalarMethod(field: Field): string {
  const scalar = SCALARS.get(field.type)
  if (!scalar) throw new Error(`${field.name}: type ${field.type} is not known`)
  return scalar.method
}

/** Every struct below `root` with the versions in which it occurs, inner ones first. */
export function structVersions(root: Struct, versions: Versions): Map<Struct, Versions> {
  const found = new Map<Struct, Versions>()
  const visit = (struct: Struct, range: Versions): void => {
    for (const field of struct.fields) if (field.struct) visit(field.struct, intersect(range, wireVersions(field)))
    const known = found.get(struct) ?? NO_VERSIONS
    found.set(struct, hull(known, range))
  }
  visit(root, versions)
  return found
}

export function emitType(struct: Struct, scope: Scope): string {
  const rows = struct.fields.map((field) => `${field.name}: ${tsType(field, scope)}`)
  return `export interface ${scope.typeName(struct)} {\n${indent(rows).join('\n')}\n}\n`
}

export function isTagged(field: Field): boolean {
  return field.tag >= 0
}

/** The versions in which the field is on the wire. */
export function wireVersions(field: Field): Versions {
  return isTagged(field) ? field.tagged : field.versions
}

/** A variable's name for the field: its own unless that is taken. */
export function local(field: Field): string {
  return TAKEN.has(field.name) ? `${field.name}_` : field.name
}

export function isBytes(field: Field): boolean {
  return field.type === 'bytes' || field.type === 'records'
}

function elementType(field: Field, scope: Scope): string {
  if (field.struct) return scope.typeName(field.struct)
  if (field.type === 'string') return 'string'
  return isBytes(field) ? 'Buffer' : SCALARS.get(field.type)!.ts
}

export function tsType(field: Field, scope: Scope): string {
  const type = field.array ? `${elementType(field, scope)}[]` : elementType(field, scope)
  return isNullable(field) ? `${type} | null` : type
}

export function isNullable(field: Field): boolean {
  return !isEmpty(nullableVersions(field))
}

/** Kafka's classes begin with null where the records of a fetch are not known, whatever the definition says of null. */
export function nullableVersions(field: Field): Versions {
  return field.type === 'records' ? { min: 0, max: NEVER } : field.nullable
}

/** A TypeScript expression for the field's default. */
export function defaultOf(field: Field): string {
  if (field.defaultText === 'null' || field.type === 'records') return 'null'
  if (field.array) return '[]'
  if (field.struct) return `{ ${field.struct.fields.map((inner) => `${inner.name}: ${defaultOf(inner)}`).join(', ')} }`
  switch (field.type) {
    case 'string':
      return `'${field.defaultText}'`
    case 'bytes':
      return 'NO_BYTES'
    case 'uuid':
      return `'${ZERO_UUID}'`
    case 'bool':
      return field.defaultText === 'true' ? 'true' : 'false'
    default:
      return numberText(field)
  }
}

function numberText(field: Field): string {
  const value = Number(field.defaultText || '0')
  if (Number.isNaN(value)) throw new Error(`${field.name}: default ${field.defaultText} is no number`)
  // the largest int64 is no exact number: it stands for the same as what a reader makes of it
  return value === 2 ** 63 ? '2 ** 63' : String(value)
}

/** An expression for the least bytes that an element of the array takes. */
export function elementBytes(field: Field, scope: Scope, range: Versions): number {
  return Math.max(1, leastBytes({ ...field, array: false, nullable: NO_VERSIONS }, scope, range))
}

/** The least bytes that the field takes in any of the versions. */
function leastBytes(field: Field, scope: Scope, range: Versions): number {
  const compact = intersect(range, scope.flexible)
  const someCompact = !isEmpty(compact) && !field.neverCompact
  if (field.array) return someCompact ? 1 : 4
  if (field.struct) {
    if (!isEmpty(intersect(range, field.nullable))) return 1
    const alwaysTags = range.min >= scope.flexible.min ? 1 : 0
    return field.struct.fields.reduce((sum, inner) => {
      const always = !isTagged(inner) && inner.versions.min <= range.min && inner.versions.max >= range.max
      return always ? sum + leastBytes(inner, scope, range) : sum
    }, alwaysTags)
  }
  if (field.type === 'string') return someCompact ? 1 : 2
  if (isBytes(field)) return someCompact ? 1 : 4
  return SCALARS.get(field.type)!.bytes
}

/** Whether a version has compact lengths. */
export function compact(field: Field, scope: Scope, range: Versions, yes: string, no: string): string {
  return choose(
    range,
    field.neverCompact ? NO_VERSIONS : scope.flexible,
    () => yes,
    () => no,
  )
}

/** `function read…` or `function write…`; a parameter that the lines do not use gets an underscore. */
export function emitFunction(name: string, parameters: [name: string, type: string][], returns: string, lines: string[]): string {
  const list = parameters.map(([parameter, type]) => {
    const used = lines.some((line) => new RegExp(`(?<![.\\w])${parameter}\\b`).test(line))
    return `${used ? '' : '_'}${parameter}: ${type}`
  })
  return `function ${name}(${list.join(', ')}): ${returns} {\n${indent(lines).join('\n')}\n}\n`
}
