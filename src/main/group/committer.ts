/**
 * Commits a group's offsets: what is handed in while a request is under way travels together in the next one, the newest offset of
 * each partition only. Retries until it succeeds, or the partition is no longer ours; knows no records and decides nothing about
 * what may be committed (IC3).
 */
import { retryAt } from '../../shared/backoff.ts'
import type { Env, Timer } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import type { IoApi } from '../../shared/io-api.ts'
import { adviceFor } from '../../shared/protocol/error-advice.ts'
import { brokerError, ErrorCode } from '../../shared/protocol/errors.ts'
import { type OffsetCommitResponse, offsetCommit } from '../../shared/protocol/generated/offset-commit.ts'
import type { GroupCoordinates } from './positions.ts'

/** Brokers refuse longer ones, unless configured otherwise. */
export const METADATA_BYTES = 4_096

/** The position of a partition: the offset of the next record to be processed. */
export interface Commit {
  topic: string
  topicId: string
  partition: number
  handle: number
  offset: number
  /** Of the last record processed; −1: unknown. */
  leaderEpoch: number
  metadata: string
}

export interface CommitterEvents {
  /** A coordinator refused; it is tried again, unless `final`. */
  onRefused(commit: Commit, error: KafkaError, final: boolean): void
  onCommitted(commit: Commit): void
}

export interface CommitterContext {
  env: Env
  io: Pick<IoApi, 'call'>
  options: { requestTimeoutMs: number; retryBackoffMs: number }
}

const BACKOFF_MAX_MS = 10_000

/** What is to be committed for a partition, and who waits for it. */
interface Pending {
  commit: Commit
  waiters: PromiseWithResolvers<void>[]
}

export class Committer {
  readonly #lines: Line[]

  /** Partitions are spread over `count` lines; each has one request under way at a time. */
  constructor(
    context: CommitterContext,
    coordinates: GroupCoordinates,
    { instanceId, count }: { instanceId: string | undefined; count: number },
    events: CommitterEvents,
  ) {
    this.#lines = Array.from({ length: count }, () => new Line(context, coordinates, instanceId, events))
  }

  /** Resolves when this offset or a later one of the partition is committed; rejects when it never will be. */
  commit(commit: Commit): Promise<void> {
    return this.#lineOf(commit.handle).add(commit)
  }

  /** Nothing more is committed for the partition; who waits is told `reason`. */
  drop(handle: number, reason: KafkaError): void {
    this.#lineOf(handle).drop(handle, reason)
  }

  /** The partition is given back: that the coordinator does not know its topic means that it was deleted, and is no reason to wait. */
  ending(handle: number): void {
    this.#lineOf(handle).ending(handle)
  }

  close(reason: KafkaError): void {
    for (const line of this.#lines) line.close(reason)
  }

  #lineOf(handle: number): Line {
    return this.#lines[handle % this.#lines.length]!
  }
}

class Line {
  readonly #context: CommitterContext
  readonly #coordinates: GroupCoordinates
  readonly #instanceId: string | undefined
  readonly #events: CommitterEvents
  /** By handle. */
  #waiting = new Map<number, Pending>()
  #underWay = new Map<number, Pending>()
  /** Handles of partitions that are given back. */
  readonly #ending = new Set<number>()
  #busy = false
  #failures = 0
  #timer: Timer | undefined
  #closed = false

  constructor(context: CommitterContext, coordinates: GroupCoordinates, instanceId: string | undefined, events: CommitterEvents) {
    this.#context = context
    this.#coordinates = coordinates
    this.#instanceId = instanceId
    this.#events = events
  }

  add(commit: Commit): Promise<void> {
    const waiter = Promise.withResolvers<void>()
    this.#enter({ commit, waiters: [waiter] })
    this.#pump()
    return waiter.promise
  }

  ending(handle: number): void {
    this.#ending.add(handle)
    if (this.#waiting.has(handle)) this.hurry()
  }

  drop(handle: number, reason: KafkaError): void {
    this.#ending.delete(handle)
    for (const from of [this.#waiting, this.#underWay]) {
      const pending = from.get(handle)
      from.delete(handle)
      if (pending) for (const { reject } of pending.waiters) reject(reason)
    }
  }

  hurry(): void {
    if (this.#timer === undefined) return
    this.#context.env.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#pump()
  }

  close(reason: KafkaError): void {
    this.#closed = true
    if (this.#timer !== undefined) this.#context.env.clearTimeout(this.#timer)
    for (const handle of [...this.#waiting.keys(), ...this.#underWay.keys()]) this.drop(handle, reason)
  }

  /** A later position of the same partition stands for an earlier one. */
  #enter(pending: Pending): void {
    const { handle } = pending.commit
    const other = this.#waiting.get(handle)
    if (!other) {
      this.#waiting.set(handle, pending)
      return
    }
    other.waiters.push(...pending.waiters)
    if (pending.commit.offset > other.commit.offset) other.commit = pending.commit
  }

  #pump(): void {
    if (this.#busy || this.#closed || this.#timer !== undefined || this.#waiting.size === 0) return
    this.#busy = true
    // behind the microtasks: what many partitions hand in because of one answer is one request
    this.#context.env.defer(() => {
      void this.#send().finally(() => {
        this.#busy = false
        this.#pump()
      })
    })
  }

  async #send(): Promise<void> {
    const batch = (this.#underWay = this.#waiting)
    this.#waiting = new Map()
    if (batch.size === 0) return
    const { io, options } = this.#context
    let nodeId = -1
    try {
      nodeId = await this.#coordinates.coordinator()
      if (batch.size === 0) return
      const { body } = await io.call(nodeId, offsetCommit.key, this.#request(batch), {
        timeoutMs: options.requestTimeoutMs,
        link: 'group',
      })
      this.#answered(batch, body as OffsetCommitResponse, nodeId)
    } catch (thrown) {
      const error = KafkaError.from(thrown, 'OffsetCommit')
      if (nodeId >= 0) this.#coordinates.coordinatorFailed(nodeId, error)
      for (const pending of batch.values()) this.#events.onRefused(pending.commit, error, false)
      this.#again(batch)
    } finally {
      this.#underWay = new Map()
    }
  }

