/** The files the generator writes: one an API, one a message, the registry, the error table. */
import { type Definition, kebab, lowerCamel, type Struct } from './definitions.ts'
import { emitReader } from './emit-reader.ts'
import { emitType, type Scope, structVersions } from './emit-struct.ts'
import { emitWriter } from './emit-writer.ts'
import { isEmpty, NEVER } from './versions.ts'

const HEADER = "// Generated from Kafka's message definitions by `npm run generate`; never edited.\n"

/** The code of one message; `taken` has the type names of the file so far. */
function emitMessage(definition: Definition, taken: Set<string>): string {
  const names = new Map<Struct, string>()
  const versions = structVersions(definition.root, definition.versions)
  const structs = [...versions.keys()]
  for (const struct of structs) {
    let name = struct.name
    // request and response may both have a struct of this name
    if (taken.has(name)) name = `${definition.name.endsWith('Response') ? 'Response' : definition.name}${name}`
    if (taken.has(name)) throw new Error(`${definition.name}: two structs called ${name}`)
    taken.add(name)
    names.set(struct, name)
  }
  const scope: Scope = {
    message: definition.name,
    flexible: { min: definition.flexibleFrom, max: NEVER },
    typeName: (struct) => names.get(struct)!,
    versionsOf: (struct) => versions.get(struct)!,
  }
  return structs
    .map((struct) => {
      const type = emitType(struct, scope)
      return isEmpty(versions.get(struct)!) ? type : [type, emitReader(struct, scope), emitWriter(struct, scope)].join('\n')
    })
    .join('\n')
}

/** The names that every file has from elsewhere. */
function typeNames(): Set<string> {
  return new Set(['Api', 'Message', 'Draft', 'Reader', 'Writer', 'Buffer', 'UnsupportedField', 'UnsupportedNull', 'Number'])
}

function imports(code: string): string {
  const api = ['Api', 'Message', 'Draft'].filter((name) => new RegExp(`\\b${name}<`).test(code)).map((name) => `type ${name}`)
  for (const error of ['UnsupportedField', 'UnsupportedNull']) if (code.includes(`new ${error}(`)) api.push(error)
  const noBytes = code.includes('NO_BYTES') ? '\nconst NO_BYTES = Buffer.alloc(0)\n' : ''
  return `import { ${api.join(', ')} } from '../api.ts'\nimport type { Reader } from '../reader.ts'\nimport type { Writer } from '../writer.ts'\n${noBytes}`
}

export function emitApi(request: Definition, response: Definition): string {
  const name = apiName(request)
  const taken = typeNames()
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
  return `${HEADER}${imports(code)}\n${code}`
}

export function emitData(definition: Definition): string {
  const code = `${emitMessage(definition, typeNames())}
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
