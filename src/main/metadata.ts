/**
 * The one view of the cluster on the main thread: asks brokers for metadata, keeps what they say about the topics of interest,
 * and gives each partition its handle. What an answer means is decided in `cluster-view.ts`, when to ask in `refresh-schedule.ts`,
 * whom in `metadata-calls.ts`, who waits for what in `topic-waiters.ts`, and who sees what when in `published-view.ts`.
 */
import type { Env } from '../shared/env.ts'
import { isRefusal, KafkaError } from '../shared/errors.ts'
import type { BrokerAddress, IoApi, LeaderHint } from '../shared/io-api.ts'
import { show } from '../shared/options.ts'
import { ErrorCode } from '../shared/protocol/errors.ts'
import type { MetadataResponse } from '../shared/protocol/generated/metadata.ts'
import {
  applyMetadata,
  type ClusterView,
  emptyView,
  removeTopic,
  type TopicAnswer,
  type TopicView,
  usableBrokers,
} from './cluster-view.ts'
import { firstContact } from './first-contact.ts'
import { namesNobody } from './metadata-answer.ts'
import { MetadataCalls } from './metadata-calls.ts'
import type { CheckedKafkaOptions } from './options.ts'
import { PublishedView } from './published-view.ts'
import { type Outcome, RefreshSchedule } from './refresh-schedule.ts'
import { checkTopicName } from './topic-name.ts'
import { TopicWaiters } from './topic-waiters.ts'
import type { ViewSink } from './view-outbox.ts'
import { aborted, closedError, startWait, type Wait, type WaitLimits } from './wait.ts'

export type MetadataEnv = Pick<Env, 'now' | 'random' | 'setTimeout' | 'clearTimeout'>

/** All I/O workers: changes go to each of them, a call to any one. */
export type MetadataIo = ViewSink & Pick<IoApi, 'call'>

export type MetadataSettings = Pick<
  CheckedKafkaOptions,
  'requestTimeoutMs' | 'retryBackoffMs' | 'retryBackoffMaxMs' | 'metadataMaxAgeMs' | 'unknownTopicTimeoutMs'
>

export interface TopicQuery extends WaitLimits {
  /** Waits until the view is like this. */
  until?: (view: TopicView) => boolean
  /** Instead of the option `unknownTopicTimeoutMs`. */
  unknownTimeoutMs?: number
}

/** How long after a refusal workers may still tell of it. */
const ECHO_MS = 1_000

export class Metadata {
  readonly #env: MetadataEnv
  readonly #options: MetadataSettings
  readonly #bootstrap: readonly BrokerAddress[]
  readonly #schedule: RefreshSchedule
  readonly #waiters: TopicWaiters
  readonly #calls: MetadataCalls
  /** What metadata says. */
  #view: ClusterView = emptyView()
  /** What the workers know too: all that callers get to see. */
  readonly #published: PublishedView
  /** Since when the cluster says that it does not know a topic that it knew. */
  readonly #missingSince = new Map<string, number>()
  #connecting: Promise<void> | undefined
  #connected = false
  #closed = false
  /** A request is under way, or its answer is being told to the workers. */
  #busy = false
  #pumpQueued = false
  #timer: ReturnType<Env['setTimeout']> | undefined
  /** Every wait that is not for a topic, for {@link close}. */
  readonly #waits = new Set<Pick<Wait<unknown>, 'reject'>>()
  readonly #refreshes = new Set<Wait<void>>()
  /** What workers last said about a topic that is in trouble. */
  readonly #reasons = new Map<string, string>()
  /** Requests that have left, and the newest of them that was answered. */
  #rounds = 0
  #answered = 0
  #lastFailure: KafkaError | undefined
  #echoesUntil = 0

