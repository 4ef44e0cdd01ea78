import { afterEach, describe, expect, test } from 'vitest'
import type { Listener, Socket, SocketEvents } from '../../../src/shared/env.ts'
import { nodeEnv } from '../../../src/shared/node-env.ts'

const env = nodeEnv()
const listeners: Listener[] = []
const sockets: Socket[] = []

/** One end of a connection and what it saw. */
class End implements SocketEvents {
  readonly seen: string[] = []
  readonly connected = Promise.withResolvers<void>()
  readonly closed = Promise.withResolvers<Error | undefined>()
  #chunks: Uint8Array[] = []
  #length = 0
  #waiting: [length: number, resolve: () => void][] = []

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  onConnect(): void {
    this.seen.push('connect')
    this.connected.resolve()
  }

  onData(bytes: Uint8Array): void {
    // what is handed on may be used again
    this.#chunks.push(Buffer.from(bytes))
    this.#length += bytes.length
    for (const [length, resolve] of this.#waiting) if (this.#length >= length) resolve()
  }

  onDrain(): void {
    this.seen.push('drain')
  }

  onClose(error?: Error): void {
    this.seen.push('close')
    this.closed.resolve(error)
  }

  has(length: number): Promise<void> {
    if (this.#length >= length) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push([length, resolve]))
  }
}

async function pair() {
  const server = new End()
  const accepted = Promise.withResolvers<Socket>()
  const listener = await env.listen('127.0.0.1', 0, (socket) => {
    accepted.resolve(socket)
    return server
  })
  const client = new End()
  const clientSocket = env.connect('127.0.0.1', listener.port, client)
  await client.connected.promise
  const serverSocket = await accepted.promise
  listeners.push(listener)
  sockets.push(clientSocket, serverSocket)
  return { server, serverSocket, client, clientSocket, listener }
}

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const listener of listeners.splice(0)) listener.close()
})

const written = (socket: Socket, chunks: Uint8Array[]) => new Promise<void>((resolve) => void socket.write(chunks, resolve))

describe('sockets', () => {
  test('carry chunks both ways, in order, shared memory included', async () => {
    const { server, serverSocket, client, clientSocket } = await pair()
    const shared = new Uint8Array(new SharedArrayBuffer(300_000)).fill(7)
    const chunks = [Buffer.from('head'), shared, Buffer.from('tail')]
    await written(clientSocket, chunks)
    await server.has(300_008)
    expect(server.bytes.equals(Buffer.concat(chunks))).toBe(true)
    const many = Array.from({ length: 3000 }, (_, i) => Buffer.from(`${i},`))
    await written(serverSocket, many)
    const all = Buffer.concat(many)
    await client.has(all.length)
    expect(client.bytes.equals(all)).toBe(true)
  })

  test('carry more than any buffer holds', async () => {
    const { server, clientSocket } = await pair()
    const frame = Buffer.alloc(20_000_000, 'abcdefg')
    await written(clientSocket, [frame])
    await server.has(frame.length)
    expect(server.bytes.equals(frame)).toBe(true)
  })

  test('say false when the peer does not read, and drain once when it does', async () => {
    const { server, serverSocket, client, clientSocket } = await pair()
    serverSocket.pause()
    let accepted = true
    let sent = 0
    while (accepted && sent < 200_000_000) {
      accepted = clientSocket.write([Buffer.alloc(1_000_000)])
      sent += 1_000_000
    }
    expect(accepted).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(client.seen).toEqual(['connect'])
    serverSocket.resume()
    await server.has(sent)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(client.seen).toEqual(['connect', 'drain'])
  })

  test('paused, hand on nothing, and nothing gets lost', async () => {
    const { client, clientSocket, serverSocket } = await pair()
    clientSocket.pause()
    await written(serverSocket, [Buffer.from('later')])
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(client.bytes.length).toBe(0)
    clientSocket.resume()
    await client.has(5)
    expect(String(client.bytes)).toBe('later')
  })

  test('an empty write is written', async () => {
    const { clientSocket } = await pair()
    await written(clientSocket, [])
  })
})

describe('the end of a socket', () => {
  test('is told once on both sides, after destroy', async () => {
    const { server, client, clientSocket } = await pair()
    clientSocket.destroy()
    clientSocket.destroy(new Error('too late'))
    await Promise.all([server.closed.promise, client.closed.promise])
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([client.seen, server.seen]).toEqual([['connect', 'close'], ['close']])
  })

  test('carries the reason it was given', async () => {
    const { client, clientSocket } = await pair()
    const reason = new Error('enough')
    clientSocket.destroy(reason)
    expect(await client.closed.promise).toBe(reason)
  })

  test('after it, writes are refused without a callback', async () => {
    const { client, clientSocket } = await pair()
    clientSocket.destroy()
    await client.closed.promise
    let called = false
    expect(
      clientSocket.write([Buffer.from('x')], () => {
        called = true
      }),
    ).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(called).toBe(false)
  })

  test.each<[string, string, number, string]>([
    ['nobody listens', '127.0.0.1', 1, 'ECONNREFUSED'],
    ['the port is none', '127.0.0.1', 70_000, 'ERR_SOCKET_BAD_PORT'],
    ['the host is none', 'no.such.host.invalid', 9092, 'ENOTFOUND|EAI_AGAIN'],
  ])('a connection fails by onClose when %s', async (_why, host, port, code) => {
    const end = new End()
    sockets.push(env.connect(host, port, end))
    expect(end.seen).toEqual([])
    expect(await end.closed.promise).toMatchObject({ code: expect.stringMatching(code) })
    expect(end.seen).toEqual(['close'])
  })

  test('a port that is taken rejects listen', async () => {
    const { listener } = await pair()
    await expect(env.listen('127.0.0.1', listener.port, () => new End())).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

test('a timer beyond what timers hold does not fire at once', async () => {
  let fired = false
  const timer = env.setTimeout(() => {
    fired = true
  }, 2 ** 40)
  await new Promise((resolve) => setTimeout(resolve, 20))
  env.clearTimeout(timer)
  expect(fired).toBe(false)
})

describe('F44: the addresses of a name', () => {
  /** Says that any name has these addresses. */
  const resolving = (...addresses: string[]) =>
    nodeEnv((_host, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    )

  test.each([
    ['one family', ['127.0.0.2', '127.0.0.3', '127.0.0.1']],
    ['both families', ['::1', '127.0.0.2', '127.0.0.1']],
  ])('dead ones are passed over: %s', async (_families, addresses) => {
    const { listener } = await pair()
    const client = new End()
    sockets.push(resolving(...addresses).connect('some.name', listener.port, client))
    await client.connected.promise
    expect(client.seen).toEqual(['connect'])
  })

  test('when all are dead, the reason names each', async () => {
    const { listener } = await pair()
    const client = new End()
    sockets.push(resolving('127.0.0.2', '127.0.0.3').connect('some.name', listener.port, client))
    const error = await client.closed.promise
    expect(error?.message).toContain(`ECONNREFUSED 127.0.0.2:${listener.port}`)
    expect(error?.message).toContain(`ECONNREFUSED 127.0.0.3:${listener.port}`)
  })
})
