/**
 * The heartbeat clock (C13): says for members of consumer groups (KIP-848) what main ordered, and from then on that they are there,
 * also while main is blocked. When main has been silent for too long it leaves the group in its name. What an answer means is main's
 * to decide; only while main is silent does the clock look for a coordinator by itself.
 */
import type { Timer } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import type { CallResult, HeartbeatOrder } from '../shared/io-api.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../shared/protocol/generated/consumer-group-heartbeat.ts'
import type { FindCoordinatorResponse } from '../shared/protocol/generated/find-coordinator.ts'
import type { IoContext } from './io-context.ts'

const FIND_COORDINATOR = 10
const HEARTBEAT = 68
/** Members make their own ids from version 1 on (KIP-1082), and so do we. */
const MIN_VERSION = 1
const LEAVES = -1
/** What a static member leaves with that will come back. */
const LEAVES_FOR_A_WHILE = -2

/** What brokers may name as interval; nothing else is believed. */
const MIN_INTERVAL_MS = 100
const MAX_INTERVAL_MS = 3_600_000
/**
 * A coordinator gathers joins before it assigns, and says so only in answers: who has joined and got nothing asks again after so long,
 * then after twice that, until it would be the interval.
 */
const EAGER_MS = 200
/** A coordinator may take two intervals to answer, and so long at least. */
const MIN_PATIENCE_MS = 5_000
/** So often is main looked at within the time that it may be silent. */
const LOOKS = 4
const MIN_LOOK_MS = 10
const MAX_LOOK_MS = 1_000

export class Heartbeats {
  readonly #io: IoContext
  readonly #life: Int32Array
  readonly #members = new Map<number, MemberClock>()

  /** `life`: main counts it up while it runs. */
  constructor(io: IoContext, life: Int32Array) {
    this.#io = io
    this.#life = life
  }

  order(order: HeartbeatOrder): void {
    let clock = this.#members.get(order.member)
    if (!clock) this.#members.set(order.member, (clock = new MemberClock(this.#io, this.#life)))
    clock.order(order)
  }

  end(member: number): void {
    this.#members.get(member)?.stop()
    this.#members.delete(member)
  }