  constructor({
    env,
    io,
    options,
    bootstrap,
  }: {
    env: MetadataEnv
    io: MetadataIo
    options: MetadataSettings
    bootstrap: readonly BrokerAddress[]
  }) {
    this.#env = env
    this.#options = options
    this.#bootstrap = bootstrap
    const retry = { initialMs: options.retryBackoffMs, maxMs: options.retryBackoffMaxMs }
    this.#schedule = new RefreshSchedule(env, { retry, maxAgeMs: options.metadataMaxAgeMs })
    this.#waiters = new TopicWaiters(env)
    this.#published = new PublishedView(io, bootstrap, () => this.#view.topics)
    this.#calls = new MetadataCalls(env, io, options.requestTimeoutMs, (deadline, what) => this.#startWait({ deadline }, what))
    // calls that need no metadata must find a broker too; what fails here is told again with the next change
    this.#published.flush().catch(() => {})
  }

  /** Changes whenever {@link cached} may answer differently: callers on the hot path look at this number first. */
  get version(): number {
    return this.#published.version
  }

  /** The brokers that the cluster named; empty before the first answer. */
  get brokers(): readonly BrokerAddress[] {
    return this.#view.brokers
  }

  /** −1 when unknown. */
  get controllerId(): number {
    return this.#view.controllerId
  }

  get clusterId(): string | null {
    return this.#view.clusterId
  }

