/**
 * What was fetched of one partition and is not done yet, in order: whole answers, of which the first may be partly done. An answer
 * becomes records when it is its turn, so that few of them are alive at a time: what waits is bytes. Counts these against the group's
 * budget; knows no handler and no broker.
 */
import { KafkaError } from '../../shared/errors.ts'
import type { ConsumedRecord } from '../../shared/handler-types.ts'
import { DeliveredRecord } from '../../shared/lazy-record.ts'
import { BATCH_OVERHEAD, readBatchHeader, readRecords } from '../../shared/record-batch.ts'
import type { PrefetchBudget } from './prefetch-budget.ts'

interface Chunk {
  readonly bytes: Buffer
  /** What is before it in the bytes was handed out earlier. */
  readonly from: number
  /** Undefined until it is its turn. */
  records: DeliveredRecord[] | undefined
  /** How many of them are done. */
  done: number
  /** Behind everything in the answer, what holds no records included. */
  nextOffset: number
  readonly leaderEpoch: number
}

/** A place in the log, and the leader epoch of the record before it. */
export interface Position {
  offset: number
  /** −1: unknown. */
  leaderEpoch: number
}

export class RecordQueue {
  readonly #topic: string
  readonly #partition: number
  readonly #budget: PrefetchBudget
  #chunks: Chunk[] = []
  #bytes = 0
  /** Of records that were delivered before and have to be fetched again, by offset. */
  readonly #attempts = new Map<number, number>()
  /** A record was delivered before, perhaps one that is done by now. */
  #repeats = false
  #corrupt: KafkaError | undefined

