/**
 * What was fetched of one partition and is not done yet, in order: whole answers, of which the first may be partly done. Counts its
 * bytes against the group's budget; knows no handler and no broker.
 */
import { DeliveredRecord } from '../../shared/lazy-record.ts'
import { readRecords } from '../../shared/record-batch.ts'
import type { PrefetchBudget } from './prefetch-budget.ts'

interface Chunk {
  records: DeliveredRecord[]
  /** How many of them are done. */
  done: number
  bytes: number
  /** Behind everything in the answer, what holds no records included. */
  nextOffset: number
  leaderEpoch: number
}

/** A place in the log, and the leader epoch of the record before it. */
export interface Position {
  offset: number
  /** −1: unknown. */
  leaderEpoch: number
}

export class RecordQueue {
  readonly #budget: PrefetchBudget
  #chunks: Chunk[] = []
  #bytes = 0
  #records = 0

  constructor(budget: PrefetchBudget) {
    this.#budget = budget
  }

  get bytes(): number {
    return this.#bytes
  }

  get length(): number {
    return this.#records
  }

  /** How many answers of brokers it holds. */
  get answers(): number {
    return this.#chunks.length
  }

  get empty(): boolean {
    return this.#chunks.length === 0
  }

  /**
   * Takes an answer in. Throws CORRUPT_BATCH when it cannot be read, after what came before that place was taken in.
   */
  add(topic: string, partition: number, bytes: Buffer, from: number, nextOffset: number, leaderEpoch: number): void {
    const records: DeliveredRecord[] = []
    try {
      if (bytes.length > 0) readRecords(topic, partition, bytes, from, records, DeliveredRecord)
    } catch (thrown) {
      // whole batches in front of the corrupt one are good
      const corruptAt = (thrown as { context?: { offset?: number } }).context?.offset ?? from
      const good = records.filter(({ offset }) => offset < corruptAt)
      if (good.length > 0) this.#push({ records: good, done: 0, bytes: bytes.length, nextOffset: corruptAt, leaderEpoch })
      throw thrown
    }
    this.#push({ records, done: 0, bytes: bytes.length, nextOffset, leaderEpoch })
  }

  /** The next records, at most `most`; 'dynamic': what one answer gave. They stay here until they are {@link done}. */
  peek(most: number | 'dynamic'): DeliveredRecord[] {
    const [first, second] = this.#chunks
    if (!first) return []
    const { records, done } = first
    if (most === 'dynamic' || records.length - done >= most || !second) {
      const end = most === 'dynamic' ? records.length : Math.min(records.length, done + most)
      return done === 0 && end === records.length ? records.slice() : records.slice(done, end)
    }
    const taken: DeliveredRecord[] = []
    for (const chunk of this.#chunks) {
      for (let i = chunk.done; i < chunk.records.length && taken.length < most; i++) taken.push(chunk.records[i]!)
      if (taken.length >= most) break
    }
    return taken
  }

  /** The next so many records are done; returns where the partition stands then. */
  done(count: number, position: Position): Position {
    let { offset, leaderEpoch } = position
    let left = count
    for (let chunk = this.#chunks[0]; chunk; chunk = this.#chunks[0]) {
      const some = Math.min(left, chunk.records.length - chunk.done)
      if (some > 0) {
        chunk.done += some
        left -= some
        this.#records -= some
        offset = chunk.records[chunk.done - 1]!.offset + 1
        leaderEpoch = chunk.leaderEpoch
      }
      if (chunk.done < chunk.records.length) break
      // what follows the last record holds none
      offset = Math.max(offset, chunk.nextOffset)
      leaderEpoch = chunk.leaderEpoch
      this.#chunks.shift()
      this.#give(chunk.bytes)
    }
    return { offset, leaderEpoch }
  }

  /** The next so many records are to be delivered once more. Whoever has them from the last time keeps them as they were. */
  again(count: number): void {
    let left = count
    for (const { records, done } of this.#chunks) {
      for (let i = done; i < records.length && left > 0; i++, left--) records[i] = records[i]!.at(records[i]!.attempt + 1)
    }
  }

  /** The attempts of those that were delivered before, by offset; what is found is taken out. */
  restoreAttempts(attempts: Map<number, number>): void {
    for (const { records } of this.#chunks) {
      for (let i = 0; i < records.length; i++) {
        const attempt = attempts.get(records[i]!.offset)
        if (attempt === undefined) continue
        records[i] = records[i]!.at(attempt)
        attempts.delete(records[i]!.offset)
      }
    }
  }

  clear(): void {
    for (const { bytes } of this.#chunks) this.#give(bytes)
    this.#chunks = []
    this.#records = 0
  }

  #push(chunk: Chunk): void {
    this.#chunks.push(chunk)
    this.#records += chunk.records.length
    this.#bytes += chunk.bytes
    this.#budget.take(chunk.bytes)
  }

  #give(bytes: number): void {
    this.#bytes -= bytes
    this.#budget.give(bytes)
  }
}
