/** Whether a record is the one that a test expects, and what is different if not. Pure. */
import { isDeepStrictEqual } from 'node:util'
import { show } from '../../shared/options.ts'
import type { Bytes, FetchedRecord } from '../../shared/types.ts'

/**
 * Bytes of a record as a test expects them. Text and bytes: exactly these; null: null. A RegExp: text that it finds. A function: whatever
 * it says true of. Anything else: JSON that means the same, whatever the order of its fields.
 */
export type ExpectedBytes = Bytes | RegExp | ((bytes: Buffer | null) => boolean) | number | boolean | readonly unknown[] | object

/** What is left out may be anything. */
export interface ExpectedRecord {
  topic?: string
  partition?: number
  key?: ExpectedBytes
  value?: ExpectedBytes
  /** Headers that are among those of the record, by name. */
  headers?: Readonly<Record<string, ExpectedBytes>> | ReadonlyMap<string, ExpectedBytes>
}

/** What is different, in words, one entry for each; empty when the record is the expected one. */
export function differences(record: FetchedRecord, expected: ExpectedRecord): string[] {
  const found: string[] = []
  for (const name of ['topic', 'partition'] as const) {
    if (expected[name] !== undefined && record[name] !== expected[name])
      found.push(`${name} is ${record[name]}, not ${expected[name]}`)
  }
  for (const name of ['key', 'value'] as const) {
    const wanted = expected[name]
    if (wanted !== undefined && !fits(record[name], wanted)) found.push(difference(name, record[name], wanted))
  }
  const { headers = {} } = expected
  for (const [name, wanted] of headers instanceof Map ? headers : Object.entries(headers)) {
    const values = record.headers.filter(([key]) => key === name).map(([, value]) => value)
    if (values.some((value) => fits(value, wanted))) continue
    found.push(values.length === 0 ? `no header '${name}'` : difference(`header '${name}'`, values[0]!, wanted))
  }
  return found
}

function fits(bytes: Buffer | null, wanted: ExpectedBytes): boolean {
  if (typeof wanted === 'function') return wanted(bytes) === true
  if (bytes === null || wanted === null) return bytes === wanted
  if (typeof wanted === 'string') return bytes.equals(Buffer.from(wanted))
  if (wanted instanceof Uint8Array) return bytes.equals(wanted)
  // one with a memory would begin behind what it found last
  if (wanted instanceof RegExp) return new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, '')).test(bytes.toString())
  try {
    return isDeepStrictEqual(JSON.parse(bytes.toString()), JSON.parse(JSON.stringify(wanted)))
  } catch {
    return false
  }
}

const SHOWN = 200

function difference(what: string, bytes: Buffer | null, wanted: ExpectedBytes): string {
  if (typeof wanted === 'function') return `${what} ${shown(bytes)} is not what the function wants`
  return `${what} is ${shown(bytes)}, not ${shown(wanted)}`
}

function shown(value: ExpectedBytes): string {
  if (value instanceof RegExp) return String(value)
  if (value instanceof Uint8Array) return cut(JSON.stringify(Buffer.from(value).toString()))
  if (typeof value === 'object' && value !== null) return cut(JSON.stringify(value))
  return typeof value === 'string' ? cut(JSON.stringify(value)) : show(value)
}

function cut(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`
}
