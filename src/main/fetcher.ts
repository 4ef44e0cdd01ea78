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
import type { CreditAsk, Credits, CreditWaiter, Ticket } from './credits.ts'
import { DIRECT_FETCHER, type Fetchers } from './fetchers.ts'
import type { Io } from './io.ts'
import type { Metadata } from './metadata.ts'
import type { CheckedFetchOptions } from './options.ts'
import { startWait, type Wait } from './wait.ts'

const DEFAULT_MAX_BYTES = 1024 * 1024
/** Answers kept for a later call, all partitions together. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024

interface Wanted {
  readonly topic: string
  readonly partition: number
  readonly ask: CreditAsk
  ticket: Ticket
}

/** What the fetcher works with. */
export interface FetcherContext {
  env: Env
  offsets: Io['offsets']
  metadata: Metadata
  credits: Credits
  fetchers: Fetchers
}

export class Fetcher {
  readonly #env: Env
  readonly #offsets: Io['offsets']
  readonly #metadata: Metadata
  readonly #credits: Credits
  readonly #fetchers: Fetchers
  /** Credits whose call has ended, by {@link placeOf}. */
  readonly #kept = new Map<string, Ticket>()
  #keptBytes = 0
  readonly #calls = new Set<Wait<void>>()
  #closed: KafkaError | undefined
  /** Hears of the answers of kept credits. */
  readonly #keeper: CreditWaiter = { onAnswer: (_, ticket) => this.#keep(ticket) }

  constructor({ env, offsets, metadata, credits, fetchers }: FetcherContext) {
    this.#env = env
    this.#offsets = offsets
    this.#metadata = metadata
    this.#credits = credits
    this.#fetchers = fetchers
  }

