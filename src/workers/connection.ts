/**
 * One socket to one broker: frames, correlation ids, deadlines. Knows no API: what a request says and what an answer means
 * belongs to the caller. A broker answers a connection's requests in order, so the oldest one is always the one answered.
 */
import { nameOf } from '../shared/address.ts'
import type { Env, Socket, SocketEvents, Timer, TlsClient } from '../shared/env.ts'
import { type ErrorContext, KafkaError } from '../shared/errors.ts'
import { Reader } from '../shared/protocol/reader.ts'
import { frameSizeProblem } from './frame-size.ts'
import { isLateRefusal, tlsAdvice, tlsReason } from './tls-failure.ts'

/** A request on its way. Exactly one of the three callbacks is called, once. */
export interface Exchange {
  /** The API's name, for errors. */
  readonly api: string
  /** The whole frame in order, with its size in front. Belongs to the connection until the exchange ended. */
  readonly chunks: readonly Uint8Array[]
  readonly correlationId: number
  readonly timeoutMs: number
  /** How long the broker may keep the answer back because the request says so. Default 0. */
  readonly waitsMs?: number
  /** False for acks 0: `onSent` ends the exchange. */
  readonly answered: boolean
  /**
   * The answer, positioned behind its size. Its bytes are borrowed; return true to own the frame's memory from now on (only with
   * {@link ownFrame}).
   */
  onResponse(reader: Reader): boolean
  onSent?(): void
  /** `sent`: the broker may have got the request. By then the socket is closed and the chunks are free. */
  onFailure(error: KafkaError, sent: boolean): void
  /** Put the answer into a buffer of its own even when it came in one read. */
  readonly ownFrame?: boolean
}

export interface ConnectionOptions {
  connectTimeoutMs: number
  maxResponseBytes: number
  tls?: TlsClient | undefined
}

export interface ConnectionEvents {
  onConnect(): void
  /** The last event; every exchange was failed before. */
  onClose(error: KafkaError): void
  /** After each batch of answers: time to look for more work. */
  onProgress(): void
  /** Nothing was heard for a while although an answer is due; told again and again until something is. The connection stays. */
  onSilent?(error: KafkaError): void
}

/** A broker that owes an answer and says nothing for so long may have been stopped: others are asked who leads now. */
export const SILENCE_MS = 3_000
/** The same again after this long. */
const SILENCE_AGAIN_MS = 1_000

/** Whoever is at the other end has to say little before it has shown who it is. */
const MAX_HANDSHAKE_BYTES = 1 << 20

/** First allocation for a frame whose length is still only a claim. */
const FIRST_GROWTH = 1 << 20

interface Flight {
  exchange: Exchange
  deadline: number
}

export class Connection {
  readonly broker: string
  readonly #env: Env
  readonly #options: ConnectionOptions
  readonly #events: ConnectionEvents
  readonly #socket: Socket
  /** Oldest first. */
  #flights: Flight[] = []
  #timer: Timer | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #connected = false
  #closed: KafkaError | undefined
  #correlationId = 0
  /** When the broker last said something, or was first owed an answer after it owed none. */
  #heardAt = 0
  /** How often its silence was told since. */
  #silences = 0
  // the frame that is arriving
  readonly #sizeBytes = Buffer.alloc(4)
  #sizeFilled = 0
  #frame = Buffer.alloc(0)
  #frameSize = -1
  #frameFilled = 0
  #largestFrame = 0
  #trusted = false

  constructor(env: Env, host: string, port: number, options: ConnectionOptions, events: ConnectionEvents) {
    this.broker = nameOf({ host, port })
    this.#env = env
    this.#options = options
    this.#events = events
    const socketEvents: SocketEvents = {
      onConnect: () => {
        this.#connected = true
        this.#armTimer()
        events.onConnect()
      },
      onData: (bytes) => this.#onData(bytes),
      onClose: (error) => this.#onClose(error),
    }
    this.#socket = env.connect(host, port, socketEvents, options.tls)
    this.#setTimer(env.now() + options.connectTimeoutMs)
  }

  get inFlight(): number {
    return this.#flights.length
  }

  get closed(): boolean {
    return this.#closed !== undefined
  }

  /** It owes an answer and has said nothing for a while. */
  get silent(): boolean {
    return this.#silences > 0
  }

  /** The handshakes are over: from now on answers may be as large as the option allows. */
  trust(): void {
    this.#trusted = true
  }

  nextCorrelationId(): number {
    this.#correlationId = (this.#correlationId + 1) & 0x7fffffff
    return this.#correlationId
  }

