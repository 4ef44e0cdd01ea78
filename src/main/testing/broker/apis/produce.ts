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
  BATCH_OVERHEAD,
  BatchField,
  type BatchHeader,
  checkCrc,
  readBatchHeader,
  writeInt16,
  writeInt32,
  writeInt64,
} from '../../../../shared/record-batch.ts'
import type { Handler, RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import type { Partition, Topic } from '../topic.ts'
import { LeaderHints, leaderError } from './leadership.ts'

type TopicAnswer = NonNullable<Draft<ProduceResponse>['responses']>[number]
type Answer = NonNullable<TopicAnswer['partitionResponses']>[number]

const TOPIC_IDS_SINCE = 13
const HINTS_SINCE = 10
const ZSTD = 4
const ZSTD_SINCE = 7
const ALL_REPLICAS = -1
/** Seven fields of one byte each at least. */
const MIN_RECORD_BYTES = 7

export const produceHandler: Handler<ProduceRequest, ProduceResponse> = {
  api: produce,
  // Kafka refuses versions 0 to 2 and still advertises them: old librdkafka looks for version 0 (KAFKA-18659).
  advertisedMinVersion: 0,
  handle(request, context) {
    const hints = new LeaderHints(context, HINTS_SINCE)
    const touched = new Set<Partition>()
    let carried = 0
    let failed = false
    const responses = request.topicData.map(({ name, topicId, partitionData }): TopicAnswer => {
      const topic = context.version >= TOPIC_IDS_SINCE ? context.cluster.topicById(topicId) : context.cluster.topics.get(name)
      const partitionResponses = partitionData.map(({ index, records }) => {
        carried++
        const answer = answerOf(topic, index, records, request.acks, context, hints, touched)
        failed ||= answer.errorCode !== ErrorCode.NONE
        return answer
      })
      return { name, topicId, partitionResponses }
    })
    context.carried(carried)
    for (const partition of touched) partition.announce()
    if (request.acks !== 0) return { responses, ...hints.endpoints() }
    // Nobody waits for an answer, so closing is the only way to say that something is wrong; the client then asks for metadata.
    if (failed) context.close()
    return undefined
  },
}

function answerOf(
  topic: Topic | undefined,
  index: number,
  records: Uint8Array | null,
  acks: number,
  context: RequestContext,
  hints: LeaderHints,
  touched: Set<Partition>,
): Answer {
  const fault = context.faults.failureOf(topic?.name, index)
  if (fault && !fault.afterAppend) return failure(index, fault.error ?? 0)
  const partition = topic?.partitions[index]
  if (partition === undefined) return failure(index, unknown(topic, context))
  try {
    const answer = append(partition, records, acks, context)
    touched.add(partition)
    return fault ? failure(index, fault.error ?? 0) : answer
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const hint = error.errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER ? hints.of(partition) : {}
    return { ...failure(index, error.errorCode), ...(error.message !== '' && { errorMessage: error.message }), ...hint }
  }
}

function failure(index: number, errorCode: number): Answer {
  return { index, errorCode, baseOffset: -1 }
}

function unknown(topic: Topic | undefined, { version }: RequestContext): number {
  return topic === undefined && version >= TOPIC_IDS_SINCE ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
}

/** Appends the one batch in `records`, or throws a {@link Refusal}. In the order of Kafka's own checks. */
function append(partition: Partition, records: Uint8Array | null, acks: number, context: RequestContext): Answer {
  const { index, log, topic } = partition
  const header = onlyBatch(records, context.version)
  const bytes = records!
  if (acks < -1 || acks > 1) throw new Refusal(ErrorCode.INVALID_REQUIRED_ACKS)
  const leadership = leaderError(partition, context)
  if (leadership !== ErrorCode.NONE) throw new Refusal(leadership)
  if (acks === ALL_REPLICAS && partition.isr.length < topic.settings.minInsyncReplicas) {
    throw new Refusal(ErrorCode.NOT_ENOUGH_REPLICAS)
  }
  checkBatch(partition, bytes, header, context)
  if (header.producerId >= 0) {
    const verdict = partition.producers.judge(header)
    if (verdict.kind === 'refused') throw new Refusal(verdict.error)
    if (verdict.kind === 'duplicate') {
      const { baseOffset, logAppendTime } = verdict.batch
      return { index, errorCode: ErrorCode.NONE, baseOffset, logAppendTimeMs: logAppendTime, logStartOffset: log.logStartOffset }
    }
  }
  const logAppendTime = topic.settings.logAppendTime ? context.cluster.env.wallClock() : -1
  if (logAppendTime !== -1) stamp(bytes, header, logAppendTime)
  const maxTimestamp = logAppendTime === -1 ? header.maxTimestamp : logAppendTime
  const baseOffset = partition.append(bytes, header, maxTimestamp, logAppendTime)
  return { index, errorCode: ErrorCode.NONE, baseOffset, logAppendTimeMs: logAppendTime, logStartOffset: log.logStartOffset }
}

/** The header of the batch that is all of `records`. */
function onlyBatch(records: Uint8Array | null, version: number): BatchHeader {
  const invalid = (why: string): Refusal =>
    new Refusal(ErrorCode.INVALID_RECORD, `Produce requests with version ${version} are only allowed to contain ${why}`)
  const header = records === null ? 'truncated' : readBatchHeader(records, 0)
  if (header === 'unknown-magic') throw invalid('record batches with magic version 2')
  if (header === 'impossible-length')
    throw new Refusal(ErrorCode.CORRUPT_MESSAGE, 'The batch says that it is shorter than its header')
  if (header === 'truncated' || header.batchLength !== records!.length) throw invalid('exactly one record batch per partition')
  if (attributes.codec(header.attributes) === ZSTD && version < ZSTD_SINCE) {
    throw new Refusal(
      ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
      `Produce requests with version ${version} cannot use ZStandard compression`,
    )
  }
  return header
}

function checkBatch({ topic, index }: Partition, bytes: Uint8Array, header: BatchHeader, { cluster }: RequestContext): void {
  const { settings } = topic
  const where = `the batch for ${topic.name}-${index}`
  if (bytes.length > settings.maxMessageBytes) {
    const why = `${where} has ${bytes.length} bytes, more than the topic's max.message.bytes of ${settings.maxMessageBytes}`
    throw new Refusal(ErrorCode.MESSAGE_TOO_LARGE, why)
  }
  if (!checkCrc(bytes, 0, header)) throw new Refusal(ErrorCode.CORRUPT_MESSAGE, `${where} does not match its checksum`)
  const invalid = (why: string): Refusal => new Refusal(ErrorCode.INVALID_RECORD, `${where} ${why}`)
  if (attributes.codec(header.attributes) > ZSTD)
    throw new Refusal(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, `${where} has an unknown codec`)
  if (attributes.control(header.attributes)) throw invalid('is a control batch, which clients may not write')
  if (header.recordCount <= 0 || header.lastOffsetDelta !== header.recordCount - 1) {
    throw invalid(`claims ${header.recordCount} records and the last offset delta ${header.lastOffsetDelta}`)
  }
  const codec = attributes.codec(header.attributes)
  if (codec === 0 && header.recordCount > (bytes.length - BATCH_OVERHEAD) / MIN_RECORD_BYTES) {
    throw invalid(`claims ${header.recordCount} records in ${bytes.length} bytes`)
  }
  if (header.producerId >= 0 && (header.producerEpoch < 0 || header.baseSequence < 0)) {
    throw invalid(`has producer ${header.producerId} but no epoch or sequence`)
  }
  if (attributes.transactional(header.attributes))
    throw new Refusal(ErrorCode.INVALID_TXN_STATE, `${where} belongs to no transaction`)
  if (!settings.logAppendTime) checkTimestamps(header, settings, cluster.env.wallClock(), where)
}

function checkTimestamps(
  { baseTimestamp, maxTimestamp }: BatchHeader,
  settings: Topic['settings'],
  now: number,
  where: string,
): void {
  if (maxTimestamp < 0) return
  if (maxTimestamp - now > settings.timestampAfterMaxMs) {
    throw new Refusal(ErrorCode.INVALID_TIMESTAMP, `${where} has the timestamp ${maxTimestamp}, too far in the future`)
  }
  if (now - baseTimestamp > settings.timestampBeforeMaxMs) {
    throw new Refusal(ErrorCode.INVALID_TIMESTAMP, `${where} has the timestamp ${baseTimestamp}, too far in the past`)
  }
}

/** Sets the broker's time on a batch; attributes and timestamp are under the checksum. */
function stamp(bytes: Uint8Array, header: BatchHeader, now: number): void {
  writeInt16(bytes, BatchField.attributes, header.attributes | attributes.make(0, { logAppendTime: true }))
  writeInt64(bytes, BatchField.maxTimestamp, now)
  writeInt32(bytes, BatchField.crc, crc32c(bytes, BatchField.attributes))
}
