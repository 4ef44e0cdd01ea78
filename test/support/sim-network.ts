/**
 * The network of a simulated world: connections that keep the order of bytes and nothing else. They cut writes anywhere, take them
 * off the writer's hands late, slow down, stall while a link is down, lose everything when cut, and hand over what was under way
 * after the other side has closed, as TCP does. Knows time and chance; of Kafka only that one write of a peer is one frame.
 */
import type { Listener, Socket, SocketEvents } from '../../src/shared/env.ts'

export interface NetworkClock {
  now(): number
  random(): number
  at(time: number, run: () => void): unknown
}

/** What becomes of a frame on its way from a server to a client. */
export interface Damage {
  bytes: Uint8Array
  /** The server's end closes behind it. */
  thenClose?: boolean
}

/** Sees each frame of a server, with the frames of the client that this connection has carried. */
export type Tamper = (frame: Buffer, pipe: Pipe) => Damage | undefined

interface LinkState {
  /** Nothing gets through before; for each direction. */
  toServerAt: number
  toClientAt: number
  /** Writes to the port stay in the writer's hands before. */
  takesAt: number
  slowUntil: number
  slowBy: number
}

/** How many of a client's frames a connection remembers, to tell what an answer answers. */
const REMEMBERED_FRAMES = 64

export class SimNetwork {
  readonly clock: NetworkClock
  readonly pipes = new Set<Pipe>()
  tamper: Tamper | undefined
  /** Somebody changed bytes that a socket had not sent yet. */
  onChanged: (() => void) | undefined
  /** One-way delay of a delivery, in milliseconds. */
  latency: () => number
  readonly #listeners = new Map<number, (socket: Socket) => SocketEvents>()
  readonly #links = new Map<number, LinkState>()
  #nextPort = 20_000

  constructor(clock: NetworkClock) {
    this.clock = clock
    this.latency = () => clock.random() * 2
  }

  /** The link to a port is down for so long: bytes wait, and so do connections. */
  block(port: number, ms: number, direction: 'both' | 'to-server' | 'to-client' = 'both'): void {
    const link = this.#link(port)
    const until = this.clock.now() + ms
    if (direction !== 'to-client') link.toServerAt = Math.max(link.toServerAt, until)
    if (direction !== 'to-server') link.toClientAt = Math.max(link.toClientAt, until)
  }

  /** Everything to and from a port takes so much longer, for a while. */
  slow(port: number, ms: number, by: number): void {
    const link = this.#link(port)
    link.slowUntil = this.clock.now() + ms
    link.slowBy = by
  }

  /** The peer reads nothing for so long: its window and the kernel's buffer are full, and clients keep what they write. */
  fill(port: number, ms: number): void {
    this.#link(port).takesAt = this.clock.now() + ms
  }

  /** When what a client writes is taken off its hands; in the past when that is now. */
  takesAt(port: number): number {
    return this.#links.get(port)?.takesAt ?? 0
  }

  /** When bytes get through again; in the past when they do now. */
  opensAt(port: number, toServer: boolean): number {
    const link = this.#links.get(port)
    return link === undefined ? 0 : toServer ? link.toServerAt : link.toClientAt
  }

  delay(port: number): number {
    const link = this.#links.get(port)
    return this.latency() + (link && link.slowUntil > this.clock.now() ? link.slowBy : 0)
  }

  accept(port: number, socket: Socket): SocketEvents | undefined {
    return this.#listeners.get(port)?.(socket)
  }

  connect(port: number, events: SocketEvents): Socket {
    const pipe = new Pipe(this, port)
    pipe.client.events = events
    this.pipes.add(pipe)
    this.clock.at(this.clock.now() + this.delay(port), () => pipe.open())
    return pipe.client
  }

  listen(port: number, onConnection: (socket: Socket) => SocketEvents): Listener {
    const bound = port === 0 ? this.#nextPort++ : port
    if (this.#listeners.has(bound)) throw new Error('listen EADDRINUSE')
    this.#listeners.set(bound, onConnection)
    return { port: bound, close: () => void this.#listeners.delete(bound) }
  }

  #link(port: number): LinkState {
    let link = this.#links.get(port)
    if (!link) this.#links.set(port, (link = { toServerAt: 0, toClientAt: 0, takesAt: 0, slowUntil: 0, slowBy: 0 }))
    return link
  }
}

/** Both ends of a connection. */
export class Pipe {
  readonly network: SimNetwork
  readonly port: number
  readonly client: End
  readonly server: End
  /** By its bytes 8 to 12, the correlation id: what the client has asked. */
  readonly asked = new Map<number, Buffer>()
  /** Half-open: whatever is sent vanishes, and no end hears of the other's. */
  silent = false

  constructor(network: SimNetwork, port: number) {
    this.network = network
    this.port = port
    this.client = new End(this, true)
    this.server = new End(this, false)
  }