  close(): void {
    for (const member of [...this.#members.keys()]) this.end(member)
  }
}

/** A request that was sent; its answer counts only while it is the member's latest. */
interface Flight {
  readonly nodeId: number
  readonly seq: number
}

class MemberClock {
  readonly #io: IoContext
  readonly #life: Int32Array
  #order!: HeartbeatOrder
  /** The order's, unless the coordinator was looked for here. */
  #nodeId = -1
  #epoch = 0
  #intervalMs = 0
  /** It joined and was given nothing yet: the pause before it asks again. 0: as the interval says. */
  #eagerMs = 0
  /** The order has not been sent yet. */
  #due = false
  /** An answer may have been lost, so the broker is told everything. */
  #lost = false
  #flight: Flight | undefined
  #timer: Timer | undefined
  #beatAt = 0
  /** What main had counted to when it was looked at last, when that was, and how long it has been silent. */
  #seen = 0
  #lookedAt = 0
  #silentMs = 0

  constructor(io: IoContext, life: Int32Array) {
    this.#io = io
    this.#life = life
  }

  order(order: HeartbeatOrder): void {
    const joins = order.changes.memberEpoch === 0
    // an answer may have brought a newer one since main gave the order
    this.#epoch = joins ? 0 : Math.max(this.#epoch, order.changes.memberEpoch)
    if (joins) this.#eagerMs = EAGER_MS
    this.#order = order
    this.#nodeId = order.nodeId
    this.#due = true
    this.#lost = false
    if (this.#intervalMs === 0) this.#intervalMs = order.intervalMs
    this.#look()
    this.#silentMs = 0
    // the old coordinator may never answer, and what it says counts no more
    if (this.#flight && this.#flight.nodeId !== order.nodeId) this.#flight = undefined
    if (!this.#flight) this.#send()
    if (!this.#timer) this.#arm()
  }

  stop(): void {
    this.#flight = undefined
    this.#due = false
    this.#disarm()
  }

  #send(): void {
    const { changes, everything, seq } = this.#order
    const body = this.#lost ? everything : this.#due ? changes : bare(everything)
    this.#due = false
    const flight = { nodeId: this.#nodeId, seq }
    this.#flight = flight
    const timeoutMs = Math.min(this.#io.options.requestTimeoutMs, Math.max(MIN_PATIENCE_MS, 2 * this.#intervalMs))
    this.#io
      .call(this.#nodeId, HEARTBEAT, { ...body, memberEpoch: this.#epoch }, { timeoutMs, link: 'group', minVersion: MIN_VERSION })
      .then(
        (result) => flight === this.#flight && this.#answered(flight, result),
        (thrown) => flight === this.#flight && this.#failed(flight, KafkaError.from(thrown, 'a heartbeat')),
      )
  }

  #answered({ nodeId, seq }: Flight, { body, broker }: CallResult): void {
    const { member } = this.#order
    const response = body as ConsumerGroupHeartbeatResponse
    const { errorCode, memberEpoch, heartbeatIntervalMs, assignment } = response
    if (assignment && assignment.topicPartitions.length > 0) this.#eagerMs = 0
    this.#flight = undefined
    this.#io.event({ type: 'heartbeat', member, seq, nodeId, broker, response })
    if (errorCode === ErrorCode.NONE) {
      this.#lost = false
      this.#epoch = memberEpoch
      this.#intervalMs = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, heartbeatIntervalMs))
      this.#next()
    } else if (brokerError(errorCode).retriable) {
      this.#lost = true
      this.#next()
    } else this.stop()
  }

  #failed({ nodeId, seq }: Flight, error: KafkaError): void {
    this.#flight = undefined
    this.#io.event({ type: 'heartbeat-failed', member: this.#order.member, seq, nodeId, error: error.toWire() })
    this.#lost = true
    if (error.code === 'UNSUPPORTED') this.stop()
    else this.#next()
  }

  /** An order that came meanwhile is said at once: main waits for what comes of it. */
  #next(): void {
    const eager = this.#eagerMs > 0 && this.#eagerMs < this.#intervalMs
    this.#beatAt = this.#io.env.now() + (eager ? this.#eagerMs : this.#intervalMs)
    this.#eagerMs = eager ? 2 * this.#eagerMs : 0
    if (this.#due) this.#send()
    this.#arm()
  }

  get #lookMs(): number {
    return Math.min(MAX_LOOK_MS, Math.max(MIN_LOOK_MS, this.#order.maxProcessingMs / LOOKS))
  }

  #arm(): void {
    this.#disarm()
    const beatIn = this.#flight ? Number.POSITIVE_INFINITY : this.#beatAt - this.#io.env.now()
    this.#timer = this.#io.env.setTimeout(() => this.#tick(), Math.max(0, Math.min(beatIn, this.#lookMs)))
  }

  #disarm(): void {
    if (this.#timer) this.#io.env.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #tick(): void {
    this.#timer = undefined
    this.#look()
    if (this.#silentMs > this.#order.maxProcessingMs) {
      this.#leave()
      return
    }
    if (!this.#flight && this.#io.env.now() >= this.#beatAt) this.#beat()
    this.#arm()
  }

  #beat(): void {
    if (!this.#lost) this.#send()
    // main was told of the trouble, and deals with it as long as it lives
    else if (this.#silentMs >= 2 * this.#lookMs) this.#searchAndSend()
    else this.#beatAt = this.#io.env.now() + this.#intervalMs
  }

  /** How long main has been silent. A process that was stopped, or a busy machine, blames nobody: missed looks do not count. */
  #look(): void {
    const now = this.#io.env.now()
    const count = Atomics.load(this.#life, 0)
    const elapsed = Math.min(now - this.#lookedAt, 2 * this.#lookMs)
    this.#silentMs = count === this.#seen ? this.#silentMs + elapsed : 0
    this.#seen = count
    this.#lookedAt = now
  }

  /** Main is blocked and the coordinator may be another broker by now. */
  #searchAndSend(): void {
    const flight = { nodeId: this.#nodeId, seq: this.#order.seq }
    this.#flight = flight
    const { groupId } = this.#order.everything
    this.#io
      .call('any', FIND_COORDINATOR, { keyType: 0, coordinatorKeys: [groupId] })
      .then(({ body }) => {
        const [found] = (body as FindCoordinatorResponse).coordinators
        if (found?.errorCode === ErrorCode.NONE && this.#io.brokers.has(found.nodeId) && flight === this.#flight)
          this.#nodeId = found.nodeId
      })
      // then the one that is known is asked again
      .catch(() => {})
      .finally(() => flight === this.#flight && this.#send())
  }

  #leave(): void {
    const { everything, member, seq } = this.#order
    const silentMs = Math.round(this.#silentMs)
    this.stop()
    this.#io.event({ type: 'heartbeat-left', member, seq, silentMs })
    const memberEpoch = everything.instanceId === null ? LEAVES : LEAVES_FOR_A_WHILE
    this.#io
      .call(this.#nodeId, HEARTBEAT, { ...bare(everything), memberEpoch }, { link: 'group', minVersion: MIN_VERSION })
      // its session ends by itself then
      .catch(() => {})
  }
}

/** Who it is and nothing else. */
function bare({ groupId, memberId, instanceId }: ConsumerGroupHeartbeatRequest): Partial<ConsumerGroupHeartbeatRequest> {
  return { groupId, memberId, instanceId }
}
