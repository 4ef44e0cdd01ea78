/**
 * The reading half of the I/O core: credits from main become Fetch requests, one per broker and fetcher for all credited partitions
 * at once, on long-poll connections. No credit, no fetch: that is all of the consumer's backpressure.
 */
import { retryAt } from '../shared/backoff.ts'
import type { KafkaError } from '../shared/errors.ts'
import { OffsetColumn } from '../shared/offset-table.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import { type FetchResponse, fetch, type PartitionData } from '../shared/protocol/generated/fetch.ts'
import type { CreditTerms } from '../shared/submission-format.ts'
import { AbortedTransactions } from './aborted-transactions.ts'
import { Credit } from './credit.ts'
import { fetchError, gaveUp, goneError, notReachable, truncated, unusableReplica, withheld } from './fetch-errors.ts'
import type { FetchLine } from './fetch-line.ts'
import { FetchLines } from './fetch-lines.ts'
import { type FetchAsk, type FetchSession, sessionlessAsk } from './fetch-session.ts'
import { inspectBatches } from './fetched-batches.ts'
import type { IoContext } from './io-context.ts'
import { type AfterRefusal, HINTS_IN_A_ROW, type LeaderRefusal } from './leader-hints.ts'
import type { Link } from './link.ts'
import type { Partition } from './partition.ts'
import { PreferredReplicas } from './preferred-replicas.ts'

const MAX_FETCH_BYTES = 50 * 1024 * 1024
/** A batch that cannot be read is fetched this often before that is an error (IC7). */
const CORRUPT_TRIES = 3
/** The first version that has a place for the epoch of what was read last (KIP-320). */
const EPOCHS_SINCE = 12

export class Fetch {
  readonly #io: IoContext
  readonly #lines: FetchLines
  readonly #replicas: PreferredReplicas
  /** Credits whose partition has no known leader. */
  #homeless: Credit[] = []
  /** When to look for their leaders again, if no news comes before. */
  #homelessUntil = 0
  readonly #cancelled = new Set<number>()
  readonly #byTicket = new Map<number, Credit>()
  readonly #wakeAt = (at: number) => this.#io.wakeAt(at)

  constructor(io: IoContext) {
    this.#io = io
    this.#lines = new FetchLines(io)
    this.#replicas = new PreferredReplicas(io.options.metadataMaxAgeMs)
  }

  onCredit(ticket: number, handle: number, terms: CreditTerms): void {
    const partition = this.#io.partitions.get(handle)
    if (!partition) {
      this.#io.completion.fetchFailed(ticket, goneError())
      return
    }
    const credit = new Credit(ticket, partition, terms, this.#io.env.now())
    this.#byTicket.set(ticket, credit)
    this.#place(credit)
  }

  onCancel(ticket: number): void {
    const credit = this.#byTicket.get(ticket)
    if (!credit) return
    const index = this.#homeless.indexOf(credit)
    if (index >= 0) this.#homeless.splice(index, 1)
    // a broker is being asked: the answer will be thrown away
    else if (!this.#lines.remove(credit)) {
      this.#cancelled.add(ticket)
      return
    }
    this.#byTicket.delete(ticket)
  }

  partitionChanged(partition: Partition, dropped?: KafkaError): void {
    this.#replicas.forget(partition)
    for (const credit of this.#takeOut(partition)) {
      credit.notBefore = 0
      if (dropped) this.#fail(credit, dropped)
      else this.#place(credit)
    }
  }

  /** A hint names another leader, or one is no longer followed. */
  leaderHinted(partition: Partition, now: boolean): void {
    for (const credit of this.#takeOut(partition)) {
      if (now) credit.notBefore = 0
      this.#place(credit)
    }
  }

  /** The partition's credits, out of whichever line they stand in. */
  #takeOut(partition: Partition): Credit[] {
    const taken = this.#lines.takeOut(partition)
    this.#homeless = this.#homeless.filter((credit) => credit.partition !== partition || !taken.push(credit))
    return taken
  }

