/** Refuses what is not a record before anything is done with it. */
import { KafkaError } from '../shared/errors.ts'
import { show } from '../shared/options.ts'
import type { ProducerRecord } from '../shared/types.ts'

function isBytes(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string' || value instanceof Uint8Array
}

/** Throws INVALID_ARGUMENT, which names the field. */
export function checkRecord(record: ProducerRecord): void {
  if (typeof record !== 'object' || record === null)
    throw invalid(`A record must be an object with a topic, but is ${show(record)}.`)
  if (typeof record.topic !== 'string') throw invalid(`A record needs a topic, a string; this one has ${show(record.topic)}.`)
  if (!isBytes(record.key)) throw invalid(badBytes(record, 'key', record.key))
  if (!isBytes(record.value)) throw invalid(badBytes(record, 'value', record.value))
  if (record.timestamp !== undefined && !(Number.isSafeInteger(record.timestamp) && record.timestamp >= 0)) {
    throw invalid(
      `The timestamp of a record for '${record.topic}' must be whole milliseconds since 1970, but is ${show(record.timestamp)}.`,
    )
  }
  if (record.headers !== undefined) checkHeaders(record)
}

function checkHeaders(record: ProducerRecord): void {
  const shape = `The headers of a record for '${record.topic}' must be a list of [key, value] pairs`
  if (!Array.isArray(record.headers)) throw invalid(`${shape}, but are ${show(record.headers)}.`)
  for (const header of record.headers) {
    if (!Array.isArray(header) || typeof header[0] !== 'string')
      throw invalid(`${shape} whose keys are strings; one is ${show(header)}.`)
    if (!isBytes(header[1])) throw invalid(badBytes(record, `header '${header[0]}'`, header[1]))
  }
}

function badBytes(record: ProducerRecord, what: string, value: unknown): string {
  return `The ${what} of a record for '${record.topic}' must be a string, a Uint8Array or null, but is ${show(value)}. Turn it into one first, for example with JSON.stringify.`
}

function invalid(message: string): KafkaError {
  return new KafkaError('INVALID_ARGUMENT', message, { outcome: 'not-written' })
}
