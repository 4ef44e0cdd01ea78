/**
 * The one error class of the client. Each error says what happened, where, why, and what to do about it; fields carry the
 * same for programs. Imports nothing, so that every thread and every layer can use it.
 */

/**
 * What became of a record whose send failed. `not-written`: it is certainly not in the log and never will be.
 * `possibly-written`: a broker may have it; the client could not find out.
 */
export type Outcome = 'not-written' | 'possibly-written'

/** The kinds of failure, for `switch (error.code)`. */
export type KafkaErrorCode =
  | 'INVALID_OPTION'
  | 'INVALID_ARGUMENT'
  | 'CLOSED'
  | 'ABORTED'
  | 'TIMEOUT'
  | 'NO_BROKER'
  | 'CONNECTION_FAILED'
  | 'CONNECTION_LOST'
  | 'TLS_FAILED'
  | 'AUTHENTICATION_FAILED'
  | 'HOST_NOT_ALLOWED'
  | 'PROTOCOL_ERROR'
  | 'UNSUPPORTED'
  | 'UNKNOWN_TOPIC'
  | 'UNKNOWN_PARTITION'
  | 'BUFFER_FULL'
  | 'RECORD_TOO_LARGE'
  | 'DELIVERY_TIMEOUT'
  | 'OFFSET_OUT_OF_RANGE'
  | 'LOG_TRUNCATED'
  | 'NO_OFFSET'
  | 'CORRUPT_BATCH'
  | 'UNSUPPORTED_COMPRESSION'
  | 'BROKER_ERROR'
  | 'MEMBER_LOST'
  | 'GROUP_ERROR'
  | 'HANDLER_RESULT'
  | 'HANDLER_TIMEOUT'
  | 'HANDLER_FAILED'
  | 'WORKER_DIED'
  | 'TRANSACTION_FAILED'
  | 'TRANSACTION_MISUSED'
  | 'INTERNAL'

/**
 * How a transaction failed. Nothing of it is seen by `read_committed` readers, unless it is `unknown`:
 *
 * - `aborted`: a record or an offset was refused, or the coordinator would not commit.
 * - `timed-out`: it took longer than it may.
 * - `fenced`: somebody else uses the transactional ids of this client; it makes no transactions any more.
 * - `unknown`: the coordinator did not say whether it committed; it may be seen or not, as a whole.
 */
export type TransactionFate = 'aborted' | 'timed-out' | 'fenced' | 'unknown'

/** Where and how a failure happened; every field only where it is known. */
export interface ErrorContext {
  /** `host:port` of the broker. */
  broker?: string
  topic?: string
  partition?: number
  offset?: number
  /** The consumer group. */
  group?: string
  transactionalId?: string
  /** What became of the transaction, for code TRANSACTION_FAILED. */
  transaction?: TransactionFate
  /** The Kafka API, such as `Produce`. */
  api?: string
  /** Kafka's own name of the error, such as `NOT_LEADER_OR_FOLLOWER`. */
  brokerError?: string
  brokerErrorCode?: number
  option?: string
  /** A size that was over `limit`, in bytes. */
  size?: number
  limit?: number
  tries?: number
  elapsedMs?: number
}

export interface KafkaErrorInit extends ErrorContext {
  /** Whether the same call may succeed when made again. Default false. */
  retriable?: boolean
  outcome?: Outcome
  cause?: unknown
}

/** An error as plain data, for the way between threads. */
export interface WireError {
  code: KafkaErrorCode
  message: string
  retriable: boolean
  outcome: Outcome | undefined
  context: ErrorContext
  cause: string | undefined
}

/** Whether the peer and this client are not for each other, so that another attempt with the same settings would end alike. */
export function isRefusal({ code, retriable }: Pick<KafkaError, 'code' | 'retriable'>): boolean {
  return !retriable && (code === 'AUTHENTICATION_FAILED' || code === 'TLS_FAILED' || code === 'HOST_NOT_ALLOWED')
}

export class KafkaError extends Error {
  override readonly name = 'KafkaError'
  readonly code: KafkaErrorCode
  /** Whether the same call may succeed when made again. */
  readonly retriable: boolean
  /** Set on failed sends: whether the record may be in the log all the same. */
  readonly outcome: Outcome | undefined
  readonly context: ErrorContext

  constructor(code: KafkaErrorCode, message: string, init: KafkaErrorInit = {}) {
    const { retriable = false, outcome, cause, ...context } = init
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.retriable = retriable
    this.outcome = outcome
    this.context = context
  }

  /** The same failure seen by another record: with an outcome and, if given, more context. */
  with(init: KafkaErrorInit): KafkaError {
    return new KafkaError(this.code, this.message, {
      retriable: this.retriable,
      ...(this.outcome && { outcome: this.outcome }),
      cause: this.cause,
      ...this.context,
      ...init,
    })
  }

  toWire(): WireError {
    const { code, message, retriable, outcome, context, cause } = this
    return { code, message, retriable, outcome, context, cause: cause instanceof Error ? cause.message : undefined }
  }

  static fromWire(wire: WireError): KafkaError {
    return new KafkaError(wire.code, wire.message, {
      retriable: wire.retriable,
      ...(wire.outcome && { outcome: wire.outcome }),
      ...(wire.cause !== undefined && { cause: new Error(wire.cause) }),
      ...wire.context,
    })
  }

  /** Any thrown thing as a KafkaError; what is not one already is a bug and says so. */
  static from(thrown: unknown, where: string): KafkaError {
    if (thrown instanceof KafkaError) return thrown
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    return new KafkaError('INTERNAL', `Unexpected failure in ${where}: ${why}. Please report this as a bug of odradek.`, {
      cause: thrown,
    })
  }
}
