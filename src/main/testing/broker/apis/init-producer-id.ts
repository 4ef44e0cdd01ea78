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
  handle({ transactionalId }, { node, faults }) {
    const fault = faults.failureOf()
    if (fault) return { errorCode: fault.error, producerId: -1, producerEpoch: -1 }
    if (transactionalId !== null) {
      const errorCode = transactionalId === '' ? ErrorCode.INVALID_REQUEST : ErrorCode.UNSUPPORTED_VERSION
      return { errorCode, producerId: -1, producerEpoch: -1 }
    }
    // The epoch that an idempotent producer wants raised belongs to its old id: Kafka gives it a new one.
    return { producerId: node.nextProducerId(), producerEpoch: 0 }
  },
}
