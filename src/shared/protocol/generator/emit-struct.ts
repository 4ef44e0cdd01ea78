/** TypeScript for one struct: its type, its reader and its writer, for all versions at once. */
import type { Field, Struct, Versions } from './definitions.ts'

/** What holds for all structs of a message. */
export interface Scope {
  message: string
  versions: Versions
  flexibleFrom: number
  /** The type's name in the file. */
  typeName(struct: Struct): string
}

const SCALARS: Record<string, { method: string; ts: string; bytes: number }> = {
  bool: { method: 'boolean', ts: 'boolean', bytes: 1 },
  int8: { method: 'int8', ts: 'number', bytes: 1 },
  int16: { method: 'int16', ts: 'number', bytes: 2 },
  uint16: { method: 'uint16', ts: 'number', bytes: 2 },
  int32: { method: 'int32', ts: 'number', bytes: 4 },
  uint32: { method: 'uint32', ts: 'number', bytes: 4 },
  int64: { method: 'int64', ts: 'number', bytes: 8 },
  float64: { method: 'float64', ts: 'number', bytes: 8 },
  uuid: { method: 'uuid', ts: 'string', bytes: 16 },
}

const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA'

export function emitType(struct: Struct, scope: Scope): string {
  const rows = struct.fields.map((field) => `  ${field.name}: ${tsType(field, scope)}\n`)
  return `export interface ${scope.typeName(struct)} {\n${rows.join('')}}\n`
}

export function emitReader(struct: Struct, scope: Scope): string {
  const name = scope.typeName(struct)
  const plain = struct.fields.filter((field) => !isTagged(field))
  const tagged = struct.fields.filter(isTagged)
  const lines: string[] = []
  for (const field of plain) lines.push(...readPlain(field, scope))
  for (const field of tagged) lines.push(`let ${local(field)}: ${tsType(field, scope)} = ${defaultOf(field)}`)
  const flexible = flexibleTest(scope)
  if (flexible !== 'false') {
    const body = tagged.length === 0 ? ['r.skipTags()'] : readTags(tagged, scope)
    if (flexible === 'true') lines.push(...body)
    else if (body.length === 1) lines.push(`if (${flexible}) ${body[0]}`)
    else lines.push(`if (${flexible}) {`, ...body.map((line) => `  ${line}`), '}')
  }
  const fields = struct.fields.map((field) => (local(field) === field.name ? field.name : `${field.name}: ${local(field)}`))
  lines.push(
    fields.length <= 6 ? `return { ${fields.join(', ')} }` : `return {\n${fields.map((field) => `    ${field},\n`).join('')}  }`,
  )
  return `function read${name}(r: Reader, ${usesVersion(lines) ? 'v' : '_v'}: number): ${name} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`
}

export function emitWriter(struct: Struct, scope: Scope): string {
  const name = scope.typeName(struct)
  const lines: string[] = []
  for (const field of struct.fields) if (!isTagged(field)) lines.push(...writePlain(field, scope))
  const tagged = struct.fields.filter(isTagged).sort((a, b) => a.tag - b.tag)
  const flexible = flexibleTest(scope)
  if (flexible !== 'false') {
    const body = tagged.length === 0 ? ['w.unsignedVarint(0)'] : writeTags(tagged, scope)
    if (flexible === 'true') lines.push(...body)
    else if (body.length === 1) lines.push(`if (${flexible}) ${body[0]}`)
    else lines.push(`if (${flexible}) {`, ...body.map((line) => `  ${line}`), '}')
  }
  for (const field of tagged) {
    const absent = absentTest({ ...field, versions: field.tagged }, scope)
    if (!field.ignorable && absent !== 'false') lines.push(refusal(field, scope, absent))
  }
  const body = lines.map((line) => `  ${line}\n`).join('')
  const m = struct.fields.length > 0 ? 'm' : '_m'
  return `function write${name}(w: Writer, ${usesVersion(lines) ? 'v' : '_v'}: number, ${m}: Draft<${name}>): void {\n${body}}\n`
}

function usesVersion(lines: string[]): boolean {
  return lines.some((line) => /\bv\b/.test(line))
}

function isTagged(field: Field): boolean {
  return field.tag >= 0
}

