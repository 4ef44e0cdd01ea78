import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Draft, UnsupportedField, UnsupportedNull } from '../../../src/shared/protocol/api.ts'
import { brokerError, brokerErrors, ErrorCode } from '../../../src/shared/protocol/errors.ts'
import { encodeRequestFrame } from '../../../src/shared/protocol/frame.ts'
import { fetch } from '../../../src/shared/protocol/generated/fetch.ts'
import { joinGroup } from '../../../src/shared/protocol/generated/join-group.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { type ProduceRequest, produce } from '../../../src/shared/protocol/generated/produce.ts'
import { MalformedFrame, Reader } from '../../../src/shared/protocol/reader.ts'
import { Writer } from '../../../src/shared/protocol/writer.ts'
import { codecOf, codecs, decodeGolden, goldenMessages, goldenOf, type Json } from './golden.ts'

const RUNS = 5
const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const bytes = fc.uint8Array({ maxLength: 20 }).map((array): Buffer => Buffer.from(array))
const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((array) => Buffer.from(array).toString('base64url'))

/** Values of the same types as a golden one; `json` has the fields of its version, `nulls` has null where that is allowed. */
function like(full: unknown, nulls: unknown, json: Json): fc.Arbitrary<unknown> {
  const some = present(full, nulls, json)
  return nulls === null && full !== null ? fc.option(some, { freq: 3 }) : some
}

function present(full: unknown, nulls: unknown, json: Json): fc.Arbitrary<unknown> {
  if (typeof full === 'number') return Number.isInteger(full) ? fc.integer({ min: 0, max: 127 }) : fc.double({ noNaN: true })
  if (typeof full === 'boolean') return fc.boolean()
  if (typeof full === 'string') return /^[\w-]{22}$/.test(full) ? uuid : text
  if (full instanceof Uint8Array) return bytes
  if (Array.isArray(full)) {
    const [element] = json as Json[]
    return fc.array(like(full[0], (nulls as unknown[] | null)?.[0], element!), { maxLength: 3 })
  }
  if (full === null) return fc.constant(null)
  const fields = Object.entries(full as object).map(([name, value]) => {
    const inner = (json as Record<string, Json>)[name]
    // a field that the version lacks holds its default
    return [
      name,
      inner === undefined ? fc.constant(value) : like(value, (nulls as Record<string, unknown> | null)?.[name], inner),
    ]
  })
  return fc.record(Object.fromEntries(fields))
}

describe('any value comes back as it was written', () => {
  test.each([...codecs.keys()])('%s', (name) => {
    const { encode, decode, maxVersion } = codecOf(name)
    for (const golden of goldenMessages) {
      if (golden.m !== name || golden.mode !== 'full' || golden.v > maxVersion) continue
      const values = like(decodeGolden(golden), decodeGolden(goldenOf(name, golden.v, 'nulls')), golden.json)
      fc.assert(
        fc.property(values, (value) => {
          const reader = new Reader(encode(golden.v, value))
          expect(decode(reader, golden.v), `v${golden.v}`).toEqual(value)
          expect(reader.remaining).toBe(0)
        }),
        { numRuns: RUNS },
      )
    }
  })
})

describe('what a version does not have', () => {
  const refusal = (write: (w: Writer) => void): unknown => {
    try {
      write(new Writer())
      return 'written'
    } catch (error) {
      return error
    }
  }

  test('null for a field that may be null in other versions only is refused and called by its name', () => {
    const all = refusal((w) => metadata.encodeRequest(w, 0, { topics: null }))
    expect(all).toBeInstanceOf(UnsupportedNull)
    expect(all).toMatchObject({ code: 'UNSUPPORTED_NULL', message: "MetadataRequest version 0 does not allow null for 'topics'" })
    expect(refusal((w) => metadata.encodeRequest(w, 1, { topics: null }))).toBe('written')
    expect(refusal((w) => metadata.encodeRequest(w, 9, { topics: [{ name: null }] }))).toBeInstanceOf(UnsupportedNull)
    expect(refusal((w) => metadata.encodeRequest(w, 10, { topics: [{ name: null }] }))).toBe('written')
    expect(refusal((w) => joinGroup.encodeResponse(w, 6, { protocolName: null }))).toBeInstanceOf(UnsupportedNull)
  })

  test('null on the wire for such a field is malformed', () => {
    expect(() => metadata.decodeRequest(new Reader(Buffer.alloc(4, 0xff)), 0)).toThrow(MalformedFrame)
    expect(metadata.decodeRequest(new Reader(Buffer.alloc(4, 0xff)), 1)).toMatchObject({ topics: null })
  })

  test('a field that would get lost is refused with the versions that have it', () => {
    const early = refusal((w) => metadata.encodeRequest(w, 3, { allowAutoTopicCreation: false }))
    expect(early).toBeInstanceOf(UnsupportedField)
    expect(early).toMatchObject({
      code: 'UNSUPPORTED_FIELD',
      message: "MetadataRequest version 3 has no field 'allowAutoTopicCreation'; version 4 is the first that does",
    })
    expect(refusal((w) => metadata.encodeRequest(w, 3, { allowAutoTopicCreation: true }))).toBe('written')
    expect(refusal((w) => metadata.encodeRequest(w, 11, { includeClusterAuthorizedOperations: true }))).toMatchObject({
      message: "MetadataRequest version 11 has no field 'includeClusterAuthorizedOperations'; version 10 was the last that did",
    })
  })
})

