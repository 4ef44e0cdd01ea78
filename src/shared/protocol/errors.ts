/** What the error codes of brokers mean. An unknown code is an answer too. */
import { ErrorCode, errorRows } from './generated/error-table.ts'

export { ErrorCode }

export interface BrokerErrorInfo {
  readonly code: number
  /** Kafka's name, such as `NOT_LEADER_OR_FOLLOWER`. */
  readonly name: string
  /** The same request may succeed later. */
  readonly retriable: boolean
  /** The cluster looks different from what the client believed. */
  readonly invalidMetadata: boolean
}

export const brokerErrors: ReadonlyMap<number, BrokerErrorInfo> = new Map(errorRows.map((row) => [row.code, row]))

/** Codes of future brokers get a name of their own and are final. */
export function brokerError(code: number): BrokerErrorInfo {
  return brokerErrors.get(code) ?? { code, name: `UNKNOWN_${code}`, retriable: false, invalidMetadata: false }
}
