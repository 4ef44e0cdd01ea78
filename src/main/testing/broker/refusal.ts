/** A request that cannot be granted, with the broker error that says so. */
export class Refusal extends Error {
  readonly errorCode: number

  constructor(errorCode: number, message = '') {
    super(message)
    this.errorCode = errorCode
  }
}
