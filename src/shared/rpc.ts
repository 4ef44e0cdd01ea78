/**
 * Typed calls between threads: comlink, wrapped once. Failures keep their code, fields and cause; a peer that dies rejects
 * every pending call; nothing hangs. For a few calls a second (about 0.1 ms each), not for records.
 *
 * What crosses is plain data. Only methods can be called; comlink's proxies of properties and callbacks are not used, because
 * a proxy that is garbage collected takes the replies of its calls with it.
 */
import type { MessagePort, Worker } from 'node:worker_threads'
import * as comlink from 'comlink'
import { KafkaError, type WireError } from './errors.ts'

/** A Worker, its `parentPort`, or one end of a MessageChannel. */
export type Port = Worker | MessagePort

/** The part of a port used here; the events of both kinds have types that do not unite. */
interface AnyPort {
  postMessage(value: unknown, transfer?: readonly never[]): void
  on(event: string, listener: (value: never) => void): unknown
  off(event: string, listener: (value: never) => void): unknown
  ref(): void
  unref(): void
}

/** The methods of `T`, each giving a promise. */
export type Remote<T> = {
  readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never
}

export interface ConnectOptions {
  /** Called once when the other side is gone for good, after the pending calls were rejected. */
  onDeath?: (error: KafkaError) => void
  /** Lets the process end while no call is pending; a pending call keeps it alive. Default false: the port is left as it is. */
  unrefWhenIdle?: boolean
}

type Outcome = { value: unknown } | { error: WireError }
type Method = (...args: unknown[]) => unknown
type Call = (method: string, args: unknown[]) => Promise<Outcome>

/** Answers calls that come through `port` with the methods of `api`. */
export function expose(port: Port, api: object): void {
  const call = async (method: string, args: unknown[]): Promise<Outcome> => {
    try {
      const target = (api as Record<string, unknown>)[method]
      if (typeof target !== 'function' || method in Object.prototype) throw new TypeError(`there is no method ${method}`)
      return { value: await (target as Method).apply(api, args) }
    } catch (thrown) {
      return { error: KafkaError.from(thrown, method).toWire() }
    }
  }
  comlink.expose(call, nodeEndpoint(port as unknown as AnyPort))
}

/** The methods of an object in this thread, called as those of another's would be. */
export function local<T extends object>(api: T): Remote<T> {
  const methods = Object.entries(api).map(([name, method]) => {
    const call = async (...args: unknown[]): Promise<unknown> => {
      try {
        return await (method as Method).apply(api, args)
      } catch (thrown) {
        throw KafkaError.from(thrown, name)
      }
    }
    return [name, call]
  })
  return Object.fromEntries(methods) as Remote<T>
}

/** The methods of the object that the other side exposes. Each call rejects with a {@link KafkaError}. */
export function connect<T extends object>(port: Port, options: ConnectOptions = {}): Remote<T> {
  const calls = new Calls(port as unknown as AnyPort, options)
  const methods = new Map<string, Method>()
  return new Proxy(Object.create(null) as Remote<T>, {
    get(_target, name) {
      // A thenable would be called by `await`.
      if (typeof name !== 'string' || name === 'then') return undefined
      let method = methods.get(name)
      if (method === undefined) methods.set(name, (method = (...args) => calls.call(name, args)))
      return method
    },
  })
}

/** The pending calls of one port, and its death. */
class Calls {
  readonly #port: AnyPort
  readonly #options: ConnectOptions
  readonly #remote: Call
  readonly #pending = new Set<(error: KafkaError) => void>()
  #death: KafkaError | undefined

  constructor(port: AnyPort, options: ConnectOptions) {
    this.#port = port
    this.#options = options
    this.#remote = comlink.wrap<Call>(nodeEndpoint(port)) as unknown as Call
    if (options.unrefWhenIdle) port.unref()
    let cause: unknown
    port.on('error', (error: unknown) => {
      cause = error
    })
    port.on('exit', (code: number) => this.#die(`The thread ended with exit code ${code}`, cause))
    port.on('close', () => this.#die('The port to the thread was closed', cause))
    // The lost message may be any call's answer.
    port.on('messageerror', (error: unknown) => this.#rejectAll(died('An answer could not be read', error)))
  }

  call(method: string, args: unknown[]): Promise<unknown> {
    if (this.#death) return Promise.reject(this.#death)
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#pending.delete(reject)
        if (this.#options.unrefWhenIdle && this.#pending.size === 0) this.#port.unref()
      }
      this.#pending.add(reject)
      if (this.#options.unrefWhenIdle && this.#pending.size === 1) this.#port.ref()
      this.#remote(method, args).then(
        (outcome) => {
          settle()
          if ('error' in outcome) reject(KafkaError.fromWire(outcome.error))
          else resolve(outcome.value)
        },
        (thrown) => {
          // An argument or a result that cannot be cloned.
          settle()
          reject(KafkaError.from(thrown, method))
        },
      )
    })
  }

  #die(what: string, cause: unknown): void {
    if (this.#death) return
    this.#death = died(what, cause)
    this.#rejectAll(this.#death)
    this.#options.onDeath?.(this.#death)
  }

  #rejectAll(error: KafkaError): void {
    for (const reject of this.#pending) reject(error)
    this.#pending.clear()
  }
}

function died(what: string, cause: unknown): KafkaError {
  const why = cause instanceof Error ? `: ${cause.message}` : ''
  return new KafkaError('WORKER_DIED', `${what}${why}. Calls to it cannot be answered any more: make a new client or broker.`, {
    cause,
  })
}

/** What comlink wants of a port, on Node's events. */
function nodeEndpoint(port: AnyPort): comlink.Endpoint {
  const wrappers = new Map<unknown, (value: unknown) => void>()
  return {
    postMessage: (message: unknown, transfer?: unknown[]) => port.postMessage(message, transfer as never[]),
    addEventListener: (_type: string, listener: unknown) => {
      const wrapper = (data: unknown): void => (listener as (event: { data: unknown }) => void)({ data })
      wrappers.set(listener, wrapper)
      port.on('message', wrapper)
    },
    removeEventListener: (_type: string, listener: unknown) => {
      const wrapper = wrappers.get(listener)
      if (wrapper) port.off('message', wrapper)
      wrappers.delete(listener)
    },
  }
}
