/**
 * Where a reset policy points in the logs of partitions: asks their leaders until they answer, each leader on its own, so that one
 * that is slow or missing holds up nobody else's partitions. Knows no group.
 */
import { backoffMs } from '../../shared/backoff.ts'
import type { Env } from '../../shared/env.ts'
import { KafkaError } from '../../shared/errors.ts'
import type { IsolationLevel } from '../../shared/types.ts'
import { askLeader, byLeader, leaderless, type OffsetItem, offsetItem } from '../list-offsets.ts'
import type { Metadata } from '../metadata.ts'
import type { AdminContext } from '../retrying.ts'
import { aborted, pause } from '../wait.ts'

/** Where to begin without a committed offset: a place, a time so long ago, or not at all. */
export type ResetPolicy = 'earliest' | 'latest' | 'error' | { readonly byDuration: number }

export interface PositionContext extends AdminContext {
  env: AdminContext['env'] & Pick<Env, 'wallClock'>
  metadata: AdminContext['metadata'] & Pick<Metadata, 'cached'>
}

export interface ResetPlace {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly policy: Exclude<ResetPolicy, 'error'>
  /** Decides where 'latest' is: at the high watermark, or before the first open transaction. */
  readonly isolationLevel: IsolationLevel
}

export interface ResetOffset {
  offset: number
  /** −1: unknown. */
  leaderEpoch: number
}

interface Search<P> {
  place: P
  item: OffsetItem
}

/** Tells `found` once for each place: the offset, or a final error. Rejects when the signal is aborted before all are found. */
export async function findResetOffsets<P extends ResetPlace>(
  context: PositionContext,
  places: readonly P[],
  signal: AbortSignal,
  found: (place: P, result: ResetOffset | KafkaError) => void,
): Promise<void> {
  const now = context.env.wallClock()
  const searches = places.map((place) => ({ place, item: itemOf(place, now) }))
  const byLevel = Map.groupBy(searches, ({ place }) => place.isolationLevel)
  await Promise.all(Array.from(byLevel, ([level, some]) => round(context, some, level, signal, found, 1)))
}

function itemOf({ topic, partition, policy }: ResetPlace, now: number): OffsetItem {
  const timestamp = typeof policy === 'string' ? policy : Math.max(0, Math.floor(now - policy.byDuration))
  return offsetItem({ topic, partition, timestamp })
}

/** One request to each leader; what stays open goes on from there by itself. */
async function round<P extends ResetPlace>(
  context: PositionContext,
  searches: readonly Search<P>[],
  level: IsolationLevel,
  signal: AbortSignal,
  found: (place: P, result: ResetOffset | KafkaError) => void,
  tries: number,
): Promise<void> {
  if (signal.aborted) throw aborted(signal, 'offsets to begin at')
  const { env, metadata, options } = context
  const bounds = { initialMs: options.retryBackoffMs, maxMs: options.retryBackoffMaxMs }
  const limits = { signal, deadline: Number.POSITIVE_INFINITY }
  const again = async (some: readonly Search<P>[]): Promise<void> => {
    if (some.length === 0) return
    await pause(env, backoffMs(tries, bounds, env.random()), { signal }, 'offsets to begin at')
    await round(context, some, level, signal, found, tries + 1)
  }
  const asking: Search<P>[] = []
  const waiting: Search<P>[] = []
  for (const search of searches) {
    const { topic, topicId, partition } = search.place
    const view = metadata.cached(topic)
    const target = view?.topicId === topicId ? view.partitions[partition] : undefined
    if (!target) {
      found(search.place, goneError(search.place))
      continue
    }
    search.item.leaderEpoch = target.leaderEpoch
    search.item.leader = target.leader
    if (target.leader >= 0) asking.push(search)
    else {
      leaderless(context, search.item)
      waiting.push(search)
    }
  }
  const byItem = new Map(asking.map((search) => [search.item, search]))
  const requests = byLeader(asking.map(({ item }) => item))
  await Promise.all([
    again(waiting),
    ...requests.map(async (request) => {
      try {
        await askLeader(context, request, level, limits)
      } catch (thrown) {
        if (signal.aborted) throw thrown
        for (const item of request.items) item.error ??= KafkaError.from(thrown, 'ListOffsets')
      }
      const some = request.items.map((item) => byItem.get(item)!)
      await again(some.filter(({ place, item }) => !isFound(place, item, found)))
    }),
  ])
}

/** Tells what was found; false when it has to be looked for once more. */
function isFound<P extends ResetPlace>(
  place: P,
  item: OffsetItem,
  tell: (place: P, result: ResetOffset | KafkaError) => void,
): boolean {
  if (item.error) tell(place, item.error)
  else if (!item.found) return false
  else if (item.found.offset >= 0) tell(place, { offset: item.found.offset, leaderEpoch: item.found.leaderEpoch })
  else {
    // nothing is that young (KIP-1106)
    Object.assign(item, offsetItem({ ...place, timestamp: 'latest' }))
    return false
  }
  return true
}

/** The partition of that topic id is no more; what was meant for it must not be applied to another of the same name. */
function goneError({ topic, partition }: ResetPlace): KafkaError {
  const text = `Topic '${topic}' was deleted, or deleted and created again, before it was known where to begin in its partition ${partition}.`
  return new KafkaError('UNKNOWN_TOPIC', text, { topic, partition, api: 'ListOffsets' })
}