  #request(batch: ReadonlyMap<number, Pending>) {
    const topics = new Map<string, { name: string; topicId: string; partitions: object[] }>()
    for (const { commit } of batch.values()) {
      let topic = topics.get(commit.topicId)
      if (!topic) topics.set(commit.topicId, (topic = { name: commit.topic, topicId: commit.topicId, partitions: [] }))
      topic.partitions.push({
        partitionIndex: commit.partition,
        committedOffset: commit.offset,
        committedLeaderEpoch: commit.leaderEpoch,
        committedMetadata: commit.metadata,
      })
    }
    return {
      groupId: this.#coordinates.groupId,
      generationIdOrMemberEpoch: this.#coordinates.memberEpoch(),
      memberId: this.#coordinates.memberId(),
      groupInstanceId: this.#instanceId ?? null,
      topics: [...topics.values()],
    }
  }

  #answered(batch: Map<number, Pending>, { topics }: OffsetCommitResponse, nodeId: number): void {
    const codes = new Map<string, number>()
    for (const { name, topicId, partitions } of topics) {
      // by name up to version 9, by id from 10 on
      for (const { partitionIndex, errorCode } of partitions) {
        codes.set(`${name} ${partitionIndex}`, errorCode)
        codes.set(`${topicId} ${partitionIndex}`, errorCode)
      }
    }
    const again = new Map<number, Pending>()
    for (const [handle, pending] of batch) {
      const { topic, topicId, partition } = pending.commit
      const code = codes.get(`${topicId} ${partition}`) ?? codes.get(`${topic} ${partition}`)
      if (code === ErrorCode.NONE) {
        this.#events.onCommitted(pending.commit)
        for (const { resolve } of pending.waiters) resolve()
      } else if (this.#refused(pending, code ?? ErrorCode.UNKNOWN_SERVER_ERROR, nodeId)) again.set(handle, pending)
    }
    if (again.size === 0) this.#failures = 0
    else this.#again(again)
  }

  /** True when it is to be tried again. */
  #refused(pending: Pending, code: number, nodeId: number): boolean {
    const { commit, waiters } = pending
    const error = commitError(this.#coordinates.groupId, commit, code)
    if (code === ErrorCode.OFFSET_METADATA_TOO_LARGE && commit.metadata !== '') {
      pending.commit = { ...commit, metadata: '' }
      return true
    }
    if (FINAL.has(code) || (GONE.has(code) && this.#ending.has(commit.handle))) {
      this.#events.onRefused(commit, error, true)
      for (const { reject } of waiters) reject(error)
      return false
    }
    if (MOVED.has(code)) this.#coordinates.coordinatorFailed(nodeId, error)
    // an epoch that went up meanwhile is in the next request; a member that is none any more learns it from its heartbeats, and drops all
    if (code !== ErrorCode.STALE_MEMBER_EPOCH) this.#events.onRefused(commit, error, false)
    return true
  }

  #again(batch: ReadonlyMap<number, Pending>): void {
    for (const pending of batch.values()) this.#enter(pending)
    if (this.#closed || this.#waiting.size === 0) return
    const { env, options } = this.#context
    const now = env.now()
    const at = retryAt(now, ++this.#failures, { initialMs: options.retryBackoffMs, maxMs: BACKOFF_MAX_MS })
    this.#timer = env.setTimeout(() => {
      this.#timer = undefined
      this.#pump()
    }, at - now)
  }
}

/** It can never be right. A topic that the coordinator does not know may be news to it; if it is gone, the group takes it away. */
const FINAL: ReadonlySet<number> = new Set([
  ErrorCode.OFFSET_METADATA_TOO_LARGE,
  ErrorCode.INVALID_GROUP_ID,
  ErrorCode.INVALID_REQUEST,
])
/** When the partition is given back anyway. */
const GONE: ReadonlySet<number> = new Set([ErrorCode.UNKNOWN_TOPIC_ID, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION])
const MOVED: ReadonlySet<number> = new Set([ErrorCode.NOT_COORDINATOR, ErrorCode.COORDINATOR_NOT_AVAILABLE])

function commitError(groupId: string, { topic, partition, offset }: Commit, code: number): KafkaError {
  const { name, retriable } = brokerError(code)
  const advice = adviceFor(code)
  const text = `The coordinator of group '${groupId}' refused the offset ${offset} of ${topic}-${partition}: ${name}.${advice && ` ${advice}`}`
  return new KafkaError('BROKER_ERROR', text, {
    api: 'OffsetCommit',
    topic,
    partition,
    offset,
    brokerError: name,
    brokerErrorCode: code,
    retriable,
  })
}
