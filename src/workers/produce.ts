/**
 * The producing half of the I/O core: records become batches in lanes; whatever is bound for one broker leaves in one Produce
 * request, across topics, partitions, producers and callers (P1). Owns lanes and rounds; knows no sockets.
 */
import { retryAt } from '../shared/backoff.ts'
import type { BatchStore } from '../shared/batch-store.ts'
import { KafkaError } from '../shared/errors.ts'
import type { LaneOpening, LaneRemains, ProducerSettings } from '../shared/io-api.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import { type PartitionProduceResponse, type ProduceResponse, produce } from '../shared/protocol/generated/produce.ts'
import { Batch, type BatchContext } from './batch.ts'
import type { IoContext } from './io-context.ts'
import { Lane, type LaneOwner } from './lane.ts'
import type { Link } from './link.ts'
import { gonePartition, type Partition } from './partition.ts'
import { PendingLanes } from './pending-lanes.ts'
import { brokerFailure, deliveryTimeout, possiblyWrittenCodes, tooLarge } from './produce-errors.ts'
import { answersOf, type Passenger, topicDataOf } from './produce-request.ts'
import { ProducerId } from './producer-id.ts'

const REQUEST_OVERHEAD = 512
/** Brokers may ask for longer, we believe up to a minute (KIP-219). */
const MAX_THROTTLE_MS = 60_000

interface Producer extends LaneOwner {
  lanes: Set<Lane>
}

/** What waits for one broker. */
interface BrokerQueue {
  nodeId: number
  /** Lanes with something to send, the one served longest ago first. */
  lanes: Lane[]
  inFlight: number
  mutedUntil: number
}

export class Produce {
  readonly #io: IoContext
  readonly #batches: BatchContext
  readonly #producers: (Producer | undefined)[] = []
  readonly #lanes: (Lane | undefined)[] = []
  readonly #queues = new Map<number, BrokerQueue>()
  readonly #pending = new PendingLanes()
  /** Lanes with unsettled batches, for the delivery timeout. */
  readonly #active = new Set<Lane>()
  #expireAt = Number.POSITIVE_INFINITY
  /** How long ago the next record was handed in. */
  #waitedMs = 0
  /** By handle, why a partition is no more: main may send to it until it has heard. */
  readonly #gone = new Map<number, KafkaError>()

  constructor(io: IoContext, store: BatchStore) {
    this.#io = io
    this.#batches = { store, unsaved: [], settled: [], clockOrigin: io.env.clockOrigin }
  }

