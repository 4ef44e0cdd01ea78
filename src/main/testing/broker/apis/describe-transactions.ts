/** DescribeTransactions 0 (KIP-664): what the coordinator knows of transactional ids. */
import type { Draft } from '../../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type DescribeTransactionsRequest,
  type DescribeTransactionsResponse,
  describeTransactions,
} from '../../../../shared/protocol/generated/describe-transactions.ts'
import type { Handler } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import type { Transaction } from '../transactions/transaction.ts'
import { atTransactions } from './at-transactions.ts'

type Described = NonNullable<Draft<DescribeTransactionsResponse>['transactionStates']>[number]

export const describeTransactionsHandler: Handler<DescribeTransactionsRequest, DescribeTransactionsResponse> = {
  api: describeTransactions,
  handle({ transactionalIds }, context) {
    const transactionStates = transactionalIds.map((transactionalId) =>
      atTransactions<Described>(
        context,
        transactionalId,
        (errorCode) => ({ errorCode, transactionalId }),
        (coordinator) => {
          const transaction = coordinator.get(transactionalId)
          if (transaction === undefined) throw new Refusal(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND)
          return describe(transaction)
        },
      ),
    )
    return { transactionStates }
  },
}

function describe({ id, state, timeoutMs, startedAt, producerId, epoch, partitions }: Transaction): Described {
  const topics = new Map<string, number[]>()
  for (const { topic, index } of partitions.values()) {
    const indexes = topics.get(topic.name)
    if (indexes) indexes.push(index)
    else topics.set(topic.name, [index])
  }
  return {
    errorCode: ErrorCode.NONE,
    transactionalId: id,
    transactionState: state,
    transactionTimeoutMs: timeoutMs,
    transactionStartTimeMs: startedAt,
    producerId,
    producerEpoch: epoch,
    topics: Array.from(topics, ([topic, indexes]) => ({ topic, partitions: indexes })),
  }
}
