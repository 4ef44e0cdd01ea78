/** Records that must wait get bytes of their own. */
import type { Env } from '../shared/env.ts'
import type { ProducerRecord } from '../shared/types.ts'

/** IP6: once a call returned, the caller may do with its bytes what it likes. */
export function ownCopy(record: ProducerRecord, env: Env): ProducerRecord {
  const copy = <T>(bytes: T): T => (bytes instanceof Uint8Array ? (Buffer.from(bytes) as T) : bytes)
  // field by field: a record that was read has getters, which a spread leaves out
  const { topic, partition, headers, timestamp = env.wallClock() } = record
  const own: ProducerRecord = { topic, timestamp, key: copy(record.key ?? null), value: copy(record.value ?? null) }
  if (partition !== undefined) own.partition = partition
  if (headers) own.headers = headers.map(([key, value]) => [key, copy(value)] as const)
  return own
}
