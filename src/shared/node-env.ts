/**
 * The real world: node:net and node:tls sockets, the process's clocks, timers and randomness, behind the interface of `env.ts`. Knows
 * nothing of Kafka.
 *
 * Measured here with 1 MB frames over loopback: a client socket that reads into one static buffer (`onread`) takes 0.37 ms of
 * CPU per MB, `data` events take 0.55 to 0.9 ms. Accepted sockets cannot be given `onread`, so they use the events.
 */
import net from 'node:net'
import tls from 'node:tls'
import type { Env, Listener, Socket, SocketEvents, TlsClient, TlsServer } from './env.ts'

const READ_BUFFER_BYTES = 256 * 1024
/** With more than this unsent, `write` says false. */
const WRITE_LIMIT_BYTES = 256 * 1024
const KEEP_ALIVE_DELAY_MS = 30_000
/** Node's timers hold no more; above it they would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** `performance` counts from the start of its thread, `process.hrtime` from one moment for all. */
const clockOrigin = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/** One of several addresses of a name gets this long before the next one is tried; the last one has all the time there is. */
const ADDRESS_ATTEMPT_MS = 1_000

/** An {@link Env} on the machine it runs on. It has no state: one is as good as many. `lookup` finds the addresses of names. */
export function nodeEnv(lookup?: net.LookupFunction): Env {
  return {
    now: () => performance.now(),
    clockOrigin,
    wallClock: () => Date.now(),
    random: () => Math.random(),
    setTimeout: (callback, delayMs) => setTimeout(callback, Math.min(delayMs, MAX_TIMER_MS)),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    defer: (callback) => void setImmediate(callback),
    connect: (host, port, events, tlsClient) => connect(host, port, events, tlsClient, lookup),
    listen,
  }
}

function connect(
  host: string,
  port: number,
  events: SocketEvents,
  tlsClient: TlsClient | undefined,
  lookup?: net.LookupFunction,
): Socket {
  const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
  const onread = {
    buffer,
    callback: (length: number): boolean => {
      wrapped.deliver(buffer.subarray(0, length))
      return true
    },
  }
  const target = {
    host,
    port,
    onread,
    // all addresses of a name are tried, as with client.dns.lookup=use_all_dns_ips, whatever the process's defaults are
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    ...(lookup && { lookup }),
  }
  let socket: net.Socket
  try {
    socket = tlsClient
      ? openTls(target, tlsClient, () => events.onConnect?.())
      : net.connect({ ...target, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS })
  } catch (error) {
    // An impossible port throws, and so does a key that cannot be read; the caller gets it like any other failure.
    socket = new net.Socket()
    setImmediate(() => socket.destroy(error as Error))
  }
  const wrapped = new NodeSocket(socket, `${host}:${port}`)
  wrapped.start(events)
  if (!tlsClient) socket.once('connect', () => events.onConnect?.())
  return wrapped
}

/** What `tls.connect` is told besides the caller's options wins over them: nothing but the caller's word turns a check off. */
function openTls(
  target: tls.ConnectionOptions & { host: string },
  { options, checkIdentity }: TlsClient,
  onSecure: () => void,
): tls.TLSSocket {
  const { host } = target
  const name = host.endsWith('.') ? host.slice(0, -1) : host
  // not an address: SNI has names only, and certificates are then checked for the address itself
  const servername = options.servername ?? (net.isIP(name) === 0 ? name : undefined)
  const socket = tls.connect({
    minVersion: 'TLSv1.2',
    // also where the environment says otherwise (NODE_TLS_REJECT_UNAUTHORIZED)
    rejectUnauthorized: true,
    ...options,
    ...target,
    ...(servername !== undefined && { servername }),
    checkServerIdentity: checkIdentity ? () => undefined : identityProblem,
  })
  socket.once('connect', () => socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_DELAY_MS))
  socket.once('secureConnect', () => {
    if (!checkIdentity) return onSecure()
    checkIdentity(servername ?? host, socket.getPeerCertificate(true)).then(
      (problem) => {
        if (socket.destroyed) return
        if (problem) socket.destroy(problem)
        else onSecure()
      },
      (thrown) => socket.destroy(thrown as Error),
    )
  })
  return socket
}

/** As Node.js does, but for one thing: a name in the subject only is no name of a host any more (RFC 9525, 2). */
function identityProblem(host: string, certificate: tls.PeerCertificate): Error | undefined {
  return tls.checkServerIdentity(host, { ...certificate, subject: { ...certificate.subject, CN: '' } })
}

