/**
 * One client's connection: requests are answered strictly one after the other, in the order they came, as Kafka does. Carries
 * out the fault desk's decisions about whole requests. Knows no API but by the table of handlers.
 */
import type { Socket, SocketEvents } from '../../../shared/env.ts'
import type { Api } from '../../../shared/protocol/api.ts'
import { ErrorCode } from '../../../shared/protocol/errors.ts'
import { encodeResponseFrame, type RequestHeader, readRequestHeader } from '../../../shared/protocol/frame.ts'
import { type ApiVersionsRequest, apiVersions } from '../../../shared/protocol/generated/api-versions.ts'
import { saslHandshake } from '../../../shared/protocol/generated/sasl-handshake.ts'
import { MalformedFrame, Reader } from '../../../shared/protocol/reader.ts'
import { Writer } from '../../../shared/protocol/writer.ts'
import { unsupportedApiVersions } from './apis/api-versions.ts'
import { handlers } from './apis/index.ts'
import type { Broker } from './broker.ts'
import { damaged } from './damage.ts'
import type { FaultRule, RequestFaults } from './fault-desk.ts'
import { BadFrame, FrameSplitter, MAX_FRAME_BYTES, MIN_FRAME_BYTES } from './frames.ts'
import type { AnyHandler, RequestContext } from './handler.ts'
import { REMEMBERED_REQUESTS, type RequestCount } from './request-log.ts'
import { LoginRefused } from './security/exchange.ts'
import type { SaslSession } from './security/session.ts'
import { RequestSubject } from './subject.ts'

/** With more than this waiting to be handled, the socket is not read. */
const MAX_QUEUED_BYTES = 1024 * 1024

/** Of one who has not logged in; Kafka's `sasl.server.max.receive.size`. */
const MAX_LOGIN_FRAME_BYTES = 512 * 1024

/** After its last answer a client may close the connection itself for so long: closed at once, TLS would tell it of a reset. */
const PARTING_MS = 100

/** Answers that can say that the request does not belong here; the others would have to say it of each part. */
const TELL_ILLEGAL_STATE: ReadonlySet<number> = new Set([saslHandshake.key, apiVersions.key])

/** For header versions; an API without a handler is not read beyond its key. */
const flexibleFrom = (apiKey: number): number => handlers.get(apiKey)?.api.flexibleFrom ?? Number.POSITIVE_INFINITY

/** What only the controller can do: a node that is cut off has it wait. */
const CONTROLLER_APIS: ReadonlySet<string> = new Set([
  ...['CreateTopics', 'DeleteTopics', 'CreatePartitions', 'IncrementalAlterConfigs', 'ElectLeaders', 'AlterUserScramCredentials'],
  ...['AlterPartitionReassignments', 'ListPartitionReassignments'],
])

/** Faults that end a request without an answer. */
type Loss = 'drop' | 'hang' | 'stall'
const lossOf = ({ kind }: FaultRule): Loss | undefined =>
  kind === 'drop' || kind === 'hang' || kind === 'stall' ? kind : undefined

interface Pending {
  header: RequestHeader
  handler: AnyHandler
  faults: RequestFaults
}

export class Connection implements SocketEvents {
  readonly #node: Broker
  readonly #socket: Socket
  readonly #splitter = new FrameSplitter()
  readonly #session: SaslSession | undefined
  #queue: Uint8Array[] = []
  #queuedBytes = 0
  /** A request is being handled or its answer waits for room. */
  #busy = false
  /** A throttled client's connection is not read. */
  #muted = false
  #pumping = false
  #paused = false
  #closed = false
  /** The node cannot be reached: nothing is read, and answers wait here. */
  #frozen = false
  #unsent: (() => void)[] = []
  /** What arrives is thrown away: nothing will be answered any more. */
  #deaf = false
  /** It is not read any more. */
  #stalled = false
  /** It said whose it is. */
  #introduced = false
  /** The answer that is written next is the last one. */
  #ending = false
  readonly #goneCallbacks = new Set<() => void>()

