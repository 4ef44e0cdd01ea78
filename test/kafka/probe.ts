/**
 * Asks a broker which brokers it knows: one Metadata v1 request written by hand, so that the harness depends on nothing
 * that it is there to test. Knows nothing of processes or containers.
 */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ClusterView {
  controllerId: number
  brokers: { nodeId: number; host: string; port: number }[]
}

const METADATA = 3
const MAX_RESPONSE = 1024 * 1024

// size, api key, version 1, correlation id, client id of length 0, an empty list of topics (which in v1 means none)
function metadataRequest(): Buffer {
  const frame = Buffer.alloc(4 + 2 + 2 + 4 + 2 + 4)
  frame.writeInt32BE(frame.length - 4, 0)
  frame.writeInt16BE(METADATA, 4)
  frame.writeInt16BE(1, 6)
  return frame
}

function readMetadata(frame: Buffer): ClusterView {
  let at = 8
  const int32 = () => frame.readInt32BE((at += 4) - 4)
  const string = () => {
    const length = frame.readInt16BE((at += 2) - 2)
    return length < 0 ? '' : frame.toString('utf8', at, (at += length))
  }
  const brokers: ClusterView['brokers'] = []
  for (let left = int32(); left > 0; left--) {
    brokers.push({ nodeId: int32(), host: string(), port: int32() })
    string() // rack
  }
  return { controllerId: int32(), brokers }
}

/** The brokers that the one at `address` (`host:port`) knows to be alive. Rejects when there is no answer in time. */
export function probe(address: string, timeoutMs = 2000): Promise<ClusterView> {
  const colon = address.lastIndexOf(':')
  return new Promise((resolve, reject) => {
    const socket = connect(Number(address.slice(colon + 1)), address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'))
    const timer = setTimeout(() => socket.destroy(new Error(`${address} did not answer within ${timeoutMs} ms`)), timeoutMs)
    let received = Buffer.alloc(0)
    socket.on('connect', () => socket.write(metadataRequest()))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 4 || received.length < received.readInt32BE(0) + 4) {
        if (received.length > MAX_RESPONSE) socket.destroy(new Error(`${address} answered something else than Metadata`))
        return
      }
      try {
        resolve(readMetadata(received))
        socket.destroy()
      } catch (cause) {
        socket.destroy(new Error(`${address} answered something else than Metadata`, { cause }))
      }
    })
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(timer)
      reject(new Error(`${address} closed the connection`))
    })
  })
}

/**
 * Resolves when every one of `addresses` answers and knows at least `expected` brokers and those in `nodeIds`. `failed` is asked
 * between tries and ends the waiting when it returns a reason, for example that the process is gone.
 */
export async function awaitRegistered(
  addresses: readonly string[],
  wanted: { brokers: number; nodeIds?: readonly number[] },
  timeoutMs: number,
  failed: () => string | undefined = () => undefined,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  let last = 'no answer yet'
  for (const address of addresses) {
    for (;;) {
      const reason = failed()
      if (reason) throw new Error(reason)
      try {
        const { brokers } = await probe(address)
        const seen = brokers.map((broker) => broker.nodeId)
        if (seen.length >= wanted.brokers && (wanted.nodeIds ?? []).every((id) => seen.includes(id))) break
        last = `${address} knows only the brokers [${seen}]`
      } catch (error) {
        last = (error as Error).message
      }
      if (Date.now() > deadline) throw new Error(`Kafka was not ready within ${timeoutMs / 1000} s: ${last}`)
      await sleep(50)
    }
  }
}