  constructor(topic: string, partition: number, budget: PrefetchBudget) {
    this.#topic = topic
    this.#partition = partition
    this.#budget = budget
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How many answers of brokers it holds. */
  get answers(): number {
    return this.#chunks.length
  }

  get empty(): boolean {
    return this.#chunks.length === 0
  }

  /** The highest attempt of these records of its own. */
  attemptOf(records: readonly ConsumedRecord[]): number {
    let highest = 1
    // the usual case, in which nobody need look at each of them
    if (!this.#repeats) return highest
    for (const { attempt } of records) if (attempt > highest) highest = attempt
    return highest
  }

  /** About how many records it holds: what batches say of themselves. */
  get length(): number {
    let count = 0
    for (const { records, done, bytes } of this.#chunks) count += records ? records.length - done : claimed(bytes)
    return count
  }

  /** CORRUPT_BATCH when what follows the records here cannot be read; until {@link clear}. */
  get corrupt(): KafkaError | undefined {
    return this.#corrupt
  }

  /** Takes an answer in; the bytes are the queue's from now on. */
  add(bytes: Buffer, from: number, nextOffset: number, leaderEpoch: number): void {
    this.#chunks.push({ bytes, from, records: undefined, done: 0, nextOffset, leaderEpoch })
    this.#bytes += bytes.length
    this.#budget.take(bytes.length)
  }

  /** The next records, at most `most`; 'dynamic': what one answer gave. They stay here until they are {@link done}. */
  peek(most: number | 'dynamic'): DeliveredRecord[] {
    const [first] = this.#chunks
    if (!first) return []
    const records = this.#open(first)
    const { done } = first
    if (most === 'dynamic' || records.length - done >= most) {
      return records.slice(done, most === 'dynamic' ? records.length : done + most)
    }
    const taken = records.slice(done)
    for (let i = 1; i < this.#chunks.length && taken.length < most; i++) {
      const more = this.#open(this.#chunks[i]!)
      for (let at = 0; at < more.length && taken.length < most; at++) taken.push(more[at]!)
    }
    return taken
  }

  /** The next record, if it is known already. */
  get front(): DeliveredRecord | undefined {
    const first = this.#chunks[0]
    return first?.records?.[first.done]
  }

  /** Where the partition stands when the next so many records are done. */
  after(count: number, { offset, leaderEpoch }: Position): Position {
    let left = count
    for (const chunk of this.#chunks) {
      const some = Math.min(left, (chunk.records?.length ?? 0) - chunk.done)
      if (some <= 0) break
      left -= some
      offset = chunk.records![chunk.done + some - 1]!.offset + 1
      leaderEpoch = chunk.leaderEpoch
      if (chunk.done + some === chunk.records!.length) offset = Math.max(offset, chunk.nextOffset)
    }
    return { offset, leaderEpoch }
  }

  /** The next so many records are done; returns where the partition stands then. 0: only what holds no records is passed. */
  done(count: number, position: Position): Position {
    let { offset, leaderEpoch } = position
    let left = count
    for (let chunk = this.#chunks[0]; chunk; chunk = this.#chunks[0]) {
      const records = this.#open(chunk)
      const some = Math.min(left, records.length - chunk.done)
      if (some > 0) {
        chunk.done += some
        left -= some
        offset = records[chunk.done - 1]!.offset + 1
        leaderEpoch = chunk.leaderEpoch
      }
      if (chunk.done < records.length) break
      // what follows the last record holds none
      offset = Math.max(offset, chunk.nextOffset)
      leaderEpoch = chunk.leaderEpoch
      this.#chunks.shift()
      this.#give(chunk)
      if (count > 0 && left === 0) break
    }
    return { offset, leaderEpoch }
  }

  /** The next so many records are to be delivered once more. Whoever has them from the last time keeps them as they were. */
  again(count: number): void {
    let left = count
    this.#repeats = true
    for (const { records, done } of this.#chunks) {
      if (!records) break
      for (let i = done; i < records.length && left > 0; i++, left--) records[i] = records[i]!.at(records[i]!.attempt + 1)
    }
  }

  /** Lets go of everything; which attempt a record was at is remembered for when it comes again. */
  clear(): void {
    for (const chunk of this.#chunks) {
      for (const { offset, attempt } of chunk.records?.slice(chunk.done) ?? [])
        if (attempt > 1) this.#attempts.set(offset, attempt)
      this.#give(chunk)
    }
    this.#chunks = []
    this.#corrupt = undefined
  }

  /** What comes from now on was never delivered. */
  forgetAttempts(): void {
    this.#attempts.clear()
  }

  #open(chunk: Chunk): DeliveredRecord[] {
    if (chunk.records) return chunk.records
    let records: DeliveredRecord[] = []
    try {
      if (chunk.bytes.length > 0) {
        readRecords(this.#topic, this.#partition, chunk.bytes, chunk.from, records, DeliveredRecord)
      }
    } catch (thrown) {
      // whole batches in front of the corrupt one are good; what is behind it is not to be reached
      this.#corrupt = KafkaError.from(thrown, 'Fetch')
      const corruptAt = this.#corrupt.context.offset ?? chunk.from
      records = records.filter(({ offset }) => offset < corruptAt)
      chunk.nextOffset = Math.max(chunk.from, corruptAt)
      for (const behind of this.#chunks.splice(this.#chunks.indexOf(chunk) + 1)) this.#give(behind)
    }
    if (this.#attempts.size > 0) this.#restoreAttempts(records)
    chunk.records = records
    return records
  }

  #restoreAttempts(records: DeliveredRecord[]): void {
    this.#repeats = true
    for (let i = 0; i < records.length; i++) {
      const { offset } = records[i]!
      const attempt = this.#attempts.get(offset)
      if (attempt === undefined) continue
      records[i] = records[i]!.at(attempt)
      this.#attempts.delete(offset)
    }
  }

  #give({ bytes }: Chunk): void {
    this.#bytes -= bytes.length
    this.#budget.give(bytes.length)
  }
}

/** The records that the batches in these bytes claim to have. */
function claimed(bytes: Buffer): number {
  let count = 0
  for (let at = 0; at + BATCH_OVERHEAD <= bytes.length; ) {
    const header = readBatchHeader(bytes, at)
    if (typeof header === 'string') break
    count += header.recordCount
    at += header.batchLength
  }
  return count
}
