/** A plain socket to a broker that sends ready frames and gets whole answers, oldest first. Knows no API. */
import net from 'node:net'

const READ_BUFFER_BYTES = 1 << 20

export class Wire {
  readonly #socket: net.Socket
  readonly #waiting: ((frame: Buffer) => void)[] = []
  #failed: ((error: Error) => void) | undefined
  readonly failure: Promise<never>
  #frame = Buffer.allocUnsafeSlow(1 << 20)
  #filled = 0

  private constructor(socket: net.Socket) {
    this.#socket = socket
    this.failure = new Promise((_, reject) => {
      this.#failed = reject
    })
    this.failure.catch(() => {})
    socket.on('error', (error) => this.#failed!(error))
    socket.on('close', () => this.#failed!(new Error('the broker closed the connection')))
  }

  static async open(address: string): Promise<Wire> {
    const { hostname: host, port } = new URL(`kafka://${address}`)
    const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
    let wire: Wire | undefined
    const callback = (length: number): boolean => {
      wire!.#read(buffer.subarray(0, length))
      return true
    }
    const socket = net.connect({ host, port: Number(port), noDelay: true, onread: { buffer, callback } })
    wire = new Wire(socket)
    await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), wire.failure])
    return wire
  }

  /** `onAnswer` gets the frame behind its size, borrowed. */
  send(chunks: readonly Uint8Array[], onAnswer: (frame: Buffer) => void): void {
    this.#waiting.push(onAnswer)
    this.#socket.cork()
    for (const chunk of chunks) this.#socket.write(chunk)
    this.#socket.uncork()
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(bytes: Buffer): void {
    if (this.#filled + bytes.length > this.#frame.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.#frame.length * 2, this.#filled + bytes.length))
      this.#frame.copy(grown, 0, 0, this.#filled)
      this.#frame = grown
    }
    bytes.copy(this.#frame, this.#filled)
    this.#filled += bytes.length
    let at = 0
    while (this.#filled - at >= 4) {
      const end = at + 4 + this.#frame.readInt32BE(at)
      if (end > this.#filled) break
      try {
        this.#waiting.shift()!(this.#frame.subarray(at + 4, end))
      } catch (error) {
        this.#failed!(error as Error)
      }
      at = end
    }
    if (at > 0) this.#frame.copyWithin(0, at, this.#filled)
    this.#filled -= at
  }
}