  /** Writes the request; on a closed connection it fails at once, unsent. */
  send(exchange: Exchange): void {
    if (this.#closed) {
      exchange.onFailure(this.#closed, false)
      return
    }
    const now = this.#env.now()
    const flight: Flight = { exchange, deadline: now + exchange.timeoutMs }
    if (this.#flights.length === 0) this.#heard(now)
    this.#flights.push(flight)
    this.#socket.write(exchange.chunks, exchange.answered ? undefined : () => this.#unansweredSent(flight))
    const at = Math.min(flight.deadline, this.#silentAt())
    if (at < this.#timerAt) this.#setTimer(at)
  }

  /** Closes the socket; what is in flight fails with `error`. */
  close(error: KafkaError): void {
    if (this.#closed) return
    this.#closed = error
    this.#socket.destroy()
  }

  #unansweredSent(flight: Flight): void {
    const index = this.#flights.indexOf(flight)
    if (index < 0) return
    this.#flights.splice(index, 1)
    flight.exchange.onSent?.()
    this.#events.onProgress()
  }

  #heard(now: number): void {
    this.#heardAt = now
    this.#silences = 0
  }

  /** When its silence is worth telling, for the next time. */
  #silentAt(): number {
    const oldest = this.#flights[0]
    if (!oldest) return Number.POSITIVE_INFINITY
    return this.#heardAt + SILENCE_MS + this.#silences * SILENCE_AGAIN_MS + (oldest.exchange.waitsMs ?? 0)
  }

  #onData(bytes: Uint8Array): void {
    this.#heard(this.#env.now())
    let at = 0
    while (at < bytes.length && !this.#closed) {
      if (this.#frameSize < 0) {
        at = this.#readSize(bytes, at)
        if (this.#frameSize < 0) continue
        if (!this.#flights[0]?.exchange.ownFrame && bytes.length - at >= this.#frameSize) {
          // whole in this read: no copy
          const end = at + this.#frameSize
          this.#frameSize = -1
          this.#answer(new Reader(bytes, at, end))
          at = end
          continue
        }
        this.#frameFilled = 0
        this.#growFrame(Math.min(this.#frameSize, Math.max(FIRST_GROWTH, this.#largestFrame)))
      }
      const part = Math.min(bytes.length - at, this.#frameSize - this.#frameFilled)
      if (this.#frameFilled + part > this.#frame.length) {
        this.#growFrame(Math.min(this.#frameSize, Math.max(this.#frame.length * 4, this.#frameFilled + part)))
      }
      this.#frame.set(at === 0 && part === bytes.length ? bytes : bytes.subarray(at, at + part), this.#frameFilled)
      this.#frameFilled += part
      at += part
      if (this.#frameFilled === this.#frameSize) {
        const size = this.#frameSize
        this.#frameSize = -1
        this.#largestFrame = Math.max(this.#largestFrame, size)
        if (this.#answer(new Reader(this.#frame, 0, size))) this.#frame = Buffer.alloc(0)
      }
    }
    this.#events.onProgress()
  }

  #readSize(bytes: Uint8Array, at: number): number {
    while (this.#sizeFilled < 4 && at < bytes.length) this.#sizeBytes[this.#sizeFilled++] = bytes[at++]!
    if (this.#sizeFilled < 4) return at
    this.#sizeFilled = 0
    const size = this.#sizeBytes.readInt32BE(0)
    const { maxResponseBytes } = this.#options
    const problem = frameSizeProblem(size, maxResponseBytes)
    if (problem) {
      this.#protocolError(problem.text, problem.context)
      return bytes.length
    }
    if (!this.#trusted && size > MAX_HANDSHAKE_BYTES) {
      const text = `it announced a response of ${size} bytes before the handshakes were over, when no more than ${MAX_HANDSHAKE_BYTES} are taken`
      this.#protocolError(text, { size, limit: MAX_HANDSHAKE_BYTES })
      return bytes.length
    }
    this.#frameSize = size
    return at
  }

  /** Memory grows with the bytes that really arrive, not with the length that was claimed. */
  #growFrame(size: number): void {
    if (this.#frame.length >= size) return
    const grown = Buffer.allocUnsafeSlow(size)
    this.#frame.copy(grown, 0, 0, this.#frameFilled)
    this.#frame = grown
  }

  /** True when the exchange keeps the frame. */
  #answer(reader: Reader): boolean {
    const flight = this.#flights[0]
    if (!flight) {
      this.#protocolError('an answer arrived that nothing had asked for')
      return false
    }
    const start = reader.offset
    const correlationId = reader.int32()
    reader.offset = start
    const { exchange } = flight
    if (correlationId !== exchange.correlationId || !exchange.answered) {
      this.#protocolError(
        `the answer to ${exchange.api} carries correlation id ${correlationId} instead of ${exchange.correlationId}`,
      )
      return false
    }
    this.#flights.shift()
    try {
      return exchange.onResponse(reader)
    } catch (thrown) {
      // the answer could not be decoded: nothing that comes after it can be trusted
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      const error = this.#error(
        'PROTOCOL_ERROR',
        `Unreadable ${exchange.api} response from ${this.broker}: ${why}. The connection was closed.`,
        exchange.api,
        thrown,
      )
      this.close(error)
      exchange.onFailure(error, true)
      return false
    }
  }

  #protocolError(why: string, context: ErrorContext = {}): void {
    const api = this.#flights[0]?.exchange.api
    const text = `${this.broker} does not speak Kafka's protocol properly: ${why}. The connection was closed.`
    this.close(this.#error('PROTOCOL_ERROR', text, api).with(context))
  }

  #onClose(cause: Error | undefined): void {
    if (this.#timer) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#closed ??= this.#tlsError(cause)
    this.#closed ??= this.#connected
      ? this.#error(
          'CONNECTION_LOST',
          `Connection to ${this.broker} was closed${cause ? `: ${tlsReason(cause)}` : ' by the broker'}. It is made again when needed.`,
          undefined,
          cause,
        )
      : this.#error(
          'CONNECTION_FAILED',
          `Cannot connect to ${this.broker}: ${cause ? tlsReason(cause) : 'closed at once'}. Check the address and that a broker listens there${this.#options.tls ? ' with TLS' : ''}.`,
          undefined,
          cause,
        )
    const flights = this.#flights
    this.#flights = []
    for (const { exchange } of flights) exchange.onFailure(this.#closed, true)
    this.#events.onClose(this.#closed)
  }

  #tlsError(cause: Error | undefined): KafkaError | undefined {
    if (!this.#options.tls) return undefined
    // what main says of a certificate is an error of ours already
    if (cause instanceof KafkaError) return cause.with({ broker: this.broker })
    if (this.#connected && !isLateRefusal(cause)) return undefined
    const advice = tlsAdvice(cause)
    if (!cause || advice === undefined) return undefined
    const text = `Cannot speak TLS with ${this.broker}: ${tlsReason(cause)}. ${advice}`
    return new KafkaError('TLS_FAILED', text, { broker: this.broker, cause })
  }

  /** The timer runs to the earliest deadline it knew when set and is not moved with every request. */
  #armTimer(): void {
    let earliest = this.#silentAt()
    for (const { deadline } of this.#flights) if (deadline < earliest) earliest = deadline
    this.#setTimer(earliest)
  }

  #setTimer(at: number): void {
    if (this.#timer) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#timerAt = at
    if (at !== Number.POSITIVE_INFINITY && !this.#closed)
      this.#timer = this.#env.setTimeout(() => this.#onTimer(), Math.max(0, Math.ceil(at - this.#env.now())))
  }

  #onTimer(): void {
    this.#timer = undefined
    const now = this.#env.now()
    if (!this.#connected) {
      const waited = this.#options.connectTimeoutMs
      this.close(
        this.#error(
          'CONNECTION_FAILED',
          `Cannot connect to ${this.broker}: no answer within ${waited} ms (connectTimeoutMs). Is it reachable from here?`,
        ),
      )
      return
    }
    const late = this.#flights.find((flight) => flight.deadline <= now)
    if (!late) {
      if (this.#silentAt() <= now) this.#tellSilence(now)
      this.#armTimer()
      return
    }
    const { api, timeoutMs } = late.exchange
    // answers come in order, so one that is overdue holds up all behind it: this connection is of no more use
    this.close(
      this.#error(
        'TIMEOUT',
        `${this.broker} did not answer ${api} within ${timeoutMs} ms (requestTimeoutMs). The connection was closed; see whether the broker is stuck or overloaded.`,
        api,
      ),
    )
  }

  #tellSilence(now: number): void {
    this.#silences++
    const { api } = this.#flights[0]!.exchange
    const silence = Math.round(now - this.#heardAt)
    this.#events.onSilent?.(
      this.#error('TIMEOUT', `${this.broker} owes an answer to ${api} and has said nothing for ${silence} ms.`, api),
    )
  }

  #error(
    code: 'PROTOCOL_ERROR' | 'CONNECTION_LOST' | 'CONNECTION_FAILED' | 'TIMEOUT',
    text: string,
    api?: string,
    cause?: unknown,
  ): KafkaError {
    return new KafkaError(code, text, {
      broker: this.broker,
      retriable: true,
      ...(api !== undefined && { api }),
      ...(cause !== undefined && { cause }),
    })
  }
}
