/**
 * A member of a consumer group: runs `membership.ts` with brokers, timers and metadata. Finds the coordinator and says who it is to
 * others, lets the I/O thread send the heartbeats, and turns topic ids into topics whose handles all workers know. Knows nothing of
 * records and offsets.
 */
import { backoffMs } from '../../shared/backoff.ts'
import type { Env, Timer } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import type { HeartbeatEvent, IoApi } from '../../shared/io-api.ts'
import { brokerError, ErrorCode } from '../../shared/protocol/errors.ts'
import type { ConsumerGroupHeartbeatResponse } from '../../shared/protocol/generated/consumer-group-heartbeat.ts'
import type { FindCoordinatorResponse } from '../../shared/protocol/generated/find-coordinator.ts'
import type { HeartbeatClock, Heartbeats } from '../heartbeats.ts'
import type { Metadata } from '../metadata.ts'
import { closedError, startWait, type Wait } from '../wait.ts'
import { AssignedTopics } from './assigned-topics.ts'
import { groupRefusal, oldBrokerError } from './member-errors.ts'
import { step } from './membership.ts'
import {
  type IdPartition,
  type Membership,
  type MembershipAction,
  type MembershipEvent,
  newMembership,
  waitsFor,
} from './membership-state.ts'
import type { AssignedPartition, TopicPartition } from './types.ts'

export interface MemberSettings {
  groupId: string
  /** Makes it a static member (KIP-345): it keeps its partitions when it comes back before its session has ended. */
  instanceId?: string | undefined
  rackId?: string | undefined
  topics: readonly string[]
  /** Topics besides `topics`, matched by the coordinator with RE2/J's syntax. */
  topicRegex?: string | undefined
  /** Left out: the brokers' default. */
  serverAssignor?: string | undefined
  /** How long the owner may take to release partitions. */
  rebalanceTimeoutMs: number
  /** How long the main thread may be blocked before the member leaves. */
  maxProcessingMs: number
  /** How long an `instanceId` that is still taken is waited for. Default: as long as a session may last by Kafka's defaults, 60,000. */
  instancePatienceMs?: number | undefined
  requestTimeoutMs: number
  retryBackoffMs: number
  retryBackoffMaxMs: number
}

export interface MemberEvents {
  onAssigned(partitions: AssignedPartition[]): void
  /** To be given to {@link Member.released} before the deadline (on the clock of {@link Env.now}), or the coordinator puts us out. */
  onRevoked(partitions: AssignedPartition[], deadlineMs: number): void
  /** Somebody else may have them by now: nothing is committed, nothing has to be released. */
  onLost(partitions: AssignedPartition[], reason: KafkaError): void
  /** It cannot be a member; whatever it had was lost before. */
  onFatal(error: KafkaError): void
  /** What it is doing or waiting for, in words. */
  onState(text: string): void
}

export interface MemberIo extends Pick<IoApi, 'call'> {
  readonly heartbeats: Pick<Heartbeats, 'open'>
}

type MemberEnv = Pick<Env, 'now' | 'random' | 'setTimeout' | 'clearTimeout'>

const FIND_COORDINATOR = 10
const HEARTBEAT = 68
const INSTANCE_PATIENCE_MS = 60_000
/** Until the coordinator says what it wants. */
const FIRST_INTERVAL_MS = 5_000

export class Member {
  readonly memberId: string
  readonly #env: MemberEnv
  readonly #io: MemberIo
  readonly #metadata: Metadata
  readonly #settings: MemberSettings
  readonly #events: MemberEvents
  readonly #topics: AssignedTopics
  #state: Membership
  readonly #queue: MembershipEvent[] = []
  #stepping = false
  #clock: HeartbeatClock | undefined
  #intervalMs = FIRST_INTERVAL_MS
  #timer: Timer | undefined
  #started: Wait<void> | undefined
  #stopped: Wait<void> | undefined
  readonly #wantCoordinator = new Set<Wait<number>>()
  #over: KafkaError | undefined

