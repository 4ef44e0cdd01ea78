/**
 * The outside world as the I/O core and the embedded broker see it: time, randomness and sockets.
 *
 * Everything that is not a pure function goes through here, so that client and broker also run in one process on a
 * virtual clock, an in-memory network and a seed. `node-env.ts` is the real one.
 */
import type { ConnectionOptions, PeerCertificate } from 'node:tls'

/** A pending timer; opaque, only good for {@link Env.clearTimeout}. */
export type Timer = { readonly timer: unique symbol } | object

/** TLS for a client socket. */
export interface TlsClient {
  /** As of `node:tls`. The name for SNI is the host's, unless one is given here. */
  readonly options: ConnectionOptions
  /** Judges whether the certificate belongs to the host, instead of the rule of `node:tls`; the connection is up when it does. */
  readonly checkIdentity?: (host: string, certificate: PeerCertificate) => Promise<Error | undefined>
}

export interface Env {
  /** Monotonic milliseconds with a fraction. All deadlines, back-offs and leases use it; it never goes backwards. */
  now(): number
  /** What to add to {@link now} to compare it with another thread's of the same process. */
  readonly clockOrigin: number
  /** Wall-clock milliseconds since 1970, whole. Only for record timestamps. */
  wallClock(): number
  /** A number in [0, 1), for jitter. */
  random(): number
  setTimeout(callback: () => void, delayMs: number): Timer
  clearTimeout(timer: Timer): void
  /** The world as an I/O core on this thread is to see it, for simulations that let it crash. Default: this one. */
  core?(): Env
  /** Runs `callback` soon, after I/O that is already waiting (a macrotask). */
  defer(callback: () => void): void
  /** Opens a client socket; never throws, failures arrive as `onClose(error)`. */
  connect(host: string, port: number, events: SocketEvents, tls?: TlsClient): Socket
  /** Listens for connections; `port` 0 picks a free one. Rejects when the address cannot be had. */
  listen(host: string, port: number, onConnection: (socket: Socket) => SocketEvents, tls?: TlsServer): Promise<Listener>
}

/** TLS for a listener; everything is PEM. */
export interface TlsServer {
  readonly cert: string
  readonly key: string
  /** Whose certificates clients may show. */
  readonly ca: string
  /** Whether clients are to show one, as Kafka's `ssl.client.auth`. */
  readonly clientAuth: 'none' | 'requested' | 'required'
}

export interface SocketEvents {
  /** The connection is up, and with TLS the server is who it should be (client side only). */
  onConnect?(): void
  /** Bytes arrived. They are borrowed: the next read overwrites them. */
  onData(bytes: Uint8Array): void
  /** All that was written has been handed to the kernel after `write` had said false. */
  onDrain?(): void
  /** The last event, exactly once: the peer closed, `destroy` was called, or something failed. */
  onClose(error?: Error): void
}

export interface Socket {
  /**
   * Writes chunks in order with as few system calls as possible. The chunks belong to the socket until `onWritten` is called
   * or `onClose` fired. False means: more than a kernel buffer is waiting, `onDrain` will follow.
   */
  write(chunks: readonly Uint8Array[], onWritten?: () => void): boolean
  /** Stops reading until `resume` (backpressure to the peer). */
  pause(): void
  resume(): void
  /** Closes at once; `onClose` follows. Safe to call again. */
  destroy(error?: Error): void
  readonly remoteAddress: string
}

export interface Listener {
  readonly port: number
  close(): void
  /** From now on new connections get this certificate; those that are there keep theirs. Only where there is TLS. */
  renew?(tls: TlsServer): void
}