/** A local variable's name; some field names are taken. */
function local(field: Field): string {
  return ['v', 'r', 'w', 'm', 'n', 'i', 'tag', 'size', 'end'].includes(field.name) ||
    /^(default|delete|in|new|class|package)$/.test(field.name)
    ? `${field.name}_`
    : field.name
}

function elementType(field: Field, scope: Scope): string {
  if (field.struct) return scope.typeName(field.struct)
  if (field.type === 'string') return 'string'
  if (field.type === 'bytes' || field.type === 'records') return 'Buffer'
  return SCALARS[field.type]!.ts
}

function tsType(field: Field, scope: Scope): string {
  const type = field.array ? `${elementType(field, scope)}[]` : elementType(field, scope)
  return isNullable(field) ? `${type} | null` : type
}

function isNullable(field: Field): boolean {
  return field.nullable.min <= field.nullable.max || (field.type === 'records' && !field.array)
}

/** A TypeScript expression for the field's default. */
export function defaultOf(field: Field): string {
  if (field.defaultText === 'null') return 'null'
  if (field.array) return '[]'
  if (field.struct) return `{ ${field.struct.fields.map((inner) => `${inner.name}: ${defaultOf(inner)}`).join(', ')} }`
  switch (field.type) {
    case 'string':
      return `'${field.defaultText}'`
    case 'bytes':
      return 'NO_BYTES'
    case 'records':
      return 'null'
    case 'uuid':
      return `'${ZERO_UUID}'`
    case 'bool':
      return field.defaultText === 'true' ? 'true' : 'false'
    default:
      return String(Number(field.defaultText || '0'))
  }
}

/** 'true', 'false', or a comparison that says whether `v` lies in the versions. */
function versionTest(versions: Versions, scope: Scope): string {
  const { min, max } = scope.versions
  if (versions.max < min || versions.min > max || versions.min > versions.max) return 'false'
  const tests: string[] = []
  if (versions.min > min) tests.push(`v >= ${versions.min}`)
  if (versions.max < max) tests.push(`v <= ${versions.max}`)
  return tests.length === 0 ? 'true' : tests.join(' && ')
}

function absentTest(field: Field, scope: Scope): string {
  const { min, max } = scope.versions
  const tests: string[] = []
  if (field.versions.min > min) tests.push(`v < ${Math.min(field.versions.min, max + 1)}`)
  if (field.versions.max < max) tests.push(`v > ${field.versions.max}`)
  return tests.length === 0 ? 'false' : tests.join(' || ')
}

function flexibleTest(scope: Scope): string {
  return versionTest({ min: scope.flexibleFrom, max: 32_767 }, scope)
}

function either(test: string, yes: string, no: string): string {
  if (test === 'true') return yes
  return test === 'false' ? no : `${test.includes('&&') ? `(${test})` : test} ? ${yes} : ${no}`
}

/** An expression for a value that is not an array. */
function readValue(field: Field, scope: Scope, nullable: string): string {
  const flexible = field.neverCompact ? 'false' : flexibleTest(scope)
  if (field.struct) {
    const read = `read${scope.typeName(field.struct)}(r, v)`
    return either(nullable, `(r.int8() < 0 ? null : ${read})`, read)
  }
  if (field.type === 'string') {
    return either(
      nullable,
      `(${either(flexible, 'r.compactNullableString()', 'r.nullableString()')})`,
      `(${either(flexible, 'r.compactString()', 'r.string()')})`,
    )
  }
  if (field.type === 'bytes' || field.type === 'records') {
    return either(
      field.type === 'records' ? 'true' : nullable,
      `(${either(flexible, 'r.compactNullableBytes()', 'r.nullableBytes()')})`,
      `(${either(flexible, 'r.compactBytes()', 'r.bytes()')})`,
    )
  }
  return `r.${SCALARS[field.type]!.method}()`
}

function minBytes(field: Field): number {
  return SCALARS[field.type]?.bytes ?? 1
}

