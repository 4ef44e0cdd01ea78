/**
 * One producer's queue for one partition: its batches in the order of the sends, oldest unsettled first. Decides what may be
 * sent next and in which order verdicts are given; knows no sockets and no requests.
 *
 * IP4 (order): what is in flight is always the front of the queue; after a failure nothing newer is sent before the failed
 * batches were sent again. IP5 (no silent hole): after a batch failed for good, later ones go out under a new epoch only
 * (KIP-360). IP3 (no duplicates): a batch that a broker may have keeps its identity until the broker's answer proves that
 * it does not.
 */
import type { KafkaError } from '../shared/errors.ts'
import type { LaneOpening, Packing, ProducerSettings } from '../shared/io-api.ts'
import { addSequence, Batch, type BatchContext, type BatchHome, type Stamp, type Verdict } from './batch.ts'
import type { OpenTransaction } from './open-transaction.ts'
import type { Partition } from './partition.ts'
import type { IdentitySource, ProducerIdentity } from './producer-id.ts'

const MAX_EPOCH = 32_767
const SMALLEST_BUFFER = 4096
/**
 * Brokers recognise a repeated batch among the last five of a producer (KIP-98). Nothing further is sent while the oldest
 * unsettled batch could fall out of these, or its repetition would no longer be recognised (IP3).
 */
const REMEMBERED_BATCHES = 5

export interface LaneOwner {
  readonly settings: ProducerSettings
  readonly producerId: IdentitySource
  /** Of a transactional producer: its batches end with the transaction, so that nothing is ever renumbered. */
  readonly transaction?: OpenTransaction | undefined
}

export class Lane implements BatchHome {
  /** @internal Where sequence numbers begin; simulations begin shortly before they wrap. */
  static firstSequence = 0
  readonly id: number
  /** Tells it from an earlier lane with the same number. */
  readonly serial: number
  readonly partition: Partition
  readonly owner: LaneOwner
  /** Not before this moment, after a failure. */
  notBefore = 0
  failures = 0
  /** Whether the topic stamps records on append, as far as first tries have told. */
  stampsOnAppend: boolean | undefined
  /** Whether a broker's queue holds this lane. */
  queued = false
  /** Batches handed to a socket and not answered yet, also those settled meanwhile by the delivery timeout. */
  inFlight = 0
  /** Where they are; a lane is on one broker at a time. */
  inFlightOn = -1
  readonly #context: BatchContext
  readonly #packing: Packing
  /** Batches are sealed before they grow past this; less than `batchBytes` once the broker refused one as too large. */
  #batchBytes: number
  /** How many records ever came to this lane, those before a crash included. */
  #taken: number
  /** Sealed batches; the ones in flight come first. */
  readonly #batches: Batch[] = []
  #open: Batch | undefined
  /** What the last batch took: the next one will likely be alike. */
  #lastSize = SMALLEST_BUFFER
  #lingerOver = false
  /** A batch failed for good: its sequence is a hole that the broker will not pass. */
  #hole = false
  #producerId = -1
  #epoch = -1
  #nextSequence = 0
  /**
   * Whether the broker has acknowledged a batch of this epoch. Before that it may know nothing of the producer and would take any
   * sequence number, so that a second batch could overtake a first one that failed: one at a time.
   */
  #established = false

  constructor(opening: LaneOpening, partition: Partition, owner: LaneOwner, context: BatchContext) {
    this.id = opening.lane
    this.serial = opening.serial
    this.#taken = opening.taken
    this.#packing = opening
    this.#batchBytes = owner.settings.batchBytes
    this.partition = partition
    this.owner = owner
    this.#context = context
  }

  get isTransactional(): boolean {
    return this.owner.transaction !== undefined
  }

  get idle(): boolean {
    return this.#batches.length === 0 && !this.#open
  }

