/** What requests to the coordinator of a transactional id have in common: the fault desk, whether this node is it, refusals. */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { RequestContext } from '../handler.ts'
import { Refusal } from '../refusal.ts'
import type { TransactionCoordinator } from '../transactions/coordinator.ts'

/** Gives what `run` gives, or what `failed` makes of the error that there is instead. `group`: the request is about one, too. */
export function atTransactions<R>(
  context: RequestContext,
  transactionalId: string,
  failed: (errorCode: number) => R,
  run: (coordinator: TransactionCoordinator) => R,
  group?: string,
): R {
  const fault = context.faults.failureOf(undefined, undefined, group)
  if (fault && !fault.afterAppend) return failed(fault.error ?? 0)
  const { transactions } = context.cluster
  try {
    if (transactionalId === '') throw new Refusal(ErrorCode.INVALID_REQUEST)
    const error = transactions.errorAt(context.node.id, transactionalId)
    if (error !== ErrorCode.NONE) throw new Refusal(error)
    const answer = run(transactions)
    return fault ? failed(fault.error ?? 0) : answer
  } catch (error) {
    if (error instanceof Refusal) return failed(error.errorCode)
    throw error
  }
}

/** PRODUCER_FENCED as clients of a version know it: to those before `since` it was INVALID_PRODUCER_EPOCH. */
export function fencedAs(errorCode: number, version: number, since: number): number {
  return errorCode === ErrorCode.PRODUCER_FENCED && version < since ? ErrorCode.INVALID_PRODUCER_EPOCH : errorCode
}