  async fetch(positions: readonly FetchPosition[], options: CheckedFetchOptions): Promise<FetchedBatch[]> {
    checkPositions(positions)
    if (this.#closed) throw this.#closed
    if (positions.length === 0) return []
    const started = this.#env.now()
    const { maxWaitMs, minBytes, isolationLevel } = options
    const limits = { signal: options.signal, deadline: started + options.timeoutMs }
    const partitions = await this.#resolve(positions, limits)
    if (this.#closed) throw this.#closed
    const fetcher = this.#fetchers.number(DIRECT_FETCHER, isolationLevel)
    const wait = startWait<void>(
      this.#env,
      limits,
      `records of ${positions.length} partition${positions.length === 1 ? '' : 's'}`,
    )
    this.#calls.add(wait)
    let queued = false
    const waiter = {
      // answers of one response come together: look once they are all in
      onAnswer(): void {
        if (queued) return
        queued = true
        queueMicrotask(look)
      },
    }
    const wanted = positions.map((position, index): Wanted => {
      const { topic, partition, offset, maxBytes = DEFAULT_MAX_BYTES, lastFetchedEpoch = -1 } = position
      const { handle } = partitions[index]!
      const ask = { handle, offset, maxBytes, maxWaitMs, minBytes, fetcher, lastFetchedEpoch, patient: false }
      return { topic, partition, ask, ticket: this.#adopt(ask, waiter) ?? this.#credits.give(ask, waiter) }
    })
    const look = (): void => {
      queued = false
      const waitLeft = Math.floor(started + maxWaitMs - this.#env.now())
      if (this.#enough(wanted, waitLeft, minBytes, waiter)) wait.resolve()
    }
    look()
    try {
      await wait.promise
      return wanted.map((want) => this.#collect(want))
    } finally {
      this.#calls.delete(wait)
      for (const { ticket } of wanted) this.#leave(ticket)
    }
  }

  close(error: KafkaError): void {
    this.#closed ??= error
    for (const wait of this.#calls) wait.reject(error)
    this.#calls.clear()
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
  #enough(wanted: Wanted[], waitLeft: number, minBytes: number, waiter: CreditWaiter): boolean {
    let open = false
    for (const { ticket } of wanted) {
      const { answer } = ticket
      if (answer === undefined) open = true
      else if (answer instanceof KafkaError || answer.nextOffset > ticket.ask.offset) return true
    }
    if (waitLeft <= 0 || minBytes === 0) return !open
    for (const want of wanted) {
      if (want.ticket.answer !== undefined) want.ticket = this.#credits.give({ ...want.ask, maxWaitMs: waitLeft }, waiter)
    }
    return false
  }

  #collect({ topic, partition, ask, ticket: { answer } }: Wanted): FetchedBatch {
    if (answer instanceof KafkaError) throw answer
    const { offset } = ask
    let records: FetchedRecord[] = []
    let { nextOffset, lastFetchedEpoch } = answer ?? { nextOffset: offset, lastFetchedEpoch: ask.lastFetchedEpoch }
    if (answer && answer.bytes.length > 0) {
      try {
        readRecords(topic, partition, answer.bytes, offset, records)
      } catch (thrown) {
        // the whole batches in front are given first; the next call begins at the corrupt one and fails
        const corruptAt = thrown instanceof KafkaError ? (thrown.context.offset ?? offset) : offset
        if (corruptAt <= offset) throw thrown
        records = records.filter((record) => record.offset < corruptAt)
        nextOffset = corruptAt
        lastFetchedEpoch = -1
      }
    }
    const highWatermark = this.#offsets.get(ask.handle, OffsetColumn.highWatermark)
    return { topic, partition, highWatermark, nextOffset, lastFetchedEpoch, records }
  }

  /** A kept credit for exactly this position. */
  #adopt(ask: CreditAsk, waiter: CreditWaiter): Ticket | undefined {
    const kept = this.#kept.get(placeOf(ask))
    if (!kept) return undefined
    this.#forget(kept)
    const { offset, maxBytes, lastFetchedEpoch } = kept.ask
    const same = offset === ask.offset && maxBytes === ask.maxBytes && lastFetchedEpoch === ask.lastFetchedEpoch
    if (same && !isEmpty(kept)) {
      kept.waiter = waiter
      return kept
    }
    this.#credits.cancel(kept)
    return undefined
  }

  #leave(ticket: Ticket): void {
    if (ticket.answer || this.#closed) return
    ticket.waiter = this.#keeper
    const place = placeOf(ticket.ask)
    const older = this.#kept.get(place)
    if (older) {
      this.#forget(older)
      this.#credits.cancel(older)
    }
    this.#kept.set(place, ticket)
  }

  /** An answer nobody waits for: worth keeping if it has something, as long as there is room. */
  #keep(ticket: Ticket): void {
    const place = placeOf(ticket.ask)
    if (this.#kept.get(place) !== ticket) return
    if (isEmpty(ticket) || ticket.answer instanceof KafkaError) {
      this.#kept.delete(place)
      return
    }
    this.#keptBytes += sizeOf(ticket)
    for (const oldest of this.#kept.values()) {
      if (this.#keptBytes <= MAX_KEPT_BYTES) break
      if (sizeOf(oldest) > 0) this.#forget(oldest)
    }
  }

  #forget(kept: Ticket): void {
    this.#kept.delete(placeOf(kept.ask))
    this.#keptBytes -= sizeOf(kept)
  }
}

/** What one kept credit is for; those of another isolation level are others. */
function placeOf({ handle, fetcher }: CreditAsk): string {
  return `${handle} ${fetcher}`
}

function sizeOf({ answer }: Ticket): number {
  return answer && !(answer instanceof KafkaError) ? answer.bytes.length : 0
}

function isEmpty({ answer, ask }: Ticket): boolean {
  return answer !== undefined && !(answer instanceof KafkaError) && answer.nextOffset === ask.offset
}

function checkPositions(positions: readonly FetchPosition[]): void {
  if (!Array.isArray(positions))
    throw invalid(`kafka.fetch takes a list of { topic, partition, offset }, not ${show(positions)}.`)
  for (const position of positions) {
    if (typeof position !== 'object' || position === null)
      throw invalid(`A position must be { topic, partition, offset }, but is ${show(position)}.`)
    const { topic, partition, offset, maxBytes, lastFetchedEpoch } = position
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
    if (
      lastFetchedEpoch !== undefined &&
      !(Number.isInteger(lastFetchedEpoch) && lastFetchedEpoch >= -1 && lastFetchedEpoch < 2 ** 31)
    ) {
      throw invalid(
        `lastFetchedEpoch for ${topic}-${partition} must be the one of the batch before, but is ${show(lastFetchedEpoch)}.`,
      )
    }
  }
}

function invalid(message: string): KafkaError {
  return new KafkaError('INVALID_ARGUMENT', message)
}