/** Why `tls.connect` could not use these options: certificates, keys, ciphers; undefined when it can. */
export function tlsProblem(options: tls.ConnectionOptions): string | undefined {
  try {
    tls.createSecureContext(options)
    return undefined
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
}

function listen(
  host: string,
  port: number,
  onConnection: (socket: Socket) => SocketEvents,
  secure?: TlsServer,
): Promise<Listener> {
  const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS }
  const accept = (socket: net.Socket): void => {
    const wrapped = new NodeSocket(socket, `${socket.remoteAddress}:${socket.remotePort}`)
    wrapped.start(onConnection(wrapped))
    socket.on('data', (bytes) => wrapped.deliver(bytes as Buffer))
  }
  const server = secure ? tlsServer(options, secure, accept) : net.createServer(options, accept)
  // Handshakes that are under way end with the listener: nobody else knows of them.
  const sockets = new Set<net.Socket>()
  if (secure) server.on('connection', (socket: net.Socket) => sockets.add(socket.once('close', () => sockets.delete(socket))))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject)
      // Failing to accept one connection (out of file descriptors) is that peer's failure, not the listener's.
      server.on('error', () => {})
      resolve({
        port: (server.address() as net.AddressInfo).port,
        close: () => {
          server.close()
          for (const socket of sockets) socket.destroy()
        },
        ...(server instanceof tls.Server && { renew: (renewed) => server.setSecureContext(contextOf(renewed)) }),
      })
    })
  })
}

const contextOf = ({ cert, key, ca, clientAuth }: TlsServer): tls.SecureContextOptions => ({
  cert,
  key,
  minVersion: 'TLSv1.2',
  // with it the authority's own certificate is sent along, which tells nobody anything
  ...(clientAuth !== 'none' && { ca }),
})

/** Gives only connections whose handshake is done and whose certificate, if any, is good. */
function tlsServer(options: net.ServerOpts, secure: TlsServer, accept: (socket: net.Socket) => void): tls.Server {
  const { clientAuth } = secure
  const clients = { requestCert: clientAuth !== 'none', rejectUnauthorized: clientAuth === 'required' }
  const server = tls.createServer({ ...options, ...contextOf(secure), ...clients }, (socket) => {
    const shown = clientAuth !== 'none' && Object.keys(socket.getPeerCertificate()).length > 0
    if (shown && !socket.authorized) socket.destroy()
    else accept(socket)
  })
  return server
}

/** What failed for each of several addresses comes without any words of its own. */
function inWords(error: Error): Error {
  if (!(error instanceof AggregateError) || error.message !== '') return error
  return new Error(error.errors.map(({ message }: Error) => message).join(', '), { cause: error })
}

class NodeSocket implements Socket {
  readonly remoteAddress: string
  readonly #socket: net.Socket
  #events: SocketEvents | undefined
  #error: Error | undefined
  #owesDrain = false

  constructor(socket: net.Socket, remoteAddress: string) {
    this.#socket = socket
    this.remoteAddress = remoteAddress
  }

  start(events: SocketEvents): void {
    this.#events = events
    const socket = this.#socket
    socket.on('error', (error) => {
      this.#error ??= inWords(error)
    })
    // A peer that has finished talking will not read answers either: half-open connections only hide that it is gone.
    socket.on('end', () => socket.destroy())
    socket.on('drain', () => {
      if (!this.#owesDrain) return
      this.#owesDrain = false
      this.#events?.onDrain?.()
    })
    socket.on('close', () => {
      const live = this.#events
      this.#events = undefined
      live?.onClose(this.#error)
    })
  }

  /** Hands received bytes on, unless the socket was destroyed meanwhile. */
  deliver(bytes: Uint8Array): void {
    if (!this.#socket.destroyed) this.#events?.onData(bytes)
  }

  write(chunks: readonly Uint8Array[], onWritten?: () => void): boolean {
    const socket = this.#socket
    if (socket.destroyed || chunks.length === 0) {
      if (onWritten && !socket.destroyed) setImmediate(onWritten)
      return !socket.destroyed
    }
    const last = chunks.length - 1
    if (last > 0) socket.cork()
    for (let i = 0; i < last; i++) socket.write(chunks[i]!)
    socket.write(chunks[last]!, (error) => {
      if (!error) onWritten?.()
    })
    if (last > 0) socket.uncork()
    if (socket.writableLength < WRITE_LIMIT_BYTES) return true
    this.#owesDrain = true
    return false
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  destroy(error?: Error): void {
    this.#error ??= error
    this.#socket.destroy()
  }
}
