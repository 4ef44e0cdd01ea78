/** What one line of a seed file says. Knows neither files nor brokers; errors say what is wrong, the caller says where. */
import type { Bytes, HeaderInput, ProducerRecord } from '../../index.ts'

/** Lines that were printed from records that were read are taken too; where those were is not for a new log. */
const IGNORED: ReadonlySet<string> = new Set(['offset', 'attempt'])
const BASE64 = /^[A-Za-z0-9+/\-_]*={0,2}$/

/** Throws an Error that says what is wrong. */
export function seedRecord(text: string): ProducerRecord {
  const line = jsonOf(text)
  if (!isObject(line)) throw new Error('a line must be a JSON object')
  const record: Partial<ProducerRecord> = {}
  for (const [name, value] of Object.entries(line)) {
    if (name === 'topic') record.topic = topicOf(value)
    else if (name === 'partition') record.partition = wholeNumber(name, value)
    else if (name === 'timestamp') record.timestamp = wholeNumber(name, value)
    else if (name === 'key' || name === 'value') record[name] = bytesOf(value)
    else if (name === 'headers') record.headers = headersOf(value)
    else if (!IGNORED.has(name)) throw new Error(`'${name.slice(0, 50)}' is not a field of a record`)
  }
  if (record.topic === undefined) throw new Error('topic is missing')
  return record as ProducerRecord
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`not JSON: ${(error as Error).message}`)
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function topicOf(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw new Error('topic must be a name')
}

function wholeNumber(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
  throw new Error(`${name} must be a whole number from 0`)
}

/** Text and null as they are, `{ base64 }` decoded, anything else as JSON. */
function bytesOf(value: unknown): Bytes {
  if (value === null || typeof value === 'string') return value
  if (!isObject(value) || Object.keys(value).length !== 1 || !('base64' in value)) return JSON.stringify(value)
  const { base64 } = value
  if (typeof base64 === 'string' && BASE64.test(base64)) return Buffer.from(base64, 'base64')
  throw new Error('base64 must be text in base64')
}

/** `{ name: value }`, or `[[name, value]]` where names repeat. */
function headersOf(value: unknown): HeaderInput[] {
  if (isObject(value)) return Object.entries(value).map(([name, content]) => [name, bytesOf(content)] as const)
  const isPair = (one: unknown): one is [string, unknown] => Array.isArray(one) && one.length === 2 && typeof one[0] === 'string'
  if (Array.isArray(value) && value.every(isPair)) return value.map(([name, content]) => [name, bytesOf(content)] as const)
  throw new Error('headers must be an object, or a list of [name, value]')
}