  /** A broker cannot be reached or is silent: whoever is read from it may have a new leader. */
  unreachable(nodeId: number, error: KafkaError): void {
    const now = this.#io.env.now()
    const others = new Set<Partition>()
    for (const { partition } of this.#byTicket.values()) {
      if (partition.leader === nodeId) this.#io.stale(partition.topic, error.message)
      else if (this.#replicas.failed(partition, nodeId, now)) others.add(partition)
    }
    for (const partition of others) for (const credit of this.#takeOut(partition)) this.#place(credit)
    if (others.size > 0) this.#io.brokers.get(nodeId)?.dispensable('the leaders of what was read from it are there')
  }

  linkLost(nodeId: number, fetcher: number): void {
    this.#lines.of(nodeId, fetcher)?.session.reset()
  }

  pump(now: number): void {
    this.#replace(now)
    // main has not taken what it asked for: nothing more until it has
    if (this.#io.completion.blocked) return
    for (const line of this.#lines) {
      if (line.waiting.length === 0) continue
      if (!line.polling) this.#poll(line, now)
      if (line.mayPollAhead) this.#poll(line, now)
      else if (line.polling) this.#bypass(line, now)
    }
    this.#lines.endIdle(now)
  }

  close(error: KafkaError): void {
    for (const credit of [...this.#byTicket.values()]) this.#fail(credit, error)
  }

  #place(credit: Credit): void {
    const { partition } = credit
    // an answer that was on its way when the partition was dropped
    if (this.#io.partitions.get(partition.handle) !== partition) {
      this.#fail(credit, goneError(partition))
      return
    }
    const now = this.#io.env.now()
    const nodeId = this.#replicas.sourceOf(partition, now, this.#io.brokers)
    if (nodeId >= 0 && this.#io.brokers.has(nodeId)) {
      this.#lines.add(nodeId, credit, now)
      return
    }
    this.#io.stale(partition.topic, `partition ${partition.partition} has no reachable leader`)
    this.#homeless.push(credit)
    this.#homelessUntil = now + this.#io.options.retryBackoffMaxMs
    this.#io.wakeAt(this.#homelessUntil)
  }

  /** Gives up credits that found no leader in time, and asks again about the others. */
  #replace(now: number): void {
    if (this.#homeless.length === 0 || now < this.#homelessUntil) return
    const homeless = this.#homeless
    this.#homeless = []
    for (const credit of homeless) {
      if (now - credit.heardAt < this.#io.options.requestTimeoutMs) this.#place(credit)
      else this.#fail(credit, fetchError(credit, ErrorCode.LEADER_NOT_AVAILABLE))
    }
  }

  #poll(line: FetchLine, now: number): void {
    const at = line.pollAt(now)
    if (at > now) {
      this.#io.wakeAt(at)
      return
    }
    const link = this.#io.brokers.get(line.nodeId)?.fetchLink(line.fetcher)
    if (link?.refusal) {
      this.#shutOut(line, link.refusal)
      return
    }
    if (!link?.want()) {
      // a broker that holds us back is there
      if (!link?.ready) this.#expireUnreachable(line, now)
      return
    }
    const credits = line.takePoll(now, this.#wakeAt)
    if (credits.length === 0) return
    const ask = line.session.ask(credits, link.speaks(fetch, EPOCHS_SINCE))
    this.#send(line, link, credits, ask, line.pollBegins(credits, now), line.session)
  }

  /** The broker does not let this client in: whoever waits for it waits for nothing, unless the leader can be read instead. */
  #shutOut(line: FetchLine, error: KafkaError): void {
    const waiting = line.waiting
    line.waiting = []
    const now = this.#io.env.now()
    for (const credit of waiting) {
      const { topic, partition } = credit.partition
      if (this.#replicas.failed(credit.partition, line.nodeId, now)) this.#place(credit)
      else this.#fail(credit, error.with({ topic, partition }))
    }
  }

  /**
   * A broker answers a connection's requests one after the other, so a credit that comes while a long poll waits would wait with
   * it. It is asked for at once on the control connection; if nothing is there, it joins the next poll.
   */
  #bypass(line: FetchLine, now: number): void {
    if (line.bypassing) return
    let due = Number.POSITIVE_INFINITY
    for (const credit of line.waiting) due = Math.min(due, line.bypassAt(credit))
    if (due === Number.POSITIVE_INFINITY) return
    if (now < due) {
      this.#io.wakeAt(due)
      return
    }
    const link = this.#io.brokers.get(line.nodeId)?.control
    if (!link?.want()) return
    const credits = line.take(now, this.#wakeAt, (credit) => line.bypassAt(credit) <= now)
    if (credits.length === 0) return
    line.bypassing = true
    for (const credit of credits) line.bypassed(credit, now)
    this.#send(line, link, credits, sessionlessAsk(credits, link.speaks(fetch, EPOCHS_SINCE)), 0, undefined)
  }

  #send(
    line: FetchLine,
    link: Link,
    credits: Credit[],
    ask: FetchAsk,
    maxWaitMs: number,
    session: FetchSession | undefined,
  ): void {
    const { env, options } = this.#io
    const now = env.now()
    let maxBytes = 0
    let minBytes = Number.POSITIVE_INFINITY
    let rackId = options.rackId ?? ''
    for (const credit of credits) {
      maxBytes += credit.maxBytes
      minBytes = Math.min(minBytes, credit.minBytes)
      if (this.#replicas.wantsLeader(credit.partition, now)) rackId = ''
    }
    const done = (): void => {
      line.usedAt = env.now()
      if (session) line.pollEnded(line.usedAt)
      else line.bypassing = false
    }
    const request = {
      maxWaitMs,
      minBytes: maxWaitMs === 0 ? 0 : minBytes,
      maxBytes: Math.min(maxBytes, MAX_FETCH_BYTES),
      isolationLevel: line.readCommitted ? 1 : 0,
      rackId,
      ...ask,
    }
    link.request(fetch, request, {
      timeoutMs: maxWaitMs + options.requestTimeoutMs,
      waitsMs: maxWaitMs,
      ownFrame: true,
      onResponse: (response) => {
        done()
        return this.#onResponse(line, credits, response, session)
      },
      onFailure: (error) => {
        done()
        session?.reset()
        this.#onFailure(line, credits, error)
      },
    })
  }

  #onFailure({ nodeId }: FetchLine, credits: Credit[], error: KafkaError): void {
    const now = this.#io.env.now()
    for (const credit of credits) {
      const { partition } = credit
      if (!error.retriable) this.#fail(credit, error)
      else {
        if (!this.#replicas.failed(partition, nodeId, now)) this.#io.stale(partition.topic, error.message)
        this.#retry(credit, error)
      }
    }
  }

  #onResponse(line: FetchLine, credits: Credit[], response: FetchResponse, session: FetchSession | undefined): boolean {
    if (response.errorCode !== ErrorCode.NONE) {
      session?.reset()
      // a lost session is nobody's fault and costs one more round; anything else is a failure of each credit
      const lost =
        response.errorCode === ErrorCode.FETCH_SESSION_ID_NOT_FOUND ||
        response.errorCode === ErrorCode.INVALID_FETCH_SESSION_EPOCH
      for (const credit of credits) {
        if (lost) this.#place(credit)
        else this.#onError(credit, response.errorCode)
      }
      return false
    }
    session?.answered(response.sessionId)
    const answers = new Map<Partition, PartitionData>()
    for (const topic of response.responses) {
      for (const answer of topic.partitions) {
        const credit = credits.find(
          ({ partition }) =>
            partition.partition === answer.partitionIndex &&
            (topic.topic !== '' ? partition.topic === topic.topic : partition.topicId === topic.topicId),
        )
        // a partition that comes twice counts once (F47)
        if (credit && !answers.has(credit.partition)) answers.set(credit.partition, answer)
      }
    }
    let kept = false
    const now = this.#io.env.now()
    for (const credit of credits) {
      credit.heardAt = now
      const answer = answers.get(credit.partition)
      if (!answer && response.throttleTimeMs > 0) this.#retry(credit, withheld(credit, response.throttleTimeMs))
      else if (!answer) this.#nothing(line, credit)
      else if (answer.errorCode !== ErrorCode.NONE)
        this.#onRefused(credit, { ...answer, api: 'fetch', nodeId: line.nodeId, nodeEndpoints: response.nodeEndpoints })
      else kept = this.#onData(line, credit, answer) || kept
    }
    return kept
  }

  /** True when main has not copied all of it yet, so that the response's memory must stay. */
  #onData(line: FetchLine, credit: Credit, answer: PartitionData): boolean {
    const { partition } = credit
    const { handle } = partition
    const { offsets, partitions } = this.#io
    if (partitions.get(handle) !== partition) {
      this.#fail(credit, goneError(partition))
      return false
    }
    partition.hintsLeft.fetch = HINTS_IN_A_ROW
    offsets.set(handle, OffsetColumn.highWatermark, answer.highWatermark)
    if (answer.lastStableOffset >= 0) offsets.set(handle, OffsetColumn.lastStableOffset, answer.lastStableOffset)
    if (answer.logStartOffset >= 0) offsets.set(handle, OffsetColumn.logStartOffset, answer.logStartOffset)
    if (answer.divergingEpoch.endOffset >= 0) {
      this.#onTruncated(credit, answer.divergingEpoch)
      return false
    }
    if (!answer.records || answer.records.length === 0) {
      if (!this.#goesNearer(line, credit, answer.preferredReadReplica)) this.#nothing(line, credit)
      return false
    }
    const filter = credit.readCommitted ? new AbortedTransactions(answer.abortedTransactions ?? []) : undefined
    const limits = { maxBatchBytes: this.#io.options.maxInflatedBatchBytes }
    const found = inspectBatches(answer.records, limits, credit.offset, filter)
    if (found.error && found.nextOffset === credit.offset) {
      const { topic } = partition
      const error = found.error.with({ topic, partition: partition.partition, offset: found.errorOffset ?? credit.offset })
      if (error.code === 'CORRUPT_BATCH' && ++credit.corrupt < CORRUPT_TRIES) this.#retry(credit, error)
      else this.#fail(credit, error)
      return false
    }
    // all that was there lies before what was asked for
    if (found.nextOffset === credit.offset) {
      this.#nothing(line, credit)
      return false
    }
    offsets.set(handle, OffsetColumn.fetched, found.nextOffset)
    const end = credit.readCommitted && answer.lastStableOffset >= 0 ? answer.lastStableOffset : answer.highWatermark
    line.served(credit, answer.records.length, end - found.nextOffset, this.#io.env.now())
    return this.#deliver(credit, found.nextOffset, found.lastEpoch, found.chunks)
  }

  /** The leader names a replica that is nearer: from now on that one is asked. */
  #goesNearer({ nodeId }: FetchLine, credit: Credit, replica: number): boolean {
    const { partition } = credit
    const now = this.#io.env.now()
    if (replica < 0 || replica === nodeId || nodeId !== partition.leader) return false
    this.#replicas.named(partition, replica, now)
    if (!this.#io.brokers.has(replica)) {
      this.#replicas.failed(partition, replica, now)
      this.#io.stale(
        partition.topic,
        `its partition ${partition.partition} is to be read from broker ${replica}, which is not known`,
      )
    }
    this.#place(credit)
    return true
  }

  #onTruncated(credit: Credit, { endOffset }: { endOffset: number }): void {
    const error = truncated(credit, Math.min(endOffset, credit.offset))
    const { topic, partition } = credit.partition
    if (this.#byTicket.has(credit.ticket) && !this.#cancelled.has(credit.ticket))
      this.#io.event({ type: 'data-loss', topic, partition, detail: error.message })
    this.#fail(credit, error)
  }

  /** The broker has nothing for it: that is the answer, unless it may still wait. */
  #nothing(line: FetchLine, credit: Credit): void {
    line.unserved(credit)
    const mayWait = this.#io.env.now() < credit.waitUntil && !this.#cancelled.has(credit.ticket)
    // the poll it went past may still be waiting: it joins the next one
    if (mayWait && ((credit.patient && credit.minBytes > 0) || (credit.bypasses > 0 && line.polling))) this.#place(credit)
    else this.#deliver(credit, credit.offset, credit.lastFetchedEpoch, [])
  }

  #deliver(credit: Credit, nextOffset: number, lastFetchedEpoch: number, chunks: Uint8Array[]): boolean {
    if (!this.#end(credit)) return false
    let copied = false
    this.#io.completion.fetched(credit.ticket, nextOffset, lastFetchedEpoch, chunks, () => {
      copied = true
    })
    return !copied
  }

  #onRefused(credit: Credit, refusal: LeaderRefusal): void {
    const { errorCode, nodeId } = refusal
    const { partition } = credit
    // whatever a replica says, its leader has the last word
    if (this.#replicas.failed(partition, nodeId, this.#io.env.now())) {
      if (brokerError(errorCode).invalidMetadata) this.#io.stale(partition.topic, fetchError(credit, errorCode).message)
      this.#retry(credit, unusableReplica(credit, nodeId, errorCode), true)
      return
    }
    const aboutLeader = brokerError(errorCode).invalidMetadata || errorCode === ErrorCode.UNKNOWN_LEADER_EPOCH
    this.#onError(credit, errorCode, aboutLeader ? this.#io.hints.refused(partition, refusal) : 'later')
  }

