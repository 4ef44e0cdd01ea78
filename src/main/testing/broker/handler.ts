/**
 * What a handler of one API is: the codec, and a function from request to response. The table of all of them is `apis/index.ts`.
 */
import type { Api, Draft } from '../../../shared/protocol/api.ts'
import type { Broker } from './broker.ts'
import type { Cluster } from './cluster.ts'
import type { RequestFaults } from './fault-desk.ts'
import type { SaslSession } from './security/session.ts'

/** A request and where it came from. */
export interface RequestContext {
  readonly cluster: Cluster
  /** The node that was asked. */
  readonly node: Broker
  readonly version: number
  readonly clientId: string | null
  /** The client's address. */
  readonly clientHost: string
  readonly faults: RequestFaults
  /** How far the connection's login is; undefined: the broker asks for none. */
  readonly session: SaslSession | undefined
  /** Calls back when the connection is gone; nobody needs the answer then. Returns how to take that back. */
  onGone(callback: () => void): () => void
  /** Closes the connection, for requests whose failure cannot be told otherwise. */
  close(): void
  /** Closes the connection once the answer is written. */
  closeAfterAnswer(): void
  /** Notes how many partitions a Produce request carried. */
  carried(partitions: number): void
}

export interface Handler<Q, R> {
  readonly api: Api<Q, R>
  /** Versions answered; what the codec knows, unless told. */
  readonly minVersion?: number
  readonly maxVersion?: number
  /** Lower than `minVersion` where Kafka advertises versions that it then refuses. */
  readonly advertisedMinVersion?: number
  /** The consumer groups that a request is about, for faults that name one. */
  groupsOf?(request: Q): readonly string[]
  /** Undefined: no answer is wanted. */
  handle(request: Q, context: RequestContext): Draft<R> | undefined | Promise<Draft<R> | undefined>
}

// biome-ignore lint/suspicious/noExplicitAny: a table of handlers of different messages has no narrower type
export type AnyHandler = Handler<any, any>

export function minVersionOf(handler: AnyHandler): number {
  return handler.minVersion ?? handler.api.minVersion
}

export function maxVersionOf(handler: AnyHandler): number {
  return handler.maxVersion ?? handler.api.maxVersion
}
