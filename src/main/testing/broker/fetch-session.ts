/**
 * Fetch sessions of one node (KIP-227): what a client fetches is remembered, so that it only sends changes and is only sent
 * changes. Knows partitions by topic and number and what was last said of them, not their logs.
 *
 * https://cwiki.apache.org/confluence/display/KAFKA/KIP-227%3A+Introduce+Incremental+FetchRequests+to+Increase+Partition+Scalability
 */
import type { Env } from '../../../shared/env.ts'
import { ErrorCode } from '../../../shared/protocol/errors.ts'

/** Sessions of a node at a time; further clients fetch without. */
export const MAX_SESSIONS = 1000
/** A session not used for so long gives its place to a new one. */
const STALE_AFTER_MS = 120_000
const INITIAL_EPOCH = 0
const FINAL_EPOCH = -1
const MAX_EPOCH = 2 ** 31 - 1

/** What a client asks of a partition. */
export interface WantedPartition {
  /** Set up to version 12. */
  topic: string
  /** Set from version 13 on. */
  topicId: string
  partition: number
  currentLeaderEpoch: number
  fetchOffset: number
  lastFetchedEpoch: number
  partitionMaxBytes: number
  /** Of the topic with this id, since one was found: brokers look for that name from then on, in a session also later. */
  foundName?: string | undefined
}

/** What the client was last told. */
interface Told {
  wanted: WantedPartition
  /** −1: say it again in any case. */
  highWatermark: number
  logStartOffset: number
}

export interface ForgottenPartition {
  topic: string
  topicId: string
  partition: number
}

/** What a partition's answer says, as far as it decides whether it must be sent. */
export interface PartitionAnswer {
  errorCode: number
  highWatermark: number
  logStartOffset: number
  hasRecords: boolean
  diverges: boolean
  /** It is to be read from another replica. */
  isElsewhere: boolean
}

export interface SessionRequest {
  sessionId: number
  sessionEpoch: number
  usesTopicIds: boolean
  wanted: WantedPartition[]
  forgotten: ForgottenPartition[]
}

/** One fetch as the session sees it: all partitions to be read, and which answers are news. */
export interface FetchContext {
  readonly wanted: Iterable<WantedPartition>
  /** Of the session that was there before; 0: there was none. */
  readonly id: number
  /** The id for the response; creates the session when a full fetch asked for one. */
  conclude(): number
  /** Whether the answer must be sent; call it once for each partition that is about to be answered. */
  isNews(wanted: WantedPartition, answer: PartitionAnswer): boolean
}

class Session {
  readonly id: number
  readonly usesTopicIds: boolean
  readonly partitions = new Map<string, Told>()
  epoch = 1
  lastUsed: number

  constructor(id: number, usesTopicIds: boolean, now: number) {
    this.id = id
    this.usesTopicIds = usesTopicIds
    this.lastUsed = now
  }

  update(wanted: WantedPartition[], forgotten: ForgottenPartition[]): void {
    for (const partition of wanted) {
      const key = keyOf(partition)
      const told = this.partitions.get(key)
      if (told) told.wanted = { ...partition, foundName: told.wanted.foundName }
      else this.partitions.set(key, { wanted: partition, highWatermark: -1, logStartOffset: -1 })
    }
    for (const partition of forgotten) this.partitions.delete(keyOf(partition))
  }

  /** Notes what the client is being told; says whether it did not know. */
  tell(wanted: WantedPartition, answer: PartitionAnswer): boolean {
    const key = keyOf(wanted)
    const told = this.partitions.get(key)
    if (told === undefined) return true
    const failed = answer.errorCode !== ErrorCode.NONE
    const news =
      failed ||
      answer.hasRecords ||
      answer.diverges ||
      answer.isElsewhere ||
      told.highWatermark !== answer.highWatermark ||
      told.logStartOffset !== answer.logStartOffset
    // After an error the partition is sent once more, so that the client learns that it is over.
    told.highWatermark = failed ? -1 : answer.highWatermark
    told.logStartOffset = answer.logStartOffset
    if (answer.hasRecords) {
      // Whoever got records queues up again at the end, so that all have their turn within maxBytes.
      this.partitions.delete(key)
      this.partitions.set(key, told)
    }
    return news
  }
}

export class FetchSessions {
  readonly #env: Env
  readonly #limit: number
  /** In the order of last use. */
  readonly #sessions = new Map<number, Session>()

  constructor(env: Env, limit = MAX_SESSIONS) {
    this.#env = env
    this.#limit = limit
  }

  get size(): number {
    return this.#sessions.size
  }

  /** What a session was asked for so far; nothing when there is no such session. */
  partitionsOf(sessionId: number): WantedPartition[] {
    const session = this.#sessions.get(sessionId)
    return session === undefined ? [] : wantedOf(session)
  }

  /** The context of a fetch, or the error that the whole response is to carry. */
  open(request: SessionRequest): FetchContext | number {
    const { sessionId, sessionEpoch } = request
    if (sessionEpoch === INITIAL_EPOCH || sessionEpoch === FINAL_EPOCH) {
      // A full fetch ends the session it names.
      this.#sessions.delete(sessionId)
      return sessionEpoch === FINAL_EPOCH ? sessionless(request.wanted) : this.#full(request)
    }
    const session = this.#sessions.get(sessionId)
    if (session === undefined) return ErrorCode.FETCH_SESSION_ID_NOT_FOUND
    if (session.epoch !== sessionEpoch) return ErrorCode.INVALID_FETCH_SESSION_EPOCH
    if (session.usesTopicIds !== request.usesTopicIds) return ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR
    session.update(request.wanted, request.forgotten)
    this.#sessions.delete(sessionId)
    // One that has nothing left ends, and this fetch is answered as if there had been none.
    if (session.partitions.size === 0) return sessionless(request.wanted)
    session.epoch = session.epoch === MAX_EPOCH ? 1 : session.epoch + 1
    session.lastUsed = this.#env.now()
    this.#sessions.set(sessionId, session)
    return {
      wanted: wantedOf(session),
      id: session.id,
      conclude: () => session.id,
      isNews: (wanted, answer) => session.tell(wanted, answer),
    }
  }

  #full(request: SessionRequest): FetchContext {
    const { wanted, usesTopicIds } = request
    const session = this.#hasRoom() ? new Session(this.#newId(), usesTopicIds, this.#env.now()) : undefined
    if (session === undefined) return sessionless(wanted)
    session.update(wanted, [])
    return {
      wanted: wantedOf(session),
      id: 0,
      conclude: () => {
        this.#sessions.set(session.id, session)
        return session.id
      },
      isNews: (partition, answer) => {
        session.tell(partition, answer)
        return true
      },
    }
  }

  #hasRoom(): boolean {
    if (this.#sessions.size < this.#limit) return true
    const [oldest] = this.#sessions.values()
    if (oldest === undefined || this.#env.now() - oldest.lastUsed <= STALE_AFTER_MS) return false
    this.#sessions.delete(oldest.id)
    return true
  }

  #newId(): number {
    for (;;) {
      const id = 1 + Math.floor(this.#env.random() * (MAX_EPOCH - 1))
      if (!this.#sessions.has(id)) return id
    }
  }
}

function sessionless(wanted: WantedPartition[]): FetchContext {
  return { wanted, id: 0, conclude: () => 0, isNews: () => true }
}

/** A copy: telling changes the order. */
function wantedOf(session: Session): WantedPartition[] {
  return Array.from(session.partitions.values(), (told) => told.wanted)
}

function keyOf(partition: ForgottenPartition): string {
  return `${partition.partition} ${partition.topicId} ${partition.topic}`
}