  #onError(credit: Credit, code: number, next: AfterRefusal = brokerError(code).invalidMetadata ? 'ask' : 'later'): void {
    const error = fetchError(credit, code)
    if (next === 'ask') this.#io.stale(credit.partition.topic, error.message)
    if (brokerError(code).retriable && code !== ErrorCode.OFFSET_OUT_OF_RANGE) this.#retry(credit, error, next === 'now')
    else this.#fail(credit, error)
  }

  #retry(credit: Credit, error: KafkaError, atOnce = false): void {
    const now = this.#io.env.now()
    const { requestTimeoutMs, retryBackoffMs, retryBackoffMaxMs } = this.#io.options
    if (this.#cancelled.has(credit.ticket)) this.#end(credit)
    // one request may take as long as the wait and the timeout together: that must leave time for another one (F12)
    else if (now > credit.waitUntil + 2 * requestTimeoutMs) this.#fail(credit, gaveUp(credit, error, now - credit.givenAt))
    else {
      if (!atOnce) credit.notBefore = retryAt(now, ++credit.failures, { initialMs: retryBackoffMs, maxMs: retryBackoffMaxMs })
      this.#place(credit)
    }
  }

  #expireUnreachable(line: FetchLine, now: number): void {
    const { requestTimeoutMs } = this.#io.options
    const late = line.waiting.filter((credit) => now - credit.heardAt > requestTimeoutMs)
    if (late.length === 0) return
    line.waiting = line.waiting.filter((credit) => !late.includes(credit))
    const address = this.#io.brokers.get(line.nodeId)?.address ?? `broker ${line.nodeId}`
    for (const credit of late) this.#fail(credit, notReachable(credit, address, requestTimeoutMs))
  }

  #fail(credit: Credit, error: KafkaError): void {
    if (this.#end(credit)) this.#io.completion.fetchFailed(credit.ticket, error)
  }

  /** The credit is used up; false when nobody waits for its answer. */
  #end(credit: Credit): boolean {
    return this.#byTicket.delete(credit.ticket) && !this.#cancelled.delete(credit.ticket)
  }
}
