/**
 * A group's offsets as part of a transaction (KIP-447): the group's coordinator keeps them pending until the transaction ends, and takes
 * them only from a member that is one. Knows neither the transaction's state nor how it goes on.
 */
import { backoffMs } from '../../shared/backoff.ts'
import { KafkaError } from '../../shared/errors.ts'
import { withAdvice } from '../../shared/protocol/error-advice.ts'
import { brokerError, ErrorCode } from '../../shared/protocol/errors.ts'
import { type TxnOffsetCommitResponse, txnOffsetCommit } from '../../shared/protocol/generated/txn-offset-commit.ts'
import type { GroupCoordinates } from '../group/committed-offsets.ts'
import { type AdminContext, worthAnotherTry } from '../retrying.ts'
import { pause, type WaitLimits, within } from '../wait.ts'
import { type Meaning, meaningOf } from './transaction-errors.ts'
import type { Identity } from './transaction-state.ts'

/** Newer requests add the group to the transaction on the way. */
const LAST_BEFORE_KIP_890 = 4
/** Since it the member is told with its epoch. */
const FIRST_WITH_MEMBER = 3

export interface TransactionalGroup extends GroupCoordinates {
  readonly instanceId: string | undefined
}

/** The position of a partition: the offset of the next record to be handled. */
export interface GroupOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly leaderEpoch: number
  readonly metadata: string
}

export type GroupOffsets = readonly GroupOffset[]

export interface OffsetSender extends Identity {
  readonly transactionalId: string
  readonly byBrokers: boolean
}

/** Resolves when the coordinator has them, or with why it does not take them. */
export async function sendGroupOffsets(
  { env, io, options }: AdminContext,
  group: TransactionalGroup,
  offsets: GroupOffsets,
  sender: OffsetSender,
  limits: WaitLimits & { deadline: number },
): Promise<{ meaning: Meaning; error: KafkaError; unknown: false } | undefined> {
  const version = { minVersion: FIRST_WITH_MEMBER, ...(!sender.byBrokers && { maxVersion: LAST_BEFORE_KIP_890 }) }
  for (let tries = 1; ; tries++) {
    let nodeId = -1
    let error: KafkaError
    let meaning: Meaning
    const epoch = group.memberEpoch()
    try {
      nodeId = await within(env, limits, `the coordinator of group '${group.groupId}'`, group.coordinator())
      const call = io.call(nodeId, txnOffsetCommit.key, requestOf(group, offsets, sender), {
        timeoutMs: options.requestTimeoutMs,
        link: 'group',
        ...version,
      })
      const { body, broker } = await within(env, limits, `an answer to ${txnOffsetCommit.name}`, call)
      const code = worstOf(body as TxnOffsetCommitResponse)
      if (code === ErrorCode.NONE) return undefined
      error = refusal(group.groupId, sender.transactionalId, broker, code)
      meaning = meaningOf(code)
      if (meaning === 'moved') group.coordinatorFailed(nodeId, error)
      // the member has heard of its new epoch since
      if (code === ErrorCode.STALE_MEMBER_EPOCH && group.memberEpoch() !== epoch) continue
    } catch (thrown) {
      error = KafkaError.from(thrown, txnOffsetCommit.name)
      meaning = worthAnotherTry(error) ? 'moved' : error.code === 'ABORTED' ? 'abortable' : 'fatal'
      if (meaning === 'moved' && nodeId >= 0 && error.code !== 'WORKER_DIED') group.coordinatorFailed(nodeId, error)
    }
    if (meaning !== 'moved' && meaning !== 'again') return { meaning, error, unknown: false }
    try {
      const bounds = { initialMs: options.retryBackoffMs, maxMs: options.retryBackoffMaxMs }
      await pause(env, backoffMs(tries, bounds, env.random()), limits, `the offsets of group '${group.groupId}'`)
    } catch {
      return { meaning: 'abortable', error, unknown: false }
    }
  }
}

function requestOf(
  group: TransactionalGroup,
  offsets: GroupOffsets,
  { transactionalId, producerId, producerEpoch }: OffsetSender,
) {
  const byTopic = Map.groupBy(offsets, ({ topic }) => topic)
  const topics = Array.from(byTopic, ([name, some]) => ({
    name,
    partitions: some.map(({ partition, offset, leaderEpoch, metadata }) => {
      return {
        partitionIndex: partition,
        committedOffset: offset,
        committedLeaderEpoch: leaderEpoch,
        committedMetadata: metadata,
      }
    }),
  }))
  return {
    transactionalId,
    groupId: group.groupId,
    producerId,
    producerEpoch,
    generationId: group.memberEpoch(),
    memberId: group.memberId(),
    groupInstanceId: group.instanceId ?? null,
    topics,
  }
}

function worstOf({ topics }: TxnOffsetCommitResponse): number {
  const codes = topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode))
  if (codes.length === 0) return ErrorCode.UNKNOWN_SERVER_ERROR
  return codes.find((code) => code !== ErrorCode.NONE) ?? ErrorCode.NONE
}

function refusal(groupId: string, transactionalId: string, broker: string, code: number): KafkaError {
  const { name, retriable } = brokerError(code)
  const text = `The coordinator ${broker} of group '${groupId}' did not take offsets into the transaction of '${transactionalId}': ${name}.`
  return new KafkaError('BROKER_ERROR', withAdvice(text, code), {
    api: txnOffsetCommit.name,
    broker,
    group: groupId,
    transactionalId,
    brokerError: name,
    brokerErrorCode: code,
    retriable,
  })
}
