/**
 * A lasting way to one broker: a connection that is made when wanted, shaken hands on, authenticated, and made again after a failure
 * with exponential back-off (KIP-580). Requests go through it one by one; it does not repeat them.
 */
import { nameOf } from '../shared/address.ts'
import { isAllowedHost } from '../shared/allowed-hosts.ts'
import { backoffMs } from '../shared/backoff.ts'
import type { Env, Timer, TlsClient } from '../shared/env.ts'
import { isRefusal, KafkaError } from '../shared/errors.ts'
import type { IoOptions } from '../shared/io-api.ts'
import type { Api, Draft } from '../shared/protocol/api.ts'
import { encodeRequestFrame, readResponseHeader } from '../shared/protocol/frame.ts'
import { apiVersions } from '../shared/protocol/generated/api-versions.ts'
import { MalformedFrame } from '../shared/protocol/reader.ts'
import { Writer } from '../shared/protocol/writer.ts'
import { Connection, type Exchange } from './connection.ts'
import { type ApiRanges, type Handshake, shakeHands } from './handshake.ts'
import { Renewal } from './renewal.ts'
import type { Security } from './security.ts'

export interface RequestHandler<Response> {
  timeoutMs: number
  /** How long the broker may keep the answer back because the request says so. Default 0. */
  waitsMs?: number
  /** False for acks 0. Default true. */
  answered?: boolean
  onSent?(): void
  /** The response's byte fields are borrowed; return true to keep them, which {@link ownFrame} allows. */
  onResponse(response: Response, version: number): boolean | undefined
  onFailure(error: KafkaError, sent: boolean): void
  ownFrame?: boolean
  /** Nothing is sent to a broker that does not speak this version. */
  minVersion?: number
  maxVersion?: number
}

export interface LinkEvents {
  /** It became ready, or answers came. */
  onProgress(): void
  onState(state: 'connected' | 'disconnected', error: KafkaError | undefined): void
  /** The broker wants to be left alone for so long; told once a second at most. */
  onThrottle(api: string, throttleTimeMs: number): void
  /** The broker owes an answer and is silent, or will not be connected to for a while yet: told again and again until that is over. */
  onAbsent(error: KafkaError): void
}

/** Somebody waits for a broker that is being left alone after failures: the view of the cluster may be old, so it is told this often. */
export const ABSENT_AGAIN_MS = 1_000

/** Brokers may ask for longer, we believe up to a minute (KIP-219). */
export const MAX_THROTTLE_MS = 60_000
const TELL_THROTTLE_AGAIN_MS = 1_000

/** What the handshakes on a connection came to. */
interface Welcome {
  hands: Handshake
  renewal: Renewal | undefined
  lifetimeMs: number
}

type Waiter = (error: KafkaError | undefined) => void

export class Link {
  readonly host: string
  readonly port: number
  readonly #env: Env
  readonly #options: IoOptions
  readonly #events: LinkEvents
  readonly #security: Security | undefined
  #connection: Connection | undefined
  /** What a connection needs first is being asked for. */
  #opening = false
  #renewal: Renewal | undefined
  #ranges: ApiRanges | undefined
  #waiters: Waiter[] = []
  #failures = 0
  #notBefore = 0
  #retrying = false
  #mutedUntil = 0
  #unmuting: Timer | undefined
  #toldThrottleAt = Number.NEGATIVE_INFINITY
  /** Why the last connection ended. */
  #lastError: KafkaError | undefined
  #closed: KafkaError | undefined

  constructor(env: Env, host: string, port: number, options: IoOptions, events: LinkEvents, security?: Security) {
    this.host = host
    this.port = port
    this.#env = env
    this.#options = options
    this.#events = events
    this.#security = security
  }

  get ready(): boolean {
    return this.#ranges !== undefined
  }

  /** The broker owes an answer and has said nothing for a while. */
  get silent(): boolean {
    return this.#connection?.silent ?? false
  }

