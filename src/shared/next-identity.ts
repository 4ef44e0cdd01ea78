/** What a coordinator says about the transaction to come when it has ended one (KIP-890). */
import type { TransactionTerms } from './io-api.ts'
import { ErrorCode } from './protocol/errors.ts'
import type { EndTxnResponse } from './protocol/generated/end-txn.ts'

/** The identity that the answer names; undefined when it refuses, or leaves the identity as it is (EndTxn before version 5). */
export function nextIdentity({ errorCode, producerId, producerEpoch }: EndTxnResponse): TransactionTerms | undefined {
  if (errorCode !== ErrorCode.NONE || producerId < 0) return undefined
  return { producerId, producerEpoch, byBrokers: true }
}
