/**
 * A member of a consumer group, as its user sees it: wires membership, feeds, handlers, limits and commits, and owns their end. Decides
 * nothing that one of them can decide.
 */
import { EventEmitter } from 'node:events'
import { KafkaError } from '../../shared/errors.ts'
import { OffsetColumn } from '../../shared/offset-table.ts'
import { checkOptions } from '../../shared/options.ts'
import type { Abortable } from '../../shared/types.ts'
import { guarded } from '../callback-guard.ts'
import type { TransactionalGroup } from '../transactions/group-offsets.ts'
import { Assignment } from './assignment.ts'
import { Committer } from './committer.ts'
import type { FeedContext } from './feed-context.ts'
import type { FeedState } from './feed-state.ts'
import { Flow } from './flow.ts'
import type { GroupContext } from './group-context.ts'
import type { GroupEvents, GroupMetrics, GroupReport, PartitionMetrics } from './group-events.ts'
import { GroupCounter } from './group-metrics.ts'
import {
  type CheckedGroupOptions,
  type GroupStopOptions,
  groupStopOptions,
  subscriptionOf,
  topicConfigFor,
} from './group-options.ts'
import { hostOf } from './hosts.ts'
import { Member, type MemberEvents } from './member.ts'
import { overrunError } from './member-errors.ts'
import { Mover } from './moves.ts'
import { Overruns } from './overruns.ts'
import type { PartitionFeed } from './partition-feed.ts'
import { Placing } from './placing.ts'
import { PrefetchBudget } from './prefetch-budget.ts'
import type { Pull, PulledBatch } from './pull.ts'
import { batchesOf, streamOf } from './pull-styles.ts'
import type { FeedTransactions } from './transacted.ts'
import type { AssignedPartition, HandlerHost, HandlerResult, StopReason, TopicPartition } from './types.ts'
import { Watchdog } from './watchdog.ts'
import { explain } from './why.ts'

type State = 'new' | 'starting' | 'running' | 'stopping' | 'stopped'

export class ConsumerGroup extends EventEmitter<GroupEvents> {
  readonly groupName: string
  readonly #context: GroupContext
  readonly #options: CheckedGroupOptions
  readonly #member: Member
  readonly #host: HandlerHost
  readonly #pull: Pull | undefined
  readonly #flow: Flow
  readonly #committer: Committer
  readonly #mover: Mover
  readonly #budget: PrefetchBudget
  readonly #counter = new GroupCounter()
  readonly #assignment: Assignment
  readonly #placing: Placing
  readonly #watchdog: Watchdog
  readonly #overruns: Overruns
  readonly #coordinates: TransactionalGroup
  #state: State = 'new'
  #memberState = 'has not been started'
  #starting: Promise<void> | undefined
  #stopping: Promise<void> | undefined
  #failure: KafkaError | undefined
  /** How often everything was lost. */
  #losses = 0
  /** Why it ends, as soon as it does. */
  #ending: KafkaError | undefined

