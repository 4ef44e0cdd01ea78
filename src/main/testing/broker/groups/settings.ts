/** What the group coordinator can be told, with Kafka's defaults but where a test is better off with others. */

export interface GroupSettings {
  /** How long a new classic group waits for more members (`group.initial.rebalance.delay.ms`, 3 s in Kafka). */
  initialRebalanceDelayMs: number
  /** The shortest session timeout that a classic member may ask for (`group.min.session.timeout.ms`, 6 s in Kafka). */
  minSessionTimeoutMs: number
  /** `group.max.session.timeout.ms` */
  maxSessionTimeoutMs: number
  /** `group.max.size` and `group.consumer.max.size` */
  maxSize: number
  /** `group.consumer.session.timeout.ms` */
  sessionTimeoutMs: number
  /** `group.consumer.heartbeat.interval.ms`: what members are told. */
  heartbeatIntervalMs: number
  /** `group.consumer.assignment.interval.ms`: the shortest time between two target assignments of a group. */
  assignmentIntervalMs: number
  /** The shortest time between two matchings of topics against a group's regular expressions. */
  regexIntervalMs: number
}

export const defaultGroupSettings: GroupSettings = {
  initialRebalanceDelayMs: 0,
  minSessionTimeoutMs: 1_000,
  maxSessionTimeoutMs: 1_800_000,
  maxSize: 2_147_483_647,
  sessionTimeoutMs: 45_000,
  heartbeatIntervalMs: 5_000,
  assignmentIntervalMs: 1_000,
  regexIntervalMs: 10_000,
}

/** A committed offset's metadata may have so many UTF-16 units (`offset.metadata.max.bytes`, which counts no bytes). */
export const MAX_OFFSET_METADATA = 4096

/** Who sent a request. */
export interface Caller {
  readonly version: number
  readonly clientId: string
  /** As Java prints an address: `/127.0.0.1`. */
  readonly clientHost: string
}
