/**
 * One assigned partition: asks for records, hands them to the handler batch after batch, and commits what is done. One loop, so that
 * nothing of a partition ever overtakes (IC1). Owns the position; knows neither the group's membership nor the other partitions.
 */
import { backoffMs, retryAt } from '../../shared/backoff.ts'
import { KafkaError } from '../../shared/errors.ts'
import type { CreditWaiter, ReadAnswer, Ticket } from '../credits.ts'
import type { FeedContext } from './feed-context.ts'
import { describeActions } from './moves.ts'
import type { Asker } from './prefetch-budget.ts'
import { type Position, RecordQueue } from './record-queue.ts'
import { Rest } from './rest.ts'
import type { AssignedPartition, ConsumedRecord, StopReason, Verdict } from './types.ts'

/** What a feed does or waits for. */
export type Doing =
  | 'position'
  | 'start'
  | 'records'
  | 'room'
  | 'limits'
  | 'handler'
  | 'move'
  | 'commit'
  | 'cooldown'
  | 'retry'
  | 'paused'
  | 'failed'
  | 'stop'
  | 'ended'

/** Of one partition; offsets are −1 while unknown. */
export interface FeedState {
  doing: Doing
  /** Since when, on the client's clock. */
  since: number
  /** The offset of the next record to be handled. */
  position: number
  /** What this member committed last, or began with. */
  committed: number
  highWatermark: number
  queuedRecords: number
  queuedBytes: number
  attempt: number
  error: KafkaError | undefined
}

export class PartitionFeed implements CreditWaiter, Asker {
  readonly partition: AssignedPartition
  /** Resolves when nothing of it runs any more, the user's handler included. */
  readonly ended: Promise<void>
  readonly #context: FeedContext
  readonly #queue: RecordQueue
  readonly #rest: Rest
  #position: Position = { offset: -1, leaderEpoch: -1 }
  /** Where the next fetch begins. */
  #fetched: Position = { offset: -1, leaderEpoch: -1 }
  #credit: Ticket | undefined
  #emptyFetches = 0
  #readFailures = 0
  /** Not asked for before then. */
  #readAt = 0
  /** The answer of the leader to what stands behind the records in the queue. */
  #readError: KafkaError | undefined
  #running: AbortController | undefined
  /** Ends a wait for the limits. */
  #held = new AbortController()
  /** Goes up when what runs must not count any more. */
  #turn = 0
  #commits = 0
  #committed = -1
  #started = false
  #stopping: StopReason | undefined
  #paused = false
  #failure: KafkaError | undefined
  #doing: Doing = 'position'
  #since: number

