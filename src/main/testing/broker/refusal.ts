/** What a refusal of a batch says besides its error. */
export interface RefusalDetails {
  /** The answer names the log's start: Kafka does so for what it found out after it had looked at the log. */
  withLogStart?: boolean
  /** The positions in the batch of the records that are at fault. */
  badRecords?: number[]
}

/** A request that cannot be granted, with the broker error that says so. */
export class Refusal extends Error {
  readonly errorCode: number
  readonly details: RefusalDetails

  constructor(errorCode: number, message = '', details: RefusalDetails = {}) {
    super(message)
    this.errorCode = errorCode
    this.details = details
  }
}
