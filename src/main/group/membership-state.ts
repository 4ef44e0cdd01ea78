/** What is believed of a membership in a consumer group, what happens to it and what is done about it. Types, and what can be read from a state. */
import type { KafkaError } from '../../shared/errors.ts'
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../shared/protocol/generated/consumer-group-heartbeat.ts'

export interface MembershipSettings {
  readonly groupId: string
  /** Made by us, as brokers want it since KIP-1082. */
  readonly memberId: string
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly topics: readonly string[]
  /** Topics are matched by the coordinator, with RE2/J's syntax. */
  readonly topicRegex: string | null
  readonly serverAssignor: string | null
  readonly rebalanceTimeoutMs: number
  readonly maxProcessingMs: number
  /** How long an `instanceId` that is still taken is waited for. */
  readonly instancePatienceMs: number
}

export interface IdPartition {
  readonly topicId: string
  readonly partition: number
}

export type MembershipEvent =
  | { type: 'start' }
  | { type: 'found'; nodeId: number }
  | { type: 'not-found'; error: KafkaError }
  /** The pause that was asked for is over. */
  | { type: 'paused' }
  | { type: 'answer'; now: number; seq: number; nodeId: number; broker: string; response: ConsumerGroupHeartbeatResponse }
  /** No answer to a heartbeat. */
  | { type: 'failed'; seq: number; nodeId: number; error: KafkaError }
  /** The I/O thread left the group, since this thread did not react for so long. */
  | { type: 'left'; seq: number; silentMs: number }
  /** There is a new I/O thread; answers may have gone with the old one. */
  | { type: 'restarted' }
  /** Somebody else heard from the coordinator that it is none, or did not reach it. */
  | { type: 'disowned'; nodeId: number }
  /** What a topic is called, and how many partitions of it can be used. */
  | { type: 'resolved'; topicId: string; partitions: number }
  /** It takes longer to find out. */
  | { type: 'unresolved'; topicId: string }
  /** The owner has let go of them. */
  | { type: 'released'; partitions: readonly IdPartition[] }
  /** The owner keeps others waiting: it leaves, until it returns. */
  | { type: 'withdraw'; error: KafkaError }
  | { type: 'return' }
  | { type: 'stop' }
  | { type: 'leave-answered' }
  | { type: 'leave-failed'; error: KafkaError }

export type MembershipAction =
  | { type: 'find' }
  /** A pause after so many failures in a row. */
  | { type: 'pause'; failures: number; error: KafkaError }
  | { type: 'order'; seq: number; nodeId: number; changes: HeartbeatRequest; everything: HeartbeatRequest }
  /** No more heartbeats. */
  | { type: 'silence' }
  | { type: 'resolve'; topicId: string; partitions: number }
  | { type: 'assign'; partitions: IdPartition[] }
  /** To be released in time, or the coordinator puts us out. */
  | { type: 'revoke'; partitions: IdPartition[]; deadline: number }
  | { type: 'lose'; partitions: IdPartition[]; error: KafkaError }
  /** It is a member, and its first partitions have been assigned. */
  | { type: 'joined' }
  | { type: 'leave'; nodeId: number; body: HeartbeatRequest }
  /** If the instance id is held by this very member, whose answer was lost, it is to be free again; nobody waits for the answer. */
  | { type: 'free-instance'; nodeId: number; body: HeartbeatRequest }
  /** It is no member any more, as was asked for. */
  | { type: 'ended' }
  | { type: 'fatal'; error: KafkaError }

export type HeartbeatRequest = ConsumerGroupHeartbeatRequest

/**
 * `announced`: named to the coordinator, which has not answered yet. `owned`: the owner has it. `revoking`: the owner is to release it.
 * `released`: it is no longer named, but the coordinator has not answered yet. `since`: the order that said so first.
 */
export interface Held extends IdPartition {
  readonly state: 'announced' | 'owned' | 'revoking' | 'released'
  readonly since: number
}

/** How the coordinator is known. */
export type Coordinator = { readonly is: 'finding' | 'pausing' | 'unknown' } | { readonly is: 'known'; readonly nodeId: number }

export interface Membership {
  readonly settings: MembershipSettings
  /** `away`: it has left, and joins again when the owner returns. */
  readonly phase: 'idle' | 'joining' | 'member' | 'away' | 'leaving' | 'ended'
  readonly coordinator: Coordinator
  readonly epoch: number
  /** Of the latest order, of the one that joined, and of the latest that was answered. */
  readonly seq: number
  readonly joinSeq: number
  readonly heardSeq: number
  /** The order that first names what is held now. */
  readonly claimSeq: number
  readonly held: ReadonlyMap<string, Held>
  /** What the coordinator wants us to have. */
  readonly target: ReadonlyMap<string, IdPartition>
  /** How many partitions of a topic can be used, by topic id. */
  readonly usable: ReadonlyMap<string, number>
  /** What is being found out about topics, by topic id. */
  readonly asked: ReadonlyMap<string, { readonly partitions: number; readonly late: boolean }>
  /** In a row. */
  readonly failures: number
  /** The action `joined` was given. */
  readonly ready: boolean
  /** Since when the instance id has been somebody else's. */
  readonly takenSince: number | undefined
}

export function newMembership(settings: MembershipSettings): Membership {
  return {
    settings,
    phase: 'idle',
    coordinator: { is: 'unknown' },
    epoch: 0,
    seq: 0,
    joinSeq: 0,
    heardSeq: 0,
    claimSeq: 0,
    held: new Map(),
    target: new Map(),
    usable: new Map(),
    asked: new Map(),
    failures: 0,
    ready: false,
    takenSince: undefined,
  }
}

/** What a step waits for; undefined: for nothing, which only the end may. */
export function waitsFor({
  phase,
  coordinator,
}: Membership): 'coordinator' | 'pause' | 'heartbeat' | 'leave' | 'return' | undefined {
  if (phase === 'idle' || phase === 'ended') return undefined
  if (coordinator.is === 'finding') return 'coordinator'
  if (coordinator.is === 'pausing') return 'pause'
  if (phase === 'away') return 'return'
  if (coordinator.is === 'known') return phase === 'leaving' ? 'leave' : 'heartbeat'
  return undefined
}

export function keyOf({ topicId, partition }: IdPartition): string {
  return `${topicId} ${partition}`
}

export function bareOf({ topicId, partition }: IdPartition): IdPartition {
  return { topicId, partition }
}
