/** The files the generator writes: one an API, one a message, the registry, the error table. */
import { type Definition, kebab, lowerCamel, type Struct } from './definitions.ts'
import { emitReader, emitType, emitWriter, type Scope } from './emit-struct.ts'

const HEADER = "// Generated from Kafka's message definitions by `npm run generate`; never edited.\n"

/** Inner structs first, each once. */
function structsOf(root: Struct, seen = new Set<Struct>()): Struct[] {
  for (const field of root.fields) if (field.struct && !seen.has(field.struct)) structsOf(field.struct, seen)
  seen.add(root)
  return [...seen]
}

/** The code of one message; `taken` has the type names of the file so far. */
function emitMessage(definition: Definition, taken: Set<string>): string {
  const names = new Map<Struct, string>()
  const structs = structsOf(definition.root)
  for (const struct of structs) {
    let name = struct.name
    // request and response may both have a struct of this name
    if (taken.has(name)) name = `${definition.name.endsWith('Response') ? 'Response' : definition.name}${name}`
    taken.add(name)
    names.set(struct, name)
  }
  const scope: Scope = {
    message: definition.name,
    versions: definition.versions,
    flexibleFrom: definition.flexibleFrom,
    typeName: (struct) => names.get(struct)!,
  }
  return structs
    .map((struct) => [emitType(struct, scope), emitReader(struct, scope), emitWriter(struct, scope)].join('\n'))
    .join('\n')
}

function imports(code: string): string {
  const api = ['Api', 'Message', 'Draft'].filter((name) => new RegExp(`\\b${name}<`).test(code)).map((name) => `type ${name}`)
  if (code.includes('new UnsupportedField')) api.push('UnsupportedField')
  const noBytes = code.includes('NO_BYTES') ? '\nconst NO_BYTES = Buffer.alloc(0)\n' : ''
  return `import { ${api.join(', ')} } from '../api.ts'\nimport type { Reader } from '../reader.ts'\nimport type { Writer } from '../writer.ts'\n${noBytes}`
}

export function emitApi(request: Definition, response: Definition): string {
  const name = apiName(request)
  const taken = new Set<string>()
  const code = `${emitMessage(request, taken)}\n${emitMessage(response, taken)}
export const ${lowerCamel(name)}: Api<${request.name}, ${response.name}> = {
  key: ${request.apiKey},
  name: '${name}',
  minVersion: ${request.versions.min},
  maxVersion: ${request.versions.max},
  flexibleFrom: ${request.flexibleFrom},
  encodeRequest: write${request.name},
  decodeRequest: read${request.name},
  encodeResponse: write${response.name},
  decodeResponse: read${response.name},
}
`
  const unified = code.replace(/(function (?:read|write)\w+\([^)]*)\b_v: number/g, '$1_v: number')
  return `${HEADER}${imports(unified)}\n${unified}`
}

export function emitData(definition: Definition): string {
  const code = `${emitMessage(definition, new Set())}
export const ${lowerCamel(definition.name)}: Message<${definition.name}> = {
  name: '${definition.name}',
  minVersion: ${definition.versions.min},
  maxVersion: ${definition.versions.max},
  flexibleFrom: ${definition.flexibleFrom},
  encode: write${definition.name},
  decode: read${definition.name},
}
`
  return `${HEADER}${imports(code)}\n${code}`
}

export function emitRegistry(requests: Definition[]): string {
  const sorted = [...requests].sort((a, b) => a.apiKey! - b.apiKey!)
  const rows = sorted.map((request) => {
    const name = apiName(request)
    const { min, max } = request.versions
    return `  { key: ${request.apiKey}, name: '${name}', minVersion: ${min}, maxVersion: ${max}, flexibleFrom: ${request.flexibleFrom}, load: async () => (await import('./${kebab(name)}.ts')).${lowerCamel(name)} },\n`
  })
  return `${HEADER}import type { ApiInfo } from '../api.ts'\n\nexport const apis: readonly ApiInfo[] = [\n${rows.join('')}]\n`
}

export interface ErrorRow {
  code: number
  name: string
  retriable: boolean
  invalidMetadata: boolean
}

export function emitErrors(rows: ErrorRow[]): string {
  const codes = rows.map(({ code, name }) => `  ${name}: ${code},\n`).join('')
  const table = rows
    .map(
      (row) =>
        `  { code: ${row.code}, name: '${row.name}', retriable: ${row.retriable}, invalidMetadata: ${row.invalidMetadata} },\n`,
    )
    .join('')
  return `${HEADER}
export const ErrorCode = {\n${codes}} as const

export const errorRows: readonly { code: number; name: string; retriable: boolean; invalidMetadata: boolean }[] = [\n${table}]
`
}

export function apiName(request: Definition): string {
  return request.name.replace(/Request$/, '')
}
