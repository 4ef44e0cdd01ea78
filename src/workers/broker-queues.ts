/**
 * What waits for each broker: lanes stand in line for the broker that leads their partition, and each request takes along one batch
 * of every partition that has something to send (P1). Decides when a request leaves and what rides in it; knows no answer.
 */
import type { KafkaError } from '../shared/errors.ts'
import { type ProduceResponse, produce } from '../shared/protocol/generated/produce.ts'
import type { Batch } from './batch.ts'
import type { IoContext } from './io-context.ts'
import type { Lane } from './lane.ts'
import type { Link } from './link.ts'
import type { Partition } from './partition.ts'
import { PendingLanes } from './pending-lanes.ts'
import { type Passenger, topicDataOf } from './produce-request.ts'

const REQUEST_OVERHEAD = 512
/** By newer Produce requests partitions are added to the transaction on the way. */
const LAST_BEFORE_KIP_890 = 11
/** More than there are ids of nodes. */
const NODE_IDS = 2 ** 32

/** What waits for one broker. */
interface BrokerQueue {
  nodeId: number
  /** Whose alone it is, since a request belongs to one transaction; undefined: of all that are not transactional. */
  producer: number | undefined
  /** Lanes with something to send, the one served longest ago first. */
  lanes: Lane[]
  inFlight: number
}

/** Who hears what became of a request; its batches have landed by then. */
export interface RequestOutcome {
  /** Nobody answers: the bytes are with the socket. */
  onUnanswered(passengers: readonly Passenger[]): void
  onResponse(passengers: readonly Passenger[], response: ProduceResponse, nodeId: number): void
  /** `sent`: the broker may have got it. */
  onFailure(passengers: readonly Passenger[], error: KafkaError, sent: boolean): void
  /** The broker does not let this client in: nothing of the lane can be sent. */
  onShutOut(lane: Lane, error: KafkaError): void
}

export class BrokerQueues {
  readonly #io: IoContext
  readonly #outcome: RequestOutcome
  /** By node, and of transactional producers by node and producer. */
  readonly #queues = new Map<number, BrokerQueue>()
  readonly #pending = new PendingLanes()

  constructor(io: IoContext, outcome: RequestOutcome) {
    this.#io = io
    this.#outcome = outcome
  }

  /** Sends all that can be sent now. */
  pump(now: number): void {
    for (const lane of this.#pending.due(now)) this.enqueue(lane)
    for (const queue of this.#queues.values()) if (queue.lanes.length > 0) this.#serve(queue, now)
  }

  /** The lane may have something to send. */
  enqueue(lane: Lane): void {
    if (lane.queued || lane.idle) return
    const { leader, topic } = lane.partition
    if (leader < 0) {
      this.#io.stale(topic, `partition ${lane.partition.partition} has no leader`)
      return
    }
    lane.queued = true
    this.#queue(leader, lane).lanes.push(lane)
  }

  /** A producer that has nothing under way is closed. */
  forget(producer: number): void {
    for (const [key, queue] of this.#queues) if (queue.producer === producer) this.#queues.delete(key)
  }

  /** Nothing is in flight and no lane waits. */
  get calm(): boolean {
    for (const { inFlight, lanes } of this.#queues.values()) if (inFlight > 0 || lanes.length > 0) return false
    return true
  }

  /** The broker that led before may not be reachable for long: nothing must stand in its line. */
  leaveOldLine(lane: Lane): void {
    for (const { nodeId, lanes } of this.#queues.values()) {
      const place = nodeId === lane.partition.leader ? -1 : lanes.indexOf(lane)
      if (place < 0) continue
      lanes.splice(place, 1)
      lane.queued = false
    }
  }

  #queue(nodeId: number, { owner: { settings } }: Lane): BrokerQueue {
    const producer = settings.transactionalId === undefined ? undefined : settings.producer
    const key = producer === undefined ? nodeId : nodeId + (producer + 1) * NODE_IDS
    let queue = this.#queues.get(key)
    if (!queue) this.#queues.set(key, (queue = { nodeId, producer, lanes: [], inFlight: 0 }))
    return queue
  }

  #serve(queue: BrokerQueue, now: number): void {
    while (queue.inFlight < this.#io.options.maxInFlightRequests && queue.lanes.length > 0) {
      const broker = this.#io.brokers.get(queue.nodeId)
      const link = queue.producer === undefined ? broker?.control : broker?.producerLink(queue.producer)
      if (!link) {
        this.#abandon(queue)
        return
      }
      const { refusal } = link
      if (refusal) {
        this.#refuse(queue, refusal)
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

  /** Whoever waits for a broker that will not have us waits for nothing. */
  #refuse(queue: BrokerQueue, error: KafkaError): void {
    const { lanes } = queue
    queue.lanes = []
    for (const lane of lanes) lane.queued = false
    for (const lane of lanes) this.#outcome.onShutOut(lane, error)
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
   * takes only one of several batches for the same partition in a request, and its one answer seems to acknowledge all (IP1). What is
   * too large for the room that is left waits, not closed yet, and what is small enough goes before it: one record of a quiet partition
   * need not wait until a request each of several busy ones is gone. Who stands first gets on whatever its size.
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
        this.enqueue(lane)
        continue
      }
      if (
        (acks !== undefined && lane.owner.settings.acks !== acks) ||
        aboard.has(lane.partition) ||
        (passengers.length > 0 && lane.nextBytes > room)
      ) {
        kept.push(lane)
        continue
      }
      const batch = this.#nextOf(lane, queue.nodeId, now)
      if (!batch) {
        lane.queued = false
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
    const { settings, transaction } = passengers[0]!.lane.owner
    const timeoutMs = this.#io.options.requestTimeoutMs
    queue.inFlight++
    link.request(
      produce,
      { transactionalId: settings.transactionalId ?? null, acks: settings.acks, timeoutMs, topicData: topicDataOf(passengers) },
      {
        timeoutMs,
        answered: settings.acks !== 0,
        ...(transaction && !transaction.byBrokers && { maxVersion: LAST_BEFORE_KIP_890 }),
        onSent: () => {
          this.#land(queue, passengers)
          this.#outcome.onUnanswered(passengers)
        },
        onResponse: (response) => {
          this.#land(queue, passengers)
          this.#outcome.onResponse(passengers, response, queue.nodeId)
          return false
        },
        onFailure: (error, sent) => {
          this.#land(queue, passengers)
          this.#outcome.onFailure(passengers, error, sent)
        },
      },
    )
  }

  #land(queue: BrokerQueue, passengers: Passenger[]): void {
    queue.inFlight--
    for (const { lane, batch } of passengers) lane.landed(batch)
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
