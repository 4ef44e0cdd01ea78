/**
 * Subscriptions by regular expression: an expression is matched against the cluster's topics a moment after its first subscriber
 * came, and again when there are new topics, not more often than `regexIntervalMs`. Each new result is a new group epoch.
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import { Refusal } from '../refusal.ts'
import { sameSet } from './assignment.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerMember } from './consumer-member.ts'
import type { GroupStore } from './store.ts'
import { compileTopicRegex } from './topic-regex.ts'

const MATCHING = 'regex'
/** Expressions are matched anew after so long even without new topics. */
const REFRESH_MS = 600_000

export interface RegexChange {
  /** The member has another expression than before. */
  changed: boolean
  /** Its topics are known already, so that the change takes effect at once. */
  known: boolean
}

/** Throws INVALID_REGULAR_EXPRESSION when the member is the first with an expression that is none. */
export function checkRegex(group: ConsumerGroup, before: ConsumerMember, regex: string): void {
  if (regex === '' || regex === before.regex || group.subscribersOf(regex) > 0) return
  try {
    compileTopicRegex(regex)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Refusal(
      ErrorCode.INVALID_REGULAR_EXPRESSION,
      `SubscribedTopicRegex \`${regex}\` is not a valid regular expression: ${why}.`,
    )
  }
}

/** To be called before `updated` takes the place of `before` in the group. */
export function changeRegex(
  store: GroupStore,
  group: ConsumerGroup,
  before: ConsumerMember,
  updated: ConsumerMember,
): RegexChange {
  const [old, regex] = [before.regex, updated.regex]
  const change: RegexChange = { changed: old !== regex, known: false }
  let unmatched = false
  const forgotten = change.changed && old !== '' && group.subscribersOf(old) === 1
  if (change.changed) {
    if (regex === '') change.known = old !== ''
    else if (group.subscribersOf(regex) === 0) unmatched = true
    else change.known = group.regexes.has(regex)
  }
  const expressions = new Set([...group.members.values()].map((member) => member.regex).filter((one) => one !== ''))
  if (unmatched || expressions.size > 0) {
    if (forgotten) expressions.delete(old)
    if (regex !== '') expressions.add(regex)
    maybeMatch(store, group, expressions, unmatched)
  }
  if (forgotten) group.regexes.delete(old)
  return change
}

function maybeMatch(store: GroupStore, group: ConsumerGroup, expressions: Set<string>, unmatched: boolean): void {
  const { cluster, settings } = store
  if (group.timers.has(MATCHING)) return
  const last = group.regexes.values().next().value
  const since = last === undefined ? Number.POSITIVE_INFINITY : cluster.env.now() - last.at
  if (since <= settings.regexIntervalMs) return
  const due =
    unmatched ||
    expressions.size !== group.regexes.size ||
    (last?.version ?? 0) < cluster.topics.newestVersion ||
    since > REFRESH_MS
  if (due && expressions.size > 0) group.timers.set(MATCHING, 0, () => match(store, group, expressions))
}

function match(store: GroupStore, group: ConsumerGroup, expressions: Set<string>): void {
  const { cluster } = store
  let news = false
  for (const regex of expressions) {
    if (group.subscribersOf(regex) === 0) continue
    const pattern = compileTopicRegex(regex)
    const topics = new Set([...cluster.topics.keys()].filter((name) => pattern.test(name)))
    news ||= !sameSet(topics, group.regexes.get(regex)?.topics ?? new Set())
    group.regexes.set(regex, { topics, version: cluster.topics.version, at: cluster.env.now() })
  }
  if (!news && group.hashTopics() === group.topicsHash) return
  group.bump()
  group.topicsSeen = cluster.topics.version
}

/** To be called after members were removed. */
export function forgetRegexes(group: ConsumerGroup): void {
  for (const regex of group.regexes.keys()) if (group.subscribersOf(regex) === 0) group.regexes.delete(regex)
}