  openProducer(settings: ProducerSettings): void {
    const producer: Producer = {
      settings,
      lanes: new Set(),
      producerId: new ProducerId(this.#io, (refusal) => {
        for (const lane of producer.lanes) {
          if (refusal) this.#endAll(lane, refusal)
          else this.#enqueue(lane)
        }
        this.#io.wake()
      }),
    }
    this.#producers[settings.producer] = producer
  }

  closeProducer(producer: number): void {
    for (const lane of this.#producers[producer]?.lanes ?? []) this.#lanes[lane.id] = undefined
    this.#producers[producer] = undefined
  }

  openLanes(lanes: LaneOpening[]): void {
    for (const opening of lanes) {
      const { handle } = opening
      const owner = this.#producers[opening.producer]!
      const lane = new Lane(opening, this.#io.partitions.get(handle) ?? gonePartition(handle), owner, this.#batches)
      this.#lanes[opening.lane] = lane
      owner.lanes.add(lane)
    }
  }

  /** Takes over what a crashed core left; blocks that nobody names are freed. */
  adopt(remains: readonly LaneRemains[]): void {
    const { store } = this.#batches
    const blocks = remains.flatMap(({ batches }) => batches.flatMap((batch) => ('lost' in batch ? [] : [batch.block])))
    const ghosts = new Map(remains.map(({ lane, ghost }) => [lane, ghost && Batch.stampIn(store.slotOf(ghost.block))]))
    store.keepOnly(new Set(blocks))
    for (const { lane: id, batches } of remains) {
      const lane = this.#lanes[id]!
      const revived = batches.map((batch) =>
        'lost' in batch
          ? Batch.lost(this.#batches, lane, batch, KafkaError.fromWire(batch.lost))
          : Batch.revive(this.#batches, lane, batch),
      )
      lane.adopt(revived, ghosts.get(id))
      const gone = this.#gone.get(lane.partition.handle)
      if (gone) this.#endAll(lane, gone)
      if (lane.idle) continue
      this.#active.add(lane)
      this.#expireBy(lane.oldestAt + lane.owner.settings.deliveryTimeoutMs)
      this.#report(lane)
    }
  }

  /** Main has every verdict given so far. */
  freeSettled(): void {
    const { store, settled } = this.#batches
    for (const slot of settled) store.give(slot)
    settled.length = 0
  }

  /** Everything that came in so far is safe from a crash. */
  save(): void {
    const { unsaved } = this.#batches
    for (const batch of unsaved) batch.save()
    unsaved.length = 0
  }

  onRecord(id: number, timestamp: number, source: Buffer, tailStart: number, tailEnd: number, budget: number): void {
    const lane = this.#lanes[id]!
    const since = this.#io.pumpedAt - this.#waitedMs
    this.#waitedMs = 0
    if (lane.idle) {
      this.#active.add(lane)
      this.#expireBy(since + lane.owner.settings.deliveryTimeoutMs)
    }
    lane.append(timestamp, source, tailStart, tailEnd, budget, since)
    const gone = this.#gone.size > 0 ? this.#gone.get(lane.partition.handle) : undefined
    if (gone) this.#endAll(lane, gone)
    else if (!lane.queued) this.#enqueue(lane)
  }

  onWaited(ms: number): void {
    this.#waitedMs = ms
  }

  onFlush(producer: number): void {
    for (const lane of this.#producers[producer]?.lanes ?? []) {
      lane.endLinger()
      this.#enqueue(lane)
    }
  }

  /** The partition's leader changed, or it was dropped. */
  partitionChanged(partition: Partition, dropped?: KafkaError): void {
    if (dropped) {
      this.#gone.set(partition.handle, dropped)
      for (const lane of this.#lanes) if (lane?.partition === partition) lane.giveUpIdentity()
    }
    for (const lane of this.#active) {
      if (lane.partition !== partition) continue
      if (dropped) this.#endAll(lane, dropped)
      lane.notBefore = 0
      lane.failures = 0
      if (lane.queued) this.#leaveOldLine(lane)
      this.#enqueue(lane)
    }
  }

  /** The broker that led before may not be reachable for long: nothing must stand in its line. */
  #leaveOldLine(lane: Lane): void {
    for (const { nodeId, lanes } of this.#queues.values()) {
      const place = nodeId === lane.partition.leader ? -1 : lanes.indexOf(lane)
      if (place < 0) continue
      lanes.splice(place, 1)
      lane.queued = false
    }
  }

  /**
   * A broker cannot be reached: whoever waits for it may have a new leader. With acks 0 nobody waits, and closing the connection is
   * all that a broker can do about records that it does not take.
   */
  unreachable(nodeId: number, error: KafkaError): void {
    for (const lane of this.#lanes) {
      if (lane?.partition.leader !== nodeId) continue
      if (!lane.idle || lane.owner.settings.acks === 0) this.#io.stale(lane.partition.topic, error.message)
    }
  }

  /** Sends all that can be sent now. */
  pump(now: number): void {
    for (const lane of this.#pending.due(now)) this.#enqueue(lane)
    if (now >= this.#expireAt) this.#expire(now)
    for (const queue of this.#queues.values()) if (queue.lanes.length > 0) this.#serve(queue, now)
  }

  close(error: KafkaError): void {
    for (const lane of this.#active) this.#endAll(lane, error)
  }

  #queue(nodeId: number): BrokerQueue {
    let queue = this.#queues.get(nodeId)
    if (!queue) this.#queues.set(nodeId, (queue = { nodeId, lanes: [], inFlight: 0, mutedUntil: 0 }))
    return queue
  }

  #enqueue(lane: Lane): void {
    if (lane.queued || lane.idle) return
    const { leader, topic } = lane.partition
    if (leader < 0) {
      this.#io.stale(topic, `partition ${lane.partition.partition} has no leader`)
      return
    }
    lane.queued = true
    this.#queue(leader).lanes.push(lane)
  }

  #serve(queue: BrokerQueue, now: number): void {
    if (queue.mutedUntil > now) {
      this.#io.wakeAt(queue.mutedUntil)
      return
    }
    while (queue.inFlight < this.#io.options.maxInFlightRequests && queue.lanes.length > 0) {
      const link = this.#io.brokers.get(queue.nodeId)?.control
      if (!link) {
        this.#abandon(queue)
        return
      }
      // level-triggered: the link wakes the pump when it is ready
      if (!link.want()) return
      if (!this.#worthwhile(queue)) return
      const passengers = this.#board(queue, now)
      if (passengers.length === 0) return
      this.#send(queue, link, passengers)
    }
  }

  /** The broker is not (or no longer) known: metadata must say who leads now. */
  #abandon(queue: BrokerQueue): void {
    for (const lane of queue.lanes) {
      lane.queued = false
      this.#io.stale(lane.partition.topic, `broker ${queue.nodeId} is unknown`)
      this.#postpone(lane)
    }
    queue.lanes = []
  }

  /** Small requests beside one in flight cost more than they hurry: they wait for its answer or for company. */
  #worthwhile(queue: BrokerQueue): boolean {
    if (queue.inFlight === 0) return true
    let bytes = 0
    const enough = queue.inFlight * this.#io.options.pipelineBytes
    for (const lane of queue.lanes) if ((bytes += lane.waitingBytes) >= enough) return true
    return false
  }

  /**
   * At most one batch of each partition, as far as the request has room; lanes with nothing to send now leave the queue. A broker
   * takes only one of several batches for the same partition in a request, and its one answer seems to acknowledge all (IP1).
   */
  #board(queue: BrokerQueue, now: number): Passenger[] {
    const passengers: Passenger[] = []
    const kept: Lane[] = []
    const served: Lane[] = []
    let room = this.#io.options.maxRequestBytes - REQUEST_OVERHEAD
    let acks: number | undefined
    const aboard = new Set<Partition>()
    for (const lane of queue.lanes) {
      if (lane.partition.leader !== queue.nodeId) {
        lane.queued = false
        this.#enqueue(lane)
        continue
      }
      if (room <= 0 || (acks !== undefined && lane.owner.settings.acks !== acks) || aboard.has(lane.partition)) {
        kept.push(lane)
        continue
      }
      const batch = this.#nextOf(lane, queue.nodeId, now)
      if (!batch) {
        lane.queued = false
        continue
      }
      if (batch.size > room && passengers.length > 0) {
        room = 0
        kept.push(lane)
        continue
      }
      room -= batch.size
      acks = lane.owner.settings.acks
      lane.sent(batch, queue.nodeId)
      passengers.push({ lane, batch })
      aboard.add(lane.partition)
      if (lane.waitingBytes > 0) served.push(lane)
      else lane.queued = false
    }
    queue.lanes = kept.concat(served)
    return passengers
  }

  #nextOf(lane: Lane, nodeId: number, now: number): Batch | undefined {
    if (lane.inFlight > 0 && lane.inFlightOn !== nodeId) return undefined
    if (lane.notBefore > now) {
      this.#postpone(lane)
      return undefined
    }
    const batch = lane.next(now)
    const lingersUntil = batch ? undefined : lane.lingersUntil()
    if (lingersUntil !== undefined && lingersUntil > now) this.#wakeLane(lane, lingersUntil)
    return batch
  }

  #send(queue: BrokerQueue, link: Link, passengers: Passenger[]): void {
    const { settings } = passengers[0]!.lane.owner
    const timeoutMs = this.#io.options.requestTimeoutMs
    queue.inFlight++
    link.request(
      produce,
      { transactionalId: null, acks: settings.acks, timeoutMs, topicData: topicDataOf(passengers) },
      {
        timeoutMs,
        answered: settings.acks !== 0,
        onSent: () => {
          this.#land(queue, passengers)
          for (const { lane, batch } of passengers) this.#succeed(lane, batch, -1, -1)
        },
        onResponse: (response) => {
          this.#land(queue, passengers)
          this.#onResponse(queue, passengers, response)
          return false
        },
        onFailure: (error, sent) => {
          this.#land(queue, passengers)
          for (const { lane, batch } of passengers) {
            batch.possiblyWritten ||= sent
            if (!error.retriable) {
              this.#fail(lane, batch, error)
              continue
            }
            this.#io.stale(lane.partition.topic, error.message)
            this.#retry(lane, batch, error)
          }
        },
      },
    )
  }

  #land(queue: BrokerQueue, passengers: Passenger[]): void {
    queue.inFlight--
    for (const { lane, batch } of passengers) lane.landed(batch)
  }

  #onResponse(queue: BrokerQueue, passengers: Passenger[], response: ProduceResponse): void {
    if (response.throttleTimeMs > 0) {
      queue.mutedUntil = this.#io.env.now() + Math.min(response.throttleTimeMs, MAX_THROTTLE_MS)
    }
    const answers = answersOf(passengers, response)
    for (const passenger of passengers) {
      const { lane, batch } = passenger
      const answer = answers.get(passenger)
      if (answer) this.#onAnswer(lane, batch, answer)
      else {
        // an acknowledgement that leaves a partition out says nothing about it
        batch.possiblyWritten = true
        this.#retry(
          lane,
          batch,
          brokerFailure(lane.partition, ErrorCode.UNKNOWN_SERVER_ERROR, 'the answer leaves this partition out'),
        )
      }
    }
  }

  #onAnswer(lane: Lane, batch: Batch, answer: PartitionProduceResponse): void {
    const code = answer.errorCode
    switch (code) {
      case ErrorCode.NONE:
        this.#succeed(lane, batch, answer.baseOffset, appendTime(lane, batch, answer.logAppendTimeMs))
        break
      case ErrorCode.DUPLICATE_SEQUENCE_NUMBER:
        this.#succeed(lane, batch, -1, -1)
        break
      case ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER:
      case ErrorCode.UNKNOWN_PRODUCER_ID:
      case ErrorCode.INVALID_PRODUCER_EPOCH:
        this.#onSequenceRefused(lane, batch, answer)
        break
      case ErrorCode.MESSAGE_TOO_LARGE:
      case ErrorCode.RECORD_LIST_TOO_LARGE:
        this.#onTooLarge(lane, batch)
        break
      default:
        this.#onRefused(lane, batch, answer)
    }
  }

  /** F50: only a record that is too large on its own fails. */
  #onTooLarge(lane: Lane, batch: Batch): void {
    const error = tooLarge(lane.partition, batch.size, batch.count)
    // an earlier try may have been written, under a larger limit
    if (batch.count === 1 || batch.possiblyWritten || batch.verdict) {
      this.#fail(lane, batch, error)
      return
    }
    batch.lastError = error
    lane.split(batch)
    this.#enqueue(lane)
  }

  #onRefused(lane: Lane, batch: Batch, { errorCode, errorMessage }: PartitionProduceResponse): void {
    const error = brokerFailure(lane.partition, errorCode, errorMessage ?? undefined)
    const { retriable, invalidMetadata } = brokerError(errorCode)
    if (possiblyWrittenCodes.has(errorCode)) batch.possiblyWritten = true
    if (invalidMetadata) this.#io.stale(lane.partition.topic, error.message)
    if (retriable) this.#retry(lane, batch, error)
    else this.#fail(lane, batch, error)
  }

  /** F37. At the head of the line the broker lost what it had acknowledged; behind it, it only waits for an earlier batch. */
  #onSequenceRefused(lane: Lane, batch: Batch, answer: PartitionProduceResponse): void {
    const error = brokerFailure(lane.partition, answer.errorCode, answer.errorMessage ?? undefined)
    const { topic, partition } = lane.partition
    if (answer.errorCode === ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER) {
      // an earlier try that had been written would be recognised, so this is proof that none was
      batch.possiblyWritten = false
    } else if (batch.possiblyWritten) {
      // the broker forgot the producer, and with it whether it has the batch: sending it again could write it twice (IP3)
      this.#fail(lane, batch, error)
      return
    }
    if (lane.isHead(batch) && !lane.hasHole) {
      this.#io.event({ type: 'data-loss', topic, partition, detail: error.message })
      lane.markHole()
    }
    this.#retry(lane, batch, error)
  }

  #succeed(lane: Lane, batch: Batch, baseOffset: number, logAppendTime: number): void {
    lane.failures = 0
    lane.notBefore = 0
    lane.settle(batch, { error: undefined, baseOffset, logAppendTime })
    this.#report(lane)
  }

  #fail(lane: Lane, batch: Batch, error: KafkaError): void {
    const outcome = batch.possiblyWritten ? 'possibly-written' : 'not-written'
    lane.settle(batch, { error: error.with({ outcome, tries: batch.tries }), baseOffset: -1, logAppendTime: -1 })
    this.#report(lane)
  }

  #retry(lane: Lane, batch: Batch, error: KafkaError): void {
    batch.lastError = error
    batch.understood()
    if (!batch.verdict && lane.notBefore <= this.#io.env.now()) {
      const { retryBackoffMs, retryBackoffMaxMs } = this.#io.options
      const bounds = { initialMs: retryBackoffMs, maxMs: retryBackoffMaxMs }
      lane.notBefore = retryAt(this.#io.env.now(), ++lane.failures, bounds)
    }
    this.#enqueue(lane)
  }

  /** Gives all verdicts that are due, in order. */
  #report(lane: Lane): void {
    for (let batch = lane.takeSettled(); batch; batch = lane.takeSettled()) {
      const { error, baseOffset, logAppendTime } = batch.verdict!
      if (error) this.#io.completion.failed(lane.id, batch.count, batch.budget, error)
      else this.#io.completion.acked(lane.id, batch.count, baseOffset, logAppendTime, batch.budget)
    }
    if (lane.idle) this.#active.delete(lane)
    else this.#enqueue(lane)
  }

  #endAll(lane: Lane, error: KafkaError): void {
    lane.expire(Number.POSITIVE_INFINITY, (batch) =>
      error.with({ outcome: batch.possiblyWritten || batch.inFlight ? 'possibly-written' : 'not-written' }),
    )
    this.#report(lane)
  }

  #expire(now: number): void {
    this.#expireAt = Number.POSITIVE_INFINITY
    for (const lane of this.#active) {
      const { deliveryTimeoutMs } = lane.owner.settings
      if (lane.oldestAt + deliveryTimeoutMs <= now) {
        const unreachable = this.#io.brokers.get(lane.partition.leader)?.control.failure
        lane.expire(now - deliveryTimeoutMs, (batch) => deliveryTimeout(lane, batch, unreachable))
        this.#report(lane)
      }
      if (!lane.idle) this.#expireBy(lane.oldestAt + deliveryTimeoutMs)
    }
  }

  #expireBy(at: number): void {
    if (at >= this.#expireAt) return
    this.#expireAt = at
    this.#io.wakeAt(at)
  }

  #postpone(lane: Lane): void {
    const now = this.#io.env.now()
    this.#wakeLane(lane, lane.notBefore > now ? lane.notBefore : now + this.#io.options.retryBackoffMs)
  }

  #wakeLane(lane: Lane, at: number): void {
    this.#pending.add(lane, at)
    this.#io.wakeAt(at)
  }
}

/**
 * When the broker stamped the batch, −1 when the records' own timestamps stand. Brokers answer a repeated batch with its largest
 * timestamp whether they stamp or not, so only first tries tell.
 */
function appendTime(lane: Lane, batch: Batch, told: number): number {
  if (batch.tries === 1) lane.stampsOnAppend = told >= 0
  return lane.stampsOnAppend ? told : -1
}