  /** @internal `kafka.consumerGroup()` makes groups. */
  constructor(context: GroupContext, options: CheckedGroupOptions) {
    super()
    const { env, io } = context
    this.groupName = options.groupName
    this.#context = context
    this.#options = options
    const { names, regex } = subscriptionOf(options)
    const { retryBackoffMs, retryBackoffMaxMs, requestTimeoutMs } = context.options
    const { instanceId, rackId = context.options.rackId, serverAssignor, rebalanceTimeoutMs, maxProcessingMs } = options
    const how = { instanceId, rackId, serverAssignor, rebalanceTimeoutMs, maxProcessingMs }
    const pace = { retryBackoffMs, retryBackoffMaxMs, requestTimeoutMs }
    const settings = { groupId: options.groupName, topics: names, topicRegex: regex, ...how, ...pace }
    this.#member = new Member(env, io, context.metadata, settings, this.#memberEvents())
    const coordinates: TransactionalGroup = (this.#coordinates = {
      instanceId,
      groupId: options.groupName,
      memberId: () => this.#member.memberId,
      memberEpoch: () => this.#member.memberEpoch,
      coordinator: () => this.#member.coordinator(),
      coordinatorFailed: (nodeId, error) => this.#member.coordinatorFailed(nodeId, error),
    })
    const { host, pull } = hostOf(this, options, env, (news) => this.#tell('handlerThread', news))
    this.#host = host
    this.#pull = pull
    this.#flow = new Flow(env, options, {
      onLimited: (event) => this.#tell('limited', event),
      onAdapted: (event) => this.#tell('adapted', event),
      onGate: (event) => this.#tell('gate', event),
      onGateFailed: (event) => this.#tell('gateFailed', event),
    })
    this.#committer = new Committer(
      context,
      coordinates,
      { instanceId: options.instanceId, count: options.committersCount },
      {
        onCommitted: () => this.#counter.committed(),
        onRefused: ({ topic, partition, offset }, error, final) => {
          this.#counter.commitFailed()
          this.#tell('commitError', { topic, partition, offset, error, final })
        },
      },
    )
    this.#mover = new Mover(context.producer, options.groupName)
    this.#budget = new PrefetchBudget(options.prefetchBytes)
    this.#placing = new Placing(context, coordinates, options, (event) => this.#tell('offsetReset', event))
    this.#assignment = new Assignment({
      contextOf: (partition) => this.#contextOf(partition),
      place: (feeds) => this.#placing.begin(feeds),
      unplace: (feeds) => this.#placing.end(feeds),
    })
    this.#watchdog = new Watchdog(
      env,
      options.partitionStallMs,
      () => this.#watched(),
      (handle, forMs) => this.#stalled(handle, forMs),
      (handle, forMs) => this.#recovered(handle, forMs),
    )
    this.#overruns = new Overruns(env, maxProcessingMs, () => this.#host.longest(), {
      onOverrun: ({ what }, forMs) => this.#member.withdraw(overrunError(settings, what, Math.round(forMs))),
      onOver: () => this.#member.comeBack(),
    })
  }

  /** The partitions that this member has now. */
  get assignment(): TopicPartition[] {
    return this.#assignment.all().map(({ topic, partition }) => ({ topic, partition }))
  }

  /**
   * Joins the group. Resolves when this is a member of it and its first partitions, if there are any for it, are its own.
   *
   * @throws KafkaError UNSUPPORTED when the cluster has no KIP-848 (Apache Kafka before 4.0), GROUP_ERROR when the coordinator refuses,
   *   ABORTED, and what loading the handler's module may bring
   */
  start({ signal }: Abortable = {}): Promise<void> {
    if (this.#state !== 'new') return Promise.reject(notNew(this.groupName, this.#state))
    return (this.#starting = this.#startWithin(signal))
  }

  /** @internal For styles that start the group when they are first used. */
  startOnce(): Promise<void> {
    return (this.#starting ??= this.start())
  }

  /**
   * Hands out nothing more, waits for the handlers that run, commits, and leaves the group, within `timeoutMs`. A handler that takes
   * longer is told by its signal, and its batch will be delivered again to whoever has the partition then. Safe to call again.
   */
  async stop(options: GroupStopOptions = {}): Promise<void> {
    const { timeoutMs } = checkOptions(groupStopOptions, options, 'group.stop()')
    const error = new KafkaError('CLOSED', `The group '${this.groupName}' was stopped.`)
    this.#stopping ??= this.#end('stopped', error, this.#context.env.now() + timeoutMs)
    await this.#stopping
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** @internal The client has ended; nothing can be said to anybody any more. */
  abandon(error: KafkaError): void {
    this.#stopping ??= this.#end('failed', error, this.#context.env.now())
  }

  /** Partitions stand still, also when they are taken away and come back, until they are resumed. Default: those assigned now. */
  pause(partitions: readonly TopicPartition[] = this.assignment): void {
    this.#assignment.pause(partitions)
  }

  /** Partitions go on, also those that stand still since they failed. Default: those assigned now. */
  resume(partitions: readonly TopicPartition[] = this.assignment): void {
    this.#assignment.resume(partitions)
  }

  /**
   * The partition goes on at that offset. A batch of it that is with its handler does not count any more.
   *
   * @throws KafkaError INVALID_ARGUMENT when the partition is not this member's now
   */
  seek({ topic, partition, offset }: TopicPartition & { offset: number }): void {
    if (!Number.isSafeInteger(offset) || offset < 0)
      throw new KafkaError('INVALID_ARGUMENT', `group.seek() takes a whole offset from 0, not ${offset}.`, { topic, partition })
    const feed = this.#assignment.get(topic, partition)
    if (!feed) {
      const text = `group.seek(): ${topic}-${partition} is not assigned to this member of '${this.groupName}' now. Wait for the event 'assigned'.`
      throw new KafkaError('INVALID_ARGUMENT', text, { topic, partition })
    }
    feed.seek(offset)
  }

  /**
   * The next batch of any partition, for groups without a handler; undefined when the group was stopped. Until it is committed its
   * partition gives no other.
   *
   * @throws KafkaError ABORTED, or why the group ended
   */
  async pull({ signal }: Abortable = {}): Promise<PulledBatch | undefined> {
    const batch = await this.#pulling('pull').next(signal)
    if (!batch && this.#failure && this.#failure.code !== 'CLOSED') throw this.#failure
    return batch
  }

  /**
   * Says what became of a batch that {@link pull} gave: an action for all of it or for each record, as a handler's result. Resolves when
   * the offsets are committed.
   *
   * @throws KafkaError HANDLER_RESULT, INVALID_ARGUMENT, or why it cannot be committed
   */
  async commit(batch: PulledBatch, result?: HandlerResult): Promise<void> {
    await this.#pulling('commit').done(batch, result)
  }

  /** @internal For `tx.commitOffsets()`: who commits, and who has the batches. */
  transactionalPull(): { coordinates: TransactionalGroup; pull: Pull } {
    return { coordinates: this.#coordinates, pull: this.#pulling('tx.commitOffsets()') }
  }

  /** Batches one after the other; asking for the next commits the one before. Starts the group. Leaving the loop gives the last one back. */
  [Symbol.asyncIterator](): AsyncIterator<PulledBatch, undefined> {
    return batchesOf(this, this.#pulling('for await'))
  }

  /** The same as an object-mode stream that never reads ahead; each batch is to be committed with {@link commit}. */
  readable(): import('node:stream').Readable {
    return streamOf(this, this.#pulling('readable'))
  }

  metrics(): GroupMetrics {
    const partitions = Array.from(this.#assignment.feeds, (feed) => this.#metricsOf(feed))
    return {
      memberId: this.#member.memberId,
      memberEpoch: this.#member.memberEpoch,
      partitions,
      lag: partitions.reduce((sum, { lag }) => sum + Math.max(0, lag), 0),
      prefetchedBytes: this.#budget.used,
      prefetchedBytesPeak: this.#budget.peak,
      ...this.#counter.counts,
      flow: this.#flow.metrics(),
    }
  }

  /** What the member and each of its partitions do or wait for, in words. */
  why(): GroupReport {
    const now = this.#context.env.now()
    const partitions = Array.from(this.#assignment.feeds, (feed) => {
      const { topic, partition } = feed.partition
      const state = feed.state
      const text = explain(state, now, {
        handler: this.#host.doing(topic, partition),
        limits: this.#flow.waitingFor(topic, partition),
        lag: this.#lagOf(feed, state),
        window: topicConfigFor(this.#options, topic).handlerMaxCommitsInFlight,
      })
      return { topic, partition, doing: state.doing, forMs: Math.round(now - state.since), text: `${topic}-${partition} ${text}` }
    })
    return { member: this.#failure?.message ?? this.#memberState, partitions }
  }

  async #startWithin(signal: AbortSignal | undefined): Promise<void> {
    this.#state = 'starting'
    const abort = Promise.withResolvers<never>()
    abort.promise.catch(() => {})
    const onAbort = (): void => {
      const text = `Joining group '${this.groupName}' was given up: the signal was aborted.`
      abort.reject(new KafkaError('ABORTED', text, { cause: signal?.reason }))
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted) onAbort()
    try {
      await Promise.race([this.#start(), abort.promise])
      if (this.#ending) throw this.#ending
      this.#state = 'running'
    } catch (thrown) {
      const error = KafkaError.from(thrown, 'group.start()')
      // it may have been told to end meanwhile
      this.#stopping ??= this.#end('failed', error, this.#context.env.now() + START_CLEANUP_MS)
      await this.#stopping
      throw error
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  async #start(): Promise<void> {
    await this.#host.open()
    // what a predecessor left open holds back the offsets that are to be read
    const { topics, defaultTopicConfig } = this.#options
    if (topics.some((topic) => topic.transactional ?? defaultTopicConfig?.transactional)) this.#context.transactions()
    await this.#placing.rememberTopics(this.#context.env.now() + this.#context.options.requestTimeoutMs)
    if (this.#ending) throw this.#ending
    this.#watchdog.start()
    this.#overruns.start()
    await this.#member.start()
  }

  async #end(reason: StopReason, error: KafkaError, deadline: number): Promise<void> {
    if (this.#state === 'stopped') return
    this.#state = 'stopping'
    this.#ending ??= error
    const { env } = this.#context
    // some of the time is for leaving
    const drained = deadline - Math.min(LEAVE_MS, (deadline - env.now()) / 4)
    const all = this.#assignment.all()
    // nobody will take what is ready; what is in hand may still be committed
    this.#pull?.refuse(error)
    if (reason === 'stopped') await this.#assignment.giveBack(all, reason, drained)
    else this.#assignment.lose(all, reason, error)
    this.#failure ??= error
    this.#watchdog.stop()
    this.#overruns.stop()
    this.#placing.close(error)
    await this.#member.stop(deadline)
    this.#committer.close(error)
    this.#flow.close()
    await this.#host.close()
    this.#state = 'stopped'
    this.#memberState = error.message
    this.#context.onStopped(this)
    this.#tell('stopped', error)
  }

  #memberEvents(): MemberEvents {
    return {
      onAssigned: (partitions) => {
        if (this.#state === 'stopping' || this.#state === 'stopped') return
        this.#assignment.add(partitions)
        this.#tell('assigned', named(partitions))
      },
      onRevoked: (partitions, deadline) => {
        const losses = this.#losses
        void this.#assignment.giveBack(partitions, 'revoked', deadline).then(() => {
          // what was lost meanwhile is not ours to release, and may have come back since
          if (losses !== this.#losses) return
          this.#tell('revoked', named(partitions))
          this.#member.released(partitions)
          for (const { topic, partition } of partitions) this.#flow.forget(topic, partition)
        })
      },
      onLost: (partitions, reason) => {
        this.#losses++
        this.#assignment.lose(partitions, 'lost', reason)
        this.#tell('lost', named(partitions), reason)
      },
      onState: (text) => {
        this.#memberState = text
      },
      onFatal: (error) => {
        this.#failure ??= error
        if (this.#state !== 'running') return
        this.#stopping ??= this.#end('failed', error, this.#context.env.now() + START_CLEANUP_MS)
        this.#tell('fatal', error)
      },
    }
  }

  #contextOf({ topic }: AssignedPartition): FeedContext {
    const { env, credits, io, fetchers } = this.#context
    const topicConfig = topicConfigFor(this.#options, topic)
    return {
      env,
      credits,
      fetcher: fetchers.number(topicConfig.fetcherName, topicConfig.isolationLevel),
      flow: this.#flow,
      host: this.#host,
      committer: this.#committer,
      mover: this.#mover,
      budget: this.#budget,
      topicConfig,
      ...(topicConfig.transactional && {
        transactions: {
          group: this.#coordinates,
          run: (work, limits) => this.#context.transactions().run(work, limits),
        } satisfies FeedTransactions,
      }),
      metrics: this.#counter,
      events: {
        onHandlerError: (event) => this.#tell('handlerError', event),
        onFailed: ({ topic, partition }, error) => this.#tell('partitionFailed', { topic, partition, error }),
        onReadError: ({ topic, partition }, error) => this.#tell('readError', { topic, partition, error }),
        onPositionNeeded: (feed, error) => this.#placing.again(feed, error),
      },
      highWatermark: (handle) => io.offsets.get(handle, OffsetColumn.highWatermark),
    }
  }

  #metricsOf(feed: PartitionFeed): PartitionMetrics {
    const { topic, partition } = feed.partition
    const state = feed.state
    const { position, committed, highWatermark, queuedRecords, queuedBytes, doing } = state
    return {
      topic,
      partition,
      position,
      committed,
      highWatermark,
      lag: this.#lagOf(feed, state),
      queuedRecords,
      queuedBytes,
      doing,
    }
  }

  /** Records behind the position that may be read; −1 while nobody knows. */
  #lagOf({ partition: { topic, handle } }: PartitionFeed, { position }: FeedState): number {
    const { offsets } = this.#context.io
    const committed = topicConfigFor(this.#options, topic).isolationLevel === 'read_committed'
    const end = offsets.get(handle, committed ? OffsetColumn.lastStableOffset : OffsetColumn.highWatermark)
    return position < 0 || offsets.get(handle, OffsetColumn.highWatermark) === 0 ? -1 : Math.max(0, end - position)
  }

  *#watched() {
    for (const feed of this.#assignment.feeds) {
      const state = feed.state
      const idle = state.doing === 'records' && this.#lagOf(feed, state) <= 0
      const wanted = HELD.has(state.doing) || (state.doing === 'handler' && this.#pull !== undefined)
      yield { handle: feed.partition.handle, position: state.position, due: !idle && !wanted }
    }
  }

  #stalled(handle: number, forMs: number): void {
    const feed = [...this.#assignment.feeds].find((one) => one.partition.handle === handle)
    if (!feed) return
    const { topic, partition } = feed.partition
    const why = this.why().partitions.find((one) => one.topic === topic && one.partition === partition)
    this.#tell('stalled', { topic, partition, forMs: Math.round(forMs), why: why?.text ?? '' })
  }

  #recovered(handle: number, forMs: number): void {
    const feed = [...this.#assignment.feeds].find((one) => one.partition.handle === handle)
    if (!feed) return
    const { topic, partition } = feed.partition
    this.#tell('recovered', { topic, partition, afterMs: Math.round(forMs) })
  }

  #pulling(what: string): Pull {
    if (this.#pull) return this.#pull
    const text = `${what} needs a group without a handler, and '${this.groupName}' has one: leave the option out to pull batches.`
    throw new KafkaError('INVALID_ARGUMENT', text)
  }

  #tell<K extends keyof GroupEvents>(event: K, ...args: GroupEvents[K]): void {
    guarded(`group '${this.groupName}'`, () =>
      (this.emit as (event: K, ...args: GroupEvents[K]) => boolean).call(this, event, ...args),
    )
  }
}

/** Of a stop: for the last word to the coordinator. */
const LEAVE_MS = 1_000
const START_CLEANUP_MS = 5_000
/** States that somebody wants, or has been told of. */
const HELD: ReadonlySet<FeedState['doing']> = new Set(['limits', 'cooldown', 'retry', 'paused', 'failed', 'stop', 'ended'])

function named(partitions: readonly AssignedPartition[]): TopicPartition[] {
  return partitions.map(({ topic, partition }) => ({ topic, partition }))
}

function notNew(groupName: string, state: State): KafkaError {
  const text =
    state === 'stopped' || state === 'stopping'
      ? `The group '${groupName}' was stopped and cannot be started again. Make a new one with kafka.consumerGroup().`
      : `The group '${groupName}' was started before.`
  return new KafkaError('INVALID_ARGUMENT', text)
}
