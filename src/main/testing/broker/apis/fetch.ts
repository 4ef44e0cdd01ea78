/**
 * Fetch: answers at once when there is enough, else waits for it (a long poll) without holding up anyone but its own
 * connection. The bytes of the response are the log's own, not copies.
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import { type FetchRequest, type FetchResponse, fetch } from '../../../../shared/protocol/generated/fetch.ts'
import type { FetchContext, ForgottenPartition, WantedPartition } from '../fetch-session.ts'
import type { Handler, RequestContext } from '../handler.ts'
import type { Watcher } from '../partition.ts'
import { type FetchedPartition, type Readings, type ReadLimits, readAll } from './fetch-read.ts'

const TOPIC_IDS_SINCE = 13
const READ_COMMITTED = 1
/** Kafka's `fetch.max.bytes`: whatever the client asks for, a response has no more records than that. */
export const MAX_RESPONSE_BYTES = 55 * 1024 * 1024

/** Errors that are about the session and so about the whole response. */
const SESSION_ERRORS: ReadonlySet<number> = new Set([
  ErrorCode.FETCH_SESSION_ID_NOT_FOUND,
  ErrorCode.INVALID_FETCH_SESSION_EPOCH,
  ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR,
])

export const fetchHandler: Handler<FetchRequest, FetchResponse> = {
  api: fetch,
  handle(request, context) {
    const { rule } = context.faults
    if (rule?.kind === 'fail' && SESSION_ERRORS.has(rule.error ?? 0)) return { errorCode: rule.error }
    const session = context.node.sessions.open({
      sessionId: request.sessionId,
      sessionEpoch: request.sessionEpoch,
      usesTopicIds: context.version >= TOPIC_IDS_SINCE,
      wanted: wantedOf(request),
      forgotten: forgottenOf(request),
    })
    if (typeof session === 'number') return { errorCode: session }
    const limits = {
      maxBytes: Math.min(request.maxBytes, MAX_RESPONSE_BYTES),
      readCommitted: request.isolationLevel === READ_COMMITTED,
      rackId: request.rackId,
    }
    const readings = readAll(session.wanted, limits, context)
    const enough = readings.length >= request.minBytes || readings.urgent || readings.list.length === 0
    if (enough || request.maxWaitMs <= 0) return respond(session, readings, context)
    return wait(request, session, readings, limits, context)
  },
}

function wantedOf({ topics }: FetchRequest): WantedPartition[] {
  const wanted: WantedPartition[] = []
  for (const { topic, topicId, partitions } of topics) {
    for (const { partition, currentLeaderEpoch, fetchOffset, lastFetchedEpoch, partitionMaxBytes } of partitions) {
      wanted.push({ topic, topicId, partition, currentLeaderEpoch, fetchOffset, lastFetchedEpoch, partitionMaxBytes })
    }
  }
  return wanted
}

function forgottenOf({ forgottenTopicsData }: FetchRequest): ForgottenPartition[] {
  return forgottenTopicsData.flatMap(({ topic, topicId, partitions }) => {
    return partitions.map((partition) => ({ topic, topicId, partition }))
  })
}

/** Ends when enough was appended, something happened to a partition, or the time is up; then reads once more. */
function wait(
  request: FetchRequest,
  session: FetchContext,
  first: Readings,
  limits: ReadLimits,
  context: RequestContext,
): Promise<Draft<FetchResponse>> {
  const { env, options } = context.cluster
  const patience = options.patience ?? env
  return new Promise((resolve) => {
    let length = first.length
    const stop = (): void => {
      patience.clearTimeout(timer)
      for (const { partition } of first.list) partition?.watchers.delete(watcher)
      stayed()
    }
    const finish = (): void => {
      stop()
      resolve(respond(session, readAll(session.wanted, limits, context), context))
    }
    // What is appended is not for readers of committed records before its transaction is over.
    const stable = (): number => first.list.reduce((sum, { partition }) => sum + (partition?.lastStableOffset ?? 0), 0)
    let seen = limits.readCommitted ? stable() : 0
    const watcher: Watcher = {
      appended(bytes) {
        if (limits.readCommitted) {
          const before = seen
          seen = stable()
          if (seen !== before) length = readAll(session.wanted, limits, context).length
        } else length += bytes
        if (length >= request.minBytes) finish()
      },
      disturbed: finish,
    }
    const timer = patience.setTimeout(finish, request.maxWaitMs)
    const stayed = context.onGone(stop)
    for (const { partition } of first.list) partition?.watchers.add(watcher)
  })
}

function respond(session: FetchContext, { list, hints }: Readings, { faults }: RequestContext): Draft<FetchResponse> {
  // who is throttled gets nothing, and a session that was asked for is not made
  if (faults.rule?.kind === 'throttle') return { sessionId: session.id }
  const topics = new Map<string, { topic: string; topicId: string; partitions: FetchedPartition[] }>()
  for (const { wanted, answer, length } of list) {
    const news = session.isNews(wanted, {
      errorCode: answer.errorCode ?? 0,
      highWatermark: answer.highWatermark ?? -1,
      logStartOffset: answer.logStartOffset ?? -1,
      hasRecords: length > 0,
      diverges: answer.divergingEpoch !== undefined,
      isElsewhere: answer.preferredReadReplica !== undefined,
    })
    if (!news) continue
    const { topic, topicId } = wanted
    const key = `${topicId} ${topic}`
    let group = topics.get(key)
    if (group === undefined) topics.set(key, (group = { topic, topicId, partitions: [] }))
    group.partitions.push(answer)
  }
  return { sessionId: session.conclude(), responses: [...topics.values()], ...hints.endpoints() }
}
