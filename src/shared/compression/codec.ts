/** What a codec is. */

export interface Codec {
  /** Throws UNSUPPORTED_COMPRESSION when what the codec needs is not installed. */
  load?(): void
  /** `bytes` may be shared memory; the result is owned. */
  compress(bytes: Uint8Array, level: number | undefined): Uint8Array
  /**
   * `bytes` may be shared memory; the result is owned and at most `maxBytes` long. Throws {@link InflatesTooFar} when it would
   * be longer, before that much memory is taken; throws any other error when the bytes are not of this codec.
   */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array
}

/** The bytes inflate to more than the codec was allowed to make. */
export class InflatesTooFar extends Error {
  /** What else its reader should know. */
  readonly note: string

  constructor(note = '') {
    super('it inflates too far')
    this.note = note
  }
}

/** The bytes are not of this codec, and where that shows. */
export class NotOfCodec extends Error {}
