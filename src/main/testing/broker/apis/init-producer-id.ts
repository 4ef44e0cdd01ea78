/** InitProducerId for idempotent producers. Transactions are not there yet: their ids are refused. */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type InitProducerIdRequest,
  type InitProducerIdResponse,
  initProducerId,
} from '../../../../shared/protocol/generated/init-producer-id.ts'
import type { Handler } from '../handler.ts'

export const initProducerIdHandler: Handler<InitProducerIdRequest, InitProducerIdResponse> = {
  api: initProducerId,
  handle({ transactionalId, producerId, producerEpoch }, { node, faults }) {
    const failed = (errorCode: number) => ({ errorCode, producerId: -1, producerEpoch: -1 })
    const fault = faults.failureOf()
    if (fault) return failed(fault.error ?? 0)
    if (transactionalId === '' || producerId < 0 !== producerEpoch < 0) return failed(ErrorCode.INVALID_REQUEST)
    if (transactionalId !== null) return failed(ErrorCode.UNSUPPORTED_VERSION)
    // The epoch that an idempotent producer wants raised belongs to its old id: Kafka gives it a new one.
    return { producerId: node.nextProducerId(), producerEpoch: 0 }
  },
}
