/**
 * Free ports on loopback for servers that must come back on the same port after a kill. Knows nothing of Kafka.
 */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'

const given = new Set<number>()

/**
 * Ports below the kernel's ephemeral range: a port from that range can become the source port of any outgoing connection while the
 * broker is down, which keeps the broker from coming back, and a client that retries a dead loopback port
 * of that range can even connect to itself.
 */
function range(): { from: number; to: number } | undefined {
  let firstEphemeral = 32768
  try {
    firstEphemeral = Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/)[0])
  } catch {
    // Not Linux: the default range of macOS and Windows starts at 49152.
  }
  const from = 15000
  const to = Math.min(firstEphemeral, 32768) - 1
  return to - from > 1000 ? { from, to } : undefined
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

/** `count` different ports that nothing listens on; never given twice by one process. */
export async function freePorts(count: number): Promise<number[]> {
  const between = range()
  const servers: Server[] = []
  for (let tries = 0; servers.length < count; tries++) {
    if (tries > 1000) throw new Error('no free port on 127.0.0.1')
    const candidate = between ? between.from + Math.floor(Math.random() * (between.to - between.from)) : 0
    if (given.has(candidate)) continue
    const server = await listen(candidate)
    if (server) servers.push(server)
  }
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  for (const port of ports) given.add(port)
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  return ports
}
