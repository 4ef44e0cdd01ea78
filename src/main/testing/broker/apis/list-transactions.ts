/**
 * ListTransactions 0–2 (KIP-664): the transactional ids that a node coordinates, by state and producer, by age from version 1 on
 * (KIP-994) and by a pattern from version 2 on (KIP-1152).
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import {
  type ListTransactionsRequest,
  type ListTransactionsResponse,
  listTransactions,
} from '../../../../shared/protocol/generated/list-transactions.ts'
import type { Handler } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import { transactionStates } from '../transactions/transaction.ts'

/** States that Kafka knows and that are never seen. */
const UNSEEN_STATES = ['Dead', 'PrepareEpochFence']
const KNOWN_STATES: ReadonlySet<string> = new Set([...transactionStates, ...UNSEEN_STATES])

export const listTransactionsHandler: Handler<ListTransactionsRequest, ListTransactionsResponse> = {
  api: listTransactions,
  handle(request, { cluster, node, faults }) {
    const fault = faults.failureOf()
    if (fault) return { errorCode: fault.error ?? 0 }
    try {
      const isWanted = filterOf(request, cluster.env.wallClock())
      const listed = cluster.transactions.transactionsAt(node.id).filter(isWanted)
      return {
        unknownStateFilters: request.stateFilters.filter((state) => !KNOWN_STATES.has(state)),
        transactionStates: listed.map(({ id, producerId, state }) => {
          return { transactionalId: id, producerId, transactionState: state }
        }),
      }
    } catch (error) {
      if (error instanceof Refusal) return { errorCode: error.errorCode }
      throw error
    }
  },
}

interface Listed {
  id: string
  producerId: number
  state: string
  startedAt: number
}

/** Throws INVALID_REGULAR_EXPRESSION. */
function filterOf(request: ListTransactionsRequest, now: number): (transaction: Listed) => boolean {
  const { stateFilters, producerIdFilters, durationFilter, transactionalIdPattern } = request
  const states = new Set(stateFilters)
  const producers = new Set(producerIdFilters)
  const pattern = transactionalIdPattern ? compiled(transactionalIdPattern) : undefined
  return ({ id, producerId, state, startedAt }) => {
    if (states.size > 0 && !states.has(state)) return false
    if (producers.size > 0 && !producers.has(producerId)) return false
    if (durationFilter >= 0 && now - startedAt <= durationFilter) return false
    return pattern === undefined || pattern.test(id)
  }
}

function compiled(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, 'su')
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal(ErrorCode.INVALID_REGULAR_EXPRESSION)
    throw error
  }
}
