/**
 * What main and I/O workers say to each other about TLS and SASL. What is plain data is told to a worker when it starts, so that it can
 * connect while main is blocked; what is a function of the user's runs on main and is asked for by a typed call, once a connection.
 */
import type { ConnectionOptions, PeerCertificate } from 'node:tls'
import type { WireError } from './errors.ts'

/** Options of `node:tls` without functions, so that they cross threads. */
export type TlsData = Omit<ConnectionOptions, 'checkServerIdentity'>

export interface TlsTerms {
  options: TlsData
  /** Any server will do; nothing of its certificate is checked. */
  insecure: boolean
  /** Main judges whether the certificate belongs to the host. */
  checksIdentity: boolean
}

/** `ask-main`: before each connection. */
export type TlsSettings = TlsTerms | 'ask-main'

export interface Credentials {
  username: string
  password: string
}

/** A token for OAUTHBEARER, and what goes with it (KIP-342). */
export interface BearerToken {
  value: string
  extensions: [name: string, value: string][]
  /** It was got for an earlier connection, so that another one may do where this one does not. */
  kept: boolean
}

/** Which mechanism a worker speaks, with what it needs for that and nothing else. */
export type SaslSettings =
  /** Without credentials main is asked for them. */
  | { kind: 'password'; mechanism: 'PLAIN'; credentials: Credentials | undefined }
  | {
      kind: 'scram'
      mechanism: ScramMechanism
      credentials: Credentials | undefined
      minIterations: number
      maxIterations: number
    }
  | { kind: 'token'; mechanism: 'OAUTHBEARER' }
  /** What is said is main's business. */
  | { kind: 'custom'; mechanism: string }

export type ScramMechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

export interface SecuritySettings {
  tls: TlsSettings | undefined
  sasl: SaslSettings | undefined
}

/** The broker at the other end of a connection. */
export interface PeerAddress {
  host: string
  port: number
}

/** Worker → main: what only main can say. Every promise rejects with a KafkaError. */
export interface SecurityHost {
  tlsTerms(peer: PeerAddress): TlsTerms | Promise<TlsTerms>
  /** Undefined when the certificate is the host's. */
  checkIdentity(host: string, certificate: PeerCertificate): WireError | undefined | Promise<WireError | undefined>
  credentials(): Credentials | Promise<Credentials>
  /** `refused`: a broker did not take the last one, so that a kept one will not do. */
  token(peer: PeerAddress, refused: boolean): BearerToken | Promise<BearerToken>
  /**
   * One step of the user's own mechanism: begins conversation `id` when there is no answer yet. Gives the bytes to send, or undefined when
   * it is done.
   */
  converse(id: number, peer: PeerAddress, answer: Uint8Array | undefined): Promise<Uint8Array | undefined>
  /** The conversation is over before its end. */
  abandon(id: number): void | Promise<void>
}
