/** The options of what coordinators do: of consumer groups and of transactions. */
import * as v from 'valibot'
import { integer } from '../../../shared/options.ts'
import { defaultGroupSettings } from '../broker/groups/settings.ts'
import { defaultTransactionSettings } from '../broker/transactions/settings.ts'

/** How groups behave; docs/testing.md has the table. */
export interface GroupOptions {
  initialRebalanceDelayMs?: number
  minSessionTimeoutMs?: number
  maxSize?: number
  sessionTimeoutMs?: number
  heartbeatIntervalMs?: number
  assignmentIntervalMs?: number
  regexIntervalMs?: number
}

/** How transactions behave; docs/testing.md has the table. */
export interface TransactionOptions {
  maxTimeoutMs?: number
  markerDelayMs?: number
}

const { initialRebalanceDelayMs, minSessionTimeoutMs, maxSize, ...consumer } = defaultGroupSettings
const DAY_MS = 86_400_000
const time = (fallback: number, min: number, description: string) => integer(fallback, { min, max: DAY_MS }, description)

export const groupSchema = v.strictObject({
  initialRebalanceDelayMs: time(
    initialRebalanceDelayMs,
    0,
    'How long the first rebalance of a classic group waits for more members. Kafka: 3 s (`group.initial.rebalance.delay.ms`).',
  ),
  minSessionTimeoutMs: time(
    minSessionTimeoutMs,
    1,
    'The shortest session timeout that classic members may ask for. Kafka: 6 s (`group.min.session.timeout.ms`).',
  ),
  maxSize: integer(
    maxSize,
    { min: 1, max: 2_147_483_647 },
    'How many members a group may have (`group.max.size`, `group.consumer.max.size`).',
  ),
  sessionTimeoutMs: time(
    consumer.sessionTimeoutMs,
    1,
    'How long a member of the consumer protocol may be silent (`group.consumer.session.timeout.ms`).',
  ),
  heartbeatIntervalMs: time(
    consumer.heartbeatIntervalMs,
    1,
    'How often members of the consumer protocol are told to send a heartbeat (`group.consumer.heartbeat.interval.ms`).',
  ),
  assignmentIntervalMs: time(
    consumer.assignmentIntervalMs,
    0,
    'The shortest time between two assignments of a group of the consumer protocol (`group.consumer.assignment.interval.ms`).',
  ),
  regexIntervalMs: time(
    consumer.regexIntervalMs,
    0,
    "The shortest time between two matchings of new topics against a group's regular expressions.",
  ),
})

export const transactionSchema = v.strictObject({
  maxTimeoutMs: time(
    defaultTransactionSettings.maxTimeoutMs,
    1,
    'The longest timeout that a transactional producer may ask for (`transaction.max.timeout.ms`).',
  ),
  markerDelayMs: time(
    defaultTransactionSettings.markerDelayMs,
    0,
    'How long after EndTxn the markers are written. Until then readers wait and the producer may hear CONCURRENT_TRANSACTIONS.',
  ),
})
