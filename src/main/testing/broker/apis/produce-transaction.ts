/**
 * The part of Produce that is about transactions: who may send records of one, and whether the coordinator knows that the partitions
 * are in it, in the order and with the errors of Kafka.
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { ProduceRequest } from '../../../../shared/protocol/generated/produce.ts'
import { attributes, BatchField, readBatchHeader } from '../../../../shared/record-batch.ts'
import type { RequestContext } from '../handler.ts'
import type { Partition } from '../partition.ts'
import { Refusal } from '../refusal.ts'
import type { ProducerIdentity } from '../transactions/transaction.ts'
import { type Refusals, Verification, type VerificationMode, type Written } from '../transactions/verification.ts'

const TOPIC_IDS_SINCE = 13
const NO_REFUSALS: Refusals = new Map()
/** What older clients repeat a request for without a new look at metadata. */
const AGAIN = ErrorCode.NOT_ENOUGH_REPLICAS
const NO_COORDINATOR: ReadonlySet<number> = new Set([
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.NOT_COORDINATOR,
])

/** Whether a batch of the request says that it belongs to a transaction. Looks at one byte of each. */
export function isTransactional({ topicData }: ProduceRequest): boolean {
  return topicData.some(({ partitionData }) => partitionData.some(({ records }) => records !== null && saysSo(records)))
}

function saysSo(records: Uint8Array): boolean {
  // The lower byte of the attributes.
  return records[BatchField.magic] === 2 && attributes.transactional(records[BatchField.attributes + 1] ?? 0)
}

function modeOf(version: number): VerificationMode {
  if (version >= 12) return 'add'
  return version === 11 ? 'verify' : 'verify-old'
}

/** Which partitions may not be written to, and why. Throws a {@link Refusal} of the whole request. */
export function verifyTransaction(request: ProduceRequest, context: RequestContext): Refusals | Promise<Refusals> {
  const { transactionalId } = request
  if (transactionalId === null) throw new Refusal(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
  const { written, producer } = writtenBy(request, context)
  if (producer === undefined) return NO_REFUSALS
  const mode = modeOf(context.version)
  const verification = new Verification(context.cluster, transactionalId, producer, mode)
  const told = (refusals: Refusals): Refusals =>
    new Map(Array.from(refusals, ([partition, error]) => [partition, toldAs(error, mode)]))
  const refusals = verification.once(written)
  return verification.isWorthRetrying(refusals) ? verification.patiently(written).then(told) : told(refusals)
}

function toldAs(errorCode: number, mode: VerificationMode): number {
  if (NO_COORDINATOR.has(errorCode)) return AGAIN
  return errorCode === ErrorCode.CONCURRENT_TRANSACTIONS && mode !== 'add' ? AGAIN : errorCode
}

/** The partitions that get records of a transaction here, and from whom. */
function writtenBy(
  { topicData }: ProduceRequest,
  { cluster, node, version, faults }: RequestContext,
): { written: Written[]; producer: ProducerIdentity | undefined } {
  const written: Written[] = []
  let producer: ProducerIdentity | undefined
  for (const { name, topicId, partitionData } of topicData) {
    const topic = version >= TOPIC_IDS_SINCE ? cluster.topics.byId(topicId) : cluster.topics.get(name)
    for (const { index, records } of partitionData) {
      const partition = topic?.partitions[index]
      const sent = partition && records && batchOf(partition, records)
      if (!sent) continue
      const { producerId, epoch } = sent
      producer ??= { producerId, epoch }
      if (producer.producerId !== producerId || producer.epoch !== epoch) throw new Refusal(ErrorCode.INVALID_PRODUCER_ID_MAPPING)
      const fault = faults.failureOf(topic?.name, index)
      // Whoever does not lead says so when it comes to the append.
      if (partition.leader === node.id && !(fault && !fault.afterAppend)) written.push(sent)
    }
  }
  return { written, producer }
}

function batchOf(partition: Partition, records: Uint8Array): (Written & ProducerIdentity) | undefined {
  const header = saysSo(records) ? readBatchHeader(records, 0) : 'truncated'
  if (typeof header === 'string' || header.producerId < 0) return undefined
  return { partition, sequence: header.baseSequence, producerId: header.producerId, epoch: header.producerEpoch }
}
