/**
 * Membership in a consumer group (KIP-848, https://cwiki.apache.org/confluence/display/KAFKA/KIP-848%3A+The+Next+Generation+of+the+Consumer+Rebalance+Protocol)
 * as a pure function: what is done about an event, and what is believed afterwards. Knows no I/O and no clock; `member.ts` runs it.
 *
 * A partition is named to the coordinator as soon as it is in our assignment, and given to the owner only when that was answered. One
 * that is taken away is named until the owner has released it, and is not taken again before the coordinator has answered a heartbeat
 * that does not name it: of a revocation and an assignment that cross, the revocation wins.
 */
import { isRefusal, KafkaError } from '../../shared/errors.ts'
import { ErrorCode } from '../../shared/protocol/errors.ts'
import { fencedError, groupRefusal, leftError, oldBrokerError } from './member-errors.ts'
import {
  bareOf,
  type HeartbeatRequest,
  type Held,
  type IdPartition,
  keyOf,
  type Membership,
  type MembershipAction,
  type MembershipEvent,
} from './membership-state.ts'

/** A state that a step works on. */
type Draft = { -readonly [K in keyof Membership]: Membership[K] } & {
  held: Map<string, Held>
  usable: Map<string, number>
  asked: Map<string, { readonly partitions: number; readonly late: boolean }>
}

/**
 * The coordinator waits so much longer for partitions than their owner has for them: what he was forced to let go at the end of his time
 * is told by a heartbeat, and a member whose heartbeat comes too late loses everything else as well.
 */
const RELEASE_MS = 5_000
const LEAVES = -1
const LEAVES_FOR_A_WHILE = -2

export function step(state: Membership, event: MembershipEvent): [Membership, MembershipAction[]] {
  const draft: Draft = { ...state, held: new Map(state.held), usable: new Map(state.usable), asked: new Map(state.asked) }
  const actions: MembershipAction[] = []
  const stepping = new Step(draft, actions)
  stepping.take(event)
  stepping.tellChanges()
  return [draft, actions]
}

/** One step: changes the draft and collects actions. */
class Step {
  readonly #is: Draft
  readonly #actions: MembershipAction[]

  constructor(draft: Draft, actions: MembershipAction[]) {
    this.#is = draft
    this.#actions = actions
  }

  take(event: MembershipEvent): void {
    const is = this.#is
    if (is.phase === 'ended') return
    const first = event.type === 'start'
    if ((is.phase === 'idle') !== first && event.type !== 'stop') return
    switch (event.type) {
      case 'start':
        is.phase = 'joining'
        this.#find()
        break
      case 'found':
        this.#found(event.nodeId)
        break
      case 'not-found':
        this.#notFound(event.error)
        break
      case 'paused':
        if (is.coordinator.is === 'pausing') this.#find()
        break
      case 'disowned':
        this.#seekAgain(event.nodeId, disownedError(event.nodeId))
        break
      case 'withdraw':
        if (is.phase !== 'leaving' && is.phase !== 'away') this.#withdraw(event.error)
        break
      case 'return':
        if (is.phase === 'away') this.#return()
        break
      case 'stop':
        this.#stop()
        break
      case 'leave-answered':
        if (is.phase === 'leaving') this.#end()
        break
      case 'leave-failed':
        if (is.phase === 'leaving' || is.phase === 'away') this.#pause(event.error)
        break
      case 'released':
        this.#released(event.partitions)
        break
      case 'resolved':
        this.#resolved(event.topicId, event.partitions)
        break
      case 'unresolved':
        this.#unresolved(event.topicId)
        break
      default:
        if (is.phase !== 'leaving' && is.phase !== 'away') this.#takeHeartbeat(event)
    }
  }

  /** What is held has changed: the coordinator is told at once. */
  tellChanges(): void {
    const { phase, claimSeq, seq } = this.#is
    if (phase === 'member' && claimSeq > seq) this.#order('changes')
  }

