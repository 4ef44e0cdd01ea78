/**
 * Produce: checks each partition's batch by its header and checksum and appends it. Records are never looked at, so the cost
 * is per batch. The bytes in the request's frame become the log's.
 */
import { crc32c } from '../../../../shared/crc32c.ts'
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import { type ProduceRequest, type ProduceResponse, produce } from '../../../../shared/protocol/generated/produce.ts'
import {
  attributes,
  BatchField,
  type BatchHeader,
  readBatchHeader,
  readInt16,
  writeInt16,
  writeInt32,
  writeInt64,
} from '../../../../shared/record-batch.ts'
import { checkBatch, type OnlyBatch, onlyBatch } from '../batch-check.ts'
import { repacked } from '../batch-records.ts'
import type { Handler, RequestContext } from '../handler.ts'
import type { Partition } from '../partition.ts'
import type { RememberedBatch } from '../producer-state.ts'
import { Refusal } from '../refusal.ts'
import type { Topic } from '../topic.ts'
import type { TopicSettings } from '../topic-configs.ts'
import { isInternal } from '../topic-name.ts'
import type { Refusals } from '../transactions/verification.ts'
import { LeaderHints, leaderError } from './leadership.ts'
import { isTransactional, verifyTransaction } from './produce-transaction.ts'
import { Replication } from './replication.ts'

type TopicAnswer = NonNullable<Draft<ProduceResponse>['responses']>[number]
type Answer = NonNullable<TopicAnswer['partitionResponses']>[number]
type MaybePromise<T> = T | Promise<T>

const TOPIC_IDS_SINCE = 13
const HINTS_SINCE = 10
const ALL_REPLICAS = -1
const MAX_MAGIC = 2
const ZSTD = 4
const ZSTD_SINCE = 7
const NO_REFUSALS: Refusals = new Map()
/** Who calls itself so may write to internal topics. */
const ADMIN_CLIENT = '__admin_client'

export const produceHandler: Handler<ProduceRequest, ProduceResponse> = {
  api: produce,
  // Kafka refuses versions 0 to 2 and still advertises them: old librdkafka looks for version 0 (KAFKA-18659).
  advertisedMinVersion: 0,
  handle(request, context) {
    const whole = requestError(request, context)
    if (whole !== ErrorCode.NONE) return refuseAll(request, whole, context)
    if (!isTransactional(request)) return appendAll(request, NO_REFUSALS, context)
    try {
      const refusals = verifyTransaction(request, context)
      if (refusals instanceof Promise) return refusals.then((known) => appendAll(request, known, context))
      return appendAll(request, refusals, context)
    } catch (error) {
      if (error instanceof Refusal) return refuseAll(request, error.errorCode, context)
      throw error
    }
  },
}

/** What is wrong with a batch for the whole request: Kafka looks at all of them before it appends any. */
function requestError({ topicData, transactionalId }: ProduceRequest, { version, cluster }: RequestContext): number {
  let unknownCodec = false
  for (const { name, partitionData } of topicData) {
    for (const { index, records } of partitionData) {
      const header = records === null ? 'truncated' : readBatchHeader(records, 0)
      if (header === 'impossible-length' || (header === 'unknown-magic' && records![BatchField.magic]! > MAX_MAGIC))
        return ErrorCode.CORRUPT_MESSAGE
      if (typeof header === 'string') continue
      if (attributes.transactional(header.attributes))
        return transactionalId === null ? ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED : ErrorCode.NONE
      // Versions without zstd have to ask which codec it is, of batches that have somewhere to go.
      const asked = version < ZSTD_SINCE && cluster.topics.get(name)?.partitions[index] !== undefined
      unknownCodec ||= asked && attributes.codec(header.attributes) > ZSTD
    }
  }
  return unknownCodec ? ErrorCode.UNKNOWN_SERVER_ERROR : ErrorCode.NONE
}

/** Appends to all partitions but those that are refused already. */
function appendAll(
  request: ProduceRequest,
  refusals: Refusals,
  context: RequestContext,
): MaybePromise<Draft<ProduceResponse> | undefined> {
  const hints = new LeaderHints(context, HINTS_SINCE)
  const touched = new Set<Partition>()
  const replication = new Replication(request.timeoutMs, context)
  let carried = 0
  let failed = false
  const responses = request.topicData.map(({ name, topicId, partitionData }): TopicAnswer => {
    const topic = context.version >= TOPIC_IDS_SINCE ? context.cluster.topics.byId(topicId) : context.cluster.topics.get(name)
    const partitionResponses = partitionData.map(({ index, records }) => {
      carried++
      const answer = answerOf(topic, index, records, request.acks, refusals, context, hints, touched, replication)
      failed ||= answer.errorCode !== ErrorCode.NONE
      return answer
    })
    return { name, topicId, partitionResponses }
  })
  context.carried(carried)
  for (const partition of touched) partition.announce()
  if (replication.isWanted) return replication.wait().then(() => ({ responses, ...hints.endpoints() }))
  if (request.acks !== 0) return { responses, ...hints.endpoints() }
  // Nobody waits for an answer, so closing is the only way to say that something is wrong; the client then asks for metadata.
  if (failed) context.close()
  return undefined
}

function refuseAll(
  { topicData, acks }: ProduceRequest,
  error: number,
  context: RequestContext,
): Draft<ProduceResponse> | undefined {
  context.carried(topicData.reduce((sum, { partitionData }) => sum + partitionData.length, 0))
  const responses = topicData.map(({ name, topicId, partitionData }) => {
    return { name, topicId, partitionResponses: partitionData.map(({ index }) => failure(index, error)) }
  })
  if (acks !== 0) return { responses }
  context.close()
  return undefined
}

