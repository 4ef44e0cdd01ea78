/** An {@link Env} without a world: a clock that moves when told, sockets in memory, seeded randomness. */
import type { Env, Listener, Socket, SocketEvents, Timer } from '../../../src/shared/env.ts'

interface Task {
  at: number
  order: number
  run: () => void
}

const START = 1_700_000_000_000

export class VirtualEnv implements Env {
  readonly clockOrigin = 0
  #now = 0
  #order = 0
  #tasks = new Set<Task>()
  #random: number
  readonly #listeners = new Map<number, (socket: Socket) => SocketEvents>()
  #nextPort = 40_000

  constructor(seed = 1) {
    this.#random = seed
  }

  now(): number {
    return this.#now
  }

  wallClock(): number {
    return START + Math.floor(this.#now)
  }

  random(): number {
    // xorshift32
    let x = this.#random
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#random = x >>> 0
    return this.#random / 2 ** 32
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    const task = { at: this.#now + Math.max(0, delayMs), order: this.#order++, run: callback }
    this.#tasks.add(task)
    return task
  }

  clearTimeout(timer: Timer): void {
    this.#tasks.delete(timer as Task)
  }

  defer(callback: () => void): void {
    this.setTimeout(callback, 0)
  }

  async listen(_host: string, port: number, onConnection: (socket: Socket) => SocketEvents): Promise<Listener> {
    const own = port === 0 ? this.#nextPort++ : port
    if (this.#listeners.has(own)) throw new Error(`port ${own} is taken`)
    this.#listeners.set(own, onConnection)
    return { port: own, close: () => void this.#listeners.delete(own) }
  }

  connect(_host: string, port: number, events: SocketEvents): Socket {
    const client = new VirtualSocket(this, `virtual:${port}`)
    const accept = this.#listeners.get(port)
    this.defer(() => {
      if (accept === undefined || this.#listeners.get(port) !== accept) {
        events.onClose(new Error('connection refused'))
        return
      }
      const server = new VirtualSocket(this, 'virtual:client')
      client.join(server, events)
      server.join(client, accept(server))
      events.onConnect?.()
    })
    return client
  }

  /** Lets `ms` pass, with everything that happens meanwhile. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      // Promises settle between tasks.
      await new Promise((resolve) => setImmediate(resolve))
      let next: Task | undefined
      for (const task of this.#tasks) {
        if (task.at <= end && (!next || task.at < next.at || (task.at === next.at && task.order < next.order))) next = task
      }
      if (next === undefined) break
      this.#tasks.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = end
  }

  get pendingTasks(): number {
    return this.#tasks.size
  }
}

class VirtualSocket implements Socket {
  readonly remoteAddress: string
  readonly #env: VirtualEnv
  #peer: VirtualSocket | undefined
  #events: SocketEvents | undefined
  #paused = false
  #waiting: Uint8Array[] = []
  #closed = false

  constructor(env: VirtualEnv, remoteAddress: string) {
    this.#env = env
    this.remoteAddress = remoteAddress
  }

  join(peer: VirtualSocket, events: SocketEvents): void {
    this.#peer = peer
    this.#events = events
  }

  write(chunks: readonly Uint8Array[], onWritten?: () => void): boolean {
    if (this.#closed) return false
    const bytes = Buffer.concat(chunks)
    // In pieces, as networks do.
    const cut = Math.floor(this.#env.random() * bytes.length)
    this.#env.defer(() => {
      this.#peer?.receive(bytes.subarray(0, cut))
      this.#peer?.receive(bytes.subarray(cut))
      if (!this.#closed) onWritten?.()
    })
    return true
  }

  receive(bytes: Uint8Array): void {
    if (this.#closed || bytes.length === 0) return
    if (this.#paused) this.#waiting.push(bytes)
    else this.#events?.onData(bytes)
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    const waiting = this.#waiting
    this.#waiting = []
    for (const bytes of waiting) this.receive(bytes)
  }

  destroy(error?: Error): void {
    if (this.#closed) return
    this.#closed = true
    this.#env.defer(() => this.#events?.onClose(error))
    this.#env.defer(() => this.#peer?.destroy())
  }
}
