/**
 * Damaged responses. Responses carry no checksum, so a flipped bit could forge an acknowledgement that nobody can tell from a real
 * one: what is done here to whole responses always shows. Records are under a checksum, and bits flip freely in them.
 */

import { readResponseHeader } from '../../../src/shared/protocol/frame.ts'
import { type FetchResponse, fetch } from '../../../src/shared/protocol/generated/fetch.ts'
import { initProducerId } from '../../../src/shared/protocol/generated/init-producer-id.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../../src/shared/protocol/generated/produce.ts'
import { Reader } from '../../../src/shared/protocol/reader.ts'
import { readBatchHeader } from '../../../src/shared/record-batch.ts'
import type { Damage } from '../../support/sim-network.ts'
import type { Chance } from '../chance.ts'
import type { Answer } from '../wire.ts'
import { changed } from '../wire.ts'
import { type Fault, lasts } from '../world.ts'

type Spoil = (answer: Answer, chance: Chance) => Damage | undefined

/** A stream that ends in the middle of a frame is noticed by the request's timeout. */
const PATIENCE_MS = 6_000
const MUTED_MS = 61_000

function spoiled(name: string, weight: number, spoil: Spoil, apiKey?: number): Fault {
  return {
    name,
    weight,
    strike(world) {
      const { chance, wire } = world
      const times = chance.between(1, 2)
      wire.add({ apiKey, times, spoil: (answer) => spoil(answer, chance) })
      lasts(world, PATIENCE_MS)
      return `response: ${name}`
    },
  }
}

/** The frame with the size that its bytes have. */
function framed(...parts: Uint8Array[]): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(4), ...parts])
  bytes.writeInt32BE(bytes.length - 4)
  return bytes
}

function noise(chance: Chance, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => chance.pick(256)))
}

function withSize(frame: Buffer, size: number): Damage {
  const bytes = Buffer.from(frame)
  bytes.writeInt32BE(size | 0)
  return { bytes }
}

const truncated: Spoil = ({ frame }, chance) => ({ bytes: frame.subarray(0, chance.pick(frame.length)), thenClose: true })

const shortened: Spoil = ({ frame }, chance) => {
  const less = chance.between(1, Math.min(20, frame.length - 8))
  return { bytes: framed(frame.subarray(4, frame.length - less)) }
}

const extended: Spoil = ({ frame }, chance) => ({ bytes: framed(frame.subarray(4), noise(chance, chance.between(1, 50))) })

const sizeLie: Spoil = ({ frame }, chance) => {
  const size = frame.length - 4
  return withSize(frame, chance.oneOf([-1, 0, 3, size - 1, size + 1, size + 300, 2 ** 30, 2 ** 31 - 1, 0x15030300]))
}

const foreignId: Spoil = ({ frame, correlationId }, chance) => {
  const bytes = Buffer.from(frame)
  bytes.writeInt32BE(chance.oneOf([correlationId + 1, correlationId - 1, -1, 0, chance.pick(2 ** 31)]) | 0, 4)
  return { bytes }
}

const twice: Spoil = ({ frame }) => ({ bytes: Buffer.concat([frame, frame]) })

const garbage: Spoil = ({ frame }, chance) => ({ bytes: framed(noise(chance, frame.length)) })

const web: Spoil = () => ({ bytes: Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'), thenClose: true })

/** More topics than there are, or so many that they must not be believed. */
const countLie: Spoil = ({ frame, api, version }, chance) => {
  const at = api === produce ? 9 : 19
  if (version < api.flexibleFrom || frame.length <= at) return undefined
  if (chance.oneIn(2)) {
    return { bytes: framed(frame.subarray(4, at), Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07]), frame.subarray(at + 1)) }
  }
  const bytes = Buffer.from(frame)
  bytes[at]!++
  return { bytes }
}

/** Bits under a batch's checksum, in its length, its format or the checksum itself. */
const flipped: Spoil = ({ frame, version }, chance) => {
  const reader = new Reader(frame, 4)
  readResponseHeader(reader, fetch, version)
  const { responses }: FetchResponse = fetch.decodeResponse(reader, version)
  const filled = responses
    .flatMap(({ partitions }) => partitions.map(({ records }) => records!))
    .filter((records) => records?.length)
  if (filled.length === 0) return undefined
  const records = chance.oneOf(filled)
  const starts: { at: number; length: number }[] = []
  for (let at = 0; at < records.length; ) {
    const header = readBatchHeader(records, at)
    if (typeof header === 'string') break
    starts.push({ at, length: header.batchLength })
    at += header.batchLength
  }
  const batch = chance.oneOf(starts)
  // base offset and leader epoch are under no checksum
  const within = chance.oneIn(5) ? chance.between(8, 11) : chance.between(16, batch.length - 1)
  const bytes = Buffer.from(frame)
  bytes[records.byteOffset - frame.byteOffset + batch.at + within]! ^= 1 << chance.pick(8)
  return { bytes }
}

/** A partition's answer twice, as brokers once did (F47). */
const repeated: Spoil = (answer) =>
  changed<FetchResponse>(answer, ({ responses }) => {
    for (const topic of responses) topic.partitions.push(...topic.partitions)
  })

export const responseFaults: readonly Fault[] = [
  // F15
  spoiled('truncated', 1, truncated),
  spoiled('shortened', 1, shortened),
  spoiled('extended', 1, extended),
  spoiled('foreign-correlation-id', 1, foreignId),
  spoiled('twice', 1, twice),
  spoiled('garbage', 1, garbage),
  // F16
  spoiled('size-lie', 1, sizeLie),
  spoiled('http', 1, web),
  // F17
  spoiled('produce-count-lie', 1, countLie, produce.key),
  spoiled('fetch-count-lie', 1, countLie, fetch.key),
  spoiled('records-flipped', 3, flipped, fetch.key),
  // F47
  spoiled('fetch-partition-twice', 1, repeated, fetch.key),
  {
    name: 'throttled', // F20
    weight: 1,
    strike(world) {
      const { chance, wire } = world
      const api = chance.oneOf([produce, fetch, metadata, initProducerId])
      const throttleTimeMs = chance.oneOf([500, 500, 3_000, -5, 2 ** 31 - 1])
      const spoil = (answer: Answer): Damage => {
        lasts(world, throttleTimeMs > MUTED_MS ? MUTED_MS : throttleTimeMs)
        return changed<{ throttleTimeMs: number }>(answer, (body) => void Object.assign(body, { throttleTimeMs }))
      }
      wire.add({ apiKey: api.key, times: 1, spoil })
      return `${api.name} throttled for ${throttleTimeMs} ms`
    },
  },
]
