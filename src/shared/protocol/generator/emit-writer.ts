/** TypeScript for the function that writes a draft of a struct, for all versions at once, in wire order. */
import type { Field, Struct } from './definitions.ts'
import {
  defaultOf,
  emitFunction,
  isBytes,
  isNullable,
  isTagged,
  local,
  nullableVersions,
  type Scope,
  scalarMethod,
  wireVersions,
} from './emit-struct.ts'
import { branch, guarded, indent, intersect, isEmpty, NO_VERSIONS, outside, type Versions, within } from './versions.ts'

export function emitWriter(struct: Struct, scope: Scope): string {
  const range = scope.versionsOf(struct)
  const name = scope.typeName(struct)
  const lines = struct.fields.filter((field) => !isTagged(field)).flatMap((field) => writePlain(field, scope, range))
  const tagged = struct.fields.filter(isTagged).sort((a, b) => a.tag - b.tag)
  lines.push(...branch(range, scope.flexible, (flexible) => writeTags(tagged, scope, flexible)))
  for (const field of tagged) {
    lines.push(
      ...branch(
        range,
        field.tagged,
        () => [],
        () => refuse(field, scope),
      ),
    )
  }
  const parameters: [string, string][] = [
    ['w', 'Writer'],
    ['v', 'number'],
    ['m', `Draft<${name}>`],
  ]
  return emitFunction(`write${name}`, parameters, 'void', lines)
}

/** `const { field = default } = m`. */
function take(field: Field): string {
  const binding = local(field) === field.name ? field.name : `${field.name}: ${local(field)}`
  // a draft of a struct may be empty
  return `const { ${binding} = ${field.struct && defaultOf(field).startsWith('{') ? '{}' : defaultOf(field)} } = m`
}

function writePlain(field: Field, scope: Scope, range: Versions): string[] {
  return branch(
    range,
    field.versions,
    (known) => [take(field), ...writeField(field, scope, known)],
    () => refuse(field, scope),
  )
}

function writeField(field: Field, scope: Scope, range: Versions): string[] {
  const value = local(field)
  const nullable = nullableVersions(field)
  const lines: string[] = []
  if (isNullable(field) && within(range, nullable) !== 'true') {
    const versions = outside(range, nullable)
    const test = versions === 'true' ? '' : versions.includes('||') ? `(${versions}) && ` : `${versions} && `
    lines.push(`if (${test}${value} === null) throw new UnsupportedNull('${scope.message}', '${field.name}', v)`)
  }
  if (!field.array) return [...lines, ...writeValue(field, scope, range, value, nullable)]
  const length = isNullable(field) ? `${value} === null ? -1 : ${value}.length` : `${value}.length`
  return [
    ...lines,
    ...either(field, scope, range, `w.compactArrayLength(${length})`, `w.arrayLength(${length})`),
    ...guarded(
      `for (const item of ${isNullable(field) ? `${value} ?? []` : value})`,
      writeValue(field, scope, range, 'item', NO_VERSIONS),
    ),
  ]
}

/** Statements that write one value that is not an array; where null is not allowed it was refused before. */
function writeValue(field: Field, scope: Scope, range: Versions, value: string, nullable: Versions): string[] {
  if (field.struct) {
    const write = `write${scope.typeName(field.struct)}`
    return branch(
      range,
      nullable,
      () => [`if (${value} === null) w.int8(-1)`, 'else {', '  w.int8(1)', `  ${write}(w, v, ${value})`, '}'],
      () => [`${write}(w, v, ${value}${isEmpty(nullable) ? '' : '!'})`],
    )
  }
  if (field.type === 'string' || isBytes(field)) {
    const kind = field.type === 'string' ? 'String' : 'Bytes'
    const [flexible, rigid] = isEmpty(nullable)
      ? [`compact${kind}`, kind.toLowerCase()]
      : [`compactNullable${kind}`, `nullable${kind}`]
    return either(field, scope, range, `w.${flexible}(${value})`, `w.${rigid}(${value})`)
  }
  return [`w.${scalarMethod(field)}(${value})`]
}

/** One of two statements: where lengths are compact, and where not. */
function either(field: Field, scope: Scope, range: Versions, flexible: string, rigid: string): string[] {
  return branch(
    range,
    field.neverCompact ? NO_VERSIONS : scope.flexible,
    () => [flexible],
    () => [rigid],
  )
}

/** KIP-482: only fields that differ from their default are there. */
function writeTags(tagged: Field[], scope: Scope, range: Versions): string[] {
  const known = tagged.filter((field) => !isEmpty(intersect(range, field.tagged)))
  if (known.length === 0) return ['w.unsignedVarint(0)']
  const has = (field: Field): string => `has${field.name[0]!.toUpperCase()}${field.name.slice(1)}`
  const lines: string[] = []
  for (const field of known) {
    const versions = within(range, field.tagged)
    lines.push(
      take(field),
      `const ${has(field)} = ${versions === 'true' ? '' : `${versions} && `}${differs(field, local(field))}`,
    )
  }
  lines.push(`w.unsignedVarint(${known.map((field) => `Number(${has(field)})`).join(' + ')})`)
  for (const field of known) {
    if (field.struct && isNullable(field) && !field.array) throw new Error(`${field.name}: a nullable struct as a tag`)
    const body = writeField(field, scope, intersect(range, field.tagged))
    const simple = body.length === 1 && !/^(if|for)\b/.test(body[0]!)
    if (simple) lines.push(`if (${has(field)}) w.tag(${field.tag}, (w) => ${body[0]})`)
    else lines.push(`if (${has(field)}) {`, `  w.tag(${field.tag}, (w) => {`, ...indent(indent(body)), '  })', '}')
  }
  return lines
}

/** Whether a value is something other than the default. */
function differs(field: Field, value: string): string {
  const isDefault = defaultOf(field)
  if (field.struct && !field.array && isDefault !== 'null') {
    const inner = field.struct.fields.map((each) => {
      const path = `${value}.${each.name}`
      return `${path} !== undefined && ${differs(each, path)}`
    })
    return `(${inner.length > 1 ? inner.map((test) => `(${test})`).join(' || ') : inner[0]})`
  }
  if ((field.array || isBytes(field)) && isDefault !== 'null')
    return isNullable(field) ? `(${value} === null || ${value}.length > 0)` : `${value}.length > 0`
  return `${value} !== ${isDefault}`
}

/** For versions that lack the field: a value that means something must not get lost, as in Kafka's own classes. */
function refuse(field: Field, scope: Scope): string[] {
  if (field.ignorable) return []
  const value = `m.${field.name}`
  const { min, max } = wireVersions(field)
  const test = `${value} !== undefined && ${differs(field, value)}`
  return guarded(`if (${test})`, [`throw new UnsupportedField('${scope.message}', '${field.name}', v, ${min}, ${max})`])
}
