/**
 * Apache Kafka's message definitions, read from the kafka-clients jar into a small model. Nothing of them is copied but
 * names, types, versions and defaults.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { intersect, isEmpty, NEVER, NO_VERSIONS, type Versions } from './versions.ts'

/** The second one is what the first needs to load its error table. */
const ARTIFACTS = [
  { group: 'org.apache.kafka', name: 'kafka-clients', version: '4.3.1' },
  { group: 'org.slf4j', name: 'slf4j-api', version: '1.7.36' },
]

export interface Field {
  /** As JavaScript writes it: lowerCamel. */
  name: string
  /** `int32`, `string`, a struct's name…; the element's type for arrays. */
  type: string
  array: boolean
  struct: Struct | undefined
  versions: Versions
  nullable: Versions
  tagged: Versions
  tag: number
  ignorable: boolean
  /** Kafka's default as text; '' when none is given. */
  defaultText: string
  /** The header's client id is never compact. */
  neverCompact: boolean
}

export interface Struct {
  name: string
  fields: Field[]
}

export interface Definition {
  kind: 'request' | 'response' | 'header' | 'data'
  name: string
  apiKey: number | undefined
  versions: Versions
  flexibleFrom: number
  root: Struct
}

interface RawField {
  name: string
  type: string
  versions: string
  nullableVersions?: string
  taggedVersions?: string
  flexibleVersions?: string
  tag?: number
  ignorable?: boolean
  default?: string | number | boolean | null
  fields?: RawField[]
}

interface RawDefinition {
  type: string
  name: string
  apiKey?: number
  validVersions: string
  flexibleVersions?: string
  latestVersionUnstable?: boolean
  fields?: RawField[]
  commonStructs?: { name: string; fields: RawField[] }[]
}

/** The jars to read from, the clients' first, out of Maven's local repository; fetched by Maven when `fetch` is true. */
export function findJars(fetch: boolean): string[] | undefined {
  const jars = ARTIFACTS.map(({ group, name, version }) =>
    join(homedir(), '.m2', 'repository', ...group.split('.'), name, version, `${name}-${version}.jar`),
  )
  if (jars.every((jar) => existsSync(jar))) return jars
  if (!fetch) return undefined
  for (const { group, name, version } of ARTIFACTS) {
    execFileSync('mvn', ['-q', 'dependency:get', `-Dartifact=${group}:${name}:${version}`, '-Dtransitive=false'], {
      stdio: 'inherit',
    })
  }
  return jars
}

/** The jar's definitions that have valid versions, sorted by name. */
export function readDefinitions(jsonOf: Map<string, string>): Definition[] {
  return [...jsonOf.values()]
    .map((text) => JSON.parse(withoutComments(text)) as RawDefinition)
    .filter((raw) => raw.validVersions !== 'none')
    .map(definition)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function withoutComments(json: string): string {
  return json.replace(/^\s*\/\/.*$/gm, '').replace(/("(?:[^"\\]|\\.)*")|\/\/.*$/gm, (_all, text) => text ?? '')
}

function definition(raw: RawDefinition): Definition {
  const versions = parseVersions(raw.validVersions)
  if (raw.latestVersionUnstable && versions.max > versions.min) versions.max--
  const flexible = parseVersions(raw.flexibleVersions ?? 'none')
  const structs = new Map<string, Struct>()
  for (const { name } of raw.commonStructs ?? []) structs.set(name, { name, fields: [] })
  for (const { name, fields } of raw.commonStructs ?? [])
    structs.get(name)!.fields = fields.map((field) => parseField(field, structs))
  return {
    kind: raw.type as Definition['kind'],
    name: raw.name,
    apiKey: raw.apiKey,
    versions,
    flexibleFrom: isEmpty(flexible) ? NEVER : flexible.min,
    root: { name: raw.name, fields: (raw.fields ?? []).map((field) => parseField(field, structs)) },
  }
}

/** The response in the versions of its request; only requests say that their latest version is unstable. */
export function pairOf(request: Definition, definitions: Definition[]): Definition {
  const response = definitions.find(({ kind, apiKey }) => kind === 'response' && apiKey === request.apiKey)
  if (!response) throw new Error(`${request.name} has no response`)
  if (response.flexibleFrom !== request.flexibleFrom)
    throw new Error(`${request.name}: its response is flexible from elsewhere on`)
  const versions = intersect(request.versions, response.versions)
  if (versions.max !== request.versions.max || versions.min !== request.versions.min)
    throw new Error(`${request.name} has versions that its response lacks`)
  return { ...response, versions }
}

function parseField(raw: RawField, structs: Map<string, Struct>): Field {
  const array = raw.type.startsWith('[]')
  const type = array ? raw.type.slice(2) : raw.type
  let struct: Struct | undefined
  if (/^[A-Z]/.test(type)) {
    struct = structs.get(type)
    if (!struct) {
      struct = { name: type, fields: [] }
      structs.set(type, struct)
      struct.fields = (raw.fields ?? []).map((field) => parseField(field, structs))
    }
  }
  const versions = parseVersions(raw.versions)
  const tagged = parseVersions(raw.taggedVersions ?? 'none')
  // the emitted code has one place for each field
  if (!isEmpty(tagged) && (tagged.min !== versions.min || tagged.max !== versions.max))
    throw new Error(`${raw.name} is a tag in some versions only`)
  return {
    name: lowerCamel(raw.name),
    type,
    array,
    struct,
    versions,
    nullable: parseVersions(raw.nullableVersions ?? 'none'),
    tagged,
    tag: raw.tag ?? -1,
    ignorable: raw.ignorable ?? false,
    defaultText: raw.default === null ? 'null' : String(raw.default ?? ''),
    neverCompact: raw.flexibleVersions === 'none',
  }
}

function parseVersions(text: string): Versions {
  if (text === 'none') return NO_VERSIONS
  const [min, max] = text.endsWith('+') ? [text.slice(0, -1), NEVER] : text.includes('-') ? text.split('-') : [text, text]
  return { min: Number(min), max: Number(max) }
}

export function lowerCamel(name: string): string {
  return name[0]!.toLowerCase() + name.slice(1)
}

export function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
}
