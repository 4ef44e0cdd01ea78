/**
 * A broker on a loopback port that does to each connection what a plan says. Owns what was heard of the client, and says which of it a
 * broker that has not proven itself must not hear.
 */
import net from 'node:net'
import tls from 'node:tls'
import { CertificateAuthority } from '../../../src/main/testing/certificates.ts'
import type { Api, Draft } from '../../../src/shared/protocol/api.ts'
import { encodeResponseFrame, readRequestHeader, readResponseHeader } from '../../../src/shared/protocol/frame.ts'
import { apiVersions } from '../../../src/shared/protocol/generated/api-versions.ts'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { saslAuthenticate } from '../../../src/shared/protocol/generated/sasl-authenticate.ts'
import { saslHandshake } from '../../../src/shared/protocol/generated/sasl-handshake.ts'
import { Reader } from '../../../src/shared/protocol/reader.ts'
import { Writer } from '../../../src/shared/protocol/writer.ts'
import { formsOf } from '../../support/shown.ts'
import { Login, secretOf } from './login.ts'
import { type Ending, type FrameLie, HONEST_REPLY, type VisitPlan } from './visit-plan.ts'

/** What the client asks for as soon as it is let in: nobody else may hear of it. */
export const USER_DATA = 'what-only-friends-may-hear'

// biome-ignore lint/suspicious/noExplicitAny: any API will do
const APIS = new Map<number, Api<any, any>>([apiVersions, saslHandshake, saslAuthenticate, metadata].map((api) => [api.key, api]))
const FLOOD_BYTES = 2 << 20
/** As the client has it. */
const MOST_BEFORE_TRUST = 1 << 20
/** Of what is not longer the client sees all at once. */
const ONE_PIECE = 8 * 1024
const UNFINISHED = 'its answer was not all there'

/** One connection of a client. */
export class Visit {
  readonly #plan: VisitPlan
  readonly #socket: net.Socket
  #login: Login
  #logins = 0
  #received = Buffer.alloc(0)
  /** What the next answer is to. */
  #asked: { api: Api; version: number; correlationId: number } | undefined
  /** Bytes that the client has and cannot make anything of yet. */
  #unread = Buffer.alloc(0)
  /** Answers, and their bytes. */
  #answers = 0
  #sent = 0
  #replies = 0
  #ended = false
  /** Nothing more is to be heard, for this reason. */
  #over: string | undefined
  proven = false
  /** What should not have been heard. */
  readonly misdeeds: string[] = []

  constructor(plan: VisitPlan, socket: net.Socket) {
    this.#plan = plan
    this.#socket = socket
    this.#login = new Login(plan)
    socket.on('error', () => {})
    socket.on('data', (bytes) => this.#onData(bytes as Buffer))
    if (plan.greeting !== '') {
      this.#write(Buffer.from(plan.greeting, 'hex'))
    }
  }

  get sent(): number {
    return this.#sent
  }

  /** How often the client has begun to log in. */
  get logins(): number {
    return this.#logins
  }

  leave(): void {
    this.#socket.destroy()
  }

  #onData(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes])
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readInt32BE(0)
      if (this.#received.length < end) return
      const frame = this.#received.subarray(4, end)
      this.#received = this.#received.subarray(end)
      this.#onRequest(frame)
    }
  }

