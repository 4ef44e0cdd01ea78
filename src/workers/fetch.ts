/**
 * The reading half of the I/O core: credits from main become Fetch requests, one per broker for all credited partitions at
 * once, on the broker's long-poll connection. No credit, no fetch: that is all of the consumer's backpressure.
 */
import { retryAt } from '../shared/backoff.ts'
import type { KafkaError } from '../shared/errors.ts'
import { OffsetColumn } from '../shared/offset-table.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import { type FetchResponse, fetch, type PartitionData } from '../shared/protocol/generated/fetch.ts'
import { Credit } from './credit.ts'
import { fetchError, gaveUp, goneError, notReachable, withheld } from './fetch-errors.ts'
import { type FetchAsk, FetchSession, sessionlessAsk } from './fetch-session.ts'
import { inspectBatches } from './fetched-batches.ts'
import type { IoContext } from './io-context.ts'
import { type AfterRefusal, HINTS_IN_A_ROW, type LeaderRefusal } from './leader-hints.ts'
import type { Link } from './link.ts'
import type { Partition } from './partition.ts'

/** A credit that came while a long poll was waiting is asked for beside it after the poll lasted this long. */
const BYPASS_AFTER_MS = 10
const MAX_FETCH_BYTES = 50 * 1024 * 1024
/** A batch that cannot be read is fetched this often before that is an error (IC7). */
const CORRUPT_TRIES = 3

interface BrokerFetch {
  nodeId: number
  /** Credits nobody is asked about now, oldest first. */
  waiting: Credit[]
  polling: boolean
  pollingSince: number
  bypassing: boolean
  session: FetchSession
}

export class Fetch {
  readonly #io: IoContext
  readonly #brokers = new Map<number, BrokerFetch>()
  /** Credits whose partition has no known leader. */
  #homeless: Credit[] = []
  /** When to look for their leaders again, if no news comes before. */
  #homelessUntil = 0
  readonly #cancelled = new Set<number>()
  readonly #byTicket = new Map<number, Credit>()

  constructor(io: IoContext) {
    this.#io = io
  }

  onCredit(ticket: number, handle: number, offset: number, maxBytes: number, maxWaitMs: number, minBytes: number): void {
    const partition = this.#io.partitions.get(handle)
    if (!partition) {
      this.#io.completion.fetchFailed(ticket, goneError())
      return
    }
    const now = this.#io.env.now()
    const credit = new Credit(ticket, partition, offset, maxBytes, now + maxWaitMs, minBytes, now)
    this.#byTicket.set(ticket, credit)
    this.#place(credit)
  }