  /** Fails fast: one attempt an address, then NO_BROKER with a reason for each. Once it worked it does nothing. */
  async connect(signal?: AbortSignal): Promise<void> {
    this.#checkOpen()
    if (this.#connected) return
    this.#connecting ??= this.#firstRound().finally(() => {
      this.#connecting = undefined
    })
    const wait = this.#startWait<void>({ signal }, 'the first metadata of the cluster')
    this.#connecting.then(wait.resolve, (error) => wait.reject(KafkaError.from(error, 'Metadata.connect')))
    return wait.promise
  }

  /** A topic that the workers know, or undefined. For the hot path. */
  cached(topic: string): TopicView | undefined {
    return this.#published.topic(topic)
  }

  /** The topic, asked for when it is not known yet. Without a deadline the wait ends after `requestTimeoutMs`. */
  async topic(name: string, { signal, deadline, until, unknownTimeoutMs }: TopicQuery = {}): Promise<TopicView> {
    this.#checkOpen()
    if (signal?.aborted) throw aborted(signal, `metadata of topic ${show(name)}`)
    const known = this.#published.topic(name)
    if (known !== undefined && (until?.(known) ?? true)) return known
    checkTopicName(name)
    const limits = {
      signal,
      deadline: deadline ?? this.#env.now() + this.#options.requestTimeoutMs,
      until,
      unknownTimeoutMs: unknownTimeoutMs ?? this.#options.unknownTopicTimeoutMs,
    }
    const view = this.#waiters.add(name, limits, () => this.#whyLate(name))
    this.#want([name])
    return view
  }

  /** For {@link topic}: says true from the answer on to a request that leaves after this call. */
  nextAnswer(): () => boolean {
    const asked = this.#rounds
    return () => this.#answered > asked
  }

  /** A worker met signs that what it was told is no longer true. Topics nobody asked for are none of our business. */
  stale(topics: readonly string[], reason: string): void {
    if (this.#closed || this.#isEcho()) return
    if (topics.length === 0) this.#schedule.wantBrokers()
    const ours = topics.filter((topic) => this.#view.topics.has(topic) || this.#waiters.has(topic))
    for (const topic of ours) this.#reasons.set(topic, reason)
    this.#want(ours)
  }

  /**
   * Whether what workers say is only that this client was not let in, which it knows: what they met then is told by another way than the
   * answer, and may be later.
   */
  #isEcho(): boolean {
    return this.#env.now() < this.#echoesUntil && this.#waiters.size === 0 && this.#refreshes.size === 0
  }

  /** Workers follow hints of brokers, or no longer (KIP-951): nobody is asked for it. */
  hinted(news: readonly LeaderHint[]): void {
    if (!this.#closed) this.#published.hinted(news)
  }

  /** The worker of these partitions was replaced; the new one follows no hints. */
  hintsLost(isLost: (handle: number) => boolean): void {
    if (!this.#closed) this.#published.hintsLost(isLost)
  }

  /** Who is believed to lead a partition refused a request of main, or did not answer it. */
  disowned(topic: string, partition: number, reason: string): void {
    if (!this.#closed) this.#published.disowned(topic, partition)
    this.stale([topic], reason)
  }

  /** Resolves with the next answer to a request that has not left yet. */
  refresh(limits: WaitLimits = {}): Promise<void> {
    if (this.#closed) return Promise.reject(closedError())
    const wait = this.#startWait<void>(limits, 'fresh metadata')
    this.#refreshes.add(wait)
    this.#schedule.wantBrokers()
    this.#queuePump()
    return wait.promise
  }

  /** The topic is known to be deleted: its partitions end now, without waiting for brokers to agree. */
  async forget(topic: string): Promise<void> {
    if (this.#closed || !this.#view.topics.has(topic)) return
    this.#drop(topic, 'was deleted', true)
    if (!this.#waiters.has(topic)) this.#schedule.rest(topic)
    await this.#published.flush()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stopTimer()
    const error = closedError()
    this.#waiters.rejectAll(error)
    for (const wait of [...this.#waits]) wait.reject(error)
    this.#refreshes.clear()
  }

  #checkOpen(): void {
    if (this.#closed) throw closedError()
  }

  #startWait<T>(limits: WaitLimits, what: string): Wait<T> {
    const onEnd = () => {
      this.#waits.delete(wait)
      this.#refreshes.delete(wait as unknown as Wait<void>)
    }
    const wait = startWait<T>(this.#env, limits, what, { onEnd, late: () => this.#whyLate() })
    this.#waits.add(wait)
    return wait
  }

  #want(topics: readonly string[]): void {
    for (const topic of topics) this.#schedule.want(topic)
    this.#queuePump()
  }

  /** After the current turn, so that a thousand calls for a thousand topics share one request. */
  #queuePump(): void {
    if (this.#pumpQueued) return
    this.#pumpQueued = true
    Promise.resolve().then(() => {
      this.#pumpQueued = false
      this.#pump()
    })
  }

  /** Level-triggered: starts what is due, or sets the timer for it. */
  #pump(): void {
    if (this.#closed || this.#busy) return
    this.#stopTimer()
    const delay = this.#schedule.nextAt() - this.#env.now()
    if (delay > 0) {
      this.#timer = this.#env.setTimeout(() => {
        this.#timer = undefined
        this.#pump()
      }, delay)
      return
    }
    this.#busy = true
    this.#round().finally(() => {
      this.#busy = false
      this.#pump()
    })
  }

  #stopTimer(): void {
    if (this.#timer !== undefined) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Beside ordinary rounds, which keep trying while this one gives up soon. */
  async #firstRound(): Promise<void> {
    await this.#published.flush()
    const response = await firstContact(this.#env, this.#bootstrap, async ({ nodeId }) => {
      this.#checkOpen()
      const answer = await this.#calls.ask(nodeId, [])
      if (usableBrokers(answer).length === 0) throw namesNobody()
      return answer
    })
    if (this.#closed) return
    await this.#accept(response, [])
    this.#queuePump()
  }

  /** One request with all that follows from it; never rejects. */
  async #round(): Promise<void> {
    const topics = this.#schedule.start()
    const round = ++this.#rounds
    const refreshes = [...this.#refreshes]
    try {
      await this.#published.flush()
      this.#checkOpen()
      const response = await this.#calls.ask(this.#calls.target(this.#view.brokers, this.#schedule.doubtful), topics)
      if (this.#closed) return
      this.#answered = round
      await this.#accept(response, topics)
      for (const wait of refreshes) wait.resolve()
    } catch (thrown) {
      if (this.#closed) return
      const error = KafkaError.from(thrown, 'a metadata refresh')
      this.#lastFailure = error
      if (error.context.brokerErrorCode === ErrorCode.REBOOTSTRAP_REQUIRED) this.#rebootstrap()
      this.#calls.ended(error)
      if (isRefusal(error)) {
        this.#refused(error)
        return
      }
      this.#schedule.failed(topics, this.#waiters.size > 0 || this.#refreshes.size > 0)
    }
  }

  /** Nobody waits for what will not come, and nothing is asked for that nobody waits for: trying again may lock the account. */
  #refused(error: KafkaError): void {
    this.#schedule.refused()
    this.#echoesUntil = this.#env.now() + ECHO_MS
    this.#waiters.rejectAll(error)
    for (const wait of [...this.#refreshes]) wait.reject(error)
  }

  /** KIP-1102: the broker no longer trusts what it told clients; start over from the bootstrap addresses. */
  #rebootstrap(): void {
    this.#view = { ...this.#view, brokers: [] }
    this.#published.brokers([])
  }

  async #accept(response: MetadataResponse, asked: readonly string[]): Promise<void> {
    const step = applyMetadata(this.#view, response, new Set(asked))
    this.#view = step.view
    this.#calls.ended()
    this.#lastFailure = undefined
    this.#published.brokers(step.view.brokers)
    for (const { topic, handles } of step.dropped) this.#published.end(topic, handles, 'was deleted and created again')
    for (const [topic, answer] of step.answers) this.#noteMissing(topic, answer)
    this.#published.partitions(step.partitions)
    await this.#published.flush()
    this.#connected = true
    this.#settle(step.answers)
  }

  /** A known topic that stays unknown has been deleted; for a while it may only be a broker that lags. */
  #noteMissing(topic: string, { kind }: TopicAnswer): void {
    if (kind === 'there' || kind === 'empty') this.#missingSince.delete(topic)
    if (kind !== 'unknown' || !this.#view.topics.has(topic)) return
    const now = this.#env.now()
    const since = this.#missingSince.get(topic) ?? now
    this.#missingSince.set(topic, since)
    if (now - since >= this.#options.unknownTopicTimeoutMs) this.#drop(topic, 'was deleted', false)
  }

  #drop(topic: string, fate: string, forGood: boolean): void {
    const { view, dropped } = removeTopic(this.#view, topic, forGood)
    this.#view = view
    this.#missingSince.delete(topic)
    this.#reasons.delete(topic)
    this.#published.end(topic, dropped.handles, fate)
  }

  #settle(answers: ReadonlyMap<string, TopicAnswer>): void {
    const outcomes = new Map<string, Outcome>()
    const askBy = new Map<string, number>()
    for (const [topic, answer] of answers) {
      const view = this.#published.topic(topic)
      if (view !== undefined) this.#waiters.seen(topic, view)
      askBy.set(topic, this.#waiters.answered(topic, answer))
      const awaited = this.#waiters.has(topic)
      const led = view?.partitions.every(({ leader }) => leader >= 0) ?? false
      const settled = led && !awaited && answer.kind === 'there'
      if (settled) this.#reasons.delete(topic)
      outcomes.set(topic, { settled, awaited, progressed: answer.kind === 'there' && answer.changed })
    }
    this.#schedule.answered(outcomes)
    for (const [topic, at] of askBy) {
      const since = this.#missingSince.get(topic)
      const decideAt = since === undefined ? at : Math.min(at, since + this.#options.unknownTopicTimeoutMs)
      if (!this.#view.topics.has(topic) && !this.#waiters.has(topic)) this.#schedule.rest(topic)
      else this.#schedule.noLaterThan(topic, decideAt)
    }
  }

  #whyLate(topic?: string): { why: string; cause?: unknown } {
    const failure = this.#lastFailure
    if (failure !== undefined) return { why: `The last attempt failed: ${failure.message}`, cause: failure }
    const reason = topic === undefined ? undefined : this.#reasons.get(topic)
    return { why: reason === undefined ? '' : `What is wrong: ${reason}` }
  }
}