/** Statements that read an array into the variable `into`. */
function readArray(field: Field, scope: Scope, into: string): string[] {
  const flexible = flexibleTest(scope)
  const length = either(flexible, `r.compactArrayLength(${minBytes(field)})`, `r.arrayLength(${minBytes(field)})`)
  const nullable = versionTest(field.nullable, scope)
  const one = readValue({ ...field, array: false }, scope, 'false')
  const loop = `for (let i = 0; i < n; i++) ${into}.push(${one})`
  if (nullable === 'false') return [`const n = r.notNull(${length})`, loop]
  const lines = [`const n = ${nullable === 'true' ? length : `${length}`}`]
  if (nullable !== 'true') lines.push(`if (!(${nullable})) r.notNull(n)`)
  return [...lines, `${into} = n < 0 ? null : []`, `if (${into}) ${loop}`]
}

function readPlain(field: Field, scope: Scope): string[] {
  const present = versionTest(field.versions, scope)
  const name = local(field)
  const type = tsType(field, scope)
  if (!field.array) {
    const value = readValue(field, scope, versionTest(field.nullable, scope))
    const annotation = field.struct || isNullable(field) || present !== 'true' ? `: ${type}` : ''
    return [`const ${name}${annotation} = ${present === 'true' ? stripParens(value) : either(present, value, defaultOf(field))}`]
  }
  const mutable = isNullable(field) ? 'let' : 'const'
  const initial = present === 'true' ? '[]' : defaultOf(field)
  const start = mutable === 'const' && initial === '[]' ? '[]' : initial
  const body = readArray(field, scope, name)
  if (present === 'false') return [`const ${name}: ${type} = ${defaultOf(field)}`]
  const block = present === 'true' ? '{' : `if (${present}) {`
  return [`${mutable} ${name}: ${type} = ${start}`, block, ...body.map((line) => `  ${line}`), '}']
}

function stripParens(value: string): string {
  return value.startsWith('(') && value.endsWith(')') && !value.slice(1, -1).includes(')(') && balanced(value.slice(1, -1))
    ? value.slice(1, -1)
    : value
}

function balanced(text: string): boolean {
  let depth = 0
  for (const char of text) {
    if (char === '(') depth++
    if (char === ')' && --depth < 0) return false
  }
  return depth === 0
}

function readTags(tagged: Field[], scope: Scope): string[] {
  const lines = [
    'for (let count = r.unsignedVarint(); count > 0; count--) {',
    '  const tag = r.unsignedVarint()',
    '  const size = r.unsignedVarint()',
    '  const end = r.offset + size',
    '  switch (tag) {',
  ]
  for (const field of tagged) {
    const known = versionTest(field.tagged, scope)
    if (known === 'false') continue
    const name = local(field)
    lines.push(`    case ${field.tag}: {`)
    if (known !== 'true') lines.push(`      if (!(${known})) {`, '        r.skip(size)', '        break', '      }')
    if (field.array) {
      if (!isNullable(field)) lines.push(`      ${name} = []`)
      lines.push(...readArray(field, scope, name).map((line) => `      ${line}`))
    } else lines.push(`      ${name} = ${stripParens(readValue(field, scope, versionTest(field.nullable, scope)))}`)
    lines.push('      break', '    }')
  }
  lines.push('    default:', '      r.skip(size)', '  }', '  r.expectAt(end)', '}')
  return lines
}

/** A statement that writes one value that is not an array. */
function writeValue(field: Field, scope: Scope, value: string, nullable: string): string {
  const flexible = field.neverCompact ? 'false' : flexibleTest(scope)
  const call = (method: string, cast: string): string => `w.${method}(${value}${cast})`
  if (field.struct) {
    const write = `write${scope.typeName(field.struct)}`
    if (nullable === 'false') return `${write}(w, v, ${value}${isNullable(field) ? '!' : ''})`
    const guard = nullable === 'true' ? '' : `if (!(${nullable})) ${write}(w, v, ${value}!)\n  else `
    return `${guard}if (${value} === null) w.int8(-1)\n  else {\n    w.int8(1)\n    ${write}(w, v, ${value})\n  }`
  }
  const cast = isNullable(field) ? '!' : ''
  if (field.type === 'string') {
    return statement(
      nullable,
      statement(flexible, call('compactNullableString', ''), call('nullableString', '')),
      statement(flexible, call('compactString', cast), call('string', cast)),
    )
  }
  if (field.type === 'bytes' || field.type === 'records') {
    return statement(
      field.type === 'records' ? 'true' : nullable,
      statement(flexible, call('compactNullableBytes', ''), call('nullableBytes', '')),
      statement(flexible, call('compactBytes', cast), call('bytes', cast)),
    )
  }
  return call(SCALARS[field.type]!.method, '')
}

