/**
 * The I/O core: one level-triggered pump over the rings, the brokers and the timers. Every event calls the pump, and it does
 * all that can be done. Runs in a worker thread (`io-worker.ts`) or on the caller's thread; knows neither.
 */
import { BatchStore } from '../shared/batch-store.ts'
import { CompletionWriter } from '../shared/completion.ts'
import { requireCodec } from '../shared/compression/index.ts'
import type { Env, Timer } from '../shared/env.ts'
import { KafkaError, type WireError } from '../shared/errors.ts'
import type {
  BrokerAddress,
  CallOptions,
  CallResult,
  CallTarget,
  HeartbeatOrder,
  IoApi,
  IoEvent,
  IoOptions,
  LaneOpening,
  LaneRemains,
  PartitionLeader,
  ProducerSettings,
  TransactionIdentity,
  TransactionTerms,
} from '../shared/io-api.ts'
import type { IoBells, IoMemory } from '../shared/io-memory.ts'
import { nextIdentity } from '../shared/next-identity.ts'
import { OffsetTable } from '../shared/offset-table.ts'
import type { EndTxnRequest, EndTxnResponse } from '../shared/protocol/generated/end-txn.ts'
import { RingReader, RingWriter } from '../shared/ring.ts'
import type { SecurityHost } from '../shared/security.ts'
import type { CreditTerms } from '../shared/submission-format.ts'
import { SubmissionReader, type SubmissionSink } from '../shared/submission-reader.ts'
import { type BrokerEvents, BrokerNode } from './broker.ts'
import { Calls } from './calls.ts'
import { Fetch } from './fetch.ts'
import { Heartbeats } from './heartbeat.ts'
import type { IoContext } from './io-context.ts'
import { type HintedCore, LeaderHints } from './leader-hints.ts'
import { newPartition, type Partition } from './partition.ts'
import { Produce } from './produce.ts'
import { Security } from './security.ts'

/** Entries read in one go, so that sockets and timers get their turn. */
const READ_BUDGET = 512 * 1024

