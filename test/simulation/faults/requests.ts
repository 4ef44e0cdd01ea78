/** Requests that brokers refuse, lose or never answer. */
import { ErrorCode } from '../../../src/shared/protocol/errors.ts'
import { apiVersions } from '../../../src/shared/protocol/generated/api-versions.ts'
import { fetch } from '../../../src/shared/protocol/generated/fetch.ts'
import { initProducerId } from '../../../src/shared/protocol/generated/init-producer-id.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../../src/shared/protocol/generated/produce.ts'
import { anyPartition, type Fault, lasts, type World } from '../world.ts'

/** The client gives an unanswered request up. */
const PATIENCE_MS = 6_000

/** Errors that a broker may answer Produce with, and whether the batch is in its log all the same. */
const PRODUCE_REFUSALS: readonly { error: number; afterAppend: boolean }[] = [
  { error: ErrorCode.NOT_LEADER_OR_FOLLOWER, afterAppend: false },
  { error: ErrorCode.LEADER_NOT_AVAILABLE, afterAppend: false },
  { error: ErrorCode.NOT_ENOUGH_REPLICAS, afterAppend: false },
  { error: ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, afterAppend: true },
  { error: ErrorCode.REQUEST_TIMED_OUT, afterAppend: true },
  { error: ErrorCode.REQUEST_TIMED_OUT, afterAppend: false },
  { error: ErrorCode.UNKNOWN_SERVER_ERROR, afterAppend: true },
  { error: ErrorCode.KAFKA_STORAGE_ERROR, afterAppend: false },
  { error: ErrorCode.MESSAGE_TOO_LARGE, afterAppend: false },
  { error: ErrorCode.CORRUPT_MESSAGE, afterAppend: false },
  { error: ErrorCode.INVALID_RECORD, afterAppend: false },
  { error: ErrorCode.TOPIC_AUTHORIZATION_FAILED, afterAppend: false },
  { error: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, afterAppend: false },
  { error: ErrorCode.UNKNOWN_PRODUCER_ID, afterAppend: false },
]

const FETCH_REFUSALS: readonly number[] = [
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.FENCED_LEADER_EPOCH,
  ErrorCode.UNKNOWN_LEADER_EPOCH,
  ErrorCode.OFFSET_NOT_AVAILABLE,
  ErrorCode.KAFKA_STORAGE_ERROR,
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.UNKNOWN_SERVER_ERROR,
  ErrorCode.TOPIC_AUTHORIZATION_FAILED,
]

const SESSION_ERRORS: readonly number[] = [
  ErrorCode.FETCH_SESSION_ID_NOT_FOUND,
  ErrorCode.INVALID_FETCH_SESSION_EPOCH,
  ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR,
]

function refusePartition(world: World, apiKey: number, error: number, afterAppend = false): string | undefined {
  const partition = anyPartition(world)
  if (!partition) return undefined
  const { topic, index } = partition
  const times = world.chance.between(1, 3)
  world.cluster.desk.add({ kind: 'fail', apiKey, times, error, afterAppend, topic: topic.name, partition: index })
  return `${topic.name}-${index} answers ${error}${afterAppend ? ' after append' : ''} ${times} times`
}

/** The connection is closed, or stays open, without an answer. */
function lose(kind: 'drop' | 'hang', api: { key: number; name: string }, weight: number): Fault {
  const word = kind === 'drop' ? 'dropped' : 'never answered'
  return {
    name: `${kind}-${api.name}`,
    weight,
    strike(world) {
      const afterApply = world.chance.oneIn(2)
      world.cluster.desk.add({ kind, apiKey: api.key, times: world.chance.between(1, 2), afterApply })
      if (kind === 'hang') lasts(world, PATIENCE_MS)
      return `${api.name} ${afterApply ? 'applied and ' : ''}${word}`
    },
  }
}

function refuse(name: string, weight: number, api: { key: number; name: string }, errors: readonly number[]): Fault {
  return {
    name,
    weight,
    strike(world) {
      const error = world.chance.oneOf(errors)
      world.cluster.desk.add({ kind: 'fail', apiKey: api.key, times: world.chance.between(1, 3), error })
      return `${api.name} answers ${error}`
    },
  }
}

export const requestFaults: readonly Fault[] = [
  {
    name: 'produce-refused', // F35, F36, F37, F50
    weight: 5,
    strike(world) {
      const { error, afterAppend } = world.chance.oneOf(PRODUCE_REFUSALS)
      const what = refusePartition(world, produce.key, error, afterAppend)
      return what && `produce to ${what}`
    },
  },
  {
    name: 'fetch-refused', // F5, F35
    weight: 3,
    strike(world) {
      const what = refusePartition(world, fetch.key, world.chance.oneOf(FETCH_REFUSALS))
      return what && `fetch from ${what}`
    },
  },
  {
    name: 'metadata-refused', // F6
    weight: 2,
    strike(world) {
      const errors = [ErrorCode.LEADER_NOT_AVAILABLE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.UNKNOWN_SERVER_ERROR]
      const what = refusePartition(world, metadata.key, world.chance.oneOf(errors))
      return what && `metadata of ${what}`
    },
  },
  refuse('fetch-session-lost', 2, fetch, SESSION_ERRORS), // F47
  refuse('init-producer-id-refused', 1, initProducerId, [
    ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
    ErrorCode.NOT_COORDINATOR,
    ErrorCode.UNKNOWN_SERVER_ERROR,
  ]),
  // F11, F13
  lose('drop', produce, 3),
  lose('hang', produce, 3),
  lose('drop', fetch, 2),
  lose('hang', fetch, 2),
  lose('drop', metadata, 1),
  lose('hang', metadata, 1),
  lose('drop', initProducerId, 1),
  lose('hang', initProducerId, 1),
  lose('drop', apiVersions, 1),
  lose('hang', apiVersions, 1),
  {
    name: 'late-answer', // F11
    weight: 2,
    strike(world) {
      const api = world.chance.oneOf([produce, fetch, metadata])
      const ms = world.chance.between(10, 3_000)
      world.cluster.desk.add({ kind: 'delay', apiKey: api.key, times: world.chance.between(1, 3), ms })
      lasts(world, ms)
      return `${api.name} answered ${ms} ms late`
    },
  },
]