  get inFlight(): number {
    return (this.#connection?.inFlight ?? 0) + (this.#renewal?.held ?? 0)
  }

  /**
   * The broker and this client are not for each other, by the last attempt, and it is too early for another one: nobody need wait for
   * that. The first who asks when it is time tries again.
   */
  get refusal(): KafkaError | undefined {
    const error = this.#lastError
    if (this.ready || !error || !isRefusal(error)) return undefined
    return this.#env.now() < this.#notBefore ? error : undefined
  }

  /** When it may connect again; in the past when it may now. */
  get notBefore(): number {
    return this.#notBefore
  }

  /**
   * The broker reads nothing from this connection until then, since a quota of the client is used up (KIP-219). Whoever asks with
   * {@link want} first waits; what must not wait belongs on a connection of its own.
   */
  get mutedUntil(): number {
    return this.#mutedUntil
  }

  /** Why there was no way to the broker, when there is none now. */
  get failure(): KafkaError | undefined {
    if (!this.ready) return this.#lastError
    const left = Math.ceil(this.#mutedUntil - this.#env.now())
    return left > 0 ? heldBack(nameOf(this), left) : undefined
  }

  /** Says that there is work: true when it is ready, else it connects as soon as it may and reports progress then. */
  want(): boolean {
    if (this.ready) return !this.#muted()
    if (this.#connection || this.#opening || this.#retrying || this.#closed) return false
    const delay = this.#notBefore - this.#env.now()
    if (delay <= 0) this.#connect()
    else this.#connectLater(delay)
    return false
  }

  #connectLater(delay: number): void {
    this.#retrying = true
    this.#env.setTimeout(
      () => {
        this.#retrying = false
        if (this.#closed) return
        const left = this.#notBefore - this.#env.now()
        if (left <= 0) return this.#connect()
        if (this.#lastError) this.#events.onAbsent(this.#lastError)
        this.#connectLater(left)
      },
      Math.min(delay, ABSENT_AGAIN_MS),
    )
  }

  /** Whether it is; then it reports progress when that is over. */
  #muted(): boolean {
    const delay = this.#mutedUntil - this.#env.now()
    if (delay <= 0) return false
    this.#unmuting ??= this.#env.setTimeout(() => {
      this.#unmuting = undefined
      if (!this.ready || this.#muted()) return
      this.#settle(undefined)
      this.#events.onProgress()
    }, delay)
    return true
  }

  #throttled(api: string, throttleTimeMs: number): void {
    const now = this.#env.now()
    const ms = Math.min(throttleTimeMs, MAX_THROTTLE_MS)
    this.#mutedUntil = Math.max(this.#mutedUntil, now + ms)
    if (now - this.#toldThrottleAt < TELL_THROTTLE_AGAIN_MS) return
    this.#toldThrottleAt = now
    this.#events.onThrottle(api, ms)
  }

  /** Resolves when it is ready; rejects when the next attempt to connect fails. */
  whenReady(): Promise<void> {
    const error = this.#closed ?? this.refusal
    if (error) return Promise.reject(error)
    if (this.want()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#waiters.push((error) => (error ? reject(error) : resolve()))
    })
  }

  /** Whether the broker speaks this version of the API; only while it is {@link ready}. */
  speaks(api: Api, version: number): boolean {
    return this.#ranges!.highest(api) >= version
  }

