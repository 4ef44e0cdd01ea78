/**
 * The reading half of a feed: asks for what comes next as long as there is room, and keeps what came until it is handed out. Knows where
 * the next fetch begins; what was handed out, and whether anything may be, is the feed's.
 */
import { retryAt } from '../../shared/backoff.ts'
import { isRefusal, KafkaError } from '../../shared/errors.ts'
import type { CreditWaiter, ReadAnswer, Ticket } from '../credits.ts'
import type { FeedContext } from './feed-context.ts'
import type { Asker } from './prefetch-budget.ts'
import { type Position, RecordQueue } from './record-queue.ts'
import type { Rest } from './rest.ts'
import type { AssignedPartition } from './types.ts'

const READ_BACKOFF = { initialMs: 100, maxMs: 10_000 }
/** The wait of a fetch grows in so many steps. */
const STEPS = 10

export class FeedReader implements CreditWaiter, Asker {
  readonly queue: RecordQueue
  readonly #partition: AssignedPartition
  readonly #context: FeedContext
  readonly #rest: Rest
  /** Where the next fetch begins. */
  #next: Position = { offset: -1, leaderEpoch: -1 }
  #credit: Ticket | undefined
  /** It asks for more by itself as soon as an answer is there. */
  #going = false
  #emptyFetches = 0
  #failures = 0
  /** Not asked for before then. */
  #notBefore = 0
  /** The answer of the leader to what stands behind the records in the queue. */
  #error: KafkaError | undefined

  /** `rest` is woken when there is news. */
  constructor(partition: AssignedPartition, context: FeedContext, rest: Rest) {
    this.#partition = partition
    this.#context = context
    this.#rest = rest
    this.queue = new RecordQueue(partition.topic, partition.partition, context.budget)
  }

  /** Whether a broker was asked, or will be after a failure: it is not room that is missing. */
  get asked(): boolean {
    return this.#credit !== undefined || this.#notBefore > this.#context.env.now()
  }

  /** Why what stands behind the records in the queue cannot be read. */
  get error(): KafkaError | undefined {
    return this.#error ?? this.queue.corrupt
  }

  /** Whether it holds nothing, and would go on at this place. */
  isAt({ offset }: Position): boolean {
    return this.queue.empty && this.#next.offset === offset
  }

  /** Asks for more, if there is room for it and nothing is asked for already; and so on with each answer, until {@link pause}. */
  ask(): void {
    this.#going = true
    if (this.#credit || this.error) return
    const { budget, credits, env, topicConfig, fetcher } = this.#context
    const maxBytes = budget.share(topicConfig.fetchMaxBytes)
    if (!this.queue.empty && (this.queue.answers > 1 || !budget.hasRoom(maxBytes))) {
      budget.leave(this)
      return
    }
    const now = env.now()
    if (now < this.#notBefore) {
      this.#rest.wakeIn(this.#notBefore - now)
      return
    }
    if (!budget.admit(this)) return
    const { offset, leaderEpoch: lastFetchedEpoch } = this.#next
    // the broker waits, so that what arrives is delivered at once: the longer nothing came, the longer (C6)
    const maxWaitMs = Math.round((topicConfig.fetchIntervalMs * Math.min(STEPS, this.#emptyFetches + 1)) / STEPS)
    const { handle } = this.#partition
    this.#credit = credits.give(
      { handle, offset, maxBytes, maxWaitMs, minBytes: 1, fetcher, lastFetchedEpoch, patient: true },
      this,
    )
  }

  /** Asks for nothing; what came stays. */
  pause(): void {
    this.#going = false
    this.#cancel()
    this.#context.budget.leave(this)
  }

  /** Lets go of everything, also of what could not be read: from here on it is fetched when it is wanted. */
  restart(position: Position): void {
    this.pause()
    this.queue.clear()
    this.#next = position
    this.#error = undefined
  }

  /** The same, without what was learnt of another place. */
  moveTo(position: Position): void {
    this.restart(position)
    this.#emptyFetches = 0
    this.#notBefore = 0
  }

  withdraw(): void {
    this.#cancel()
    this.#rest.wake()
  }

  wake(): void {
    this.#rest.wake()
  }

  onAnswer(answer: ReadAnswer | KafkaError): void {
    this.#credit = undefined
    this.#context.budget.answered(this)
    if (answer instanceof KafkaError) this.#onError(answer)
    else if (answer.nextOffset === this.#next.offset) this.#emptyFetches++
    else this.#onRecords(answer)
    // not when the loop comes to it: it may have a handler to wait for, and the broker is idle meanwhile
    if (this.#going) this.ask()
    this.#rest.wake()
  }

  #cancel(): void {
    if (this.#credit) this.#context.credits.cancel(this.#credit)
    this.#credit = undefined
  }

  #onRecords({ bytes, nextOffset, lastFetchedEpoch }: ReadAnswer): void {
    this.#emptyFetches = 0
    this.#failures = 0
    // it was asked for before that was known
    if (this.error) return
    this.queue.add(bytes, this.#next.offset, nextOffset, lastFetchedEpoch)
    this.#next = { offset: nextOffset, leaderEpoch: lastFetchedEpoch }
    this.#context.metrics.fetched(bytes.length)
  }

  #onError(error: KafkaError): void {
    // what is corrupt was fetched several times already (IC7)
    if ((error.retriable && error.code !== 'CORRUPT_BATCH') || error.code === 'UNKNOWN_TOPIC' || isRefusal(error)) {
      // a topic that is gone is taken away by the group, unless it is the broker that does not know it yet; a broker that lets us in no
      // more may do so again when its certificate or our password is changed
      this.#notBefore = retryAt(this.#context.env.now(), ++this.#failures, READ_BACKOFF)
      this.#context.events.onReadError(this.#partition, error)
      this.#context.metrics.readFailed()
    } else this.#error = error
  }
}
