/**
 * InitProducerId 0–5: a producer id for whoever wants to be idempotent, and the beginning of a transactional producer, which fences
 * the one of before (KIP-98) or goes on as who it was (KIP-360). Two-phase commit (KIP-939) has a version that is not offered.
 */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type InitProducerIdRequest,
  type InitProducerIdResponse,
  initProducerId,
} from '../../../../shared/protocol/generated/init-producer-id.ts'
import type { Handler } from '../handler.ts'
import { atTransactions, fencedAs } from './at-transactions.ts'

type Answer = Draft<InitProducerIdResponse>

const FENCED_SINCE = 4

export const initProducerIdHandler: Handler<InitProducerIdRequest, InitProducerIdResponse> = {
  api: initProducerId,
  handle({ transactionalId, transactionTimeoutMs: timeoutMs, producerId, producerEpoch: epoch }, context) {
    const failed = (errorCode: number): Answer => {
      return { errorCode: fencedAs(errorCode, context.version, FENCED_SINCE), producerId: -1, producerEpoch: -1 }
    }
    if ((producerId === -1) !== (epoch === -1)) return failed(ErrorCode.INVALID_REQUEST)
    if (transactionalId === null) {
      const fault = context.faults.failureOf()
      // The epoch that an idempotent producer wants raised belongs to its old id: Kafka gives it a new one.
      return fault ? failed(fault.error ?? 0) : { producerId: context.node.nextProducerId(), producerEpoch: 0 }
    }
    const { maxTimeoutMs } = context.cluster.transactions.settings
    if (transactionalId !== '' && !(timeoutMs > 0 && timeoutMs <= maxTimeoutMs))
      return failed(ErrorCode.INVALID_TRANSACTION_TIMEOUT)
    return atTransactions<Answer>(context, transactionalId, failed, (coordinator) => {
      const expected = producerId === -1 ? undefined : { producerId, epoch }
      const producer = coordinator.init(transactionalId, { timeoutMs, expected })
      return { producerId: producer.producerId, producerEpoch: producer.epoch }
    })
  },
}