  /** Bytes that could be sent now. */
  get waitingBytes(): number {
    let bytes = this.#open?.size ?? 0
    for (const batch of this.#batches) if (!batch.inFlight) bytes += batch.size
    return bytes
  }

  /** Bytes of what goes next, before compression if it is not sealed yet. */
  get nextBytes(): number {
    for (const batch of this.#batches) if (!batch.inFlight) return batch.size
    return this.#open?.size ?? 0
  }

  append(timestamp: number, source: Buffer, tailStart: number, tailEnd: number, budget: number, now: number): void {
    if (this.#open && !this.#open.fits(tailEnd - tailStart, timestamp, this.#batchBytes)) this.#close()
    this.#open ??= new Batch(this.#context, this, this.#taken, this.#sizeHint, now)
    this.#open.growOlder(now)
    this.#open.append(timestamp, source, tailStart, tailEnd, budget)
    this.#taken++
  }

  /**
   * Goes on where a crashed core stopped. Its batches keep their identity, as if every connection had been lost (IX8). `ghost` is the
   * identity of a batch that main has a verdict for and a broker may still take: what follows must come under a later epoch.
   */
  adopt(batches: readonly Batch[], ghost: Stamp | undefined): void {
    let last = ghost
    for (const batch of batches) {
      this.#batches.push(batch)
      if (batch.verdict) this.#hole = true
      const { stamp } = batch
      if (!stamp || stamp.producerId < 0) continue
      // the crash came while identities were changed: what still has an older one was proven not to be written
      if (last && (stamp.producerId !== last.producerId || stamp.producerEpoch < last.producerEpoch)) batch.unstamp()
      else last = { ...stamp, baseSequence: addSequence(stamp.baseSequence, batch.count) }
    }
    if (!last) return
    this.#producerId = last.producerId
    this.#epoch = last.producerEpoch
    this.#nextSequence = last.baseSequence
    if (ghost) this.#hole = true
  }

  /** Sends what is there without waiting for `lingerMs`. */
  endLinger(): void {
    if (this.#open) this.#lingerOver = true
  }

  /** When the open batch may go, or undefined when something may go at once or nothing is there. */
  lingersUntil(): number | undefined {
    const { lingerMs } = this.owner.settings
    if (lingerMs === 0 || this.#lingerOver || !this.#open || this.#batches.some((batch) => !batch.inFlight)) return undefined
    return this.#open.createdAt + lingerMs
  }

  /**
   * The batch to send now, stamped and sealed, or undefined when there is none or it must wait: for an answer, for the linger,
   * for a producer id (which is then asked for).
   */
  next(now: number): Batch | undefined {
    let inFront = 0
    let position = 0
    let waiting: Batch | undefined
    for (const batch of this.#batches) {
      if (batch.inFlight) inFront++
      else if (!batch.verdict) {
        waiting = batch
        break
      }
      position++
    }
    // in flight behind it, or timed out and forgotten: their answers decide what this lane may do
    if (this.inFlight > inFront) return undefined
    if (this.inFlight > 0 && !this.#established && this.owner.settings.idempotent) return undefined
    const { transaction } = this.owner
    if (transaction && (this.#hole || !transaction.admits(this.partition.handle))) return undefined
    if (position >= REMEMBERED_BATCHES && this.owner.settings.idempotent) return undefined
    if (this.#hole) return this.inFlight === 0 ? this.#afterHole(now) : undefined
    if (waiting) return this.#stamped(waiting) ? waiting : undefined
    const lingersUntil = this.lingersUntil()
    if (!this.#open || (lingersUntil !== undefined && lingersUntil > now)) return undefined
    if (this.owner.settings.idempotent && !this.#identity()) return undefined
    const batch = this.#open
    this.#close()
    return this.#stamped(batch) ? batch : undefined
  }

  sent(batch: Batch, nodeId: number): void {
    batch.sent()
    this.inFlight++
    this.inFlightOn = nodeId
  }

  /** The socket is done with the batch, one way or the other. */
  landed(batch: Batch): void {
    this.inFlight--
    batch.landed()
  }

  /** The broker refused the batch as too large and has nothing of it: its records go in two batches, and later ones in smaller ones. */
  halve(batch: Batch): void {
    this.#batchBytes = Math.min(this.#batchBytes, Math.max(SMALLEST_BUFFER, batch.filled >> 1))
    this.split(batch, [batch.count >> 1])
  }

  /** The broker has nothing of the batch: its records go in several, which begin at the front and at each of `cuts`. */
  split(batch: Batch, cuts: readonly number[]): Batch[] {
    const parts = batch.split(this.#packing, cuts)
    this.#batches.splice(this.#batches.indexOf(batch), 1, ...parts)
    return parts
  }

  /** A batch ended; verdicts leave in order through {@link takeSettled}. */
  settle(batch: Batch, verdict: Verdict): void {
    if (batch.verdict) return
    batch.verdict = verdict
    if (!verdict.error && batch.stamp?.producerId === this.#producerId && batch.stamp.producerEpoch === this.#epoch)
      this.#established = true
    // its sequence numbers are used up but may be missing in the log (IP5)
    if (verdict.error && batch.stamp && this.owner.settings.idempotent) this.#hole = true
  }

  /** The broker proved that it misses what came before or does not know this epoch: go on under a new one. */
  markHole(): void {
    this.#hole = true
  }

  /** A new transaction, with nothing left of the one before. The epoch may be the same, and the numbers go on then (KIP-98). */
  beginTransaction({ producerId, producerEpoch }: ProducerIdentity): void {
    if (producerId === this.#producerId && producerEpoch === this.#epoch) return
    this.#producerId = -1
    this.#hole = false
  }

  /** The partition may come back as another lane, which must not begin again with sequence numbers that this one has used (IP1). */
  giveUpIdentity(): void {
    this.owner.producerId.discard(this.#producerId)
  }

  /** Whether this is the oldest batch, so that a sequence error cannot be explained by one before it. */
  isHead(batch: Batch): boolean {
    return this.#batches[0] === batch
  }

  get hasHole(): boolean {
    return this.#hole
  }

  /** Whether a broker acknowledged a batch of this epoch to this core. A core that crashed may have left a hole that its successor knows nothing of. */
  get isEstablished(): boolean {
    return this.#established
  }

  /** The next verdict in order, or undefined. */
  takeSettled(): Batch | undefined {
    if (!this.#batches[0]?.verdict) return undefined
    const batch = this.#batches.shift()!
    batch.release()
    return batch
  }

  /** Ends every batch older than `createdBefore`, and all when it is Infinity. */
  expire(createdBefore: number, error: (batch: Batch) => KafkaError): void {
    if (this.#open && this.#open.createdAt <= createdBefore) this.#close()
    for (const batch of this.#batches) {
      if (batch.createdAt <= createdBefore) this.settle(batch, { error: error(batch), baseOffset: -1, logAppendTime: -1 })
    }
  }

  /** When the oldest batch without a verdict began to wait. */
  get oldestAt(): number {
    let oldest = this.#open?.createdAt ?? Number.POSITIVE_INFINITY
    for (const { createdAt, verdict } of this.#batches) if (!verdict && createdAt < oldest) oldest = createdAt
    return oldest
  }

  /** Blocks that many partitions take for a little each would leave no room for others, whose batches a crash would then lose. */
  get #sizeHint(): number {
    return this.#context.store.crowded ? SMALLEST_BUFFER : this.#lastSize
  }

  #close(): void {
    this.#lastSize = this.#open!.size
    this.#batches.push(this.#open!)
    this.#open = undefined
    this.#lingerOver = false
  }

  /** Everything before is answered. First find out about batches a broker may have, then renumber the rest. */
  #afterHole(now: number): Batch | undefined {
    const first = this.#batches.find((batch) => !batch.verdict)
    if (first?.stamp && first.possiblyWritten) return first
    if (!this.#renewEpoch()) return undefined
    this.#hole = false
    for (const batch of this.#batches) if (batch.stamp && !batch.verdict) batch.restamp(this.#nextStamp(batch.count))
    return this.next(now)
  }

  #stamped(batch: Batch): boolean {
    if (batch.stamp) return true
    if (!this.owner.settings.idempotent) batch.seal(this.#packing)
    else if (this.#identity()) batch.seal(this.#packing, this.#nextStamp(batch.count))
    else return false
    return true
  }

  #nextStamp(count: number): Stamp {
    const baseSequence = this.#nextSequence
    this.#nextSequence = addSequence(baseSequence, count)
    return { producerId: this.#producerId, producerEpoch: this.#epoch, baseSequence }
  }

  #identity(): boolean {
    if (this.#producerId >= 0) return true
    const identity = this.owner.producerId.get()
    if (!identity) return false
    this.#producerId = identity.producerId
    this.#epoch = identity.producerEpoch
    this.#nextSequence = Lane.firstSequence
    this.#established = false
    return true
  }

  /**
   * The epoch belongs to the lane: brokers check it per partition, so a hole here costs other partitions nothing.
   */
  #renewEpoch(): boolean {
    if (this.#epoch < MAX_EPOCH) {
      this.#epoch++
      this.#nextSequence = 0
      this.#established = false
      return true
    }
    this.owner.producerId.discard(this.#producerId)
    this.#producerId = -1
    return this.#identity()
  }
}
