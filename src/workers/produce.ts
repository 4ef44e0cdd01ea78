/**
 * The producing half of the I/O core: records become batches in lanes. Owns producers, lanes and their delivery timeout; when
 * batches leave is decided in `broker-queues.ts`, what answers mean for them in `produce-answers.ts`.
 */
import type { BatchStore } from '../shared/batch-store.ts'
import { KafkaError } from '../shared/errors.ts'
import type { LaneOpening, LaneRemains, ProducerSettings, TransactionIdentity, TransactionTerms } from '../shared/io-api.ts'
import { Batch, type BatchContext } from './batch.ts'
import { BrokerQueues } from './broker-queues.ts'
import type { IoContext } from './io-context.ts'
import { Lane, type LaneOwner } from './lane.ts'
import { OpenTransaction } from './open-transaction.ts'
import { gonePartition, type Partition } from './partition.ts'
import { ProduceAnswers } from './produce-answers.ts'
import { deliveryTimeout, transactionBroken } from './produce-errors.ts'
import { ProducerId } from './producer-id.ts'

interface Producer extends LaneOwner {
  lanes: Set<Lane>
}

export class Produce {
  readonly #io: IoContext
  readonly #batches: BatchContext
  readonly #producers: (Producer | undefined)[] = []
  readonly #lanes: (Lane | undefined)[] = []
  readonly #queues: BrokerQueues
  /** Lanes with unsettled batches, for the delivery timeout. */
  readonly #active = new Set<Lane>()
  #expireAt = Number.POSITIVE_INFINITY
  /** How long ago the next record was handed in. */
  #waitedMs = 0
  /** By handle, why a partition is no more: main may send to it until it has heard. */
  readonly #gone = new Map<number, KafkaError>()
  /** How many transactions are lost and not over yet. */
  #broken = 0

  constructor(io: IoContext, store: BatchStore) {
    this.#io = io
    this.#batches = { store, unsaved: [], settled: [], clockOrigin: io.env.clockOrigin }
    const answers = new ProduceAnswers(io, {
      enqueue: (lane) => this.#queues.enqueue(lane),
      report: (lane) => this.#report(lane),
      endAll: (lane, error) => this.#endAll(lane, error),
    })
    this.#queues = new BrokerQueues(io, answers)
  }

  /** Nothing is under way and nothing waits to leave. */
  get calm(): boolean {
    return this.#queues.calm
  }

  openProducer(settings: ProducerSettings): void {
    const { transactionalId, producer: number } = settings
    if (transactionalId !== undefined) {
      const transaction = new OpenTransaction((handle) => this.#unadmitted(number, handle))
      this.#producers[number] = { settings, lanes: new Set(), producerId: transaction, transaction }
      return
    }
    const producer: Producer = {
      settings,
      lanes: new Set(),
      producerId: new ProducerId(this.#io, (refusal) => {
        for (const lane of producer.lanes) {
          if (refusal) this.#endAll(lane, refusal)
          else this.#queues.enqueue(lane)
        }
        this.#io.wake()
      }),
    }
    this.#producers[number] = producer
  }

