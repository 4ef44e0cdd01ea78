/**
 * One client's connection through the proxy and the one to the broker behind it. Each direction carries frames in order, one after
 * the other; a frame that is hit is replaced by its script, and those behind it wait until that was played. Decides nothing itself.
 */
import { connect, type Socket } from 'node:net'
import type { Action, End, Step } from './actions.ts'
import { sleep } from './actions.ts'
import { type Address, type Disguise, disguiseAnswer } from './addresses.ts'
import { type Exchange, readExchange } from './exchange.ts'
import { FrameSplitter } from './frame-splitter.ts'

/** What the proxy tells a pipe. */
export interface Host {
  readonly disguise: Disguise
  /** Resolves while the node can be reached. */
  passage(node: number): Promise<unknown> | undefined
  onRequest(exchange: Exchange): Action | undefined
  onAnswer(exchange: Exchange): Action | undefined
  onEnd(pipe: Pipe): void
  onProblem(problem: unknown): void
}

export class Pipe {
  readonly node: number
  readonly #id: number
  readonly #client: Socket
  #broker: Socket | undefined
  readonly #host: Host
  readonly #exchanges = new Map<number, Exchange>()
  /** The end of what is under way in each direction. */
  #toBroker: Promise<void> = Promise.resolve()
  #toClient: Promise<void> = Promise.resolve()
  #over = false

  constructor(node: number, id: number, client: Socket, host: Host) {
    this.node = node
    this.#id = id
    this.#client = client
    this.#host = host
    client.setNoDelay(true)
    client.on('error', () => {})
    client.on('close', () => {
      // what was sent before the end still arrives, as on a real network
      this.#toBroker.then(() => this.end('fin'))
    })
  }

  /** Plays what a connection is met with, then connects to the broker unless that ended it. */
  async start(broker: Address, greeting: readonly Step[]): Promise<void> {
    const requests = new FrameSplitter()
    let open = (): void => {}
    this.#toBroker = new Promise((resolve) => (open = resolve))
    this.#client.on('data', (bytes) => this.#guard(() => this.#read(requests, bytes, (frame) => this.#onRequest(frame))))
    try {
      await this.#play(greeting, this.#client)
      if (!this.#over) this.#connect(broker)
    } finally {
      open()
    }
  }

  /** The client's bytes stay where they are. */
  stopListening(): void {
    this.#client.pause()
  }

  listen(): void {
    this.#client.resume()
  }

  #connect({ host, port }: Address): void {
    const answers = new FrameSplitter()
    const broker = connect({ host, port, noDelay: true })
    this.#broker = broker
    broker.on('error', () => {})
    broker.on('data', (bytes) =>
      this.#guard(() => {
        for (const frame of answers.push(bytes)) {
          this.#toClient = this.#toClient.then(() => this.#onAnswer(frame)).catch((error) => this.#fail(error))
        }
      }),
    )
    broker.on('close', () => {
      this.#toClient.then(() => this.end('fin'))
    })
  }

  #read(splitter: FrameSplitter, bytes: Buffer, then: (frame: Buffer) => Promise<void>): void {
    for (const frame of splitter.push(bytes)) {
      this.#toBroker = this.#toBroker.then(() => then(frame)).catch((error) => this.#fail(error))
    }
  }

  async #onRequest(frame: Buffer): Promise<void> {
    if (this.#over) return
    const exchange = await readExchange(this.node, this.#id, frame)
    this.#exchanges.set(exchange.correlationId, exchange)
    const action = this.#host.onRequest(exchange)
    await this.#play(action?.(frame, exchange) ?? [frame], this.#broker)
  }

  async #onAnswer(frame: Buffer): Promise<void> {
    if (this.#over) return
    const exchange = this.#exchanges.get(frame.readInt32BE(4))
    if (exchange === undefined) throw new Error(`node ${this.node} answered a request that nobody made`)
    this.#exchanges.delete(exchange.correlationId)
    const proper = disguiseAnswer(exchange, frame, this.#host.disguise)
    await this.#play(this.#host.onAnswer(exchange)?.(proper, exchange) ?? [proper], this.#client)
  }

  async #play(script: Iterable<Step>, target: Socket | undefined): Promise<void> {
    for (const step of script) {
      await this.#host.passage(this.node)
      if (this.#over) return
      if (typeof step === 'number') await sleep(step)
      else if (typeof step === 'string') this.end(step)
      else if (step instanceof Promise) await step
      // waiting for the system to take it: a reset right behind would take it back
      else if (step.length > 0) await new Promise<void>((resolve) => target!.write(step, () => resolve()))
    }
  }

  /** Nothing goes through any more. Frozen sockets stay until the client or the proxy ends them. */
  end(how: End): void {
    if (this.#over && how === 'freeze') return
    this.#over = true
    if (how === 'freeze') return
    if (how === 'reset') this.#client.resetAndDestroy()
    else this.#client.destroySoon()
    this.#broker?.destroy()
    this.#host.onEnd(this)
  }

  #guard(work: () => void): void {
    try {
      if (!this.#over) work()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#host.onProblem(error)
    this.end('reset')
  }
}