  onCancel(ticket: number): void {
    const credit = this.#byTicket.get(ticket)
    if (!credit) return
    for (const line of [...Array.from(this.#brokers.values(), ({ waiting }) => waiting), this.#homeless]) {
      const index = line.indexOf(credit)
      if (index < 0) continue
      line.splice(index, 1)
      this.#byTicket.delete(ticket)
      return
    }
    // a broker is being asked: the answer will be thrown away
    this.#cancelled.add(ticket)
  }

  partitionChanged(partition: Partition, dropped?: KafkaError): void {
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
    const taken: Credit[] = []
    const stays = (credit: Credit): boolean => credit.partition !== partition || !taken.push(credit)
    for (const broker of this.#brokers.values()) broker.waiting = broker.waiting.filter(stays)
    this.#homeless = this.#homeless.filter(stays)
    return taken
  }

  /** A broker cannot be reached or is silent: whoever is read from it may have a new leader. */
  unreachable(nodeId: number, error: KafkaError): void {
    for (const { partition } of this.#byTicket.values())
      if (partition.leader === nodeId) this.#io.stale(partition.topic, error.message)
  }

  linkLost(nodeId: number): void {
    this.#brokers.get(nodeId)?.session.reset()
  }

  pump(now: number): void {
    this.#replace(now)
    // main has not taken what it asked for: nothing more until it has
    if (this.#io.completion.blocked) return
    for (const broker of this.#brokers.values()) {
      if (broker.waiting.length === 0) continue
      if (!broker.polling) this.#poll(broker, now)
      else this.#bypass(broker, now)
    }
  }

  close(error: KafkaError): void {
    for (const credit of [...this.#byTicket.values()]) this.#fail(credit, error)
  }

  #place(credit: Credit): void {
    const { leader, topic, partition } = credit.partition
    if (leader >= 0 && this.#io.brokers.has(leader)) {
      let broker = this.#brokers.get(leader)
      if (!broker) {
        broker = {
          nodeId: leader,
          waiting: [],
          polling: false,
          pollingSince: 0,
          bypassing: false,
          session: new FetchSession(),
        }
        this.#brokers.set(leader, broker)
      }
      broker.waiting.push(credit)
      return
    }
    this.#io.stale(topic, `partition ${partition} has no reachable leader`)
    this.#homeless.push(credit)
    this.#homelessUntil = this.#io.env.now() + this.#io.options.retryBackoffMaxMs
    this.#io.wakeAt(this.#homelessUntil)
  }

  /** Gives up credits that found no leader in time, and asks again about the others. */
  #replace(now: number): void {
    if (this.#homeless.length === 0 || now < this.#homelessUntil) return
    const homeless = this.#homeless
    this.#homeless = []
    for (const credit of homeless) {
      if (now - credit.givenAt < this.#io.options.requestTimeoutMs) this.#place(credit)
      else this.#fail(credit, fetchError(credit, ErrorCode.LEADER_NOT_AVAILABLE))
    }
  }

  #poll(broker: BrokerFetch, now: number): void {
    const link = this.#io.brokers.get(broker.nodeId)?.fetch
    if (!link?.want()) {
      // a broker that holds us back is there
      if (!link?.ready) this.#expireUnreachable(broker, now)
      return
    }
    const parts = this.#take(broker, now, () => true)
    if (parts.length === 0) return
    broker.polling = true
    broker.pollingSince = now
    let wait = Number.POSITIVE_INFINITY
    for (const credit of parts) wait = Math.min(wait, credit.waitUntil - now)
    this.#send(broker, link, parts, broker.session.ask(parts), Math.max(0, Math.floor(wait)), broker.session)
  }

  /**
   * A broker answers a connection's requests one after the other, so a credit that comes while a long poll waits would wait with
   * it. It is asked for at once on the control connection; if nothing is there, it joins the next poll.
   */
  #bypass(broker: BrokerFetch, now: number): void {
    if (broker.bypassing || !broker.waiting.some((credit) => !credit.bypassed)) return
    const due = broker.pollingSince + BYPASS_AFTER_MS
    if (now < due) {
      this.#io.wakeAt(due)
      return
    }
    const link = this.#io.brokers.get(broker.nodeId)?.control
    if (!link?.want()) return
    const parts = this.#take(broker, now, (credit) => !credit.bypassed)
    if (parts.length === 0) return
    broker.bypassing = true
    for (const credit of parts) credit.bypassed = true
    this.#send(broker, link, parts, sessionlessAsk(parts), 0, undefined)
  }

  /** Takes credits out of the line: each partition once, none before its back-off ended. */
  #take(broker: BrokerFetch, now: number, wanted: (credit: Credit) => boolean): Credit[] {
    const taken = new Map<Partition, Credit>()
    broker.waiting = broker.waiting.filter((credit) => {
      if (credit.notBefore > now) {
        this.#io.wakeAt(credit.notBefore)
        return true
      }
      if (!wanted(credit) || taken.has(credit.partition)) return true
      taken.set(credit.partition, credit)
      return false
    })
    return [...taken.values()]
  }

  #send(
    broker: BrokerFetch,
    link: Link,
    credits: Credit[],
    ask: FetchAsk,
    maxWaitMs: number,
    session: FetchSession | undefined,
  ): void {
    let maxBytes = 0
    let minBytes = Number.POSITIVE_INFINITY
    for (const credit of credits) {
      maxBytes += credit.maxBytes
      minBytes = Math.min(minBytes, credit.minBytes)
    }
    const done = (): void => {
      if (session) broker.polling = false
      else broker.bypassing = false
    }
    const request = {
      maxWaitMs,
      minBytes: maxWaitMs === 0 ? 0 : minBytes,
      maxBytes: Math.min(maxBytes, MAX_FETCH_BYTES),
      isolationLevel: 0,
      ...ask,
    }
    link.request(fetch, request, {
      timeoutMs: maxWaitMs + this.#io.options.requestTimeoutMs,
      waitsMs: maxWaitMs,
      ownFrame: true,
      onResponse: (response) => {
        done()
        return this.#onResponse(broker, credits, response, session)
      },
      onFailure: (error) => {
        done()
        session?.reset()
        for (const credit of credits) {
          if (!error.retriable) {
            this.#fail(credit, error)
            continue
          }
          this.#io.stale(credit.partition.topic, error.message)
          this.#retry(credit, error)
        }
      },
    })
  }

  #onResponse(broker: BrokerFetch, credits: Credit[], response: FetchResponse, session: FetchSession | undefined): boolean {
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
    for (const credit of credits) {
      const answer = answers.get(credit.partition)
      if (!answer && response.throttleTimeMs > 0) this.#retry(credit, withheld(credit, response.throttleTimeMs))
      else if (!answer) this.#deliver(credit, credit.offset, [])
      else if (answer.errorCode !== ErrorCode.NONE)
        this.#onRefused(credit, { ...answer, api: 'fetch', nodeId: broker.nodeId, nodeEndpoints: response.nodeEndpoints })
      else kept = this.#onData(credit, answer) || kept
    }
    return kept
  }

  /** True when main has not copied all of it yet, so that the response's memory must stay. */
  #onData(credit: Credit, answer: PartitionData): boolean {
    const { handle } = credit.partition
    const { offsets } = this.#io
    credit.partition.hintsLeft.fetch = HINTS_IN_A_ROW
    offsets.set(handle, OffsetColumn.highWatermark, answer.highWatermark)
    if (answer.lastStableOffset >= 0) offsets.set(handle, OffsetColumn.lastStableOffset, answer.lastStableOffset)
    if (answer.logStartOffset >= 0) offsets.set(handle, OffsetColumn.logStartOffset, answer.logStartOffset)
    if (!answer.records || answer.records.length === 0) {
      this.#deliver(credit, credit.offset, [])
      return false
    }
    const found = inspectBatches(answer.records, { maxBatchBytes: this.#io.options.maxInflatedBatchBytes }, credit.offset)
    if (found.error && found.nextOffset === credit.offset) {
      const { topic, partition } = credit.partition
      const error = found.error.with({ topic, partition, offset: found.errorOffset ?? credit.offset })
      if (error.code === 'CORRUPT_BATCH' && ++credit.corrupt < CORRUPT_TRIES) this.#retry(credit, error)
      else this.#fail(credit, error)
      return false
    }
    offsets.set(handle, OffsetColumn.fetched, found.nextOffset)
    return this.#deliver(credit, found.nextOffset, found.chunks)
  }

  #deliver(credit: Credit, nextOffset: number, chunks: Uint8Array[]): boolean {
    if (chunks.length === 0 && nextOffset === credit.offset && credit.bypassed && this.#io.env.now() < credit.waitUntil) {
      // the poll it went past may still be waiting: it joins the next one
      if (this.#brokers.get(credit.partition.leader)?.polling && !this.#cancelled.has(credit.ticket)) {
        this.#place(credit)
        return false
      }
    }
    if (!this.#end(credit)) return false
    let copied = false
    this.#io.completion.fetched(credit.ticket, nextOffset, chunks, () => {
      copied = true
    })
    return !copied
  }

  #onRefused(credit: Credit, refusal: LeaderRefusal): void {
    const { errorCode } = refusal
    const aboutLeader = brokerError(errorCode).invalidMetadata || errorCode === ErrorCode.UNKNOWN_LEADER_EPOCH
    this.#onError(credit, errorCode, aboutLeader ? this.#io.hints.refused(credit.partition, refusal) : 'later')
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

  #expireUnreachable(broker: BrokerFetch, now: number): void {
    const { requestTimeoutMs } = this.#io.options
    const late = broker.waiting.filter((credit) => now - credit.givenAt > requestTimeoutMs)
    if (late.length === 0) return
    broker.waiting = broker.waiting.filter((credit) => !late.includes(credit))
    const address = this.#io.brokers.get(broker.nodeId)?.address ?? `broker ${broker.nodeId}`
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