  /** The connection reaches the port. */
  open(): void {
    const { network, port, client, server } = this
    if (client.closed || this.silent) return
    const opensAt = network.opensAt(port, true)
    if (opensAt > network.clock.now()) {
      network.clock.at(opensAt, () => this.open())
      return
    }
    server.events = network.accept(port, server)
    if (server.events) client.events?.onConnect?.()
    else this.cut(new Error('connect ECONNREFUSED'))
  }

  /** Breaks the connection now; what is on its way is lost. */
  cut(error?: Error): void {
    this.silent = true
    this.client.end(error)
    this.server.end(error)
  }

  remember(frame: Buffer): void {
    if (frame.length < 12) return
    this.asked.set(frame.readInt32BE(8), frame)
    if (this.asked.size > REMEMBERED_FRAMES) this.asked.delete(this.asked.keys().next().value!)
  }
}

/** Bytes that arrive, or the news that the other end has closed. */
type Parcel = Uint8Array | 'closed'

export class End implements Socket {
  readonly remoteAddress = 'sim'
  events: SocketEvents | undefined
  closed = false
  readonly #pipe: Pipe
  readonly #isClient: boolean
  /** Writes leave in order, and what left arrives in order. */
  #lastDeparture = 0
  #lastArrival = 0
  /** What this end is to get once the link is up again. */
  #held: Parcel[] = []

  constructor(pipe: Pipe, isClient: boolean) {
    this.#pipe = pipe
    this.#isClient = isClient
  }

  get #peer(): End {
    return this.#isClient ? this.#pipe.server : this.#pipe.client
  }

  /** Sometimes the chunks are only looked at later, as when a kernel's buffer is full: they must still be what they were. */
  write(chunks: readonly Uint8Array[], onWritten?: () => void): boolean {
    if (this.closed) return false
    const { network, port } = this.#pipe
    const { clock } = network
    const stalled = network.opensAt(port, this.#isClient)
    const chance = clock.random()
    const writtenAt = clock.now()
    let departure = writtenAt
    if (this.#isClient) departure = Math.max(departure, network.takesAt(port))
    if (stalled > departure && chance < 0.5) departure = stalled
    else if (chance < 0.2) departure += network.latency()
    departure = this.#lastDeparture = Math.max(this.#lastDeparture, departure)
    const written = Buffer.concat(chunks as Uint8Array[])
    const depart = (): void => {
      if (this.closed) return
      const frame = departure > writtenAt ? Buffer.concat(chunks as Uint8Array[]) : written
      if (!frame.equals(written)) network.onChanged?.()
      this.#depart(frame)
      if (onWritten) clock.at(this.#lastArrival, () => !this.closed && onWritten())
    }
    if (departure <= clock.now()) depart()
    else clock.at(departure, depart)
    return true
  }

  #depart(frame: Buffer): void {
    const { network } = this.#pipe
    if (this.#isClient) this.#pipe.remember(frame)
    const damage = this.#isClient ? undefined : network.tamper?.(frame, this.#pipe)
    const bytes = damage?.bytes ?? frame
    // sometimes in two pieces, cut anywhere
    const cut = network.clock.random() < 0.3 ? Math.floor(network.clock.random() * bytes.length) : bytes.length
    for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) if (piece.length > 0) this.#ship(piece)
    if (damage?.thenClose) this.destroy()
  }

  #ship(parcel: Parcel): void {
    const { network, port } = this.#pipe
    this.#lastArrival = Math.max(this.#lastArrival, network.clock.now() + network.delay(port))
    network.clock.at(this.#lastArrival, () => this.#peer.#arrive(parcel))
  }

  #arrive(parcel: Parcel): void {
    if (this.#pipe.silent || this.closed) return
    const { network, port } = this.#pipe
    const opensAt = network.opensAt(port, !this.#isClient)
    if (this.#held.length > 0 || opensAt > network.clock.now()) {
      this.#held.push(parcel)
      if (this.#held.length === 1) network.clock.at(opensAt, () => this.#release())
    } else this.#take(parcel)
  }

  #release(): void {
    const opensAt = this.#pipe.network.opensAt(this.#pipe.port, !this.#isClient)
    if (opensAt > this.#pipe.network.clock.now()) {
      this.#pipe.network.clock.at(opensAt, () => this.#release())
      return
    }
    const held = this.#held
    this.#held = []
    for (const parcel of held) if (!this.#pipe.silent && !this.closed) this.#take(parcel)
  }

  #take(parcel: Parcel): void {
    if (parcel === 'closed') this.end()
    else this.events?.onData(parcel)
  }

  pause(): void {}

  resume(): void {}

  /** What was written before and has left still arrives; the other end hears of the close behind it. */
  destroy(error?: Error): void {
    if (this.closed) return
    this.end(error)
    this.#ship('closed')
  }

  end(error?: Error): void {
    if (this.closed) return
    this.closed = true
    if (this.#isClient) this.#pipe.network.pipes.delete(this.#pipe)
    const { clock } = this.#pipe.network
    clock.at(clock.now(), () => {
      const { events } = this
      this.events = undefined
      events?.onClose(error)
    })
  }
}
