/**
 * Answers made comparable: each broker's own ids become the names that the sequence has for them, texts and ports go, times of the
 * broker's clock only have to be there. What is left must be equal on both. Knows no API but the shape of their fields.
 */
import { createHash } from 'node:crypto'
import { BATCH_OVERHEAD, readBatchHeader } from '../../src/shared/record-batch.ts'

/** Texts are each broker's own, and a throttle is a matter of time. */
const IGNORED = new Set(['throttleTimeMs', 'errorMessage', 'batchIndexErrorMessage', 'port', 'clusterId', 'documentation'])
/** Ids that are numbers, and the least that is one. */
const NUMBER_IDS = new Map([
  ['producerId', 0],
  ['sessionId', 1],
  ['ongoingTxnProducerId', 0],
])
/** From the broker's own clock, if they are not what a client wrote. */
const TIMES = new Set([
  'logAppendTimeMs',
  'timestamp',
  'maxTimestamp',
  'baseTimestamp',
  'transactionStartTimeMs',
  'lastTimestamp',
])
/** A time of the broker's clock is so close to the one of the test. */
const CLOCK_TOLERANCE_MS = 5 * 60_000
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export type Names = ReadonlyMap<string | number, string>

export interface PlainOptions {
  /** The names of ids at this broker. */
  names: Names
  /** When the sequence began. Times close to it are the broker's; those that the sequence writes are far from it. */
  started: number
}

export function plain(value: unknown, options: PlainOptions, field = ''): unknown {
  if (Buffer.isBuffer(value)) return field === 'records' ? plainRecords(value, options) : value.toString('hex')
  if (Array.isArray(value)) {
    // Nobody promises an order of any list but that of the batches.
    return value.map((item) => plain(item, options)).sort(byText)
  }
  if (typeof value === 'string') return plainText(value, options.names)
  if (typeof value === 'number') return plainNumber(value, options, field)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([name]) => !IGNORED.has(name))
  return Object.fromEntries(fields.map(([name, item]) => [name, plain(item, options, name)]))
}

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

function plainText(value: string, names: Names): string {
  const name = names.get(value)
  return name === undefined ? value.replace(UUID, '<uuid>') : `<${name}>`
}

function plainNumber(value: number, { names, started }: PlainOptions, field: string): unknown {
  if (value >= (NUMBER_IDS.get(field) ?? Number.POSITIVE_INFINITY)) return `<${names.get(value) ?? 'new'}>`
  if (TIMES.has(field) && Math.abs(value - started) < CLOCK_TOLERANCE_MS) return '<now>'
  return value
}

/** Batches by their headers, and a digest of what is in them. A last one that is cut off is none: Kafka cuts where the bytes end. */
function plainRecords(bytes: Buffer, options: PlainOptions): unknown[] {
  const batches: unknown[] = []
  for (let at = 0; at < bytes.length; ) {
    const header = readBatchHeader(bytes, at)
    if (header === 'truncated') break
    if (typeof header === 'string') return [...batches, header]
    const { crc: _, ...shown } = header
    const body = bytes.subarray(at + BATCH_OVERHEAD, at + header.batchLength)
    batches.push({ ...(plain(shown, options) as object), body: createHash('sha1').update(body).digest('hex').slice(0, 8) })
    at += header.batchLength
  }
  return batches
}

/** The first place where two plain values differ. */
export function difference(real: unknown, embedded: unknown, path = ''): string | undefined {
  if (Object.is(real, embedded)) return undefined
  const isNode = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
  if (!isNode(real) || !isNode(embedded)) return `${path || 'answer'}: real ${show(real)}, embedded ${show(embedded)}`
  if (Array.isArray(real) && Array.isArray(embedded) && real.length !== embedded.length)
    return `${path}: real has ${real.length} ${show(real)}, embedded ${embedded.length} ${show(embedded)}`
  for (const key of Object.keys(real)) {
    const found = difference(real[key], embedded[key], path === '' ? key : `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 400)
