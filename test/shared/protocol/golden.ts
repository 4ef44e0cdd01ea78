/** What Kafka's own classes write (test/golden/java/ProtocolMessages.java tells what is in it), next to our code for the same messages. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Api, Message } from '../../../src/shared/protocol/api.ts'
import { Reader } from '../../../src/shared/protocol/reader.ts'
import { Writer } from '../../../src/shared/protocol/writer.ts'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

export interface GoldenMessage {
  m: string
  v: number
  mode: 'default' | 'bare' | 'nulls' | 'full' | 'unknown'
  json: { [name: string]: Json }
  hex: string
}

export interface GoldenAbsence {
  m: string
  v: number
  path: string
  value: Json
  refused: boolean
}

export interface GoldenHeaders {
  api: string
  key: number
  v: number
  request: string
  response: string
}

type Line = Partial<GoldenMessage & GoldenAbsence & GoldenHeaders>

const lines = gunzipSync(readFileSync(join(import.meta.dirname, '../../golden/protocol.jsonl.gz')))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line)

export const goldenMessages = lines.filter((line) => line.mode !== undefined) as GoldenMessage[]
export const goldenAbsences = lines.filter((line) => line.path !== undefined) as GoldenAbsence[]
export const goldenHeaders = lines.filter((line) => line.api !== undefined) as GoldenHeaders[]

/** One direction of an API, or a message of its own. */
export interface Codec {
  name: string
  minVersion: number
  maxVersion: number
  // biome-ignore lint/suspicious/noExplicitAny: any message
  encode(version: number, body: any): Buffer
  // biome-ignore lint/suspicious/noExplicitAny: any message
  decode(r: Reader, version: number): any
}

const GENERATED = join(import.meta.dirname, '../../../src/shared/protocol/generated')

/** Everything generated that can be written and read, by its name. */
export const codecs = new Map<string, Codec>()
for (const file of readdirSync(GENERATED)) {
  const exports = (await import(join(GENERATED, file))) as Record<string, unknown>
  for (const value of Object.values(exports)) {
    if (isApi(value)) {
      const { name, minVersion, maxVersion } = value
      add(`${name}Request`, minVersion, maxVersion, value.encodeRequest, value.decodeRequest)
      add(`${name}Response`, minVersion, maxVersion, value.encodeResponse, value.decodeResponse)
    } else if (isMessage(value)) add(value.name, value.minVersion, value.maxVersion, value.encode, value.decode)
  }
}

function add(
  name: string,
  minVersion: number,
  maxVersion: number,
  write: Message<object>['encode'],
  decode: Codec['decode'],
): void {
  const encode: Codec['encode'] = (version, body) => {
    const writer = new Writer()
    write(writer, version, body)
    return writer.finish()
  }
  codecs.set(name, { name, minVersion, maxVersion, encode, decode })
}

function isApi(value: unknown): value is Api {
  return typeof value === 'object' && value !== null && 'encodeRequest' in value
}

function isMessage(value: unknown): value is Message<object> {
  return typeof value === 'object' && value !== null && 'encode' in value
}

export function codecOf(name: string): Codec {
  const codec = codecs.get(name)
  if (!codec) throw new Error(`there is no code for ${name}`)
  return codec
}

/** The value of a golden message, which must be all that the bytes hold. */
export function decodeGolden({ m, v, hex }: GoldenMessage): unknown {
  const reader = new Reader(Buffer.from(hex, 'hex'))
  const value = codecOf(m).decode(reader, v)
  if (reader.remaining !== 0) throw new Error(`${reader.remaining} bytes of ${m} version ${v} were not read`)
  return value
}

export function goldenOf(m: string, v: number, mode: GoldenMessage['mode']): GoldenMessage {
  const found = byName.get(`${m} ${v} ${mode}`)
  if (!found) throw new Error(`no golden ${mode} ${m} version ${v}`)
  return found
}

const byName = new Map(goldenMessages.map((golden) => [`${golden.m} ${golden.v} ${golden.mode}`, golden]))

/** The draft with everything left out that has a default: only arrays, their structs, and records, which cannot be left out everywhere. */
export function skeleton(value: unknown): unknown {
  if (Array.isArray(value)) return value.every(isStruct) ? value.map(skeleton) : []
  if (!isStruct(value)) return undefined
  const kept = Object.entries(value).map(([name, inner]) => [
    name,
    /records$/i.test(name) && inner instanceof Buffer ? inner : skeleton(inner),
  ])
  return Object.fromEntries(kept.filter(([, inner]) => inner !== undefined && !isEmptyArray(inner)))
}

function isStruct(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

function isEmptyArray(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
