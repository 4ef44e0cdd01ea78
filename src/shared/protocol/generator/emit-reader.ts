/** TypeScript for the function that reads a struct, for all versions at once, in wire order. */
import type { Field, Struct } from './definitions.ts'
import {
  compact,
  defaultOf,
  elementBytes,
  emitFunction,
  isBytes,
  isNullable,
  isTagged,
  local,
  nullableVersions,
  type Scope,
  scalarMethod,
  tsType,
} from './emit-struct.ts'
import { branch, choose, guarded, indent, intersect, isEmpty, NO_VERSIONS, type Versions, within } from './versions.ts'

export function emitReader(struct: Struct, scope: Scope): string {
  const range = scope.versionsOf(struct)
  const name = scope.typeName(struct)
  const tagged = struct.fields.filter(isTagged)
  const lines = struct.fields.filter((field) => !isTagged(field)).flatMap((field) => readPlain(field, scope, range))
  for (const field of tagged) lines.push(`let ${local(field)}: ${tsType(field, scope)} = ${defaultOf(field)}`)
  lines.push(...branch(range, scope.flexible, (flexible) => readTags(tagged, scope, flexible)))
  const fields = struct.fields.map((field) => (local(field) === field.name ? field.name : `${field.name}: ${local(field)}`))
  if (fields.length <= 6) lines.push(`return { ${fields.join(', ')} }`)
  else lines.push('return {', ...indent(fields.map((field) => `${field},`)), '}')
  const parameters: [string, string][] = [
    ['r', 'Reader'],
    ['v', 'number'],
  ]
  return emitFunction(`read${name}`, parameters, name, lines)
}

/** An expression for one value; an array's element when the field is an array. */
function readValue(field: Field, scope: Scope, range: Versions): string {
  const nullable = field.array ? NO_VERSIONS : nullableVersions(field)
  if (field.struct) {
    const read = `read${scope.typeName(field.struct)}(r, v)`
    return choose(
      range,
      nullable,
      () => `r.int8() < 0 ? null : ${read}`,
      () => read,
    )
  }
  const kind = field.type === 'string' ? 'String' : 'Bytes'
  if (field.type === 'string' || isBytes(field)) {
    return choose(
      range,
      nullable,
      (known) => compact(field, scope, known, `r.compactNullable${kind}()`, `r.nullable${kind}()`),
      (known) => compact(field, scope, known, `r.compact${kind}()`, `r.${kind.toLowerCase()}()`),
    )
  }
  return `r.${scalarMethod(field)}()`
}

/** An expression for the array's length, −1 for null where that is allowed. */
function readLength(field: Field, scope: Scope, range: Versions): string {
  const length = (known: Versions): string =>
    choose(
      known,
      scope.flexible,
      (flexible) => `r.compactArrayLength(${elementBytes(field, scope, flexible)})`,
      (rigid) => `r.arrayLength(${elementBytes(field, scope, rigid)})`,
    )
  return choose(range, field.nullable, length, (known) => `r.notNull(${length(known)})`)
}

/** Statements that read an array into a variable that holds an empty one, or the default where `mayBeNull`. */
function fillArray(field: Field, scope: Scope, range: Versions): string[] {
  const name = local(field)
  const push = `${name}.push(${readValue(field, scope, range)})`
  if (!isNullable(field)) return [`for (let n = ${readLength(field, scope, range)}; n > 0; n--) ${push}`]
  return [
    `const n = ${readLength(field, scope, range)}`,
    `${name} = n < 0 ? null : []`,
    `if (${name}) for (let i = 0; i < n; i++) ${push}`,
  ]
}

function readPlain(field: Field, scope: Scope, range: Versions): string[] {
  const name = local(field)
  const type = tsType(field, scope)
  const present = within(range, field.versions)
  if (present === 'false') return [`const ${name}: ${type} = ${defaultOf(field)}`]
  if (!field.array) {
    const value = choose(
      range,
      field.versions,
      (known) => readValue(field, scope, known),
      () => defaultOf(field),
    )
    const annotation = isNullable(field) || (field.struct && present !== 'true') ? `: ${type}` : ''
    return [`const ${name}${annotation} = ${value}`]
  }
  const fill = fillArray(field, scope, intersect(range, field.versions))
  if (!isNullable(field))
    return [`const ${name}: ${type} = []`, ...(present === 'true' ? fill : guarded(`if (${present})`, fill))]
  if (present === 'true') return [`let ${name}: ${type}`, '{', ...indent(fill), '}']
  return [`let ${name}: ${type} = ${defaultOf(field)}`, ...guarded(`if (${present})`, fill)]
}

/** KIP-482: a count, then for each tag its number, its size and its value. */
function readTags(tagged: Field[], scope: Scope, range: Versions): string[] {
  const known = tagged.filter((field) => !isEmpty(intersect(range, field.tagged)))
  if (known.length === 0) return ['r.skipTags()']
  const lines: string[] = []
  for (const field of known) {
    const versions = within(range, field.tagged)
    const test = versions === 'true' ? `tag === ${field.tag}` : `tag === ${field.tag} && ${versions}`
    lines.push(
      `${lines.length === 0 ? '' : '} else '}if (${test}) {`,
      ...indent(readTag(field, scope, intersect(range, field.tagged))),
    )
  }
  lines.push('} else r.skip(end - r.offset)')
  return [
    'for (let tags = r.unsignedVarint(); tags > 0; tags--) {',
    ...indent(['const tag = r.unsignedVarint()', 'const end = r.tagEnd()', ...lines, 'r.expectAt(end)']),
    '}',
  ]
}

function readTag(field: Field, scope: Scope, range: Versions): string[] {
  const name = local(field)
  if (!field.array) return [`${name} = ${readValue(field, scope, range)}`]
  // a tag that comes twice counts once
  return isNullable(field) ? fillArray(field, scope, range) : [`${name} = []`, ...fillArray(field, scope, range)]
}