  constructor(partition: AssignedPartition, context: FeedContext, after: Promise<void> | undefined) {
    this.partition = partition
    this.#context = context
    this.#queue = new RecordQueue(partition.topic, partition.partition, context.budget)
    this.#rest = new Rest(context.env)
    this.#since = context.env.now()
    context.budget.partitions++
    this.ended = this.#live(after).finally(() => {
      context.budget.partitions--
      this.#do('ended')
    })
  }

  get state(): FeedState {
    const { highWatermark } = this.#context
    return {
      doing: this.#doing,
      since: this.#since,
      position: this.#position.offset,
      committed: this.#committed,
      highWatermark: highWatermark(this.partition.handle),
      queuedRecords: this.#queue.length,
      queuedBytes: this.#queue.bytes,
      attempt: this.#queue.front?.attempt ?? 1,
      error: this.#failure,
    }
  }

  get paused(): boolean {
    return this.#paused
  }

  /** Where it begins; called once, and again after {@link PartitionFeed.needsPosition}. */
  begin(position: Position, committed: boolean): void {
    // told to go on elsewhere meanwhile
    if (this.#position.offset >= 0) return
    if (committed) this.#committed = position.offset
    this.#moveTo(position)
    // or the next member would begin where the log ends then, and what came meanwhile would be read by nobody
    if (!committed && this.#context.topicConfig.offsetResetPolicy !== 'earliest') void this.#commit('').catch(() => {})
    this.#rest.wake()
  }

  /** It stands still until {@link seek} or {@link resume}; what is committed stays. */
  fail(error: KafkaError): void {
    if (this.#stopping || this.#failure) return
    this.#failure = error
    this.#dropCredit()
    this.#context.events.onFailed(this.partition, error)
    this.#interrupt()
  }

  pause(): void {
    if (this.#paused) return
    this.#paused = true
    this.#dropCredit()
    this.#interrupt()
  }

  resume(): void {
    this.#paused = false
    if (this.#failure) {
      this.#failure = undefined
      this.#readError = undefined
      if (this.#position.offset < 0) this.#context.events.onPositionNeeded(this, undefined)
    }
    this.#rest.wake()
  }

  /** Goes on there. A batch that is being handled is not committed any more. */
  seek(offset: number): void {
    this.#turn++
    this.#running?.abort(new KafkaError('ABORTED', `${this.#name} was told to go on at offset ${offset}.`, this.#where))
    this.#failure = undefined
    this.#readError = undefined
    this.#moveTo({ offset, leaderEpoch: -1 })
    this.#queue.forgetAttempts()
    this.#interrupt()
  }

  /**
   * Hands out nothing more, and resolves when the running handler ended and its commits are through, or when `deadline` forces it:
   * then what runs is told, and does not count (IC4).
   */
  async stop(reason: StopReason, deadline: number): Promise<void> {
    if (this.#stopping) return
    this.#stopping = reason
    this.#dropCredit()
    this.#interrupt()
    const { committer, env } = this.#context
    committer.ending(this.partition.handle)
    const late = Promise.withResolvers<void>()
    const timer = env.setTimeout(
      () => {
        this.#abort(new KafkaError('ABORTED', `${this.#name} had to be given up before its handler ended.`, this.#where))
        late.resolve()
      },
      Math.max(0, deadline - env.now()),
    )
    await Promise.race([this.ended, late.promise])
    env.clearTimeout(timer)
  }

  /** It may be somebody else's already: nothing of it counts from now on. */
  lose(reason: StopReason, error: KafkaError): void {
    this.#stopping ??= reason
    this.#dropCredit()
    this.#abort(error)
  }

  withdraw(): void {
    if (this.#credit) this.#context.credits.cancel(this.#credit)
    this.#credit = undefined
    this.#rest.wake()
  }

  wake(): void {
    this.#rest.wake()
  }

  onAnswer(answer: ReadAnswer | KafkaError): void {
    this.#credit = undefined
    this.#context.budget.answered(this)
    if (this.#stopping) return
    if (answer instanceof KafkaError) this.#onReadError(answer)
    else if (answer.nextOffset === this.#fetched.offset) this.#emptyFetches++
    else this.#onRecords(answer)
    this.#rest.wake()
  }

  get #name(): string {
    return `${this.partition.topic}-${this.partition.partition}`
  }

  get #where(): { topic: string; partition: number } {
    return { topic: this.partition.topic, partition: this.partition.partition }
  }

  /** Why what stands behind the records in the queue cannot be read. */
  get #unreadable(): KafkaError | undefined {
    return this.#readError ?? this.#queue.corrupt
  }

  #do(doing: Doing): void {
    if (doing === this.#doing) return
    this.#doing = doing
    this.#since = this.#context.env.now()
  }

  // ---- the loop

  async #live(after: Promise<void> | undefined): Promise<void> {
    // an earlier handler of this partition may still be running here: the two must not meet
    await after
    while (!this.#stopping) {
      if (!(await this.#ready())) continue
      if (this.#queue.empty) {
        this.#do(this.#credit || this.#readAt > this.#context.env.now() ? 'records' : 'room')
        await this.#rest.still()
        continue
      }
      await this.#next()
    }
    this.#do('stop')
    this.#forgetFetched()
    while (this.#commits > 0) await this.#rest.still()
    this.#context.committer.drop(this.partition.handle, notOurs(this.#where))
    if (this.#started) await this.#stopHandler()
  }

  /** False: look again. */
  async #ready(): Promise<boolean> {
    if (this.#position.offset < 0 || this.#failure || this.#paused) {
      // what it holds would be missing elsewhere for as long as it takes; and what could not be read is fetched again (IC7)
      if (!this.#queue.empty || this.#fetched.offset !== this.#position.offset) this.#forgetFetched()
      this.#do(this.#failure ? 'failed' : this.#position.offset < 0 ? 'position' : 'paused')
      await this.#rest.still()
      return false
    }
    if (!this.#started) {
      await this.#startHandler()
      return false
    }
    this.#passEmpty()
    this.#ask()
    const error = this.#unreadable
    if (!this.#queue.empty || !error) return true
    this.#readError = undefined
    this.#forgetFetched()
    if (RESET.has(error.code)) {
      this.#position = { offset: -1, leaderEpoch: -1 }
      this.#context.events.onPositionNeeded(this, error)
    } else this.fail(error)
    return false
  }

  async #startHandler(): Promise<void> {
    this.#do('start')
    const { host, topicConfig } = this.#context
    const { topic, partition } = this.partition
    for (let failures = 1; !this.#stopping; failures++) {
      try {
        await host.start(topic, partition)
        this.#started = true
        return
      } catch (thrown) {
        const retryInMs = this.#retryPause(failures, topicConfig)
        this.#context.events.onHandlerError({
          ...this.#where,
          offset: this.#position.offset,
          attempt: failures,
          error: thrown,
          retryInMs,
        })
        await this.#rest.still(retryInMs)
      }
    }
  }

  async #stopHandler(): Promise<void> {
    const { topic, partition } = this.partition
    try {
      await this.#context.host.stop(topic, partition, this.#stopping!)
    } catch (error) {
      const { offset } = this.#position
      this.#context.events.onHandlerError({ ...this.#where, offset, attempt: 1, error, retryInMs: -1 })
    }
  }

  async #next(): Promise<void> {
    const { flow, topicConfig } = this.#context
    const { topic, partition } = this.partition
    const first = this.#queue.peek(1)[0]!
    const { handlerMaxAttempts, handlerMaxBatchSize } = topicConfig
    // on its last attempt a record is alone, so that only what fails itself is given up
    const alone = handlerMaxAttempts > 0 && first.attempt >= handlerMaxAttempts && first.attempt > 1
    let records = this.#queue.peek(alone ? 1 : handlerMaxBatchSize)
    const turn = this.#turn
    const admitted = flow.admit(topic, partition, records.length, this.#held.signal)
    let count: number
    if (typeof admitted === 'number') count = admitted
    else {
      this.#do('limits')
      count = await admitted.catch(() => 0)
      if (this.#stopping || this.#paused || this.#failure || turn !== this.#turn) return
    }
    if (count < 1) return
    if (count < records.length) records = records.slice(0, count)
    await this.#handle(records)
  }

  async #handle(records: ConsumedRecord[]): Promise<void> {
    const { env, host, flow, metrics } = this.#context
    const { topic, partition } = this.partition
    const turn = this.#turn
    const running = (this.#running = new AbortController())
    this.#do('handler')
    const attempt = highestAttempt(records)
    const began = env.now()
    let verdict: Verdict | undefined
    let failure: unknown
    try {
      verdict = await host.handle({ topic, partition, records, signal: running.signal, attempt })
    } catch (thrown) {
      failure = thrown
    }
    this.#running = undefined
    const elapsed = env.now() - began
    const failed = verdict === undefined || verdict.done < records.length
    flow.handled(topic, partition, records.length, elapsed, failed)
    metrics.handled(records.length, elapsed, verdict)
    if (turn !== this.#turn) return verdict?.onSettled?.(notOurs(this.#where))
    if (verdict && (verdict.done > 0 || this.#stopping || !this.#isLastAttempt(records)))
      await this.#apply(records, verdict, turn)
    else if (verdict) await this.#giveUp(records, new Error('it asked for a retry'), turn, verdict.onSettled)
    else await this.#failed(records, failure, attempt, turn)
  }

  async #apply(records: ConsumedRecord[], verdict: Verdict, turn: number): Promise<void> {
    const { topicConfig, mover } = this.#context
    let { done } = verdict
    let moveError: KafkaError | undefined
    if (verdict.moves.length > 0) {
      this.#do('move')
      // before the commit, never after: a record is in the one place or the other (C2)
      const moved = await mover.move(records, verdict.moves)
      if (turn !== this.#turn) return verdict.onSettled?.(notOurs(this.#where))
      if (moved) {
        done = Math.min(done, moved.index)
        moveError = moved.error
      }
    }
    const last = records.length
    this.#position = this.#queue.done(done, this.#position)
    const commit = done > 0 ? this.#commit(describeActions(records, verdict, done)) : undefined
    if (verdict.onSettled) (commit ?? Promise.resolve()).then(() => verdict.onSettled!(moveError), verdict.onSettled)
    if (moveError) this.fail(moveError)
    else if (done < last) this.#queue.again(last - done)
    this.#ask()
    if (commit) await this.#window(turn)
    if (moveError || this.#stopping || turn !== this.#turn) return
    const cooldown = verdict.cooldownMs ?? topicConfig.handlerCooldownMs
    const pause = done < last ? Math.max(cooldown, this.#retryPause(records[done]!.attempt, topicConfig)) : cooldown
    if (pause > 0) await this.#wait(done < last ? 'retry' : 'cooldown', pause)
  }

  /** A handler that failed did nothing that counts: its records come again, until they are given up. */
  async #failed(records: ConsumedRecord[], thrown: unknown, attempt: number, turn: number): Promise<void> {
    // it will be delivered to whoever has the partition next
    if (this.#stopping) return
    if (this.#isLastAttempt(records)) return this.#giveUp(records, thrown, turn)
    const { topicConfig, events } = this.#context
    const where = { ...this.#where, offset: records[0]!.offset }
    this.#queue.again(records.length)
    const retryInMs = this.#retryPause(attempt, topicConfig)
    events.onHandlerError({ ...where, attempt, error: thrown, retryInMs })
    await this.#wait('retry', retryInMs)
  }

  #isLastAttempt(records: readonly ConsumedRecord[]): boolean {
    const { handlerMaxAttempts } = this.#context.topicConfig
    return handlerMaxAttempts > 0 && records.length === 1 && records[0]!.attempt >= handlerMaxAttempts
  }

  async #giveUp(records: ConsumedRecord[], reason: unknown, turn: number, onSettled?: Verdict['onSettled']): Promise<void> {
    const { topicConfig, events, metrics } = this.#context
    const { handlerMaxAttempts, handlerGiveUp } = topicConfig
    const { offset, attempt } = records[0]!
    const where = { ...this.#where, offset }
    events.onHandlerError({ ...where, attempt, error: reason, retryInMs: -1 })
    if (handlerGiveUp === 'stop') {
      const error = gaveUp(where, handlerMaxAttempts, reason)
      this.fail(error)
      onSettled?.(error)
      return
    }
    metrics.gaveUp('skip' in handlerGiveUp ? 'skipped' : 'moved')
    const given =
      'skip' in handlerGiveUp
        ? { skips: [{ index: 0, reason: handlerGiveUp.skip }] }
        : { moves: [{ index: 0, topic: handlerGiveUp.moveTo }] }
    await this.#apply(records, verdictOf({ ...given, ...(onSettled && { onSettled }) }), turn)
  }

  #retryPause(failures: number, { handlerRetryBackoffMs, handlerRetryBackoffMaxMs }: FeedContext['topicConfig']): number {
    const bounds = { initialMs: handlerRetryBackoffMs, maxMs: handlerRetryBackoffMaxMs }
    return Math.round(backoffMs(Math.max(1, failures), bounds, this.#context.env.random()))
  }

  /** Unless told to end, seek, or stand still. */
  async #wait(doing: Doing, ms: number): Promise<void> {
    this.#do(doing)
    const { env } = this.#context
    const until = env.now() + ms
    const turn = this.#turn
    for (let left = ms; left > 0 && !this.#stopping && !this.#failure && turn === this.#turn; left = until - env.now()) {
      await this.#rest.still(left)
    }
  }

  // ---- commits

  #commit(metadata: string): Promise<void> {
    const { committer } = this.#context
    const { topic, topicId, partition, handle } = this.partition
    const { offset, leaderEpoch } = this.#position
    const turn = this.#turn
    this.#commits++
    const settled = (): void => {
      this.#commits--
      this.#rest.wake()
    }
    const committing = committer.commit({ topic, topicId, partition, handle, offset, leaderEpoch, metadata })
    committing.then(
      () => {
        if (turn === this.#turn) this.#committed = Math.max(this.#committed, offset)
        settled()
      },
      (error: KafkaError) => {
        settled()
        if (!this.#stopping && turn === this.#turn) this.fail(error)
      },
    )
    return committing
  }

  /** As many commits may be under way as the option says. */
  async #window(turn: number): Promise<void> {
    const { handlerMaxCommitsInFlight } = this.#context.topicConfig
    while (this.#commits > handlerMaxCommitsInFlight && turn === this.#turn) {
      this.#do('commit')
      await this.#rest.still()
    }
  }

  /** Answers without a record, such as those of aborted transactions, move the position; nobody waits for that commit. */
  #passEmpty(): void {
    const { offset } = this.#position
    this.#position = this.#queue.done(0, this.#position)
    if (this.#position.offset > offset && this.#commits === 0) void this.#commit('').catch(() => {})
  }

  // ---- records

  #ask(): void {
    if (this.#credit || this.#stopping || this.#paused || this.#failure || this.#unreadable || this.#position.offset < 0) return
    const { budget, credits, env, topicConfig, fetcher } = this.#context
    const maxBytes = budget.share(topicConfig.fetchMaxBytes)
    if (!this.#queue.empty && (this.#queue.answers > 1 || !budget.hasRoom(maxBytes))) {
      budget.leave(this)
      return
    }
    const now = env.now()
    if (now < this.#readAt) {
      this.#rest.wakeIn(this.#readAt - now)
      return
    }
    if (!budget.admit(this)) return
    // the broker waits, so that what arrives is delivered at once: the longer nothing came, the longer (C6)
    const tenths = Math.min(10, this.#emptyFetches + 1)
    this.#credit = credits.give(
      {
        handle: this.partition.handle,
        offset: this.#fetched.offset,
        maxBytes,
        maxWaitMs: Math.round((topicConfig.fetchIntervalMs * tenths) / 10),
        minBytes: 1,
        fetcher,
        lastFetchedEpoch: this.#fetched.leaderEpoch,
        patient: true,
      },
      this,
    )
  }

  #onRecords({ bytes, nextOffset, lastFetchedEpoch }: ReadAnswer): void {
    this.#emptyFetches = 0
    this.#readFailures = 0
    // it was asked for before that was known
    if (this.#unreadable) return
    this.#queue.add(bytes, this.#fetched.offset, nextOffset, lastFetchedEpoch)
    this.#fetched = { offset: nextOffset, leaderEpoch: lastFetchedEpoch }
    this.#context.metrics.fetched(bytes.length)
  }

  #onReadError(error: KafkaError): void {
    // what is corrupt was fetched several times already (IC7)
    if ((error.retriable && error.code !== 'CORRUPT_BATCH') || error.code === 'UNKNOWN_TOPIC') {
      // a topic that is gone is taken away by the group, unless it is the broker that does not know it yet
      const now = this.#context.env.now()
      this.#readAt = retryAt(now, ++this.#readFailures, READ_BACKOFF)
      this.#context.events.onReadError(this.partition, error)
      this.#context.metrics.readFailed()
    } else this.#readError = error
  }

  #moveTo(position: Position): void {
    this.#position = position
    this.#forgetFetched()
    this.#emptyFetches = 0
    this.#readAt = 0
  }

  /** Whatever the loop waits for, it looks again. */
  #interrupt(): void {
    if (this.#doing === 'limits') {
      this.#held.abort()
      this.#held = new AbortController()
    }
    this.#rest.wake()
  }

  /** What was fetched but not handed out is fetched again when it is wanted. */
  #forgetFetched(): void {
    this.#dropCredit()
    this.#queue.clear()
    this.#fetched = this.#position
  }

  #dropCredit(): void {
    if (this.#credit) this.#context.credits.cancel(this.#credit)
    this.#credit = undefined
    this.#context.budget.leave(this)
  }

  #abort(reason: KafkaError): void {
    this.#turn++
    this.#forgetFetched()
    this.#context.committer.drop(this.partition.handle, reason)
    this.#running?.abort(reason)
    this.#interrupt()
  }
}

const READ_BACKOFF = { initialMs: 100, maxMs: 10_000 }
/** What the reset policy decides. */
const RESET: ReadonlySet<KafkaError['code']> = new Set(['OFFSET_OUT_OF_RANGE', 'LOG_TRUNCATED'])

function highestAttempt(records: readonly ConsumedRecord[]): number {
  let highest = 1
  for (const { attempt } of records) if (attempt > highest) highest = attempt
  return highest
}

function verdictOf(given: Partial<Verdict>): Verdict {
  return { done: 1, skips: [], moves: [], cooldownMs: undefined, ...given }
}

function notOurs(where: { topic: string; partition: number }): KafkaError {
  return new KafkaError('ABORTED', `${where.topic}-${where.partition} was given back.`, where)
}

function gaveUp(where: { topic: string; partition: number; offset: number }, attempts: number, cause: unknown): KafkaError {
  const said = cause instanceof Error ? cause.message : String(cause)
  const text = `The handler failed ${attempts} times with the record at offset ${where.offset} of ${where.topic}-${where.partition}, which is the limit (handlerMaxAttempts): ${said}. The partition stands still. Mend the handler and call group.resume(), or go past the record with group.seek(); handlerGiveUp can skip or move such records.`
  return new KafkaError('HANDLER_FAILED', text, { ...where, cause })
}
