/**
 * Read credits and who waits for their answers: for direct reads and for the feeds of consumer groups alike. A credit allows the I/O
 * thread of its partition one answer. Knows no call, no feed and no broker; asks again for all that is open when an I/O thread was
 * replaced.
 */
import type { Env } from '../shared/env.ts'
import type { KafkaError } from '../shared/errors.ts'
import type { SubmissionWriter } from '../shared/submission.ts'
import type { CreditTerms } from '../shared/submission-format.ts'
import type { Fetchers } from './fetchers.ts'

/** What one answer is wanted for. */
export interface CreditAsk {
  readonly handle: number
  /** The first offset wanted. */
  readonly offset: number
  /** The most bytes of batches; a first batch that is larger comes all the same (KIP-74). */
  readonly maxBytes: number
  /** How long the broker may wait for `minBytes`; then the answer is that there is nothing. */
  readonly maxWaitMs: number
  readonly minBytes: number
  /** A number of {@link Fetchers}. */
  readonly fetcher: number
  /** The leader epoch of the batch before `offset`, −1 when unknown: lets the broker notice that its log was truncated (KIP-320). */
  readonly lastFetchedEpoch: number
  /**
   * Not answered before there is news of this partition or `maxWaitMs` are over. Otherwise an answer may also say that there is nothing
   * because another partition had something; for calls that ask for several at once.
   */
  readonly patient: boolean
}

/** What was read. */
export interface ReadAnswer {
  /** Where to go on; `offset` itself when there was nothing. */
  readonly nextOffset: number
  /** The leader epoch of the last batch before `nextOffset`, for the next {@link CreditAsk}. */
  readonly lastFetchedEpoch: number
  /** Whole record batches, for `readRecords`; owned. May be empty although `nextOffset` is higher: what was there is not for readers. */
  readonly bytes: Buffer
}

export interface CreditWaiter {
  /** Once for each ticket. `ticket.answer` is set by then. */
  onAnswer(answer: ReadAnswer | KafkaError, ticket: Ticket): void
}

/** One credit. */
export class Ticket {
  readonly number: number
  readonly ask: CreditAsk
  /** Who hears of the answer; may be changed until it is there. */
  waiter: CreditWaiter
  answer: ReadAnswer | KafkaError | undefined
  /** The broker may wait until then. */
  readonly waitUntil: number

  constructor(number: number, ask: CreditAsk, waiter: CreditWaiter, waitUntil: number) {
    this.number = number
    this.ask = ask
    this.waiter = waiter
    this.waitUntil = waitUntil
  }
}

/** The I/O threads, as far as credits go. */
export interface CreditIo {
  home(handle: number): number
  submission(thread: number): Pick<SubmissionWriter, 'credit' | 'cancel'>
}

const MAX_NUMBER = 0x7fff_ffff

export class Credits {
  readonly #env: Pick<Env, 'now'>
  readonly #io: CreditIo
  readonly #fetchers: Fetchers
  /** By number, those without an answer. */
  readonly #open = new Map<number, Ticket>()
  #nextNumber = 1
  #closed: KafkaError | undefined

  constructor(env: Pick<Env, 'now'>, io: CreditIo, fetchers: Fetchers) {
    this.#env = env
    this.#io = io
    this.#fetchers = fetchers
  }

  /** Throws what {@link close} was called with. */
  give(ask: CreditAsk, waiter: CreditWaiter): Ticket {
    if (this.#closed) throw this.#closed
    // numbers come round after 2^31, and one of them may still be open
    while (this.#open.has(this.#nextNumber)) this.#step()
    const ticket = new Ticket(this.#nextNumber, ask, waiter, this.#env.now() + ask.maxWaitMs)
    this.#step()
    this.#open.set(ticket.number, ticket)
    this.#submit(ticket, ask.maxWaitMs)
    return ticket
  }

  /** Takes a credit back: its waiter hears nothing any more. */
  cancel(ticket: Ticket): void {
    if (!this.#open.delete(ticket.number)) return
    this.#io.submission(this.#io.home(ticket.ask.handle)).cancel(ticket.number)
  }

  /** The I/O thread was replaced: its successor knows nothing of the credits it had. */
  askAgain(thread: number): void {
    for (const ticket of this.#open.values()) {
      if (this.#io.home(ticket.ask.handle) === thread)
        this.#submit(ticket, Math.max(0, Math.floor(ticket.waitUntil - this.#env.now())))
    }
  }

  onFetched(number: number, nextOffset: number, lastFetchedEpoch: number, bytes: Buffer): void {
    const ticket = this.#open.get(number)
    if (ticket) this.#answer(ticket, { nextOffset, lastFetchedEpoch, bytes })
  }

  onFetchFailed(number: number, error: KafkaError): void {
    const ticket = this.#open.get(number)
    if (ticket) this.#answer(ticket, error)
  }

  /** Every open credit ends with `error`, and no further one is given. */
  close(error: KafkaError): void {
    if (this.#closed) return
    this.#closed = error
    for (const ticket of [...this.#open.values()]) this.#answer(ticket, error)
  }

  #answer(ticket: Ticket, answer: ReadAnswer | KafkaError): void {
    this.#open.delete(ticket.number)
    ticket.answer = answer
    ticket.waiter.onAnswer(answer, ticket)
  }

  #submit({ number, ask }: Ticket, maxWaitMs: number): void {
    const { handle, offset, maxBytes, minBytes, fetcher, lastFetchedEpoch, patient } = ask
    const readCommitted = this.#fetchers.isolationLevel(fetcher) === 'read_committed'
    const terms: CreditTerms = { offset, maxBytes, maxWaitMs, minBytes, fetcher, readCommitted, lastFetchedEpoch, patient }
    this.#io.submission(this.#io.home(handle)).credit(number, handle, terms)
  }

  #step(): void {
    this.#nextNumber = (this.#nextNumber % MAX_NUMBER) + 1
  }
}