  #takeHeartbeat(event: Extract<MembershipEvent, { type: 'answer' | 'failed' | 'left' | 'restarted' }>): void {
    const is = this.#is
    if (event.type === 'restarted') this.#order('everything')
    // what is about an earlier membership says nothing about this one
    else if (event.seq < is.joinSeq || is.seq === 0) return
    else if (event.type === 'left') {
      this.#lose(leftError(is.settings, event.silentMs))
      this.#order('everything')
    } else if (event.type === 'failed') this.#failed(event.seq, event.nodeId, event.error)
    else if (event.response.errorCode === ErrorCode.NONE) this.#heard(event)
    else this.#refused(event)
  }

  #failed(seq: number, nodeId: number, error: KafkaError): void {
    const is = this.#is
    if (error.code === 'UNSUPPORTED') this.#fatal(oldBrokerError(is.settings, error))
    else if (this.#isShutOut(error)) this.#fatal(error)
    // a newer order is on its way, of which will be told too
    else if (seq === is.seq) this.#seekAgain(nodeId, error)
  }

  /** Who was never let in is told so at once; who was may be again, when a password or a certificate is changed back. */
  #isShutOut(error: KafkaError): boolean {
    return !this.#is.ready && isRefusal(error)
  }

  // the coordinator

  #find(): void {
    this.#is.coordinator = { is: 'finding' }
    this.#actions.push({ type: 'find' })
  }

  #found(nodeId: number): void {
    const is = this.#is
    if (is.coordinator.is !== 'finding') return
    is.coordinator = { is: 'known', nodeId }
    if (is.phase === 'leaving' || is.phase === 'away') this.#leave(nodeId)
    else this.#order('everything')
  }

  #notFound(error: KafkaError): void {
    const is = this.#is
    if (is.coordinator.is !== 'finding') return
    if (is.phase !== 'leaving' && (isFinal(error) || this.#isShutOut(error))) this.#fatal(error)
    else this.#pause(error)
  }

  #pause(error: KafkaError): void {
    const is = this.#is
    is.coordinator = { is: 'pausing' }
    is.failures++
    this.#actions.push({ type: 'pause', failures: is.failures, error })
  }

  /** The node may not be the coordinator any more. Nothing that is held is given up for it: the session may live. */
  #seekAgain(nodeId: number, error: KafkaError): void {
    const is = this.#is
    if (is.coordinator.is !== 'known' || is.coordinator.nodeId !== nodeId) return
    if (is.phase === 'leaving' || is.phase === 'away') return
    if (is.failures > 0) this.#pause(error)
    else {
      is.failures = 1
      this.#find()
    }
  }

  // heartbeats

  #order(what: 'changes' | 'everything'): void {
    const is = this.#is
    if (is.coordinator.is !== 'known') return
    is.seq++
    if (is.epoch === 0) is.joinSeq = is.seq
    const everything = this.#everything()
    const changed = is.claimSeq > is.heardSeq
    const changes: HeartbeatRequest = {
      ...everything,
      rackId: null,
      rebalanceTimeoutMs: -1,
      subscribedTopicNames: null,
      subscribedTopicRegex: null,
      serverAssignor: null,
      topicPartitions: changed ? everything.topicPartitions : null,
    }
    const { nodeId } = is.coordinator
    this.#actions.push({ type: 'order', seq: is.seq, nodeId, changes: what === 'changes' ? changes : everything, everything })
  }

  #everything(): HeartbeatRequest {
    const { settings, epoch, held } = this.#is
    const { groupId, memberId, instanceId, rackId, rebalanceTimeoutMs, topics, topicRegex, serverAssignor } = settings
    const named = [...held.values()].filter(({ state }) => state !== 'released')
    const byTopic = Map.groupBy(named, ({ topicId }) => topicId)
    return {
      groupId,
      memberId,
      memberEpoch: epoch,
      instanceId,
      rackId,
      rebalanceTimeoutMs: rebalanceTimeoutMs + RELEASE_MS,
      subscribedTopicNames: topicRegex !== null && topics.length === 0 ? null : [...topics],
      subscribedTopicRegex: topicRegex,
      serverAssignor,
      topicPartitions: Array.from(byTopic, ([topicId, some]) => ({
        topicId,
        partitions: some.map(({ partition }) => partition),
      })),
    }
  }

  #heard({ now, seq, nodeId, response }: Extract<MembershipEvent, { type: 'answer' }>): void {
    const is = this.#is
    const { memberEpoch, assignment } = response
    if (memberEpoch <= 0) {
      this.#seekAgain(nodeId, liedError(memberEpoch))
      return
    }
    // a join alone is no progress: whoever is put out at once again is not let loose on the coordinator
    if (is.epoch !== 0) is.failures = 0
    is.epoch = memberEpoch
    is.phase = 'member'
    is.takenSince = undefined
    is.heardSeq = Math.max(is.heardSeq, seq)
    // the I/O thread may have found the coordinator while this thread was blocked
    if (is.coordinator.is === 'known') is.coordinator = { is: 'known', nodeId }
    if (assignment !== null) is.target = targetOf(assignment.topicPartitions)
    this.#revoke(now)
    this.#acknowledged(seq)
    this.#reconcile()
    this.#ready()
  }

  #refused({ now, nodeId, broker, response, seq }: Extract<MembershipEvent, { type: 'answer' }>): void {
    const is = this.#is
    const error = groupRefusal(is.settings, response, broker)
    switch (response.errorCode) {
      case ErrorCode.FENCED_MEMBER_EPOCH:
      case ErrorCode.UNKNOWN_MEMBER_ID:
        this.#fenced(error)
        break
      case ErrorCode.GROUP_ID_NOT_FOUND:
        // the group is gone with all that it knew, or (on joining) it is one of another kind
        if (is.epoch > 0) this.#fenced(error)
        else this.#fatal(error)
        break
      case ErrorCode.UNRELEASED_INSTANCE_ID:
        this.#taken(now, nodeId, error)
        break
      default:
        if (!error.retriable) this.#fatal(error)
        else if (seq === is.seq) this.#seekAgain(nodeId, error)
    }
  }

  /**
   * The last user of the instance id may have crashed, and its session ends by itself; or somebody else uses it rightly. It may also be
   * we, if the answer to a join was lost or we were put out: brokers take no second join then, but we can leave what we did not know of.
   */
  #taken(now: number, nodeId: number, error: KafkaError): void {
    const is = this.#is
    is.takenSince ??= now
    if (now - is.takenSince >= is.settings.instancePatienceMs) this.#fatal(error)
    else {
      this.#lose(error)
      this.#actions.push({ type: 'free-instance', nodeId, body: this.#leaving() })
      this.#pause(error)
    }
  }

  /** Put out of the group: everything may be somebody else's by now. */
  #fenced(error: KafkaError): void {
    const is = this.#is
    this.#lose(fencedError(is.settings, error))
    if (is.coordinator.is !== 'known') return
    if (is.failures > 0) this.#pause(error)
    else {
      is.failures = 1
      this.#order('everything')
    }
  }

  #lose(error: KafkaError): void {
    const is = this.#is
    const lost = [...is.held.values()].filter(({ state }) => state === 'owned' || state === 'revoking')
    is.held.clear()
    is.asked.clear()
    is.target = new Map()
    is.epoch = 0
    is.claimSeq = 0
    is.joinSeq = is.seq + 1
    is.phase = 'joining'
    if (lost.length > 0) this.#actions.push({ type: 'lose', partitions: lost.map(bareOf), error })
  }

  #fatal(error: KafkaError): void {
    this.#lose(error)
    this.#is.phase = 'ended'
    this.#is.coordinator = { is: 'unknown' }
    this.#actions.push({ type: 'silence' }, { type: 'fatal', error })
  }

  // partitions

  #revoke(now: number): void {
    const is = this.#is
    const revoked: Held[] = []
    for (const [key, held] of is.held) {
      if (is.target.has(key)) continue
      if (held.state === 'announced') {
        is.held.delete(key)
        is.claimSeq = is.seq + 1
      } else if (held.state === 'owned') {
        is.held.set(key, { ...held, state: 'revoking' })
        revoked.push(held)
      }
    }
    const deadline = now + is.settings.rebalanceTimeoutMs
    if (revoked.length > 0) this.#actions.push({ type: 'revoke', partitions: revoked.map(bareOf), deadline })
  }

  /** The coordinator has answered what this order said, or one before it. */
  #acknowledged(seq: number): void {
    const is = this.#is
    const assigned: Held[] = []
    for (const [key, held] of is.held) {
      if (held.since > seq) continue
      if (held.state === 'released') is.held.delete(key)
      else if (held.state === 'announced') {
        is.held.set(key, { ...held, state: 'owned' })
        assigned.push(held)
      }
    }
    if (assigned.length > 0) this.#actions.push({ type: 'assign', partitions: assigned.map(bareOf) })
  }

  /** Names what is new in the target, once all that is to go has gone. */
  #reconcile(): void {
    const is = this.#is
    if (is.phase !== 'member') return
    const revoking = [...is.held.values()].some(({ state }) => state === 'revoking')
    const needed = new Map<string, number>()
    for (const [key, { topicId, partition }] of is.target) {
      if (is.held.has(key)) continue
      if (partition >= (is.usable.get(topicId) ?? 0)) needed.set(topicId, Math.max(needed.get(topicId) ?? 0, partition + 1))
      else if (!revoking) {
        is.claimSeq = is.seq + 1
        is.held.set(key, { topicId, partition, state: 'announced', since: is.claimSeq })
      }
    }
    for (const topicId of is.asked.keys()) if (!needed.has(topicId)) is.asked.delete(topicId)
    for (const [topicId, partitions] of needed) {
      if ((is.asked.get(topicId)?.partitions ?? 0) >= partitions) continue
      is.asked.set(topicId, { partitions, late: false })
      this.#actions.push({ type: 'resolve', topicId, partitions })
    }
  }

  #resolved(topicId: string, partitions: number): void {
    const { asked, usable } = this.#is
    asked.delete(topicId)
    usable.set(topicId, Math.max(partitions, usable.get(topicId) ?? 0))
    this.#reconcile()
  }

  #unresolved(topicId: string): void {
    const asked = this.#is.asked.get(topicId)
    if (!asked) return
    this.#is.asked.set(topicId, { ...asked, late: true })
    this.#ready()
  }

  #ready(): void {
    const is = this.#is
    if (is.ready || is.phase !== 'member') return
    for (const { state } of is.held.values()) if (state === 'announced') return
    for (const { late } of is.asked.values()) if (!late) return
    is.ready = true
    this.#actions.push({ type: 'joined' })
  }

  #released(partitions: readonly IdPartition[]): void {
    const is = this.#is
    for (const partition of partitions) {
      const key = keyOf(partition)
      const held = is.held.get(key)
      if (is.phase === 'leaving') is.held.delete(key)
      else if (held?.state === 'revoking') {
        is.claimSeq = is.seq + 1
        is.held.set(key, { ...held, state: 'released', since: is.claimSeq })
      }
    }
    this.#reconcile()
  }

  // the end

  /** Who cannot work for the group says so, instead of keeping its partitions from others. */
  #withdraw(error: KafkaError): void {
    const is = this.#is
    this.#lose(error)
    is.phase = 'away'
    this.#actions.push({ type: 'silence' })
    if (is.coordinator.is === 'known') this.#leave(is.coordinator.nodeId)
  }

  #return(): void {
    this.#is.phase = 'joining'
    this.#order('everything')
  }

  #stop(): void {
    const is = this.#is
    if (is.phase === 'leaving') return
    // nobody knows us yet
    if (is.seq === 0) {
      this.#end()
      return
    }
    is.phase = 'leaving'
    this.#actions.push({ type: 'silence' })
    if (is.coordinator.is === 'known') this.#leave(is.coordinator.nodeId)
  }

  #leave(nodeId: number): void {
    this.#actions.push({ type: 'leave', nodeId, body: this.#leaving() })
  }

  #leaving(): HeartbeatRequest {
    const { groupId, memberId, instanceId } = this.#is.settings
    return {
      groupId,
      memberId,
      memberEpoch: instanceId === null ? LEAVES : LEAVES_FOR_A_WHILE,
      instanceId,
      rackId: null,
      rebalanceTimeoutMs: -1,
      subscribedTopicNames: null,
      subscribedTopicRegex: null,
      serverAssignor: null,
      topicPartitions: null,
    }
  }

  #end(): void {
    this.#is.phase = 'ended'
    this.#is.coordinator = { is: 'unknown' }
    this.#is.held.clear()
    this.#actions.push({ type: 'ended' })
  }
}

/** What cannot be true is left out. */
function targetOf(topics: readonly { topicId: string; partitions: readonly number[] }[]): Map<string, IdPartition> {
  const target = new Map<string, IdPartition>()
  for (const { topicId, partitions } of topics)
    for (const partition of partitions) if (partition >= 0) target.set(keyOf({ topicId, partition }), { topicId, partition })
  return target
}

function isFinal(error: KafkaError): boolean {
  return !error.retriable && (error.code === 'UNSUPPORTED' || error.code === 'BROKER_ERROR' || error.code === 'GROUP_ERROR')
}

function disownedError(nodeId: number): KafkaError {
  return new KafkaError('BROKER_ERROR', `Broker ${nodeId} is no longer the coordinator of the group, or not reachable.`, {
    retriable: true,
  })
}

function liedError(memberEpoch: number): KafkaError {
  return new KafkaError('PROTOCOL_ERROR', `The coordinator answered a heartbeat with the member epoch ${memberEpoch}.`, {
    api: 'ConsumerGroupHeartbeat',
    retriable: true,
  })
}