  /** Sends a request; only while it is {@link ready}. */
  request<Request, Response>(api: Api<Request, Response>, body: Draft<Request>, handler: RequestHandler<Response>): void {
    const connection = this.#connection!
    const correlationId = connection.nextCorrelationId()
    const writer = new Writer()
    let version: number
    try {
      version = this.#ranges!.version(api, handler.minVersion, handler.maxVersion)
      encodeRequestFrame(writer, api, version, correlationId, this.#options.clientId, body)
    } catch (thrown) {
      handler.onFailure(unsendable(thrown, api.name, connection.broker), false)
      return
    }
    const { onSent } = handler
    const exchange: Exchange = {
      api: api.name,
      chunks: writer.chunks(),
      correlationId,
      timeoutMs: handler.timeoutMs,
      ...(handler.waitsMs && { waitsMs: handler.waitsMs }),
      answered: handler.answered ?? true,
      ...(handler.ownFrame && { ownFrame: true }),
      ...(onSent && { onSent }),
      onResponse: (reader) => {
        readResponseHeader(reader, api, version)
        const response = api.decodeResponse(reader, version)
        if (reader.remaining > 0) throw new MalformedFrame(`${reader.remaining} bytes follow the end of the response`)
        // real progress: the next failure starts the back-off anew
        this.#failures = 0
        const { throttleTimeMs = 0 } = response as { throttleTimeMs?: number }
        if (throttleTimeMs > 0) this.#throttled(api.name, throttleTimeMs)
        return handler.onResponse(response, version) ?? false
      },
      onFailure: (error, sent) => handler.onFailure(error, sent),
    }
    if (this.#renewal?.holding) this.#renewal.hold(() => connection.send(exchange))
    else connection.send(exchange)
  }

  /** Ends the connection; a new one is made when wanted. */
  drop(error: KafkaError): void {
    this.#connection?.close(error)
  }

  close(error: KafkaError): void {
    this.#closed = error
    if (this.#unmuting) this.#env.clearTimeout(this.#unmuting)
    this.#connection?.close(error)
    this.#settle(error)
  }

  #connect(): void {
    if (!isAllowedHost(this.host, this.#options.allowedHosts)) {
      this.#opening = true
      this.#env.defer(() => {
        this.#opening = false
        if (!this.#closed) this.#onClose(hostNotAllowed(this))
      })
      return
    }
    let tls: ReturnType<Security['tls']>
    try {
      tls = this.#security?.tls(this, this.#options.connectTimeoutMs)
    } catch (thrown) {
      tls = Promise.reject(thrown)
    }
    if (!(tls instanceof Promise)) {
      this.#open(tls)
      return
    }
    this.#opening = true
    // not in the promise's reaction, where nobody would see what is thrown
    const later = (then: () => void): void =>
      this.#env.defer(() => {
        this.#opening = false
        if (!this.#closed) then()
      })
    tls.then(
      (client) => later(() => this.#open(client)),
      (thrown) => later(() => this.#onClose(KafkaError.from(thrown, "the option 'tls'"))),
    )
  }

  #open(tls: TlsClient | undefined): void {
    const { connectTimeoutMs, maxResponseBytes } = this.#options
    const deadline = this.#env.now() + connectTimeoutMs
    const connection = new Connection(
      this.#env,
      this.host,
      this.port,
      { connectTimeoutMs, maxResponseBytes, tls },
      {
        onConnect: () => {
          this.#greet(connection, deadline).then(
            (welcome) => this.#env.defer(() => this.#onReady(connection, welcome)),
            (thrown) => this.#env.defer(() => connection.close(KafkaError.from(thrown, 'the handshake'))),
          )
        },
        onProgress: () => this.#events.onProgress(),
        onSilent: (error) => this.#events.onAbsent(error),
        onClose: (error) => this.#onClose(error),
      },
    )
    this.#connection = connection
  }

  /** Nothing but this client's name is said before the broker has shown who it is, as far as TLS and the mechanism let it. */
  async #greet(connection: Connection, deadline: number): Promise<Welcome> {
    const { clientId, requestTimeoutMs, connectTimeoutMs } = this.#options
    // a broker that answers each step at the last moment must not make a connection of it that takes for ever
    const left = (): number => Math.max(1, Math.min(requestTimeoutMs, Math.ceil(deadline - this.#env.now())))
    const hands = await shakeHands(connection, clientId, left)
    const security = this.#security
    if (!security?.authenticates) return { hands, renewal: undefined, lifetimeMs: 0 }
    const terms = { connection, ranges: hands.ranges, clientId, timeoutMs: Math.min(requestTimeoutMs, connectTimeoutMs) }
    const prepared = await security.prepare(this, left())
    const lifetimeMs = await security.authenticate({ ...terms, timeoutMs: left() }, prepared)
    const renewal = new Renewal(this.#env, security, this, terms, { onFailure: (error) => connection.close(error) })
    return { hands, renewal, lifetimeMs }
  }

  #onReady(connection: Connection, { hands: { ranges, throttleTimeMs }, renewal, lifetimeMs }: Welcome): void {
    if (connection.closed) return
    connection.trust()
    this.#ranges = ranges
    this.#renewal = renewal
    renewal?.begin(lifetimeMs)
    if (throttleTimeMs > 0) this.#throttled(apiVersions.name, throttleTimeMs)
    if (!this.#muted()) this.#settle(undefined)
    this.#events.onState('connected', undefined)
    this.#events.onProgress()
  }

  #onClose(error: KafkaError): void {
    const renewal = this.#renewal
    this.#connection = undefined
    this.#ranges = undefined
    this.#renewal = undefined
    this.#lastError = error
    const { reconnectBackoffMs, reconnectBackoffMaxMs } = this.#options
    this.#notBefore =
      this.#env.now() +
      backoffMs(++this.#failures, { initialMs: reconnectBackoffMs, maxMs: reconnectBackoffMaxMs }, this.#env.random())
    renewal?.end()
    this.#settle(error)
    this.#events.onState('disconnected', error)
    this.#events.onProgress()
  }

  #settle(error: KafkaError | undefined): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const waiter of waiters) waiter(error)
  }
}

function hostNotAllowed(address: { host: string; port: number }): KafkaError {
  const broker = nameOf(address)
  const text = `A broker was named that this client may not connect to: '${address.host}' is not in the option 'allowedHosts'. Add it there if it is a broker of yours.`
  return new KafkaError('HOST_NOT_ALLOWED', text, { broker, option: 'allowedHosts' })
}

function heldBack(broker: string, ms: number): KafkaError {
  const text = `${broker} holds this client back by a quota: nothing is sent for another ${ms} ms (KIP-219). Raise the quota, or send less.`
  return new KafkaError('TIMEOUT', text, { broker, retriable: true })
}

function unsendable(thrown: unknown, api: string, broker: string): KafkaError {
  if (thrown instanceof KafkaError) return thrown
  const why = thrown instanceof Error ? thrown.message : String(thrown)
  return new KafkaError('UNSUPPORTED', `This ${api} request cannot be sent to ${broker}: ${why}. A newer broker may take it.`, {
    api,
    broker,
    cause: thrown,
  })
}
