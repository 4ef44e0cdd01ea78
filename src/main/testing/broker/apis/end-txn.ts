/** EndTxn 0–5: commits or aborts. From version 5 on the answer says who the producer is in its next transaction (KIP-890). */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { type EndTxnRequest, type EndTxnResponse, endTxn } from '../../../../shared/protocol/generated/end-txn.ts'
import type { Handler } from '../handler.ts'
import { atTransactions, fencedAs } from './at-transactions.ts'

type Answer = Draft<EndTxnResponse>

const FENCED_SINCE = 2
const BUMPS_EPOCH_SINCE = 5

export const endTxnHandler: Handler<EndTxnRequest, EndTxnResponse> = {
  api: endTxn,
  handle({ transactionalId, producerId, producerEpoch: epoch, committed: commit }, context) {
    const failed = (errorCode: number): Answer => {
      return { errorCode: fencedAs(errorCode, context.version, FENCED_SINCE), producerId: -1, producerEpoch: -1 }
    }
    return atTransactions<Answer>(context, transactionalId, failed, (coordinator) => {
      const version = context.version >= BUMPS_EPOCH_SINCE ? 2 : 0
      const next = coordinator.end(transactionalId, { producerId, epoch, commit, version })
      return version === 2 ? { producerId: next.producerId, producerEpoch: next.epoch } : {}
    })
  },
}
