/**
 * What a group has committed for partitions, asked of its coordinator until it says so: an error is never taken for "nothing" (IC2).
 * Knows no reset policy.
 */
import { backoffMs } from '../../shared/backoff.ts'
import { isRefusal, KafkaError } from '../../shared/errors.ts'
import { withAdvice } from '../../shared/protocol/error-advice.ts'
import { brokerError, ErrorCode } from '../../shared/protocol/errors.ts'
import type { OffsetFetchResponse, OffsetFetchResponsePartitions } from '../../shared/protocol/generated/offset-fetch.ts'
import { type AdminContext, worthAnotherTry } from '../retrying.ts'
import { pause, within } from '../wait.ts'

/** Who asks, and whom. */
export interface GroupCoordinates {
  readonly groupId: string
  memberId(): string
  memberEpoch(): number
  /** The node id; looked for when it is not known. */
  coordinator(): Promise<number>
  /** It would not answer, or is not the coordinator: the next {@link coordinator} looks anew. */
  coordinatorFailed(nodeId: number, error: KafkaError): void
}

/** A partition by name and id; brokers want the one or the other. */
export interface CommittedPlace {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
}

export interface Committed {
  offset: number
  /** −1: unknown. */
  leaderEpoch: number
  metadata: string
}

type Answer = OffsetFetchResponsePartitions | undefined

const OFFSET_FETCH = 9
const API = 'OffsetFetch'
/** What a member is told until it has heard of its new epoch, or that it is none any more; then the search is aborted. */
const NOT_OURS_NOW: ReadonlySet<number> = new Set([
  ErrorCode.STALE_MEMBER_EPOCH,
  ErrorCode.FENCED_MEMBER_EPOCH,
  ErrorCode.UNKNOWN_MEMBER_ID,
  ErrorCode.ILLEGAL_GENERATION,
  ErrorCode.REBALANCE_IN_PROGRESS,
  ErrorCode.GROUP_ID_NOT_FOUND,
])
const MOVED: ReadonlySet<number> = new Set([ErrorCode.NOT_COORDINATOR, ErrorCode.COORDINATOR_NOT_AVAILABLE])
/** Another answer may come when the topic is known to the coordinator, too. */
const UNKNOWN_HERE: ReadonlySet<number> = new Set([ErrorCode.UNKNOWN_TOPIC_ID, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION])

/**
 * Tells `found` once for each place: what is committed, undefined when the coordinator says that nothing is, or a final error. Rejects
 * when the signal is aborted before all are found.
 */
export async function findCommitted<P extends CommittedPlace>(
  context: AdminContext,
  coordinates: GroupCoordinates,
  places: readonly P[],
  signal: AbortSignal,
  found: (place: P, committed: Committed | undefined | KafkaError) => void,
): Promise<void> {
  const { env, options } = context
  const bounds = { initialMs: options.retryBackoffMs, maxMs: options.retryBackoffMaxMs }
  let open = [...places]
  for (let tries = 1; open.length > 0; tries++) {
    const epoch = coordinates.memberEpoch()
    let failure: KafkaError | undefined
    let answers: ((place: CommittedPlace) => Answer) | undefined
    try {
      answers = await ask(context, coordinates, open, signal)
    } catch (thrown) {
      failure = KafkaError.from(thrown, API)
      if (signal.aborted) throw failure
    }
    if (failure && !mayPass(failure)) {
      for (const place of open) found(place, failure.with({ topic: place.topic, partition: place.partition }))
      return
    }
    if (answers) {
      const judged = open.map((place) => ({ place, verdict: judge(coordinates.groupId, place, answers(place)) }))
      open = []
      for (const { place, verdict } of judged) {
        if (verdict instanceof KafkaError && mayPass(verdict)) open.push(place)
        else found(place, verdict)
      }
    }
    // the member has heard of its new epoch while it asked
    const atOnce = failure !== undefined && isNotOursNow(failure) && coordinates.memberEpoch() !== epoch
    if (open.length > 0 && !atOnce)
      await pause(env, backoffMs(tries, bounds, env.random()), { signal }, `committed offsets of group '${coordinates.groupId}'`)
  }
}

