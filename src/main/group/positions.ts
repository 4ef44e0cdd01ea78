/**
 * Where an assigned partition begins: at its committed offset, or where the reset policy says, which counts only when the coordinator
 * has confirmed that nothing is committed (IC2, F49). Each partition gets its own result as soon as it is known. Knows no feed.
 */
import { KafkaError } from '../../shared/errors.ts'
import type { IsolationLevel } from '../../shared/types.ts'
import { type Committed, type CommittedPlace, findCommitted, type GroupCoordinates } from './committed-offsets.ts'
import { findResetOffsets, type PositionContext, type ResetPlace, type ResetPolicy } from './reset-offsets.ts'

export type { GroupCoordinates } from './committed-offsets.ts'
export type { PositionContext, ResetPolicy } from './reset-offsets.ts'

/** A partition that is to be read. */
export interface StartPlace extends CommittedPlace {
  /**
   * It came to be after the group was subscribed to its topic: what was produced before it was discovered must not be missed, so that
   * 'latest' means 'earliest' (F9).
   */
  readonly bornLater: boolean
}

/** The options of a topic that decide where to begin. */
export interface StartPolicy {
  readonly offsetResetPolicy: ResetPolicy
  readonly isolationLevel: IsolationLevel
}

export interface StartPosition {
  readonly ok: true
  offset: number
  /** Of the record before `offset`, or of the one there: what a credit takes as `lastFetchedEpoch`. −1: unknown. */
  leaderEpoch: number
  /** What was committed with the offset; undefined when the offset comes from the reset policy. */
  committed: { metadata: string } | undefined
}

/** Where to begin, or why that cannot be said. */
export type StartResult = StartPosition | { readonly ok: false; error: KafkaError }

export interface PositionOptions {
  /** Ends the search: what is not found by then is an error with code ABORTED, or the reason when that is of a client that closes. */
  signal: AbortSignal
}

/**
 * One promise for each partition, in their order; none of them rejects. What passes by itself is tried again until the signal is
 * aborted; what does not (no permission, policy 'error') is the result of that partition alone.
 */
export function findPositions(
  context: PositionContext,
  partitions: readonly StartPlace[],
  coordinates: GroupCoordinates,
  policyOf: (topic: string) => StartPolicy,
  { signal }: PositionOptions,
): Promise<StartResult>[] {
  const searches = partitions.map(({ topic, topicId, partition, bornLater }) => {
    const { promise, resolve } = Promise.withResolvers<StartResult>()
    return { topic, topicId, partition, bornLater, promise, resolve }
  })
  const byTopic = new Map(searches.map(({ topic }) => [topic, policyOf(topic)]))
  const resets: Promise<void>[] = []
  let batch: (ResetPlace & (typeof searches)[number])[] = []
  const reset = (): void => {
    const places = batch
    batch = []
    const work = findResetOffsets(context, places, signal, ({ resolve }, result) => resolve(resultOf(result)))
    // whatever ends the search ends it for those that have no result yet
    resets.push(work.catch((thrown) => fail(places, thrown)))
  }
  const found = (search: (typeof searches)[number], committed: Committed | undefined | KafkaError): void => {
    const { offsetResetPolicy, isolationLevel } = byTopic.get(search.topic)!
    if (committed !== undefined) search.resolve(resultOf(committed))
    else if (offsetResetPolicy === 'error') search.resolve({ ok: false, error: noOffset(coordinates.groupId, search) })
    else {
      const policy = offsetResetPolicy === 'latest' && search.bornLater ? 'earliest' : offsetResetPolicy
      // those of one answer go together
      if (batch.push({ ...search, policy, isolationLevel }) === 1) queueMicrotask(reset)
    }
  }
  findCommitted(context, coordinates, searches, signal, found).catch((thrown) => fail(searches, thrown))
  return searches.map(({ promise }) => promise)
}

/**
 * Where to go on after a read failed with OFFSET_OUT_OF_RANGE or LOG_TRUNCATED (`reason`). With the policy 'error' the reason is the
 * result. A truncated log is read on from where it diverges, since what is there now was never read.
 */
export async function resetPosition(
  context: PositionContext,
  place: CommittedPlace,
  { offsetResetPolicy, isolationLevel }: StartPolicy,
  reason: KafkaError,
  { signal }: PositionOptions,
): Promise<StartResult> {
  if (offsetResetPolicy === 'error') return { ok: false, error: reason }
  const { offset } = reason.context
  if (reason.code === 'LOG_TRUNCATED' && offset !== undefined) return resultOf({ offset, leaderEpoch: -1 })
  const { topic, topicId, partition } = place
  let result: StartResult | undefined
  try {
    const wanted = [{ topic, topicId, partition, policy: offsetResetPolicy, isolationLevel }]
    await findResetOffsets(context, wanted, signal, (_, found) => {
      result = resultOf(found)
    })
  } catch (thrown) {
    result = { ok: false, error: KafkaError.from(thrown, 'resetPosition') }
  }
  return result!
}

function fail(searches: readonly { resolve(result: StartResult): void }[], thrown: unknown): void {
  const error = KafkaError.from(thrown, 'findPositions')
  for (const { resolve } of searches) resolve({ ok: false, error })
}

function resultOf(found: { offset: number; leaderEpoch: number; metadata?: string } | KafkaError): StartResult {
  if (found instanceof KafkaError) return { ok: false, error: found }
  const { offset, leaderEpoch, metadata } = found
  return { ok: true, offset, leaderEpoch, committed: metadata === undefined ? undefined : { metadata } }
}

function noOffset(groupId: string, { topic, partition }: CommittedPlace): KafkaError {
  const text = `Group '${groupId}' has committed no offset of ${topic}-${partition}, and offsetResetPolicy 'error' forbids to choose one. Commit one for it, or set the policy to 'earliest', 'latest' or { byDuration }.`
  return new KafkaError('NO_OFFSET', text, { topic, partition })
}