  #onRequest(frame: Buffer): void {
    const reader = new Reader(frame)
    const header = readRequestHeader(reader, (key) => APIS.get(key)?.flexibleFrom ?? 0)
    const { apiKey, apiVersion, correlationId } = header
    const api = APIS.get(apiKey)
    // a greeting crosses with the first request
    const early = apiKey === apiVersions.key && this.#plan.greeting !== '' && this.#answers === 0
    if (this.#over !== undefined && !early) this.misdeeds.push(`${api?.name ?? apiKey} although ${this.#over}`)
    if (!this.proven && ![apiVersions.key, saslHandshake.key, saslAuthenticate.key].includes(apiKey))
      this.misdeeds.push(`${api?.name ?? apiKey} before it had proven itself`)
    const secret = secretOf(this.#plan.mechanism)
    const hides = this.#login.isScram || apiKey !== saslAuthenticate.key
    if (hides && formsOf(secret).some((form) => frame.includes(form))) this.misdeeds.push(`a secret in ${api?.name ?? apiKey}`)
    if (!this.proven && frame.includes(USER_DATA)) this.misdeeds.push('data of the user')
    if (api) this.#answer(api, apiVersion, correlationId, this.#bodyFor(api, reader, apiVersion))
  }

  #bodyFor(api: Api, reader: Reader, version: number): Draft<object> {
    const { versions, handshake, replies } = this.#plan
    if (api.key === apiVersions.key) {
      const apiKeys = versions.apis.map(([apiKey, minVersion, maxVersion]) => ({ apiKey, minVersion, maxVersion }))
      return { errorCode: versions.errorCode, apiKeys, throttleTimeMs: versions.throttleTimeMs }
    }
    if (api.key === saslHandshake.key) {
      const { again } = this.#plan
      const renews = this.#logins++ > 0 && again !== undefined
      this.proven = false
      this.#login = new Login(renews ? { ...this.#plan, ...again } : this.#plan)
      const { errorCode, offers } = renews ? again.handshake : handshake
      return { errorCode, mechanisms: [...offers] }
    }
    if (api.key === saslAuthenticate.key) {
      const { authBytes } = saslAuthenticate.decodeRequest(reader, version)
      const { errorCode, errorMessage, lifetimeMs } = replies[this.#replies++] ?? HONEST_REPLY
      return { errorCode, errorMessage, authBytes: this.#login.answer(authBytes), sessionLifetimeMs: lifetimeMs }
    }
    return { brokers: [{ nodeId: 1, host: '127.0.0.1', port: this.#socket.localPort! }], controllerId: 1 } as Draft<object>
  }

  #answer(api: Api, version: number, correlationId: number, body: Draft<object>): void {
    // in a version that whoever is refused can read
    const told = api.key === apiVersions.key && this.#plan.versions.errorCode === 35 ? 0 : version
    const writer = new Writer()
    encodeResponseFrame(writer, api, told, correlationId, body)
    const honest = Buffer.from(writer.finish())
    const lie = this.#plan.frames[this.#answers++]
    this.#asked = { api, version: told, correlationId }
    if (lie?.do === 'end') this.#end(lie.how)
    else if (lie?.do === 'split') this.#writeSplit(honest, lie.size)
    else this.#write(lie ? damaged(honest, lie) : honest)
  }

  /** What may be heard after the client has read this, as far as it can know yet. */
  #judge(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes])
    while (this.#over === undefined || this.#over === UNFINISHED) {
      const asked = this.#asked
      const size = this.#unread.length < 4 ? undefined : this.#unread.readInt32BE(0)
      if (size !== undefined && (size < 4 || size > MOST_BEFORE_TRUST)) this.#over = 'that was no length'
      else if (size === undefined || size > this.#unread.length - 4) this.#over = asked && UNFINISHED
      // what is longer comes in pieces, so that the client may have gone on before it saw the rest
      else if (asked || bytes.length <= ONE_PIECE) this.#judgeFrame(this.#unread.subarray(4, 4 + size))
      if (this.#over === undefined && asked && !this.#asked) this.#unread = this.#unread.subarray(4 + size!)
      else return
    }
  }

  #judgeFrame(frame: Buffer): void {
    const asked = this.#asked
    this.#asked = undefined
    this.#over = undefined
    if (!asked) {
      if (!this.proven) this.#over = 'it answered what nobody had asked'
      return
    }
    const { api, version, correlationId } = asked
    const value = read(api, version, correlationId, frame)
    if (value === undefined) {
      this.#over = `its answer to ${api.name} was none`
      return
    }
    const { errorCode = 0 } = value as { errorCode?: number }
    if (errorCode !== 0 && !(api.key === apiVersions.key && errorCode === 35)) this.#over = `it had refused ${api.name}`
    if (api.key === saslAuthenticate.key) this.#judgeLogin(errorCode, (value as { authBytes: Buffer }).authBytes)
  }

  #judgeLogin(errorCode: number, token: Buffer): void {
    const login = this.#login
    login.told[login.told.length - 1] = Buffer.from(token)
    if (errorCode !== 0) return
    const { flaw, flawOfFirst } = login
    this.proven = flaw === undefined
    if (login.isScram) {
      if (flawOfFirst !== undefined) this.#over = flawOfFirst
      else if (login.told.length > 1 && flaw !== undefined) this.#over = flaw
    } else if (login.told.length > 1) this.#over = 'it had refused the token'
  }

  #write(bytes: Buffer): void {
    if (this.#ended) return
    const { end } = this.#plan
    const room = end ? end.at - this.#sent : Number.POSITIVE_INFINITY
    const part = bytes.subarray(0, Math.max(0, room))
    this.#sent += part.length
    this.#judge(part)
    if (!end || room > bytes.length) {
      this.#socket.write(part)
      return
    }
    if (part.length === 0) this.#end(end.how)
    else this.#socket.write(part, () => this.#end(end.how))
    this.#ended = true
  }

  #writeSplit(bytes: Buffer, size: number): void {
    this.#write(bytes.subarray(0, size))
    if (bytes.length > size) setImmediate(() => this.#writeSplit(bytes.subarray(size), size))
  }

  #end(how: Ending): void {
    this.#ended = true
    if (how === 'fin') this.#socket.end()
    else if (how === 'rst') this.#socket instanceof tls.TLSSocket ? this.#socket.destroy() : this.#socket.resetAndDestroy()
  }
}

/** What the client can make of a frame; undefined: nothing. */
function read(api: Api, version: number, correlationId: number, frame: Buffer): unknown {
  try {
    const reader = new Reader(frame)
    if (readResponseHeader(reader, api, version) !== correlationId) return undefined
    const value = api.decodeResponse(reader, version)
    // ApiVersions may have grown
    return reader.remaining > 0 && api.key !== apiVersions.key ? undefined : value
  } catch {
    return undefined
  }
}

function damaged(frame: Buffer, lie: FrameLie): Buffer {
  const copy = Buffer.from(frame)
  switch (lie.do) {
    case 'id':
      copy.writeInt32BE((copy.readInt32BE(4) + lie.by) | 0, 4)
      return copy
    case 'size':
      copy.writeInt32BE(lie.size, 0)
      return copy
    case 'longer':
      return resized(Buffer.concat([copy, Buffer.from(lie.hex, 'hex')]))
    case 'shorter':
      return resized(copy.subarray(0, Math.max(8, copy.length - lie.by)))
    case 'before':
      return Buffer.concat([Buffer.from(lie.hex, 'hex'), copy])
    case 'behind':
      return Buffer.concat([copy, Buffer.from(lie.hex, 'hex')])
    case 'instead':
      return Buffer.from(lie.hex, 'hex')
    case 'flip':
      copy[lie.at % copy.length]! ^= lie.bits
      return copy
    case 'twice':
      return Buffer.concat([copy, copy])
    case 'early': {
      const next = Buffer.from(copy)
      next.writeInt32BE(next.readInt32BE(4) + 1, 4)
      return Buffer.concat([copy, next])
    }
    case 'flood': {
      const other = resized(Buffer.alloc(4 + lie.size, 1))
      return Buffer.concat([copy, Buffer.alloc(Math.ceil(FLOOD_BYTES / other.length) * other.length, other)])
    }
    default:
      return copy
  }
}

function resized(frame: Buffer): Buffer {
  frame.writeInt32BE(frame.length - 4, 0)
  return frame
}

const authority = new CertificateAuthority()
const pair = authority.issue({ name: 'liar', hosts: ['127.0.0.1', 'localhost'] })

/** Its two ports, one with TLS. Does to whoever comes what the plan of the moment says. */
export class Liar {
  readonly ca = authority.cert
  #plan: (() => VisitPlan) | undefined
  /** Since it was told its plan. */
  visits: Visit[] = []
  readonly #servers: (net.Server | tls.Server)[]
  readonly #sockets = new Set<net.Socket>()

  constructor() {
    this.#servers = [
      net.createServer((socket) => this.#onVisit(socket)),
      tls.createServer(pair, (socket) => this.#onVisit(socket)),
    ]
    for (const server of this.#servers) server.on('connection', (socket: net.Socket) => this.#keep(socket))
    this.#servers[1]!.on('tlsClientError', () => {})
  }

  async listen(): Promise<this> {
    await Promise.all(this.#servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))))
    return this
  }

  port(withTls: boolean): number {
    return (this.#servers[withTls ? 1 : 0]!.address() as net.AddressInfo).port
  }

  /** A function is asked for a plan for each who comes. */
  expect(plan: VisitPlan | (() => VisitPlan)): void {
    this.#plan = typeof plan === 'function' ? plan : () => plan
    this.visits = []
  }

  /** Who is there goes. */
  endVisits(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Who was let in has to come again. */
  endLetIn(): void {
    for (const visit of this.visits) if (visit.proven) visit.leave()
  }

  close(): void {
    for (const server of this.#servers) server.close()
    this.endVisits()
  }

  #keep(socket: net.Socket): void {
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.once('close', () => this.#sockets.delete(socket))
  }

  #onVisit(socket: net.Socket): void {
    if (this.#plan) this.visits.push(new Visit(this.#plan(), socket))
    else socket.destroy()
  }
}