function statement(test: string, yes: string, no: string): string {
  if (test === 'true') return yes
  if (test === 'false') return no
  return `if (${test}) { ${yes} } else { ${no} }`
}

function writeField(field: Field, scope: Scope, value: string): string[] {
  const nullable = versionTest(field.nullable, scope)
  if (!field.array) return [writeValue(field, scope, value, nullable)]
  const flexible = flexibleTest(scope)
  const length = (of: string): string => statement(flexible, `w.compactArrayLength(${of})`, `w.arrayLength(${of})`)
  const one = writeValue({ ...field, array: false, nullable: { min: 1, max: 0 } }, scope, 'item', 'false')
  const loop = (of: string): string => `for (const item of ${of}) ${one}`
  if (nullable === 'false')
    return [length(`${value}.length`), loop(value)].map((line) =>
      isNullable(field) ? line.replaceAll(`${value}.length`, `${value}!.length`).replace(`of ${value})`, `of ${value}!)`) : line,
    )
  const nullLine =
    nullable === 'true'
      ? length('-1')
      : `if (!(${nullable})) throw new TypeError('${scope.message}: ${field.name} must not be null in version ' + v)\n    ${length('-1')}`
  return [
    `if (${value} === null) {`,
    `    ${nullLine}`,
    '  } else {',
    `    ${length(`${value}.length`)}`,
    `    ${loop(value)}`,
    '  }',
  ]
}

function writePlain(field: Field, scope: Scope): string[] {
  const present = versionTest(field.versions, scope)
  const value = local(field)
  const lines: string[] = []
  const set = `const ${value} = m.${field.name} === undefined ? ${defaultOf(field)} : m.${field.name}`
  if (present === 'false') return []
  if (present === 'true') lines.push(set, ...writeField(field, scope, value))
  else {
    lines.push(`if (${present}) {`, `  ${set}`, ...writeField(field, scope, value).map((line) => `  ${line}`), '}')
    const absent = absentTest(field, scope)
    if (!field.ignorable && absent !== 'false') lines.push(refusal(field, scope, absent))
  }
  return lines
}

function writeTags(tagged: Field[], scope: Scope): string[] {
  const lines = ['let tags = 0']
  for (const field of tagged) {
    const known = versionTest(field.tagged, scope)
    if (known === 'false') continue
    const value = local(field)
    lines.push(`const ${value} = m.${field.name} === undefined ? ${defaultOf(field)} : m.${field.name}`)
    lines.push(
      `const has${cap(field.name)} = ${known === 'true' ? '' : `${known} && `}${differs(field, value)}`,
      `if (has${cap(field.name)}) tags++`,
    )
  }
  lines.push('w.unsignedVarint(tags)')
  for (const field of tagged) {
    if (versionTest(field.tagged, scope) === 'false') continue
    const value = local(field)
    lines.push(
      `if (has${cap(field.name)}) w.tag(${field.tag}, (w) => {`,
      ...writeField(field, scope, value).map((line) => `  ${line}`),
      '})',
    )
  }
  return lines
}

function cap(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1)
}

/** Whether a value is something other than the default. */
function differs(field: Field, value: string): string {
  if (field.array)
    return field.defaultText === 'null'
      ? `${value} !== null`
      : isNullable(field)
        ? `(${value} === null || ${value}.length > 0)`
        : `${value}.length > 0`
  if (field.struct) {
    if (field.defaultText === 'null') return `${value} !== null`
    return `(${field.struct.fields.map((inner) => `(${value}.${inner.name} !== undefined && ${differs(inner, `${value}.${inner.name}`)})`).join(' || ')})`
  }
  if (field.type === 'bytes')
    return field.defaultText === 'null'
      ? `${value} !== null`
      : `${isNullable(field) ? `${value} === null || ` : ''}${value}.length > 0`
  if (field.type === 'records') return `${value} !== null`
  return `${value} !== ${defaultOf(field)}`
}

function refusal(field: Field, scope: Scope, absent: string): string {
  const value = `m.${field.name}`
  return `if ((${absent}) && ${value} !== undefined && ${differs(field, value)}) throw new UnsupportedField('${scope.message}', '${field.name}', v, ${Math.max(field.versions.min, 0)})`
}
