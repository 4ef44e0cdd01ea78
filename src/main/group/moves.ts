/** Records that go to another topic instead of being handled (`moveTo`), and the words about them. */
import { KafkaError } from '../../shared/errors.ts'
import type { HeaderInput } from '../../shared/types.ts'
import type { BatchResult } from '../batch-sink.ts'
import type { Producer } from '../producer.ts'
import { METADATA_BYTES } from './committer.ts'
import type { ConsumedRecord, Verdict } from './types.ts'

/** Headers of a moved record. They tell where it was first, also when it is moved again; attempts are those of the last place. */
export const MoveHeader = {
  topic: 'odradek.from.topic',
  partition: 'odradek.from.partition',
  offset: 'odradek.from.offset',
  timestamp: 'odradek.from.timestamp',
  group: 'odradek.moved-by.group',
  attempts: 'odradek.attempts',
} as const

const ORIGIN: ReadonlySet<string> = new Set([MoveHeader.topic, MoveHeader.partition, MoveHeader.offset, MoveHeader.timestamp])
const OURS: ReadonlySet<string> = new Set(Object.values(MoveHeader))

export class Mover {
  readonly #producer: () => Producer
  readonly #groupName: string

  /** The producer is asked for when the first record is moved. */
  constructor(producer: () => Producer, groupName: string) {
    this.#producer = producer
    this.#groupName = groupName
  }

  /** Resolves when all are acknowledged, or with the first that failed. */
  async move(
    records: readonly ConsumedRecord[],
    moves: Verdict['moves'],
    producer: Pick<Producer, 'produceBatch'> = this.#producer(),
  ): Promise<{ index: number; error: KafkaError } | undefined> {
    const results: BatchResult[] = await producer.produceBatch(
      moves.map(({ index, topic }) => {
        const record = records[index]!
        const { key, value, timestamp } = record
        return { topic, key, value, timestamp, headers: movedHeaders(record, this.#groupName) }
      }),
    )
    const failed = results.findIndex(({ ok }) => !ok)
    const result = results[failed]
    if (!result || result.ok) return undefined
    const { index, topic } = moves[failed]!
    const { topic: from, partition, offset } = records[index]!
    const text = `The record at offset ${offset} of ${from}-${partition} could not be moved to '${topic}': ${result.error.message} It is not committed and the partition stands still. When '${topic}' takes records again, call group.resume().`
    const { code, context } = result.error
    return { index, error: new KafkaError(code, text, { ...context, topic: from, partition, offset, cause: result.error }) }
  }
}

export function movedHeaders(record: ConsumedRecord, groupName: string): HeaderInput[] {
  const headers: HeaderInput[] = []
  let moved = false
  for (const header of record.headers) {
    if (ORIGIN.has(header[0])) moved = true
    if (ORIGIN.has(header[0]) || !OURS.has(header[0])) headers.push(header)
  }
  if (!moved) {
    headers.push([MoveHeader.topic, record.topic])
    headers.push([MoveHeader.partition, String(record.partition)])
    headers.push([MoveHeader.offset, String(record.offset)])
    headers.push([MoveHeader.timestamp, String(record.timestamp)])
  }
  headers.push([MoveHeader.group, groupName])
  headers.push([MoveHeader.attempts, String(record.attempt)])
  return headers
}

/** What was skipped, moved or tried more than once among the first `done` records, as metadata of their commit; '' when nothing was. */
export function describeActions(records: readonly ConsumedRecord[], { skips, moves }: Verdict, done: number): string {
  const parts: string[] = []
  for (const { index, reason } of skips) if (index < done) parts.push(`skipped ${records[index]!.offset}: ${reason}`)
  for (const { index, topic } of moves) if (index < done) parts.push(`moved ${records[index]!.offset} to ${topic}`)
  for (let i = 0; i < done; i++) {
    const { attempt, offset } = records[i]!
    if (attempt > 1) parts.push(`${offset} took ${attempt} attempts`)
  }
  let text = parts.join('; ')
  for (let kept = parts.length; Buffer.byteLength(text) > METADATA_BYTES && kept > 0; kept >>= 1) {
    text = `${parts.slice(0, kept).join('; ')}; and ${parts.length - kept} more`
    if (kept === 1) text = `${parts.length} records were skipped, moved or tried again`
  }
  return text
}