describe('drafts and decoded values', () => {
  test('records may come in pieces, and large ones are not copied', () => {
    const batch = Buffer.alloc(10_000, 7)
    const body: Draft<ProduceRequest> = {
      topicData: [{ partitionData: [{ records: [new Uint8Array([1, 2]), batch] }, { records: batch }] }],
    }
    const writer = new Writer()
    encodeRequestFrame(writer, produce, produce.maxVersion, 1, 'client', body)
    expect(writer.chunks().filter((chunk) => chunk === batch)).toHaveLength(2)

    writer.reset()
    produce.encodeRequest(writer, produce.maxVersion, body)
    const decoded = produce.decodeRequest(new Reader(writer.finish()), produce.maxVersion)
    const [first, second] = decoded.topicData[0]!.partitionData
    expect(first!.records).toEqual(Buffer.concat([Buffer.from([1, 2]), batch]))
    expect(second!.records).toEqual(batch)
  })

  test('what was decoded can be encoded, the largest int64 included', () => {
    const value = fetch.decodeRequest(new Reader(codecOf('FetchRequest').encode(18, { topics: [{ partitions: [{}] }] })), 18)
    const partition = value.topics[0]!.partitions[0]!
    expect(partition.highWatermark).toBe(2 ** 63)
    expect(codecOf('FetchRequest').encode(17, value)).toHaveLength(
      codecOf('FetchRequest').encode(17, { topics: [{ partitions: [{}] }] }).length,
    )
    // as a tag that says the default in so many bytes
    const written = codecOf('FetchRequest')
      .encode(18, { topics: [{ partitions: [{ highWatermark: 1 }] }] })
      .toString('hex')
    const largest = Buffer.from(written.replace('0000000000000001', '7fffffffffffffff'), 'hex')
    expect(fetch.decodeRequest(new Reader(largest), 18)).toEqual(value)
  })

  test('a tag that comes twice counts once', () => {
    const hex = codecOf('ProduceResponse')
      .encode(13, { nodeEndpoints: [{ nodeId: 1, host: 'a', port: 2 }] })
      .toString('hex')
    // one tagged field: number 0, 13 bytes
    const once = hex.indexOf('01000d')
    expect(once).toBeGreaterThan(0)
    const twice = Buffer.from(`${hex.slice(0, once)}02${hex.slice(once + 2)}${hex.slice(once + 2)}`, 'hex')
    const { nodeEndpoints } = produce.decodeResponse(new Reader(twice), 13)
    expect(nodeEndpoints).toEqual([{ nodeId: 1, host: 'a', port: 2, rack: null }])
  })

  test('two values that were decoded share nothing', () => {
    const decode = () =>
      fetch.decodeResponse(new Reader(codecOf('FetchResponse').encode(12, { responses: [{ partitions: [{}] }] })), 12)
    const [one, other] = [decode(), decode()]
    one.responses[0]!.partitions[0]!.currentLeader.leaderId = 7
    one.nodeEndpoints.push({ nodeId: 1, host: '', port: 1, rack: null })
    expect(other).toEqual(decode())
  })
})

describe('error codes', () => {
  test('known ones have the name of Kafka and say what may be done', () => {
    expect(brokerError(ErrorCode.NOT_LEADER_OR_FOLLOWER)).toEqual({
      code: 6,
      name: 'NOT_LEADER_OR_FOLLOWER',
      retriable: true,
      invalidMetadata: true,
    })
    expect(brokerError(0)).toMatchObject({ name: 'NONE', retriable: false })
    for (const [name, code] of Object.entries(ErrorCode)) expect(brokerErrors.get(code)).toMatchObject({ code, name })
  })

  test('codes of brokers that are newer than this are final, and known by their number', () => {
    expect(brokerError(9999)).toEqual({ code: 9999, name: 'UNKNOWN_9999', retriable: false, invalidMetadata: false })
  })
})