export class IoCore implements IoApi, IoContext, HintedCore, SubmissionSink {
  readonly env: Env
  readonly options: IoOptions
  readonly completion: CompletionWriter
  readonly offsets: OffsetTable
  pumpedAt = 0
  readonly brokers = new Map<number, BrokerNode>()
  readonly partitions = new Map<number, Partition>()
  readonly hints = new LeaderHints(this)
  readonly #submission: SubmissionReader
  readonly #bells: IoBells
  readonly #onEvent: (event: IoEvent) => void
  readonly #produce: Produce
  readonly #fetch: Fetch
  readonly #calls: Calls
  readonly #heartbeats: Heartbeats
  readonly #security: Security | undefined
  readonly #stale = new Map<string, string>()
  #pumping = false
  #deferred = false
  #asleep = false
  /** Main has just been shown something. */
  #told = false
  #waitingForRoom = false
  #timer: Timer | undefined
  #timerAt = Number.POSITIVE_INFINITY
  /** When to pump, in whole milliseconds: all of them, since a nearer one must not make a later one forgotten. */
  readonly #moments = new Set<number>()
  #closed = false
  readonly #pulse: Int32Array
  /** The successor of a crashed core waits for {@link adopt}: the ring is about lanes it must hear of first. */
  #held: boolean
  readonly #deferredPump = () => {
    this.#deferred = false
    this.pump()
  }
  readonly #onBell = () => {
    this.#asleep = false
    this.pump()
  }
  readonly #onRoom = () => {
    this.#waitingForRoom = false
    this.pump()
  }
  readonly #now = () => this.env.now()
  readonly #hasWork = () => !this.#held && !this.#submission.empty

  /** `host`: main's word on TLS and SASL, where functions of the user have to be asked. */
  constructor(
    env: Env,
    options: IoOptions,
    memory: IoMemory,
    bells: IoBells,
    onEvent: (event: IoEvent) => void,
    host?: SecurityHost,
  ) {
    this.env = env
    this.options = options
    this.#security = options.security && new Security(env, options.security, host)
    const { generation } = memory
    this.offsets = new OffsetTable(memory.offsets)
    this.completion = new CompletionWriter(new RingWriter(memory.completion).check(generation), () => {
      this.#told = true
      bells.completed.ring()
    })
    this.#submission = new SubmissionReader(new RingReader(memory.submission).check(generation))
    this.#pulse = new Int32Array(memory.pulse)
    this.#held = generation > 0
    this.#bells = bells
    this.#onEvent = onEvent
    this.#produce = new Produce(this, new BatchStore(memory.batches))
    this.#fetch = new Fetch(this)
    this.#calls = new Calls(this)
    this.#heartbeats = new Heartbeats(this, new Int32Array(memory.life))
    this.wake()
  }

  // what main asks for, see IoApi

  setBrokers(addresses: BrokerAddress[]): void {
    const wanted = new Map(addresses.map((address) => [address.nodeId, address]))
    const hinted = this.hints.listed(new Set(wanted.keys()))
    for (const [nodeId, { host, port }] of this.brokers) {
      const address = wanted.get(nodeId)
      const stays = address ? address.host === host && address.port === port : hinted.has(nodeId)
      if (!stays) this.removeBroker(nodeId)
    }
    for (const [nodeId, address] of wanted) if (!this.brokers.has(nodeId)) this.addBroker(address)
    this.pump()
  }

  setPartitions(leaders: PartitionLeader[]): void {
    for (const leader of leaders) {
      const known = this.partitions.get(leader.handle)
      if (!known) {
        this.partitions.set(leader.handle, newPartition(leader))
        continue
      }
      const before = known.leader
      known.topicId = leader.topicId
      if (!this.hints.told(known, leader)) continue
      if (before !== leader.leader) this.brokers.get(before)?.lostLead(`it no longer leads ${known.topic}-${known.partition}`)
      this.#produce.partitionChanged(known)
      this.#fetch.partitionChanged(known)
    }
    this.pump()
  }

  dropPartitions(handles: number[], wire: WireError): void {
    const error = KafkaError.fromWire(wire)
    for (const handle of handles) {
      const partition = this.partitions.get(handle)
      if (!partition) continue
      const { topic, partition: index } = partition
      this.partitions.delete(handle)
      this.hints.dropped(partition)
      this.#produce.partitionChanged(partition, error.with({ topic, partition: index }))
      this.#fetch.partitionChanged(partition, error.with({ topic, partition: index }))
    }
    this.pump()
  }

  openProducer(settings: ProducerSettings): void {
    for (const codec of settings.codecs) requireCodec(codec)
    this.#produce.openProducer(settings)
  }

  closeProducer(producer: number): void {
    this.#produce.closeProducer(producer)
    for (const broker of this.brokers.values()) broker.endProducerLink(producer)
  }

  setTransaction(producer: number, terms: TransactionTerms): void {
    this.#produce.setTransaction(producer, terms)
  }

  nextTransaction(producer: number, ended: TransactionIdentity, terms: TransactionTerms): void {
    if (this.#produce.writesUnder(producer, ended)) this.setTransaction(producer, terms)
  }

  admitPartitions(producer: number, handles: number[]): void {
    this.#produce.admitPartitions(producer, handles)
    this.pump()
  }

  dropRecords(producer: number, error: WireError): void {
    this.#produce.dropRecords(producer, KafkaError.fromWire(error))
    this.pump()
  }

  openLanes(lanes: LaneOpening[]): void {
    this.#produce.openLanes(lanes)
  }

  adopt(remains: LaneRemains[]): void {
    this.#produce.adopt(remains)
    this.#held = false
    this.pump()
  }

  async call(target: CallTarget, apiKey: number, body: unknown, options?: CallOptions): Promise<CallResult> {
    const result = await this.#calls.call(target, apiKey, body, options)
    if (options?.endsTransactionOf !== undefined) {
      const terms = nextIdentity(result.body as EndTxnResponse)
      if (terms) this.nextTransaction(options.endsTransactionOf, body as EndTxnRequest, terms)
    }
    return result
  }

  heartbeat(order: HeartbeatOrder): void {
    this.#heartbeats.order(order)
  }

  endHeartbeats(member: number): void {
    this.#heartbeats.end(member)
  }

  close(): void {
    if (this.#closed) return
    const error = new KafkaError('CLOSED', 'The client was closed.')
    // what main had submitted by now is answered too (IP7)
    while (this.#submission.drain(this, READ_BUDGET));
    this.#produce.close(error)
    this.#fetch.close(error)
    this.#heartbeats.close()
    this.completion.flush()
    this.#closed = true
    for (const broker of this.brokers.values()) broker.close(error)
    this.brokers.clear()
    if (this.#timer) this.env.clearTimeout(this.#timer)
  }

  // what the submission ring says, see SubmissionSink

  onRecord(lane: number, timestamp: number, source: Buffer, tailStart: number, tailEnd: number, bytes: number): void {
    this.#produce.onRecord(lane, timestamp, source, tailStart, tailEnd, bytes)
  }

  onCredit(ticket: number, handle: number, terms: CreditTerms): void {
    this.#fetch.onCredit(ticket, handle, terms)
  }

  onCancel(ticket: number): void {
    this.#fetch.onCancel(ticket)
  }

  onWaited(ms: number): void {
    this.#produce.onWaited(ms)
  }

  onFlush(producer: number): void {
    this.#produce.onFlush(producer)
  }

  onDrained(): void {
    this.#produce.save()
  }

  // what the parts ask of the core, see IoContext and HintedCore

  addBroker(address: BrokerAddress): void {
    const events: BrokerEvents = {
      onProgress: () => this.pump(),
      onEvent: (event) => this.event(event),
      onUnreachable: (id, error) => {
        this.#produce.unreachable(id, error)
        this.#fetch.unreachable(id, error)
      },
      onLost: (id, error) => this.hints.lost(id, error.message),
      onFetchLinkLost: (id, fetcher) => this.#fetch.linkLost(id, fetcher),
    }
    const broker = new BrokerNode(this.env, address, this.options, events, this.#security)
    this.brokers.set(address.nodeId, broker)
  }

  removeBroker(nodeId: number): void {
    const broker = this.brokers.get(nodeId)
    if (!broker) return
    this.brokers.delete(nodeId)
    const text = `${broker.address} is no longer a broker of the cluster.`
    broker.close(new KafkaError('CONNECTION_LOST', text, { broker: broker.address, retriable: true }))
  }

  leaderHinted(partition: Partition, now: boolean): void {
    this.#produce.leaderHinted(partition, now)
    this.#fetch.leaderHinted(partition, now)
    this.wake()
  }

  stale(topic: string, reason: string): void {
    if (!this.#stale.has(topic)) this.#stale.set(topic, reason)
    // the pump reports at its end
    if (!this.#pumping) this.wake()
  }

  event(event: IoEvent): void {
    this.#onEvent(event)
  }

  wakeAt(at: number): void {
    if (this.#closed) return
    const moment = Math.ceil(at)
    this.#moments.add(moment)
    if (moment < this.#timerAt) this.#arm(moment)
  }

  wake(): void {
    if (this.#deferred || this.#closed) return
    this.#deferred = true
    this.env.defer(this.#deferredPump)
  }

  /** Does all that can be done now, then sleeps until something changes. */
  pump(): void {
    if (this.#pumping || this.#closed) return
    this.#pumping = true
    do this.#work()
    while (this.#moreAtOnce())
    this.#pumping = false
    if (this.#hasWork()) this.wake()
    else if (!this.#asleep && !this.#deferred) {
      this.#asleep = true
      this.#bells.submitted.sleep(this.#hasWork, this.#onBell)
    }
  }

  #work(): void {
    const now = this.env.now()
    this.pumpedAt = now
    Atomics.add(this.#pulse, 0, 1)
    if (!this.#held && this.#submission.drain(this, READ_BUDGET)) this.#bells.roomToSubmit.ring()
    // Main must know of every verdict before anything further is sent: if this core crashed, it would have to be asked for again, and
    // brokers recognise only the last five batches (IP3).
    if (this.#tell()) this.#produce.pump(now)
    this.#fetch.pump(now)
    this.#report()
    this.#tell()
  }

  /**
   * With nothing under way, what main submitted meanwhile need not wait for a turn of the event loop. And whoever waited for what main
   * was just shown may ask for the next thing within microseconds: that is worth looking out for.
   */
  #moreAtOnce(): boolean {
    const told = this.#told
    this.#told = false
    if (this.#closed || !this.#produce.calm) return false
    if (this.#hasWork()) return true
    if (!told || !this.#bells.submitted.watch(this.#hasWork, this.#now)) return false
    this.#asleep = false
    return true
  }

  /** Shows main all that is to be told; false when there is no room for it. */
  #tell(): boolean {
    if (this.completion.flush()) {
      this.#produce.freeSettled()
      return true
    }
    if (!this.#waitingForRoom) {
      this.#waitingForRoom = true
      this.#bells.roomToComplete.sleep(() => this.completion.flush(), this.#onRoom)
    }
    return false
  }

  #arm(at: number): void {
    if (this.#timer) this.env.clearTimeout(this.#timer)
    this.#timerAt = at
    const delay = Math.max(0, Math.ceil(at - this.env.now()))
    this.#timer = at === Number.POSITIVE_INFINITY ? undefined : this.env.setTimeout(() => this.#onTimer(), delay)
  }

  #onTimer(): void {
    const now = this.env.now()
    let next = Number.POSITIVE_INFINITY
    for (const moment of this.#moments) {
      // timers may come a little early: what is not due yet stays
      if (moment <= now) this.#moments.delete(moment)
      else if (moment < next) next = moment
    }
    this.#arm(next)
    this.pump()
  }

  /** Tells main what it has to know of the cluster: first where leaders are, then what to ask for. */
  #report(): void {
    const hints = this.hints.takeNews()
    if (hints.length > 0) this.#onEvent({ type: 'leader-hints', hints })
    if (this.#stale.size === 0) return
    const [reason] = this.#stale.values()
    this.#onEvent({ type: 'metadata-stale', topics: [...this.#stale.keys()], reason: reason! })
    this.#stale.clear()
  }
}
