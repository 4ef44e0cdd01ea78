/**
 * The world of an I/O core that crashes on command: at the n-th thing it asks of the world, whatever it is doing then. What it was in
 * the middle of stays half done, as when a thread is killed.
 */
import type { Env, Listener, Socket, SocketEvents, Timer } from '../../src/shared/env.ts'
import { KafkaError } from '../../src/shared/errors.ts'

/** What is unwound with it on the way, a promise of main's for instance, fails as with a thread that dies. */
export class Crash extends KafkaError {
  constructor() {
    super('WORKER_DIED', 'a crash was ordered')
  }
}

export class CrashingEnv implements Env {
  readonly clockOrigin: number
  readonly #env: Env
  #countdown = 0
  /** Only what runs in one of the core's callbacks can be unwound to where the core began. */
  #depth = 0

  constructor(env: Env) {
    this.#env = env
    this.clockOrigin = env.clockOrigin
  }

  /** The core crashes when it turns to the world for the `n`-th time from now on. */
  crashAt(n: number): void {
    this.#countdown = n
  }

  now(): number {
    this.#step()
    return this.#env.now()
  }

  wallClock(): number {
    this.#step()
    return this.#env.wallClock()
  }

  random(): number {
    this.#step()
    return this.#env.random()
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    this.#step()
    return this.#env.setTimeout(() => this.#run(callback), delayMs)
  }

  clearTimeout(timer: Timer): void {
    this.#env.clearTimeout(timer)
  }

  defer(callback: () => void): void {
    this.#step()
    this.#env.defer(() => this.#run(callback))
  }

  connect(host: string, port: number, events: SocketEvents): Socket {
    this.#step()
    const socket = this.#env.connect(host, port, {
      onConnect: () => this.#run(() => events.onConnect?.()),
      onData: (bytes) => this.#run(() => events.onData(bytes)),
      onDrain: () => this.#run(() => events.onDrain?.()),
      onClose: (error) => this.#run(() => events.onClose(error)),
    })
    return {
      write: (chunks, onWritten) => {
        this.#step()
        const room = socket.write(chunks, onWritten && (() => this.#run(onWritten)))
        this.#step()
        return room
      },
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      destroy: (error) => socket.destroy(error),
      remoteAddress: socket.remoteAddress,
    }
  }

  listen(host: string, port: number, onConnection: (socket: Socket) => SocketEvents): Promise<Listener> {
    return this.#env.listen(host, port, onConnection)
  }

  #step(): void {
    if (this.#depth === 0 || this.#countdown === 0) return
    // if it was caught on its way, it is thrown again
    if (this.#countdown > 1) this.#countdown--
    else throw new Crash()
  }

  #run(callback: () => void): void {
    this.#depth++
    try {
      callback()
    } finally {
      this.#depth--
    }
  }
}