async function ask(
  { env, io, options }: AdminContext,
  coordinates: GroupCoordinates,
  places: readonly CommittedPlace[],
  signal: AbortSignal,
): Promise<(place: CommittedPlace) => Answer> {
  const { groupId } = coordinates
  const what = `committed offsets of group '${groupId}'`
  const nodeId = await within(env, { signal }, `the coordinator of group '${groupId}'`, coordinates.coordinator())
  const topics = Array.from(
    Map.groupBy(places, ({ topic }) => topic),
    ([name, parts]) => ({
      name,
      topicId: parts[0]!.topicId,
      partitionIndexes: parts.map(({ partition }) => partition),
    }),
  )
  const group = { groupId, memberId: coordinates.memberId(), memberEpoch: coordinates.memberEpoch(), topics }
  const request = { groups: [group], requireStable: true }
  try {
    const timeoutMs = options.requestTimeoutMs
    const { body, broker } = await within(env, { signal }, what, io.call(nodeId, OFFSET_FETCH, request, { timeoutMs }))
    const answer = (body as OffsetFetchResponse).groups.find((one) => one.groupId === groupId)
    if (!answer) throw noAnswer(groupId, broker)
    if (answer.errorCode !== ErrorCode.NONE) throw refused(groupId, answer.errorCode, broker)
    const byPlace = new Map<string, Answer>()
    for (const { name, topicId, partitions } of answer.topics)
      for (const one of partitions) byPlace.set(`${one.partitionIndex} ${name === '' ? topicId : name}`, one)
    return ({ topic, topicId, partition }) => byPlace.get(`${partition} ${topic}`) ?? byPlace.get(`${partition} ${topicId}`)
  } catch (thrown) {
    const error = KafkaError.from(thrown, API)
    const { brokerErrorCode } = error.context
    const lost = brokerErrorCode === undefined ? worthAnotherTry(error) : MOVED.has(brokerErrorCode)
    // an I/O thread that crashed says nothing about the broker
    if (lost && error.code !== 'WORKER_DIED' && !signal.aborted) coordinates.coordinatorFailed(nodeId, error)
    throw error
  }
}

function judge(groupId: string, { topic, partition }: CommittedPlace, answer: Answer): Committed | undefined | KafkaError {
  const where = { topic, partition }
  if (!answer) return noAnswer(groupId, undefined, where)
  const { errorCode, committedOffset, committedLeaderEpoch, metadata } = answer
  if (errorCode !== ErrorCode.NONE) return refused(groupId, errorCode, undefined, where)
  if (committedOffset < 0) return undefined
  return { offset: committedOffset, leaderEpoch: committedLeaderEpoch, metadata: metadata ?? '' }
}

function mayPass(error: KafkaError): boolean {
  const { brokerErrorCode } = error.context
  return (
    worthAnotherTry(error) ||
    isRefusal(error) ||
    isNotOursNow(error) ||
    (brokerErrorCode !== undefined && UNKNOWN_HERE.has(brokerErrorCode))
  )
}

function isNotOursNow({ context: { brokerErrorCode } }: KafkaError): boolean {
  return brokerErrorCode !== undefined && NOT_OURS_NOW.has(brokerErrorCode)
}

interface Where {
  topic: string
  partition: number
}

function refused(groupId: string, errorCode: number, broker: string | undefined, where?: Where): KafkaError {
  const { name, retriable } = brokerError(errorCode)
  const of = where ? ` of ${where.topic}-${where.partition}` : ''
  const text = withAdvice(`The coordinator would not say what group '${groupId}' has committed${of}: ${name}.`, errorCode)
  const context = { api: API, ...(broker !== undefined && { broker }), ...where }
  return new KafkaError('BROKER_ERROR', text, { ...context, brokerError: name, brokerErrorCode: errorCode, retriable })
}

function noAnswer(groupId: string, broker: string | undefined, where?: Where): KafkaError {
  const what = where ? `${where.topic}-${where.partition}` : 'the group'
  const text = `The coordinator of group '${groupId}' left ${what} out of its answer.`
  return new KafkaError('PROTOCOL_ERROR', text, { api: API, ...(broker !== undefined && { broker }), ...where, retriable: true })
}