function answerOf(
  topic: Topic | undefined,
  index: number,
  records: Uint8Array | null,
  acks: number,
  refusals: Refusals,
  context: RequestContext,
  hints: LeaderHints,
  touched: Set<Partition>,
  replication: Replication,
): Answer {
  const fault = context.faults.failureOf(topic?.name, index)
  const known = topic?.partitions[index]
  const partition = known?.seenBy(context.node.id)
  const failed = (errorCode: number): Answer => {
    const hint = partition && errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER ? hints.of(partition) : {}
    return { ...failure(index, errorCode), ...hint }
  }
  if (fault && !fault.afterAppend) return failed(fault.error ?? 0)
  if (known === undefined || partition === undefined) return failure(index, unknown(topic, context))
  try {
    const answer = append(partition, records, acks, refusals.get(known), context)
    touched.add(partition)
    if (acks === ALL_REPLICAS && partition.stuck && !fault) replication.expect(known, answer, hints)
    return fault ? failed(fault.error ?? 0) : answer
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { ...failed(error.errorCode), ...refused(partition, error) }
  }
}

function refused({ index, log }: Partition, { errorCode, message, details }: Refusal): Answer {
  return {
    ...failure(index, errorCode),
    ...(message !== '' && { errorMessage: message }),
    ...(details.withLogStart && { logStartOffset: log.logStartOffset }),
    recordErrors: (details.badRecords ?? []).map((batchIndex) => ({ batchIndex, batchIndexErrorMessage: message })),
  }
}

function failure(index: number, errorCode: number): Answer {
  return { index, errorCode, baseOffset: -1 }
}

function unknown(topic: Topic | undefined, { version }: RequestContext): number {
  return topic === undefined && version >= TOPIC_IDS_SINCE ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
}

/** Appends the one batch in `records`, or throws a {@link Refusal}. In the order of Kafka's own checks. */
function append(
  partition: Partition,
  records: Uint8Array | null,
  acks: number,
  refused: number | undefined,
  context: RequestContext,
): Answer {
  const { index, log, topic } = partition
  const { settings } = topic
  const batch = onlyBatch(records, context.version)
  const { header } = batch
  if (refused !== undefined) throw new Refusal(refused)
  if (acks < -1 || acks > 1) throw new Refusal(ErrorCode.INVALID_REQUIRED_ACKS)
  if (isInternal(topic.name) && context.clientId !== ADMIN_CLIENT) throw new Refusal(ErrorCode.INVALID_TOPIC_EXCEPTION)
  const leadership = leaderError(partition, context)
  if (leadership !== ErrorCode.NONE) throw new Refusal(leadership)
  if (acks === ALL_REPLICAS && partition.underMinInsync) throw new Refusal(ErrorCode.NOT_ENOUGH_REPLICAS)
  const now = context.cluster.env.wallClock()
  checkBatch(batch, settings, `${topic.name}-${index}`, now)
  const appended = (baseOffset: number, logAppendTimeMs: number): Answer => {
    return { index, errorCode: ErrorCode.NONE, baseOffset, logAppendTimeMs, logStartOffset: log.logStartOffset }
  }
  if (header.producerId >= 0) {
    const duplicate = duplicateOf(partition, header, now, context)
    // Kafka remembers a batch's greatest timestamp and gives that, whoever set it.
    if (duplicate) return appended(duplicate.baseOffset, duplicate.maxTimestamp)
  }
  const maxTimestamp = settings.logAppendTime ? now : header.maxTimestamp
  const bytes = inCodec(batch, settings)
  if (settings.logAppendTime || attributes.timestampType(header.attributes) === 'logAppendTime') {
    stamp(bytes, settings.logAppendTime, maxTimestamp)
  }
  return appended(partition.append(bytes, header, maxTimestamp), settings.logAppendTime ? now : -1)
}

/** The batch as the topic wants it compressed; one that cannot be read stays as it is. */
function inCodec({ header, bytes }: OnlyBatch, { codec, level }: TopicSettings): Uint8Array {
  if (codec === undefined || attributes.codec(header.attributes) === codec) return bytes
  return repacked(bytes, codec, level) ?? bytes
}

/** The same batch, where it was written before. Throws a {@link Refusal} of what its producer may not write. */
function duplicateOf(
  { producers, transactions }: Partition,
  header: BatchHeader,
  now: number,
  { cluster }: RequestContext,
): RememberedBatch | undefined {
  const { producerId } = header
  const refused = (error: number): Refusal => new Refusal(error, '', { withLogStart: true })
  const isOpen = transactions.firstOffsetOf(producerId) !== undefined
  const expirationMs = isOpen ? Number.POSITIVE_INFINITY : (cluster.options.producerIdExpirationMs ?? Number.POSITIVE_INFINITY)
  const verdict = producers.judge(header, now - expirationMs, transactions.verificationOf(producerId))
  if (verdict.kind === 'refused') throw refused(verdict.error)
  if (verdict.kind === 'duplicate') return verdict.batch
  if (isOpen && !attributes.transactional(header.attributes)) throw refused(ErrorCode.INVALID_TXN_STATE)
  return undefined
}

/** Sets whose time counts, and which; both are under the checksum. */
function stamp(bytes: Uint8Array, logAppendTime: boolean, maxTimestamp: number): void {
  const bit = attributes.make(0, { logAppendTime: true })
  const flags = readInt16(bytes, BatchField.attributes)
  writeInt16(bytes, BatchField.attributes, logAppendTime ? flags | bit : flags & ~bit)
  writeInt64(bytes, BatchField.maxTimestamp, maxTimestamp)
  writeInt32(bytes, BatchField.crc, crc32c(bytes, BatchField.attributes))
}
