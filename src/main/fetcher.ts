/**
 * Direct reads without a group: turns positions into credits and answers into records. A call ends when there is something to
 * give; credits that are still open then are kept for the next call that asks for the same position, so that no broker's
 * answer is thrown away.
 */
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import { OffsetColumn } from '../shared/offset-table.ts'
import { show } from '../shared/options.ts'
import { readRecords } from '../shared/record-batch.ts'
import type { FetchedBatch, FetchedRecord, FetchPosition } from '../shared/types.ts'
import type { PartitionView, TopicView } from './cluster-view.ts'
import type { Io } from './io.ts'
import type { Metadata } from './metadata.ts'
import type { CheckedFetchOptions } from './options.ts'
import { startWait, type Wait } from './wait.ts'

const DEFAULT_MAX_BYTES = 1024 * 1024
/** Answers kept for a later call, all partitions together. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024

/** One open credit. */
interface Pending {
  readonly ticket: number
  readonly handle: number
  readonly offset: number
  readonly maxBytes: number
  readonly minBytes: number
  /** The broker may wait until then. */
  readonly waitUntil: number
  answer: { nextOffset: number; bytes: Buffer } | KafkaError | undefined
  /** Who waits for the answer; nobody when the call it was made for has ended. */
  onAnswer: (() => void) | undefined
}

interface Wanted {
  readonly topic: string
  readonly partition: number
  readonly handle: number
  readonly offset: number
  readonly maxBytes: number
  pending: Pending
}

export class Fetcher {
  readonly #env: Env
  readonly #io: Io
  readonly #metadata: Metadata
  readonly #pending = new Map<number, Pending>()
  /** By handle, credits whose call has ended. */
  readonly #kept = new Map<number, Pending>()
  #keptBytes = 0
  #nextTicket = 1
  readonly #calls = new Set<Wait<void>>()
  #closed: KafkaError | undefined

  constructor(env: Env, io: Io, metadata: Metadata) {
    this.#env = env
    this.#io = io
    this.#metadata = metadata
  }

