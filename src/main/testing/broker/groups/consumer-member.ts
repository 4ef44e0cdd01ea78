/** A member of a consumer group (KIP-848), as a value: every change makes a new one. */
import { type HeldPartitions, NOTHING_HELD } from './assignment.ts'

/**
 * `stable`: has all of its target. `unrevoked`: was told to give partitions up and has not said that it did. `unreleased`: waits
 * for partitions that others have not given up.
 */
export type MemberState = 'stable' | 'unrevoked' | 'unreleased'

/** An assignment strategy of the classic protocol and what the member says to it. */
export interface ClassicProtocol {
  readonly name: string
  readonly metadata: Uint8Array
}

/** What a member that speaks the classic protocol has besides. */
export interface ClassicSide {
  readonly sessionTimeoutMs: number
  readonly protocols: readonly ClassicProtocol[]
}

export interface ConsumerMember {
  readonly id: string
  readonly epoch: number
  /** The one before: a member whose answer was lost may come with it again. */
  readonly previousEpoch: number
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly rebalanceTimeoutMs: number
  readonly clientId: string
  readonly clientHost: string
  readonly topicNames: ReadonlySet<string>
  /** Empty: none. */
  readonly regex: string
  readonly assignor: string | null
  readonly state: MemberState
  readonly assigned: HeldPartitions
  /** Told to give up, not given up yet. */
  readonly revoking: HeldPartitions
  /** Undefined: it speaks the consumer protocol. */
  readonly classic: ClassicSide | undefined
}

/** What a static member that will come back leaves with. */
export const LEFT_FOR_A_WHILE = -2
export const LEFT = -1

export function newConsumerMember(id: string): ConsumerMember {
  return {
    id,
    epoch: 0,
    previousEpoch: -1,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    clientId: '',
    clientHost: '',
    topicNames: new Set(),
    regex: '',
    assignor: null,
    state: 'stable',
    assigned: NOTHING_HELD,
    revoking: NOTHING_HELD,
    classic: undefined,
  }
}

export function isReconciledTo(member: ConsumerMember, epoch: number): boolean {
  return member.state === 'stable' && member.epoch === epoch
}
