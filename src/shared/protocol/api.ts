/** What the generated code of an API looks like. */
import type { Reader } from './reader.ts'
import type { ByteField, Writer } from './writer.ts'

/** A message as callers write it: any field may be left out and takes Kafka's default. */
export type Draft<T> = T extends Uint8Array
  ? ByteField
  : T extends readonly (infer E)[]
    ? readonly Draft<E>[]
    : T extends object
      ? { [K in keyof T]?: Draft<T[K]> | undefined }
      : T

/** A message with versions of its own. */
export interface Message<T> {
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  /** The first version with compact lengths and tagged fields (KIP-482). */
  readonly flexibleFrom: number
  encode(w: Writer, version: number, body: Draft<T>): void
  decode(r: Reader, version: number): T
}

/** A pair of request and response. */
// biome-ignore lint/suspicious/noExplicitAny: code that handles any API does not know its bodies
export interface Api<Request = any, Response = any> {
  readonly key: number
  readonly name: string
  readonly minVersion: number
  /** The latest stable version. */
  readonly maxVersion: number
  readonly flexibleFrom: number
  encodeRequest(w: Writer, version: number, body: Draft<Request>): void
  decodeRequest(r: Reader, version: number): Request
  encodeResponse(w: Writer, version: number, body: Draft<Response>): void
  decodeResponse(r: Reader, version: number): Response
}

/** An API before its code is loaded. */
export interface ApiInfo {
  readonly key: number
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  readonly flexibleFrom: number
  load(): Promise<Api>
}

/** A field was given that the version spoken does not have and that means too much to be left out. */
export class UnsupportedField extends Error {
  readonly code = 'UNSUPPORTED_FIELD'

  constructor(message: string, field: string, version: number, first: number, last: number) {
    const versions = version < first ? `version ${first} is the first that does` : `version ${last} was the last that did`
    super(`${message} version ${version} has no field '${field}'; ${versions}`)
  }
}

/** Null was given for a field that may be null in other versions only. */
export class UnsupportedNull extends Error {
  readonly code = 'UNSUPPORTED_NULL'

  constructor(message: string, field: string, version: number) {
    super(`${message} version ${version} does not allow null for '${field}'`)
  }
}
