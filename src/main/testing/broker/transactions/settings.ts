/** What the transaction coordinator can be told, with Kafka's defaults. */
import type { TransactionVersion } from './transaction.ts'

export interface TransactionSettings {
  /** The level of the feature `transaction.version` that clients are told. */
  version: TransactionVersion
  /** `transaction.max.timeout.ms` */
  maxTimeoutMs: number
  /** How long after the outcome is decided the markers are written; until then the transactional id is busy. */
  markerDelayMs: number
}

export const defaultTransactionSettings: TransactionSettings = { version: 2, maxTimeoutMs: 900_000, markerDelayMs: 0 }