  constructor(node: Broker, socket: Socket) {
    this.#node = node
    this.#socket = socket
    this.#session = node.cluster.sasl?.newSession()
  }

  onData(bytes: Uint8Array): void {
    if (this.#deaf) return
    if (this.#session) this.#limit(this.#session)
    try {
      this.#splitter.push(bytes, (frame) => {
        this.#queue.push(frame)
        this.#queuedBytes += frame.length
      })
    } catch (error) {
      if (!(error instanceof BadFrame)) throw error
      this.destroy()
      return
    }
    this.#pump()
    if (this.#queuedBytes > MAX_QUEUED_BYTES && !this.#paused) {
      this.#paused = true
      this.#socket.pause()
    }
  }

  onDrain(): void {
    this.#done()
  }

  onClose(): void {
    this.#closed = true
    this.#queue = []
    for (const callback of this.#goneCallbacks) callback()
    this.#goneCallbacks.clear()
    this.#node.disconnected(this)
  }

  /** Nothing that still waits is handled, as on any closed connection. */
  destroy(): void {
    this.#closed = true
    this.#socket.destroy()
  }

  /** Lets nothing through in either direction, or does again. */
  freeze(frozen: boolean): void {
    if (this.#frozen === frozen || this.#closed) return
    this.#frozen = frozen
    if (frozen) {
      this.#socket.pause()
      return
    }
    const unsent = this.#unsent
    this.#unsent = []
    for (const send of unsent) send()
    if (!this.#paused && !this.#stalled) this.#socket.resume()
    this.#pump()
  }

  #pump(): void {
    if (this.#pumping) return // answers given at once come back here
    this.#pumping = true
    while (!this.#busy && !this.#muted && !this.#closed && !this.#frozen) {
      const frame = this.#queue.shift()
      if (frame === undefined) break
      this.#queuedBytes -= frame.length
      this.#busy = true
      this.#receive(frame)
    }
    this.#pumping = false
    if (this.#paused && !this.#closed && !this.#frozen && this.#queuedBytes <= MAX_QUEUED_BYTES) {
      this.#paused = false
      this.#socket.resume()
    }
  }

  /** Tokens are of any length; who has not logged in may not send much. */
  #limit({ takesTokens, isOpen }: SaslSession): void {
    this.#splitter.minBytes = takesTokens ? 0 : MIN_FRAME_BYTES
    this.#splitter.maxBytes = isOpen ? MAX_FRAME_BYTES : MAX_LOGIN_FRAME_BYTES
  }

  #receive(frame: Uint8Array): void {
    if (this.#session?.takesTokens) {
      this.#takeToken(this.#session, frame)
      return
    }
    try {
      const reader = new Reader(frame)
      const header = readRequestHeader(reader, flexibleFrom)
      const handler = handlers.get(header.apiKey)
      const { versions } = this.#node
      const verdict = this.#session?.admit(header.apiKey) ?? 'take'
      if (verdict === 'close') this.destroy()
      else if (verdict === 'refuse') this.#refuse(header, handler)
      else if (handler && versions.includes(handler, header.apiVersion)) this.#apply(handler, header, reader, frame.length)
      // ApiVersions must tell anyone what there is (KIP-511); what was never offered ends the connection, as in Kafka.
      else if (handler && header.apiKey === apiVersions.key)
        this.#send(apiVersions, 0, header.correlationId, unsupportedApiVersions(versions.max(handler)))
      else this.destroy()
    } catch (error) {
      this.#failed(error)
    }
  }

  /** A token of a login without requests around it: after SaslHandshake 0. A refused one is not answered. */
  #takeToken(session: SaslSession, frame: Uint8Array): void {
    const answer = ({ bytes }: { bytes: Buffer }): void => {
      const length = Buffer.alloc(4)
      length.writeInt32BE(bytes.length)
      if (this.#socket.write([length, bytes])) this.#done()
    }
    session
      .token(Buffer.from(frame))
      .then(answer)
      .catch((error) => this.#failed(error))
  }

  /** Something else than a token came in the middle of a login. */
  #refuse({ apiVersion, correlationId }: RequestHeader, handler: AnyHandler | undefined): void {
    if (handler === undefined || !this.#node.versions.includes(handler, apiVersion) || !TELL_ILLEGAL_STATE.has(handler.api.key)) {
      this.destroy()
      return
    }
    this.#ending = true
    this.#send(handler.api, apiVersion, correlationId, { errorCode: ErrorCode.ILLEGAL_SASL_STATE })
  }

  #apply(handler: AnyHandler, header: RequestHeader, reader: Reader, bytes: number): void {
    const { cluster, id } = this.#node
    const count = cluster.counts.count(handler.api.name, id)
    const request = handler.api.decodeRequest(reader, header.apiVersion)
    if (!this.#introduced) this.#introduce(header, request)
    const { apiVersion: version, clientId, correlationId } = header
    const [client, at] = [this.#socket.remoteAddress, cluster.env.wallClock()]
    const received = { api: handler.api.name, version, node: id, clientId, correlationId, client, at, body: request }
    cluster.received.add(header.apiKey, bytes, received)
    const faults = cluster.desk.arrived(header.apiKey, id, new RequestSubject(this.#node, handler, header, request))
    const pending = { header, handler, faults }
    const { rule } = faults
    const handle = (): void => this.#handle(pending, request, count)
    const loss = rule && !rule.afterApply ? lossOf(rule) : undefined
    if (loss) this.#lose(loss)
    else if (rule?.beforeApply) this.#later(rule.ms ?? 0, handle)
    else if (CONTROLLER_APIS.has(handler.api.name) && cluster.isolation.isCut(id)) this.#whenHealed(handle)
    else handle()
  }

  #handle(pending: Pending, request: unknown, count: RequestCount): void {
    const { handler } = pending
    const { records } = this.#node.cluster.world
    try {
      const groups = handler.groupsOf?.(request)
      const response = handler.handle(request, this.#contextOf(pending, count))
      // what became of a group by then is to be kept; what comes later it says itself
      for (const group of groups ?? []) records.touched('groups', group)
      if (response instanceof Promise) response.then((body) => this.#answer(pending, body)).catch((error) => this.#failed(error))
      else this.#answer(pending, response)
    } catch (error) {
      this.#failed(error)
    }
  }

  /** With its first request a client says what it is; what software it has only ApiVersions tells, from version 3 on (KIP-511). */
  #introduce({ apiKey, apiVersion, clientId }: RequestHeader, request: unknown): void {
    this.#introduced = true
    const told = apiKey === apiVersions.key && apiVersion >= 3
    const { clientSoftwareName: software = '', clientSoftwareVersion: version = '' } = told ? (request as ApiVersionsRequest) : {}
    this.#goneCallbacks.add(this.#node.cluster.clients.arrived({ clientId: clientId ?? '', software, version, host: this.#host }))
  }

  /** The client's address without its port. */
  get #host(): string {
    return this.#socket.remoteAddress.replace(/:\d+$/, '')
  }

  #contextOf({ header, faults }: Pending, count: RequestCount): RequestContext {
    return {
      cluster: this.#node.cluster,
      node: this.#node,
      version: header.apiVersion,
      clientId: header.clientId,
      clientHost: this.#host,
      faults,
      session: this.#session,
      onGone: (callback) => {
        this.#goneCallbacks.add(callback)
        return () => void this.#goneCallbacks.delete(callback)
      },
      close: () => this.destroy(),
      closeAfterAnswer: () => {
        this.#ending = true
      },
      carried: (partitions) => {
        count.partitions.push(partitions)
        if (count.partitions.length > 2 * REMEMBERED_REQUESTS) count.partitions.splice(0, REMEMBERED_REQUESTS)
      },
    }
  }

  /** Ends a request without an answer. The connection stays busy for good unless it is closed. */
  #lose(kind: Loss): void {
    if (kind === 'drop') {
      this.destroy()
      return
    }
    this.#deaf = true
    this.#queue = []
    this.#queuedBytes = 0
    this.#stalled = kind === 'stall'
    if (this.#stalled) this.#socket.pause()
    else if (this.#paused) this.#socket.resume()
  }

  #answer(pending: Pending, body: unknown): void {
    const { header, handler, faults } = pending
    const send = (): void => this.#send(handler.api, header.apiVersion, header.correlationId, body, faults)
    const { rule } = faults
    if (this.#closed) return
    const loss = rule && lossOf(rule)
    if (loss) this.#lose(loss)
    else if (rule?.kind === 'delay' && !rule.beforeApply) this.#later(rule.ms ?? 0, send)
    else if (rule?.kind === 'throttle') this.#throttle(rule.ms ?? 0, pending, body)
    else send()
  }

  /** What comes next on this connection is left alone for so long (KIP-219). */
  #throttle(throttleTimeMs: number, { header, handler }: Pending, body: unknown): void {
    this.#muted = true
    const said = body && { ...body, throttleTimeMs }
    this.#send(handler.api, header.apiVersion, header.correlationId, said)
    this.#later(throttleTimeMs, () => {
      this.#muted = false
      this.#pump()
    })
  }

