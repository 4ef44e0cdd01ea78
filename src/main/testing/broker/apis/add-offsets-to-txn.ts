/** AddOffsetsToTxn 0–4: puts a group's partition of `__consumer_offsets` into a transaction, for clients before KIP-890's version 2. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import {
  type AddOffsetsToTxnRequest,
  type AddOffsetsToTxnResponse,
  addOffsetsToTxn,
} from '../../../../shared/protocol/generated/add-offsets-to-txn.ts'
import type { Handler } from '../handler.ts'
import type { TransactionCoordinator } from '../transactions/coordinator.ts'
import { atTransactions, fencedAs } from './at-transactions.ts'

type Answer = Draft<AddOffsetsToTxnResponse>

const FENCED_SINCE = 2

export const addOffsetsToTxnHandler: Handler<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse> = {
  api: addOffsetsToTxn,
  groupsOf: ({ groupId }) => [groupId],
  handle({ transactionalId, producerId, producerEpoch: epoch, groupId }, context) {
    const failed = (errorCode: number): Answer => ({ errorCode: fencedAs(errorCode, context.version, FENCED_SINCE) })
    const add = (transactions: TransactionCoordinator): Answer => {
      const partition = context.cluster.coordinator.findPartition(groupId)
      transactions.add(transactionalId, { producerId, epoch }, [partition], 0)
      return {}
    }
    return atTransactions(context, transactionalId, failed, add, groupId)
  },
}