  async fetch(positions: readonly FetchPosition[], options: CheckedFetchOptions): Promise<FetchedBatch[]> {
    checkPositions(positions)
    if (this.#closed) throw this.#closed
    if (positions.length === 0) return []
    const started = this.#env.now()
    const limits = { signal: options.signal, deadline: started + options.timeoutMs }
    const partitions = await this.#resolve(positions, limits)
    if (this.#closed) throw this.#closed
    const wanted = positions.map((position, index): Wanted => {
      const { topic, partition, offset, maxBytes = DEFAULT_MAX_BYTES } = position
      const { handle } = partitions[index]!
      const want = { topic, partition, handle, offset, maxBytes }
      return { ...want, pending: this.#adopt(want) ?? this.#credit(want, options.maxWaitMs, options.minBytes) }
    })
    const wait = startWait<void>(
      this.#env,
      limits,
      `records of ${positions.length} partition${positions.length === 1 ? '' : 's'}`,
    )
    this.#calls.add(wait)
    let queued = false
    const look = (): void => {
      queued = false
      const waitLeft = Math.floor(started + options.maxWaitMs - this.#env.now())
      if (this.#enough(wanted, waitLeft, options.minBytes)) wait.resolve()
      else for (const { pending } of wanted) pending.onAnswer = onAnswer
    }
    // answers of one response come together: look once they are all in
    const onAnswer = (): void => {
      if (queued) return
      queued = true
      queueMicrotask(look)
    }
    for (const { pending } of wanted) pending.onAnswer = onAnswer
    look()
    try {
      await wait.promise
      return wanted.map((want) => this.#collect(want))
    } finally {
      this.#calls.delete(wait)
      for (const { pending } of wanted) this.#leave(pending)
    }
  }

  onFetched(ticket: number, nextOffset: number, bytes: Buffer): void {
    this.#answer(ticket, { nextOffset, bytes })
  }

  onFetchFailed(ticket: number, error: KafkaError): void {
    this.#answer(ticket, error)
  }

  close(error: KafkaError): void {
    this.#closed ??= error
    for (const wait of this.#calls) wait.reject(error)
    this.#calls.clear()
    this.#pending.clear()
    this.#kept.clear()
  }

  async #resolve(
    positions: readonly FetchPosition[],
    limits: { signal: AbortSignal | undefined; deadline: number },
  ): Promise<PartitionView[]> {
    const highest = new Map<string, number>()
    for (const { topic, partition } of positions) highest.set(topic, Math.max(partition, highest.get(topic) ?? 0))
    const views = new Map<string, TopicView>()
    await Promise.all(
      Array.from(highest, async ([name, partition]) => {
        // a partition may be younger than the view: the cluster is asked once before it counts as unknown (F9)
        const asked = this.#metadata.nextAnswer()
        const until = ({ partitions }: TopicView) => partition < partitions.length || asked()
        const cached = this.#metadata.cached(name)
        views.set(name, cached && until(cached) ? cached : await this.#metadata.topic(name, { ...limits, until }))
      }),
    )
    return positions.map(({ topic, partition }) => {
      const { partitions } = views.get(topic)!
      const found = partitions[partition]
      if (found) return found
      const text = `Topic '${topic}' has no partition ${partition}; it has ${partitions.length}, counted from 0.`
      throw new KafkaError('UNKNOWN_PARTITION', text, { topic, partition })
    })
  }

  /**
   * Whether the call can end: something was read, something failed, or the time for waiting is over. Empty answers that came
   * early, because another call's partition had news, are asked for again.
   */
  #enough(wanted: Wanted[], waitLeft: number, minBytes: number): boolean {
    let open = false
    for (const { pending, offset } of wanted) {
      const { answer } = pending
      if (answer === undefined) open = true
      else if (answer instanceof KafkaError || answer.nextOffset > offset) return true
    }
    if (waitLeft <= 0 || minBytes === 0) return !open
    for (const want of wanted) {
      if (want.pending.answer === undefined) continue
      this.#pending.delete(want.pending.ticket)
      want.pending = this.#credit(want, waitLeft, minBytes)
    }
    return false
  }

  #collect({ topic, partition, handle, offset, pending: { answer } }: Wanted): FetchedBatch {
    if (answer instanceof KafkaError) throw answer
    let records: FetchedRecord[] = []
    let nextOffset = answer?.nextOffset ?? offset
    if (answer && answer.bytes.length > 0) {
      try {
        readRecords(topic, partition, answer.bytes, offset, records)
      } catch (thrown) {
        // the whole batches in front are given first; the next call begins at the corrupt one and fails
        const corruptAt = thrown instanceof KafkaError ? (thrown.context.offset ?? offset) : offset
        if (corruptAt <= offset) throw thrown
        records = records.filter((record) => record.offset < corruptAt)
        nextOffset = corruptAt
      }
    }
    return { topic, partition, highWatermark: this.#io.offsets.get(handle, OffsetColumn.highWatermark), nextOffset, records }
  }

  #credit({ handle, offset, maxBytes }: Omit<Wanted, 'pending'>, maxWaitMs: number, minBytes: number): Pending {
    const ticket = this.#nextTicket
    this.#nextTicket = (ticket % 0x7fff_ffff) + 1
    const waitUntil = this.#env.now() + maxWaitMs
    const pending = { ticket, handle, offset, maxBytes, minBytes, waitUntil, answer: undefined, onAnswer: undefined }
    this.#pending.set(ticket, pending)
    this.#io.submission(this.#io.home(handle)).credit(ticket, handle, offset, maxBytes, maxWaitMs, minBytes)
    return pending
  }

  /** The I/O thread was replaced: its successor knows nothing of the credits it had. */
  askAgain(thread: number): void {
    const submission = this.#io.submission(thread)
    for (const { ticket, handle, offset, maxBytes, minBytes, waitUntil, answer } of this.#pending.values()) {
      if (answer || this.#io.home(handle) !== thread) continue
      const maxWaitMs = Math.max(0, Math.floor(waitUntil - this.#env.now()))
      submission.credit(ticket, handle, offset, maxBytes, maxWaitMs, minBytes)
    }
  }

  /** A kept credit for exactly this position. */
  #adopt({ handle, offset, maxBytes }: Omit<Wanted, 'pending'>): Pending | undefined {
    const kept = this.#kept.get(handle)
    if (!kept) return undefined
    this.#forget(kept)
    if (kept.offset === offset && kept.maxBytes === maxBytes && !isEmpty(kept)) return kept
    this.#cancel(kept)
    return undefined
  }

  #leave(pending: Pending): void {
    pending.onAnswer = undefined
    if (pending.answer || this.#closed) {
      this.#pending.delete(pending.ticket)
      return
    }
    const older = this.#kept.get(pending.handle)
    if (older) {
      this.#forget(older)
      this.#cancel(older)
    }
    this.#kept.set(pending.handle, pending)
  }

  #answer(ticket: number, answer: NonNullable<Pending['answer']>): void {
    const pending = this.#pending.get(ticket)
    if (!pending) return
    pending.answer = answer
    if (pending.onAnswer) pending.onAnswer()
    else this.#keep(pending)
  }

  /** An answer nobody waits for: worth keeping if it has something, as long as there is room. */
  #keep(pending: Pending): void {
    if (this.#kept.get(pending.handle) !== pending || isEmpty(pending) || pending.answer instanceof KafkaError) {
      this.#pending.delete(pending.ticket)
      if (this.#kept.get(pending.handle) === pending) this.#kept.delete(pending.handle)
      return
    }
    this.#keptBytes += sizeOf(pending)
    for (const oldest of this.#kept.values()) {
      if (this.#keptBytes <= MAX_KEPT_BYTES) break
      if (sizeOf(oldest) === 0) continue
      this.#forget(oldest)
      this.#pending.delete(oldest.ticket)
    }
  }

  #forget(kept: Pending): void {
    this.#kept.delete(kept.handle)
    this.#keptBytes -= sizeOf(kept)
  }

  #cancel(pending: Pending): void {
    this.#pending.delete(pending.ticket)
    if (!pending.answer) this.#io.submission(this.#io.home(pending.handle)).cancel(pending.ticket)
  }
}

function sizeOf({ answer }: Pending): number {
  return answer && !(answer instanceof KafkaError) ? answer.bytes.length : 0
}

function isEmpty({ answer, offset }: Pending): boolean {
  return answer !== undefined && !(answer instanceof KafkaError) && answer.nextOffset === offset
}

function checkPositions(positions: readonly FetchPosition[]): void {
  if (!Array.isArray(positions))
    throw invalid(`kafka.fetch takes a list of { topic, partition, offset }, not ${show(positions)}.`)
  for (const position of positions) {
    if (typeof position !== 'object' || position === null)
      throw invalid(`A position must be { topic, partition, offset }, but is ${show(position)}.`)
    const { topic, partition, offset, maxBytes } = position
    if (typeof topic !== 'string') throw invalid(`A position needs a topic, a string; this one has ${show(topic)}.`)
    if (!Number.isSafeInteger(partition) || partition < 0)
      throw invalid(`The partition of '${topic}' must be a whole number from 0, but is ${show(partition)}.`)
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw invalid(
        `The offset for ${topic}-${partition} must be a whole number from 0, but is ${show(offset)}. kafka.admin.listOffsets finds the first and the last.`,
      )
    }
    if (maxBytes !== undefined && !(Number.isSafeInteger(maxBytes) && maxBytes > 0 && maxBytes < 2 ** 31)) {
      throw invalid(`maxBytes for ${topic}-${partition} must be a whole number from 1 to 2 GiB, but is ${show(maxBytes)}.`)
    }
  }
}

function invalid(message: string): KafkaError {
  return new KafkaError('INVALID_ARGUMENT', message)
}
