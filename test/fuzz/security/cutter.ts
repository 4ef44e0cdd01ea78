/** Stands between a client and a port, and ends or goes silent after so many bytes of what the port says. Understands none of them. */
import net from 'node:net'
import type { Ending } from './visit-plan.ts'

export class Cutter {
  /** For whoever comes next. */
  at = Number.POSITIVE_INFINITY
  how: Ending = 'fin'
  /** That the last one got. */
  passed = 0
  readonly #server: net.Server
  readonly #sockets = new Set<net.Socket>()

  constructor(target: number) {
    this.#server = net.createServer((client) =>
      this.#join(client, net.connect({ port: target, host: '127.0.0.1', noDelay: true })),
    )
  }

  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => resolve((this.#server.address() as net.AddressInfo).port))
    })
  }

  #join(client: net.Socket, server: net.Socket): void {
    const { at, how } = this
    this.passed = 0
    let left = at
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one)
      one.on('error', () => {})
      one.once('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
    }
    client.on('data', (bytes) => server.write(bytes))
    server.on('data', (bytes: Buffer) => {
      const part = bytes.subarray(0, Math.min(left, bytes.length))
      left -= part.length
      this.passed += part.length
      if (left > 0) client.write(part)
      else if (how === 'stall') client.write(part)
      else if (how === 'fin') client.end(part)
      else client.write(part, () => client.resetAndDestroy())
    })
    if (at === 0 && how !== 'stall') how === 'fin' ? client.end() : client.resetAndDestroy()
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}
