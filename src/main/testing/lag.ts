/** Waits until a group has caught up, whoever its members are. */
import { KafkaError } from '../../shared/errors.ts'
import type { Kafka } from '../index.ts'
import { type ClusterAccess, withClient } from './cluster-access.ts'
import { type LookLimits, poll, type WaitOptions } from './marks.ts'

/** A group and what it is to have read. */
export interface LagQuestion {
  groupName: string
  topics: readonly string[]
}

const WAIT_MS = 10_000
const SHOWN = 10

/**
 * Resolves when the group has committed all that is in these topics; what was produced before the call counts, what comes meanwhile too.
 *
 * @throws KafkaError TIMEOUT, which lists the partitions that are behind; ABORTED
 */
export function waitForLag0(
  cluster: ClusterAccess,
  { groupName, topics }: LagQuestion,
  { timeoutMs = WAIT_MS, signal }: WaitOptions = {},
): Promise<void> {
  if (typeof groupName !== 'string' || !Array.isArray(topics) || topics.length === 0) {
    throw new KafkaError('INVALID_ARGUMENT', 'waitForLag0() takes { groupName, topics }, with a topic at least.')
  }
  return withClient(cluster, async (kafka) => {
    let behind: string[] = []
    const caughtUp = await poll({ timeoutMs, signal }, async (limits) => {
      behind = await behindOf(kafka, groupName, topics, limits)
      return behind.length === 0 ? true : undefined
    })
    if (caughtUp) return
    const list = behind.slice(0, SHOWN).join('\n  ')
    const more = behind.length > SHOWN ? `\n  and ${behind.length - SHOWN} more` : ''
    const text = `Group '${groupName}' has not caught up within ${timeoutMs} ms. Behind are:\n  ${list}${more}`
    throw new KafkaError('TIMEOUT', text, { group: groupName, elapsedMs: timeoutMs })
  })
}

/** The partitions that are behind, in words. */
async function behindOf(kafka: Kafka, groupName: string, topics: readonly string[], limits: LookLimits): Promise<string[]> {
  // asked first, so that it cannot be ahead of the ends
  const committed = await kafka.admin.groupOffsets(groupName, topics, limits)
  const places = (timestamp: 'earliest' | 'latest') => committed.map(({ topic, partition }) => ({ topic, partition, timestamp }))
  const ends = await kafka.admin.listOffsets(places('latest'), { ...limits, isolationLevel: 'read_committed' })
  const starts = await kafka.admin.listOffsets(places('earliest'), limits)
  return committed.flatMap(({ topic, partition, offset }, i) => {
    const end = ends[i]!.offset
    // where there is nothing, nothing has to be committed
    if (offset >= end || starts[i]!.offset >= end) return []
    return [`${topic}-${partition}: ${offset < 0 ? 'nothing is committed' : `committed ${offset}`}, the log ends at ${end}`]
  })
}
