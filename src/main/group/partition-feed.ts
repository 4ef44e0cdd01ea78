/**
 * One assigned partition: asks for records, hands them to the handler batch after batch, and commits what is done. One loop, so that
 * nothing of a partition ever overtakes (IC1). Owns the position; knows neither the group's membership nor the other partitions.
 */
import { backoffMs } from '../../shared/backoff.ts'
import { KafkaError } from '../../shared/errors.ts'
import type { Transaction } from '../transactions/transaction.ts'
import type { FeedContext } from './feed-context.ts'
import { gaveUp, notOurs } from './feed-errors.ts'
import { FeedReader } from './feed-reader.ts'
import type { Doing, FeedState } from './feed-state.ts'
import { describeActions } from './moves.ts'
import type { Position } from './record-queue.ts'
import { Rest } from './rest.ts'
import { NotCommitted, transacted, type Undone, undoneBy } from './transacted.ts'
import type { AssignedPartition, ConsumedRecord, StopReason, Verdict } from './types.ts'

export class PartitionFeed {
  readonly partition: AssignedPartition
  /** Resolves when nothing of it runs any more, the user's handler included. */
  readonly ended: Promise<void>
  readonly #context: FeedContext
  readonly #rest: Rest
  readonly #reader: FeedReader
  #position: Position = { offset: -1, leaderEpoch: -1 }
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
  /** Transactions in a row that came to nothing through no fault of the handler. */
  #undone = 0
  #failure: KafkaError | undefined
  #doing: Doing = 'position'
  #since: number

