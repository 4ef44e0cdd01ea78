/** A member of a classic group, with the answers that it waits for. */

import type { Draft } from '../../../../shared/protocol/api.ts'
import type { JoinGroupResponse } from '../../../../shared/protocol/generated/join-group.ts'
import type { SyncGroupResponse } from '../../../../shared/protocol/generated/sync-group.ts'
import type { ClassicProtocol } from './consumer-member.ts'

export type JoinAnswer = Draft<JoinGroupResponse>
export type SyncAnswer = Draft<SyncGroupResponse>
export type Answerer<T> = (answer: T) => void

/** What stays of a member when the coordinator moves. */
export interface SavedMember {
  readonly id: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly sessionTimeoutMs: number
  readonly protocols: readonly ClassicProtocol[]
  readonly assignment: Uint8Array
}

export const NO_ASSIGNMENT = new Uint8Array(0)

export class ClassicMember {
  readonly id: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  rebalanceTimeoutMs: number
  sessionTimeoutMs: number
  protocols: readonly ClassicProtocol[]
  assignment: Uint8Array
  /** It has never been in a generation. */
  isNew = false
  awaitingJoin: Answerer<JoinAnswer> | undefined
  awaitingSync: Answerer<SyncAnswer> | undefined

  constructor(saved: SavedMember) {
    this.id = saved.id
    this.instanceId = saved.instanceId
    this.clientId = saved.clientId
    this.clientHost = saved.clientHost
    this.rebalanceTimeoutMs = saved.rebalanceTimeoutMs
    this.sessionTimeoutMs = saved.sessionTimeoutMs
    this.protocols = saved.protocols
    this.assignment = saved.assignment
  }

  /** What it says to a protocol; nothing to one that it does not have. */
  metadata(protocol: string): Uint8Array {
    return this.protocols.find(({ name }) => name === protocol)?.metadata ?? NO_ASSIGNMENT
  }

  /** The first of its protocols that everybody has. */
  vote(candidates: ReadonlySet<string>): string | undefined {
    return this.protocols.find(({ name }) => candidates.has(name))?.name
  }

  /** The same protocols with the same metadata in the same order. */
  matches(protocols: readonly ClassicProtocol[]): boolean {
    if (protocols.length !== this.protocols.length) return false
    return this.protocols.every(({ name, metadata }, i) => {
      const other = protocols[i]!
      return other.name === name && Buffer.compare(other.metadata, metadata) === 0
    })
  }

  /** Answers a waiting JoinGroup. */
  answerJoin(answer: JoinAnswer): void {
    const waiting = this.awaitingJoin
    this.awaitingJoin = undefined
    waiting?.(answer)
  }

  /** Answers a waiting SyncGroup; says whether there was one. */
  answerSync(answer: SyncAnswer): boolean {
    const waiting = this.awaitingSync
    this.awaitingSync = undefined
    waiting?.(answer)
    return waiting !== undefined
  }
}
