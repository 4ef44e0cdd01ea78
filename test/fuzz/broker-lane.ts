/** One connection after another to an embedded broker, each sent damaged requests, and what became of each. */
import { connect, type Socket } from 'node:net'
import { BadFrame, FrameSplitter } from '../../src/main/testing/broker/frames.ts'
import { encodeRequestFrame } from '../../src/shared/protocol/frame.ts'
import { apiVersions } from '../../src/shared/protocol/generated/api-versions.ts'
import { Writer } from '../../src/shared/protocol/writer.ts'

/**
 * `answered`: and so was the request behind it. `closed`: the connection. `unfinished`: by its length there is more to come, so the broker
 * waits. `unanswered`: only what came behind it was answered; right for Produce that wants no answer.
 */
export type Ending = 'answered' | 'closed' | 'unfinished' | 'unanswered'

const PROBE_ID = 0x7fffffff
const PROBE = (() => {
  const writer = new Writer()
  encodeRequestFrame(writer, apiVersions, 0, PROBE_ID, 'probe', {})
  return writer.finish()
})()

export class Lane {
  readonly #port: number
  #socket: Socket | undefined
  #received: Buffer[] = []
  #settle: ((ending: Ending) => void) | undefined

  constructor(port: number) {
    this.#port = port
  }

  /** Sends a damaged request and a good one behind it. */
  send(bytes: Buffer): Promise<Ending> {
    const socket = this.#connected()
    this.#received = []
    const { promise, resolve } = Promise.withResolvers<Ending>()
    this.#settle = (ending) => {
      this.#settle = undefined
      resolve(ending)
    }
    socket.write(Buffer.concat([bytes, PROBE]))
    if (!isFinished(bytes)) {
      // whatever part of it can be handled is
      setTimeout(() => {
        this.end()
        this.#settle?.('unfinished')
      }, 5)
    }
    return promise
  }

  /** Whether what was sent has not come to its end. */
  get isOpen(): boolean {
    return this.#settle !== undefined
  }

  end(): void {
    this.#socket?.resetAndDestroy()
    this.#socket = undefined
  }

  #connected(): Socket {
    if (this.#socket && !this.#socket.destroyed) return this.#socket
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    this.#socket = socket
    socket.on('data', (data) => this.#onData(data as Buffer))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // the broker may close while we write; anything else is a mistake of this test
      if (!['ECONNRESET', 'EPIPE'].includes(error.code ?? '')) throw error
    })
    socket.once('close', () => {
      if (this.#socket !== socket) return
      this.#socket = undefined
      this.#settle?.('closed')
    })
    return socket
  }

  #onData(data: Buffer): void {
    this.#received.push(data)
    const all = this.#received.length === 1 ? data : Buffer.concat(this.#received)
    this.#received = [all]
    let answers = 0
    for (let at = 0; all.length - at >= 8; answers++) {
      const next = at + 4 + all.readInt32BE(at)
      if (next > all.length) return
      if (next === all.length && all.readInt32BE(at + 4) === PROBE_ID) this.#settle?.(answers > 0 ? 'answered' : 'unanswered')
      at = next
    }
  }
}

/** Whether the good request ends where a frame ends. */
function isFinished(bytes: Buffer): boolean {
  const splitter = new FrameSplitter()
  let last: Uint8Array | undefined
  const keep = (frame: Uint8Array): void => {
    last = frame
  }
  try {
    splitter.push(bytes, keep)
    last = undefined
    splitter.push(PROBE, keep)
  } catch (error) {
    if (error instanceof BadFrame) return true // closed
    throw error
  }
  return last !== undefined && Buffer.compare(last, PROBE.subarray(4)) === 0
}