  closeProducer(producer: number): void {
    for (const lane of this.#producers[producer]?.lanes ?? []) this.#lanes[lane.id] = undefined
    if (this.#producers[producer]?.transaction?.broken) this.#broken--
    this.#producers[producer] = undefined
    this.#queues.forget(producer)
  }

  setTransaction(number: number, terms: TransactionTerms): void {
    const producer = this.#producers[number]
    if (!producer?.transaction) return
    if (producer.transaction.broken) this.#broken--
    producer.transaction.begin(terms)
    for (const lane of producer.lanes) lane.beginTransaction(terms)
  }

  /** Whether it is still this identity that the producer's transactions are written under. */
  writesUnder(number: number, { producerId, producerEpoch }: TransactionIdentity): boolean {
    const identity = this.#producers[number]?.transaction?.get()
    return identity?.producerId === producerId && identity.producerEpoch === producerEpoch
  }

  admitPartitions(number: number, handles: readonly number[]): void {
    const producer = this.#producers[number]
    for (const handle of handles) producer?.transaction?.admit(handle)
    for (const lane of producer?.lanes ?? []) this.#queues.enqueue(lane)
  }

  dropRecords(number: number, error: KafkaError): void {
    const producer = this.#producers[number]
    if (producer) this.#break(producer, error)
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
      this.#adoptTransaction(lane)
      const gone = this.#gone.get(lane.partition.handle) ?? lane.owner.transaction?.broken
      if (gone) this.#endAll(lane, gone)
      if (lane.idle) continue
      this.#active.add(lane)
      this.#expireBy(lane.oldestAt + lane.owner.settings.deliveryTimeoutMs)
      this.#report(lane)
    }
  }

  /** What another transaction left says nothing of this one; what this one lost ends it. */
  #adoptTransaction(lane: Lane): void {
    const { transaction } = lane.owner
    const terms = transaction?.get()
    if (!transaction || !terms) return
    lane.beginTransaction(terms)
    if (lane.hasHole)
      this.#break(lane.owner as Producer, transactionBroken(new KafkaError('WORKER_DIED', 'an I/O thread crashed.')))
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
    const waited = this.#waitedMs
    const since = this.#io.pumpedAt - waited
    this.#waitedMs = 0
    if (lane.idle) this.#active.add(lane)
    if (waited > 0 || lane.idle) this.#expireBy(since + lane.owner.settings.deliveryTimeoutMs)
    lane.append(timestamp, source, tailStart, tailEnd, budget, since)
    const gone = this.#gone.size > 0 ? this.#gone.get(lane.partition.handle) : undefined
    if (gone) this.#endAll(lane, gone)
    else if (this.#broken > 0 && lane.owner.transaction?.broken) this.#endAll(lane, lane.owner.transaction.broken)
    else if (!lane.queued) this.#queues.enqueue(lane)
  }

  onWaited(ms: number): void {
    this.#waitedMs = ms
  }

  onFlush(producer: number): void {
    for (const lane of this.#producers[producer]?.lanes ?? []) {
      lane.endLinger()
      this.#queues.enqueue(lane)
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
      this.#rejoin(lane)
    }
  }

  /** A hint names another leader, or one is no longer followed; only a success ends what back-offs have grown to. */
  leaderHinted(partition: Partition, now: boolean): void {
    for (const lane of this.#active) {
      if (lane.partition !== partition) continue
      if (now) lane.notBefore = 0
      this.#rejoin(lane)
    }
  }

  #rejoin(lane: Lane): void {
    if (lane.queued) this.#queues.leaveOldLine(lane)
    this.#queues.enqueue(lane)
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
    if (now >= this.#expireAt) this.#expire(now)
    this.#queues.pump(now)
  }

  close(error: KafkaError): void {
    for (const lane of this.#active) this.#endAll(lane, error)
  }

  /** Gives all verdicts that are due, in order. */
  #report(lane: Lane): void {
    let failure: KafkaError | undefined
    for (let batch = lane.takeSettled(); batch; batch = lane.takeSettled()) {
      const { error, baseOffset, logAppendTime } = batch.verdict!
      if (error) this.#io.completion.failed(lane.id, batch.count, batch.budget, (failure = error))
      else this.#io.completion.acked(lane.id, batch.count, baseOffset, logAppendTime, batch.budget)
    }
    if (lane.idle) this.#active.delete(lane)
    else this.#queues.enqueue(lane)
    // all of a transaction or nothing: what is still to go would be in vain
    if (failure && lane.owner.transaction) this.#break(lane.owner as Producer, transactionBroken(failure))
  }

  #break(producer: Producer, error: KafkaError): void {
    const { transaction, lanes } = producer
    if (!transaction || transaction.broken) return
    transaction.broken = error
    this.#broken++
    for (const lane of lanes) if (!lane.idle) this.#endAll(lane, error)
  }

  #unadmitted(producer: number, handle: number): void {
    const { topic, partition } = this.#io.partitions.get(handle) ?? gonePartition(handle)
    this.#io.event({ type: 'unadmitted', producer, handle, topic, partition })
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
}
