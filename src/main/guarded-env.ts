/**
 * The world as an I/O core on this thread sees it. What a callback of the core throws ends the core, not the process (IX1); once it is
 * severed, nothing reaches the core any more and its sockets are closed, as a worker's are when it dies.
 */
import type { Env, Listener, Socket, SocketEvents, Timer, TlsClient } from '../shared/env.ts'

export class GuardedEnv implements Env {
  readonly clockOrigin: number
  readonly #env: Env
  readonly #onThrow: (thrown: unknown) => void
  readonly #sockets = new Set<Socket>()
  #severed = false

  constructor(env: Env, onThrow: (thrown: unknown) => void) {
    this.#env = env.core?.() ?? env
    this.clockOrigin = env.clockOrigin
    this.#onThrow = onThrow
  }

  sever(): void {
    this.#severed = true
    for (const socket of this.#sockets) socket.destroy()
    this.#sockets.clear()
  }

  now(): number {
    return this.#env.now()
  }

  wallClock(): number {
    return this.#env.wallClock()
  }

  random(): number {
    return this.#env.random()
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    return this.#env.setTimeout(() => this.#run(callback), delayMs)
  }

  clearTimeout(timer: Timer): void {
    this.#env.clearTimeout(timer)
  }

  defer(callback: () => void): void {
    this.#env.defer(() => this.#run(callback))
  }

  connect(host: string, port: number, events: SocketEvents, tls?: TlsClient): Socket {
    // only what is still unwinding asks
    if (this.#severed) throw new Error('the I/O core has ended')
    const guarded: SocketEvents = {
      onConnect: () => this.#run(() => events.onConnect?.()),
      onData: (bytes) => this.#run(() => events.onData(bytes)),
      onDrain: () => this.#run(() => events.onDrain?.()),
      onClose: (error) => {
        this.#sockets.delete(socket)
        this.#run(() => events.onClose(error))
      },
    }
    const socket = this.#env.connect(host, port, guarded, tls)
    this.#sockets.add(socket)
    return {
      write: (chunks, onWritten) => socket.write(chunks, onWritten && (() => this.#run(onWritten))),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      destroy: (error) => socket.destroy(error),
      remoteAddress: socket.remoteAddress,
    }
  }

  listen(host: string, port: number, onConnection: (socket: Socket) => SocketEvents): Promise<Listener> {
    return this.#env.listen(host, port, onConnection)
  }

  #run(callback: () => void): void {
    if (this.#severed) return
    try {
      callback()
    } catch (thrown) {
      if (this.#severed) return
      this.sever()
      this.#onThrow(thrown)
    }
  }
}