  constructor(env: MemberEnv, io: MemberIo, metadata: Metadata, settings: MemberSettings, events: MemberEvents) {
    this.#env = env
    this.#io = io
    this.#metadata = metadata
    this.#settings = settings
    this.#events = events
    this.memberId = randomId(env)
    this.#state = newMembership({
      groupId: settings.groupId,
      memberId: this.memberId,
      instanceId: settings.instanceId ?? null,
      rackId: settings.rackId ?? null,
      topics: settings.topics,
      topicRegex: settings.topicRegex ?? null,
      serverAssignor: settings.serverAssignor ?? null,
      rebalanceTimeoutMs: settings.rebalanceTimeoutMs,
      maxProcessingMs: settings.maxProcessingMs,
      instancePatienceMs: settings.instancePatienceMs ?? INSTANCE_PATIENCE_MS,
    })
    this.#topics = new AssignedTopics(env, io, metadata, settings, {
      onResolved: (topicId, partitions) => this.#take({ type: 'resolved', topicId, partitions }),
      onLate: (topicId, error) => {
        this.#say(`cannot find out which topic has the id ${topicId}, tries again: ${error.message}`)
        this.#take({ type: 'unresolved', topicId })
      },
    })
  }

  /** 0 while it is no member. */
  get memberEpoch(): number {
    return this.#state.epoch
  }

  /**
   * Resolves when it is a member and owns its first partitions, perhaps none. It tries for as long as it is not told that it cannot.
   *
   * @throws KafkaError GROUP_ERROR, UNSUPPORTED; CLOSED when it is stopped before
   */
  start(): Promise<void> {
    if (this.#over) return Promise.reject(this.#over)
    if (this.#started) return this.#started.promise
    this.#started = startWait<void>(this.#env, {}, `membership in group '${this.#settings.groupId}'`)
    this.#clock = this.#io.heartbeats.open(this.#settings.maxProcessingMs, {
      onHeartbeat: (event) => this.#onHeartbeat(event),
      onRestart: () => this.#take({ type: 'restarted' }),
      onEnd: (error) => this.end(error),
    })
    this.#take({ type: 'start' })
    return this.#started.promise
  }

  /** The owner has let go of these, and committed what it had done of them. */
  released(partitions: readonly (TopicPartition & { readonly topicId?: string })[]): void {
    const known = partitions.map(({ topic, topicId, partition }) =>
      (topicId === undefined ? this.#topics.idsOf(topic) : [topicId]).map((id) => ({ topicId: id, partition })),
    )
    this.#take({ type: 'released', partitions: known.flat() })
  }

  /** Gives everything up and leaves, so that others have it, until {@link Member.comeBack}. */
  withdraw(error: KafkaError): void {
    this.#say(error.message)
    this.#take({ type: 'withdraw', error })
  }

  /** Joins again. */
  comeBack(): void {
    this.#take({ type: 'return' })
  }

  /** Leaves the group, and waits for the coordinator to answer until `deadline` (on the clock of {@link Env.now}). Never rejects. */
  async stop(deadline: number): Promise<void> {
    if (this.#over) return
    this.#stopped ??= startWait<void>(this.#env, { deadline }, `leaving group '${this.#settings.groupId}'`)
    const { promise } = this.#stopped
    this.#take({ type: 'stop' })
    // who hears nothing of it has a session that ends by itself
    await promise.catch(() => {})
    this.end(closedError())
  }

  /** Ends at once and says nothing to the coordinator; whoever waits gets the error. */
  end(error: KafkaError): void {
    if (this.#over) return
    this.#over = error
    this.#clock?.close()
    this.#clearTimer()
    this.#topics.close(error)
    for (const wait of [...this.#wantCoordinator]) wait.reject(error)
    // nobody may be waiting
    this.#started?.promise.catch(() => {})
    this.#started?.reject(error)
    this.#stopped?.resolve()
  }

  /** The node that coordinates the group, looked for when it is not known. Rejects when the member has ended. */
  coordinator(): Promise<number> {
    if (this.#over) return Promise.reject(this.#over)
    const { coordinator } = this.#state
    if (coordinator.is === 'known') return Promise.resolve(coordinator.nodeId)
    const wait = startWait<number>(this.#env, {}, `the coordinator of group '${this.#settings.groupId}'`, {
      onEnd: () => this.#wantCoordinator.delete(wait),
    })
    this.#wantCoordinator.add(wait)
    return wait.promise
  }

  /** A node that was given as coordinator says that it is none, or does not answer. */
  coordinatorFailed(nodeId: number, error: KafkaError): void {
    this.#say(`looks for the coordinator again: ${error.message}`)
    this.#take({ type: 'disowned', nodeId })
  }

  /** @internal What it waits for; for tests. */
  get waitsFor(): ReturnType<typeof waitsFor> {
    return waitsFor(this.#state)
  }

  #take(event: MembershipEvent): void {
    this.#queue.push(event)
    // what is called below may have something to say at once
    if (this.#stepping) return
    this.#stepping = true
    for (let next = this.#queue.shift(); next !== undefined && !this.#over; next = this.#queue.shift()) {
      const [state, actions] = step(this.#state, next)
      this.#state = state
      this.#topics.keepOnly(state.asked)
      if (state.coordinator.is === 'known') this.#tellCoordinator(state.coordinator.nodeId)
      for (const action of actions) if (!this.#over) this.#do(action)
    }
    this.#stepping = false
  }

  #do(action: MembershipAction): void {
    switch (action.type) {
      case 'find':
        void this.#find()
        break
      case 'pause':
        this.#pause(action.failures, action.error)
        break
      case 'order': {
        const { seq, nodeId, changes, everything } = action
        const { maxProcessingMs } = this.#settings
        this.#clock!.order({ seq, nodeId, changes, everything, maxProcessingMs, intervalMs: this.#intervalMs })
        if (this.#state.epoch === 0) this.#say(`joins at broker ${nodeId}`)
        break
      }
      case 'silence':
        this.#clock?.stop()
        break
      case 'resolve':
        this.#topics.resolve(action.topicId, action.partitions)
        break
      case 'assign':
        this.#events.onAssigned(this.#assigned(action.partitions))
        break
      case 'revoke':
        this.#events.onRevoked(this.#assigned(action.partitions), action.deadline)
        break
      case 'lose':
        this.#say(action.error.message)
        this.#events.onLost(this.#assigned(action.partitions), action.error)
        break
      case 'joined':
        this.#say('is a member')
        this.#started!.resolve()
        break
      case 'leave':
        void this.#leave(action.nodeId, action.body)
        break
      case 'free-instance':
        // by somebody else it is held all the same
        this.#io.call(action.nodeId, HEARTBEAT, action.body, { link: 'group' }).catch(() => {})
        break
      case 'ended':
        this.end(closedError())
        break
      case 'fatal':
        this.end(action.error)
        this.#events.onFatal(action.error)
    }
  }

  #say(text: string): void {
    this.#events.onState(text)
  }

  #assigned(partitions: readonly IdPartition[]): AssignedPartition[] {
    return partitions.map(({ topicId, partition }) => this.#topics.assigned(topicId, partition))
  }

  // the coordinator

  async #find(): Promise<void> {
    try {
      this.#take({ type: 'found', nodeId: await this.#askForCoordinator() })
    } catch (thrown) {
      this.#take({ type: 'not-found', error: KafkaError.from(thrown, 'FindCoordinator') })
    }
  }

  async #askForCoordinator(): Promise<number> {
    const { groupId, requestTimeoutMs } = this.#settings
    // the first call of a client: the I/O thread may not have heard of any broker yet
    if (this.#metadata.brokers.length === 0) await this.#metadata.refresh({ deadline: this.#env.now() + requestTimeoutMs })
    const request = { keyType: 0, coordinatorKeys: [groupId] }
    const answer = await this.#io
      .call('any', FIND_COORDINATOR, request, { timeoutMs: requestTimeoutMs })
      .catch((error: KafkaError) => {
        throw error.code === 'UNSUPPORTED' ? oldBrokerError(this.#state.settings, error) : error
      })
    const found = (answer.body as FindCoordinatorResponse).coordinators.find(({ key }) => key === groupId)
    const errorCode = found?.errorCode ?? ErrorCode.COORDINATOR_NOT_AVAILABLE
    if (!found || errorCode !== ErrorCode.NONE) {
      const errorMessage = found?.errorMessage ?? null
      throw groupRefusal(this.#state.settings, { errorCode, errorMessage }, answer.broker, 'FindCoordinator')
    }
    const { nodeId } = found
    const isKnown = (): boolean => this.#metadata.brokers.some((broker) => broker.nodeId === nodeId)
    if (!isKnown()) await this.#metadata.refresh({ deadline: this.#env.now() + requestTimeoutMs })
    if (isKnown()) return nodeId
    const text = `Broker ${nodeId} coordinates group '${groupId}', but metadata does not name it.`
    throw new KafkaError('NO_BROKER', text, { group: groupId, retriable: true })
  }

  #tellCoordinator(nodeId: number): void {
    for (const wait of [...this.#wantCoordinator]) wait.resolve(nodeId)
  }

  #pause(failures: number, error: KafkaError): void {
    const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = this.#settings
    this.#say(`tries again after ${failures === 1 ? 'a failure' : `${failures} failures`}: ${error.message}`)
    this.#clearTimer()
    this.#timer = this.#env.setTimeout(
      () => {
        this.#timer = undefined
        this.#take({ type: 'paused' })
      },
      backoffMs(failures, { initialMs, maxMs }, this.#env.random()),
    )
  }

  #clearTimer(): void {
    if (this.#timer) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  // heartbeats

  #onHeartbeat(event: HeartbeatEvent): void {
    const { seq } = event
    if (event.type === 'heartbeat-left') {
      this.#take({ type: 'left', seq, silentMs: event.silentMs })
      return
    }
    const { nodeId } = event
    if (event.type === 'heartbeat-failed') {
      const error = KafkaError.fromWire(event.error)
      if (error.retriable) this.#say(`had no answer to a heartbeat: ${error.message}`)
      this.#take({ type: 'failed', seq, nodeId, error })
      return
    }
    const { broker, response } = event
    if (response.errorCode === ErrorCode.NONE) this.#intervalMs = response.heartbeatIntervalMs
    else this.#say(`got an error for a heartbeat: ${brokerError(response.errorCode).name}`)
    this.#take({ type: 'answer', now: this.#env.now(), seq, nodeId, broker, response })
  }

  async #leave(nodeId: number, body: unknown): Promise<void> {
    // why it is away is more than that
    if (this.#state.phase === 'leaving') this.#say(`leaves at broker ${nodeId}`)
    const timeoutMs = this.#settings.requestTimeoutMs
    try {
      const { body: answer, broker } = await this.#io.call(nodeId, HEARTBEAT, body, { timeoutMs, link: 'group' })
      const response = answer as ConsumerGroupHeartbeatResponse
      // whoever is refused for good is no member either
      if (!brokerError(response.errorCode).retriable) this.#take({ type: 'leave-answered' })
      else this.#take({ type: 'leave-failed', error: groupRefusal(this.#state.settings, response, broker) })
    } catch (thrown) {
      this.#take({ type: 'leave-failed', error: KafkaError.from(thrown, 'leaving a group') })
    }
  }
}

/** 16 random bytes as Kafka writes a uuid: version 4, in base64url. */
function randomId({ random }: Pick<Env, 'random'>): string {
  const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return Buffer.from(bytes).toString('base64url')
}