  constructor(partition: AssignedPartition, context: FeedContext, after: Promise<void> | undefined) {
    this.partition = partition
    this.#context = context
    this.#rest = new Rest(context.env)
    this.#reader = new FeedReader(partition, context, this.#rest)
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
      queuedRecords: this.#reader.queue.length,
      queuedBytes: this.#reader.queue.bytes,
      attempt: this.#reader.queue.front?.attempt ?? 1,
      error: this.#failure,
    }
  }

  /** Where it begins; called once, and again after `onPositionNeeded`. */
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
    this.#reader.pause()
    this.#context.events.onFailed(this.partition, error)
    this.#interrupt()
  }

  pause(): void {
    if (this.#paused) return
    this.#paused = true
    this.#reader.pause()
    this.#interrupt()
  }

  resume(): void {
    this.#paused = false
    if (this.#failure) {
      this.#failure = undefined
      if (this.#position.offset < 0) this.#context.events.onPositionNeeded(this, undefined)
    }
    this.#rest.wake()
  }

  /** Goes on there. A batch that is being handled is not committed any more. */
  seek(offset: number): void {
    this.#turn++
    this.#running?.abort(new KafkaError('ABORTED', `${this.#name} was told to go on at offset ${offset}.`, this.#where))
    this.#failure = undefined
    this.#moveTo({ offset, leaderEpoch: -1 })
    this.#reader.queue.forgetAttempts()
    this.#interrupt()
  }

  /**
   * Hands out nothing more, and resolves when the running handler ended and its commits are through, or when `deadline` forces it:
   * then what runs is told, and does not count (IC4).
   */
  async stop(reason: StopReason, deadline: number): Promise<void> {
    if (this.#stopping) return
    this.#stopping = reason
    this.#reader.pause()
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
    this.#reader.pause()
    this.#abort(error)
  }

  get #name(): string {
    return `${this.partition.topic}-${this.partition.partition}`
  }

  get #where(): { topic: string; partition: number } {
    return { topic: this.partition.topic, partition: this.partition.partition }
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
      if (this.#reader.queue.empty) {
        this.#do(this.#reader.asked ? 'records' : 'room')
        await this.#rest.still()
        continue
      }
      await this.#next()
    }
    this.#do('stop')
    this.#reader.restart(this.#position)
    while (this.#commits > 0) await this.#rest.still()
    this.#context.committer.drop(this.partition.handle, notOurs(this.#where))
    if (this.#started) await this.#stopHandler()
  }

  /** False: look again. */
  async #ready(): Promise<boolean> {
    if (this.#position.offset < 0 || this.#failure || this.#paused) {
      // what it holds would be missing elsewhere for as long as it takes; and what could not be read is fetched again (IC7)
      if (!this.#reader.isAt(this.#position)) this.#reader.restart(this.#position)
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
    const { error } = this.#reader
    if (!this.#reader.queue.empty || !error) return true
    this.#reader.restart(this.#position)
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
    const first = this.#reader.queue.peek(1)[0]!
    const { handlerMaxAttempts, handlerMaxBatchSize } = topicConfig
    // on its last attempt a record is alone, so that only what fails itself is given up
    const alone = handlerMaxAttempts > 0 && first.attempt >= handlerMaxAttempts && first.attempt > 1
    let records = this.#reader.queue.peek(alone ? 1 : handlerMaxBatchSize)
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
    const { env, host, flow, metrics, transactions } = this.#context
    const { topic, partition } = this.partition
    const turn = this.#turn
    if (transactions) {
      // one that is still under way may be written after the transaction, and the older offset would count
      await this.#window(turn)
      if (this.#stopping || turn !== this.#turn) return
    }
    const running = (this.#running = new AbortController())
    this.#do('handler')
    const attempt = this.#reader.queue.attemptOf(records)
    const began = env.now()
    let verdict: Verdict | undefined
    let failure: unknown
    try {
      const batch = { topic, partition, records, signal: running.signal, attempt }
      if (transactions) verdict = await this.#transact(records, running, (tx) => host.handle({ ...batch, tx }))
      else verdict = await host.handle(batch)
    } catch (thrown) {
      failure = thrown
    }
    this.#running = undefined
    const elapsed = env.now() - began
    const failed = verdict === undefined || verdict.done < records.length
    flow.handled(topic, partition, records.length, elapsed, failed)
    metrics.handled(records.length, elapsed, verdict)
    if (turn !== this.#turn) return verdict?.onSettled?.(notOurs(this.#where))
    if (failure instanceof NotCommitted) await this.#notCommitted(failure.result, records)
    else if (verdict && (verdict.done > 0 || this.#stopping || !this.#isLastAttempt(records)))
      await this.#apply(records, verdict, turn)
    else if (verdict) await this.#giveUp(records, new Error('it asked for a retry'), turn, verdict.onSettled)
    else await this.#failed(records, failure, attempt, turn)
  }

  /** Handler, moves and commit in one; throws what the handler threw, or {@link NotCommitted}. */
  async #transact(
    records: ConsumedRecord[],
    running: AbortController,
    decide: (tx: Transaction) => Promise<Verdict>,
  ): Promise<Verdict> {
    const { transactions, mover } = this.#context
    const offsetOf = (verdict: Verdict) => {
      const metadata = describeActions(records, verdict, verdict.done)
      return { ...this.#where, ...this.#reader.queue.after(verdict.done, this.#position), metadata }
    }
    const result = await transacted(transactions!, mover, { records, signal: running.signal, decide, offsetOf })
    if (result.is === 'done') {
      this.#undone = 0
      return result.verdict
    }
    // it may still run
    running.abort(result.error)
    if (result.is === 'handler-failed') throw result.error
    throw new NotCommitted(result)
  }

  /** The batch does not count, or nobody knows whether it does. */
  async #notCommitted({ is, error }: Undone, records: ConsumedRecord[]): Promise<void> {
    if (this.#stopping) return
    if (is === 'stuck') return this.fail(error)
    const { events, topicConfig } = this.#context
    const retryInMs = is === 'unknown' ? 0 : this.#retryPause(++this.#undone, topicConfig)
    const { offset, attempt } = records[0]!
    events.onHandlerError({ ...this.#where, offset, attempt, error, retryInMs })
    if (is !== 'unknown') return this.#wait('retry', retryInMs)
    this.#position = { offset: -1, leaderEpoch: -1 }
    events.onPositionNeeded(this, undefined)
  }

  async #apply(records: ConsumedRecord[], verdict: Verdict, turn: number): Promise<void> {
    const { topicConfig, mover, transactions, metrics } = this.#context
    let { done } = verdict
    let moveError: KafkaError | undefined
    if (verdict.moves.length > 0 && !transactions) {
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
    this.#position = this.#reader.queue.done(done, this.#position)
    const isCommitted = transactions !== undefined || verdict.committed === true
    if (isCommitted && done > 0) {
      this.#committed = this.#position.offset
      metrics.committed()
    }
    const commit = done > 0 && !isCommitted ? this.#commit(describeActions(records, verdict, done)) : undefined
    if (verdict.onSettled) (commit ?? Promise.resolve()).then(() => verdict.onSettled!(moveError), verdict.onSettled)
    if (moveError) this.fail(moveError)
    else if (done < last) this.#reader.queue.again(last - done)
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
    this.#reader.queue.again(records.length)
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
    const verdict = verdictOf({ ...given, ...(onSettled && { onSettled }) })
    if (this.#context.transactions) {
      const running = (this.#running = new AbortController())
      try {
        await this.#transact(records, running, () => Promise.resolve(verdict))
      } catch (thrown) {
        if (turn === this.#turn) await this.#notCommitted(undoneBy(thrown), records)
        return
      } finally {
        this.#running = undefined
      }
      if (turn !== this.#turn) return
    }
    await this.#apply(records, verdict, turn)
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
    this.#position = this.#reader.queue.done(0, this.#position)
    if (this.#position.offset > offset && this.#commits === 0) void this.#commit('').catch(() => {})
  }

  #ask(): void {
    if (!this.#stopping && !this.#paused && !this.#failure && this.#position.offset >= 0) this.#reader.ask()
  }

  #moveTo(position: Position): void {
    this.#position = position
    this.#reader.moveTo(position)
  }

  /** Whatever the loop waits for, it looks again. */
  #interrupt(): void {
    if (this.#doing === 'limits') {
      this.#held.abort()
      this.#held = new AbortController()
    }
    this.#rest.wake()
  }

  #abort(reason: KafkaError): void {
    this.#turn++
    this.#reader.restart(this.#position)
    this.#context.committer.drop(this.partition.handle, reason)
    this.#running?.abort(reason)
    this.#interrupt()
  }
}

/** What the reset policy decides. */
const RESET: ReadonlySet<KafkaError['code']> = new Set(['OFFSET_OUT_OF_RANGE', 'LOG_TRUNCATED'])

function verdictOf(given: Partial<Verdict>): Verdict {
  return { done: 1, skips: [], moves: [], cooldownMs: undefined, ...given }
}