  #whenHealed(callback: () => void): void {
    const stop = this.#node.cluster.isolation.whenHealed(this.#node.id, () => {
      this.#goneCallbacks.delete(stop)
      callback()
    })
    this.#goneCallbacks.add(stop)
  }

  #later(ms: number, callback: () => void): void {
    const { env } = this.#node.cluster
    const timer = env.setTimeout(() => {
      this.#goneCallbacks.delete(stop)
      callback()
    }, ms)
    const stop = (): void => env.clearTimeout(timer)
    this.#goneCallbacks.add(stop)
  }

  /** Writes an answer (none if undefined) and goes on; while the peer does not read, the next request waits. */
  #send(api: Api, version: number, correlationId: number, body: unknown, faults?: RequestFaults): void {
    if (this.#frozen) {
      this.#unsent.push(() => this.#send(api, version, correlationId, body, faults))
      return
    }
    try {
      if (body === undefined) {
        this.#done()
        return
      }
      const writer = new Writer()
      encodeResponseFrame(writer, api as Api<never>, version, correlationId, body)
      const kind = faults?.rule?.kind
      if (kind === 'truncate' || kind === 'corrupt') this.#sendDamaged(writer.finish(), faults!)
      else if (this.#ending) this.#socket.write(writer.chunks(), () => this.#later(PARTING_MS, () => this.destroy()))
      else if (this.#socket.write(writer.chunks())) this.#done()
    } catch (error) {
      // a client's own text that is no UTF-8 is longer when it is told again, and can be too long: Kafka closes the connection too
      if (error instanceof RangeError && error.message.startsWith('a string of')) this.destroy()
      else this.#failed(error)
    }
  }

  /** A frame that was cut is the last one. */
  #sendDamaged(frame: Buffer, faults: RequestFaults): void {
    const rule = faults.rule!
    const isCut = rule.kind === 'truncate'
    const left = (): Buffer => frame.subarray(0, Math.min(rule.bytes ?? 0, frame.length - 1))
    const bytes = isCut ? left() : damaged(frame, rule, () => faults.chance())
    if (isCut) this.#deaf = true
    const goesOn = this.#socket.write([bytes], isCut ? () => this.destroy() : undefined)
    if (goesOn && !isCut) this.#done()
  }

  #done(): void {
    if (!this.#busy) return
    this.#busy = false
    this.#pump()
  }

  #failed(error: unknown): void {
    this.destroy()
    if (!(error instanceof MalformedFrame || error instanceof LoginRefused)) this.#node.cluster.bug(error)
  }
}
