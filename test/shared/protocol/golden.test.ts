import { describe, expect, test } from 'vitest'
import { UnsupportedField } from '../../../src/shared/protocol/api.ts'
import {
  encodeRequestFrame,
  encodeResponseFrame,
  readRequestHeader,
  readResponseHeader,
} from '../../../src/shared/protocol/frame.ts'
import { Reader } from '../../../src/shared/protocol/reader.ts'
import { apiByKey, apiByName, apis } from '../../../src/shared/protocol/registry.ts'
import { Writer } from '../../../src/shared/protocol/writer.ts'
import {
  codecOf,
  codecs,
  decodeGolden,
  goldenAbsences,
  goldenHeaders,
  goldenMessages,
  goldenOf,
  type Json,
  skeleton,
} from './golden.ts'

const CORRELATION_ID = 0x12345678

/** What differs between a decoded value and Kafka's JSON of it, which has no records and may lack what the version lacks. */
function differences(json: Json, value: unknown, path: string): string[] {
  if (/records$/i.test(path) && (value === null || value instanceof Uint8Array)) return []
  if (value instanceof Uint8Array) return same(json, Buffer.from(value).toString('base64'), path)
  if (json === null || typeof json !== 'object') return same(json, value, path)
  if (Array.isArray(json)) {
    if (!Array.isArray(value) || value.length !== json.length) return [`${path}: not ${json.length} elements`]
    return json.flatMap((inner, i) => differences(inner, value[i], `${path}[${i}]`))
  }
  return Object.entries(json).flatMap(([name, inner]) =>
    differences(inner, (value as Record<string, unknown> | null)?.[name], `${path}.${name}`),
  )
}

function same(expected: Json, actual: unknown, path: string): string[] {
  return Object.is(expected, actual) ? [] : [`${path}: ${String(actual)} instead of ${String(expected)}`]
}

/** The draft with one field more, in the first element of every array on the way. */
function withField(draft: unknown, path: string[], value: Json): unknown {
  const [name, ...rest] = path
  if (name === undefined) return value
  if (Array.isArray(draft)) return [withField(draft[0], path, value)]
  const struct = (draft ?? {}) as Record<string, unknown>
  return { ...struct, [name]: withField(struct[name], rest, value) }
}

const names = [...codecs.keys()]

test('there is golden data for every generated message in every version, and nothing else', () => {
  const generated = [...codecs.values()].flatMap(({ name, minVersion, maxVersion }) =>
    Array.from({ length: maxVersion - minVersion + 1 }, (_, i) => `${name} ${minVersion + i}`),
  )
  // Kafka's classes have unstable versions too
  const unstable = ['InitProducerIdRequest 6', 'InitProducerIdResponse 6']
  const golden = new Set(goldenMessages.map(({ m, v }) => `${m} ${v}`))
  expect([...golden].sort()).toEqual([...generated, ...unstable].sort())
})

const stable = goldenMessages.filter(({ m, v }) => v <= codecOf(m).maxVersion)

describe.each(names)('%s', (name) => {
  const mine = stable.filter(({ m }) => m === name)

  test("reads what Kafka's classes write", () => {
    for (const golden of mine) {
      expect(differences(golden.json, decodeGolden(golden), `v${golden.v} ${golden.mode}`)).toEqual([])
    }
  })

  test('writes the same bytes', () => {
    for (const golden of mine) {
      if (golden.mode === 'unknown') continue
      const written = codecOf(name).encode(golden.v, decodeGolden(golden))
      expect(written.toString('hex'), `v${golden.v} ${golden.mode}`).toBe(golden.hex)
    }
  })

  test('writes the defaults of Kafka for what is left out', () => {
    for (const golden of mine) {
      if (golden.mode !== 'default' && golden.mode !== 'bare') continue
      const draft = golden.mode === 'default' ? {} : skeleton(decodeGolden(golden))
      expect(codecOf(name).encode(golden.v, draft).toString('hex'), `v${golden.v} ${golden.mode}`).toBe(golden.hex)
    }
  })

  test('steps over tagged fields that it does not know', () => {
    for (const golden of mine) {
      if (golden.mode !== 'unknown') continue
      expect(decodeGolden(golden), `v${golden.v}`).toEqual(decodeGolden(goldenOf(name, golden.v, 'full')))
    }
  })

  test('refuses fields that a version lacks, or leaves them out, as Kafka does', () => {
    for (const { m, v, path, value, refused } of goldenAbsences) {
      if (m !== name || v > codecOf(m).maxVersion) continue
      const bare = goldenOf(m, v, 'bare')
      const draft = withField(skeleton(decodeGolden(bare)), path.split('.'), value)
      const encode = (): string => codecOf(m).encode(v, draft).toString('hex')
      if (refused) expect(encode, `v${v} ${path}`).toThrow(UnsupportedField)
      else expect(encode(), `v${v} ${path}`).toBe(bare.hex)
    }
  })
})

describe('frames', () => {
  const stableHeaders = goldenHeaders.filter(({ key, v }) => v <= apiByKey(key)!.maxVersion)

  test('every API has the key, the versions and the flexible versions of Kafka', async () => {
    const golden = new Set(stableHeaders.map(({ api, key, v }) => `${api} ${key} ${v}`))
    const ours = apis.flatMap(({ key, name, minVersion, maxVersion }) =>
      Array.from({ length: maxVersion - minVersion + 1 }, (_, i) => `${name} ${key} ${minVersion + i}`),
    )
    expect(ours.sort()).toEqual([...golden].sort())
    for (const info of apis) {
      const { load, ...facts } = info
      expect(await load()).toMatchObject(facts)
      expect(apiByName(info.name)).toBe(info)
    }
  })

  test("requests have Kafka's header and their size in front", async () => {
    for (const { api: name, key, v, request } of stableHeaders) {
      const api = await apiByKey(key)!.load()
      const body = goldenOf(`${name}Request`, v, 'full')
      const writer = new Writer()
      encodeRequestFrame(writer, api, v, CORRELATION_ID, 'client', decodeGolden(body))
      const frame = writer.finish()
      expect(frame.subarray(4).toString('hex'), `${name} v${v}`).toBe(request + body.hex)
      expect(frame.readInt32BE(0)).toBe(frame.length - 4)

      const reader = new Reader(frame, 4)
      const header = readRequestHeader(reader, (apiKey) => apiByKey(apiKey)!.flexibleFrom)
      expect(header).toEqual({ apiKey: key, apiVersion: v, correlationId: CORRELATION_ID, clientId: 'client' })
      expect(reader.remaining).toBe(body.hex.length / 2)
    }
  })

  test("responses have Kafka's header and their size in front", async () => {
    for (const { api: name, key, v, response } of stableHeaders) {
      const api = await apiByKey(key)!.load()
      const body = goldenOf(`${name}Response`, v, 'full')
      const writer = new Writer()
      encodeResponseFrame(writer, api, v, CORRELATION_ID, decodeGolden(body))
      const frame = writer.finish()
      expect(frame.subarray(4).toString('hex'), `${name} v${v}`).toBe(response + body.hex)
      expect(frame.readInt32BE(0)).toBe(frame.length - 4)

      const reader = new Reader(frame, 4)
      expect(readResponseHeader(reader, api, v)).toBe(CORRELATION_ID)
      expect(reader.remaining).toBe(body.hex.length / 2)
    }
  })
})
