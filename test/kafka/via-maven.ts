/**
 * A real Kafka as JVMs of this machine, from jars that Maven fetched. Owns the cluster's ports, directories and the wait for
 * readiness; a single JVM is `jvm-node.ts`.
 */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { kafkaVersion, type ListenerOptions, type NodeSignal, type RealKafka, type StartOptions } from './cluster.ts'
import { tail } from './java.ts'
import { JvmNode, type JvmOptions } from './jvm-node.ts'
import { kafkaLibs, type Libs } from './libs.ts'
import { freePorts } from './ports.ts'
import { awaitRegistered } from './probe.ts'
import { clearLeftovers, logTail, makeRunDirectory, recordPids } from './run-directory.ts'
import { advertisedOf, checkListeners, type NodeAddresses, scramArguments, serverProperties } from './server-properties.ts'

const READY_TIMEOUT = 90_000
const quick: JvmOptions = { profile: 'quick', heapMb: 320 }
const server: JvmOptions = { profile: 'server', heapMb: 1024 }

/** 16 random bytes as Kafka writes an id: base64url, 22 characters. One that starts with '-' would read as an option. */
export function newClusterId(): string {
  const bytes = randomBytes(16)
  bytes[0] = bytes[0]! & 0x7f
  return bytes.toString('base64url')
}

interface Member {
  node: JvmNode
  addresses: NodeAddresses
}

async function layOut(
  count: number,
  directory: string,
  libs: Libs,
  jvm: JvmOptions,
  more: ReadonlyMap<string, ListenerOptions> = new Map(),
): Promise<Member[]> {
  const ports = await freePorts((3 + more.size) * count)
  const address = (host = '127.0.0.1') => {
    const port = ports.pop()
    return { listen: `127.0.0.1:${port}`, advertised: `${host}:${port}` }
  }
  const others = () => new Map([...more].map(([name, { host }]) => [name, address(host)]))
  return Array.from({ length: count }, (_, index) => ({
    node: new JvmNode(index + 1, directory, libs, jvm),
    addresses: { nodeId: index + 1, client: address(), broker: address(), controller: address(), more: others() },
  }))
}

class JvmCluster implements RealKafka {
  readonly via = 'maven'
  readonly version = kafkaVersion
  readonly logDirectory: string
  readonly #members: Member[]
  #stopped = false

  constructor(directory: string, members: Member[]) {
    this.logDirectory = directory
    this.#members = members
  }

  get nodes(): number {
    return this.#members.length
  }

  get brokers(): string[] {
    return this.#members.map(({ addresses }) => addresses.client.advertised)
  }

  listener(name: string): string[] {
    return this.#members.map(({ addresses }) => advertisedOf(addresses, name))
  }

  async start({ configs = {}, listeners, scramUsers }: Partial<StartOptions>, extraFlags: string[] = []): Promise<void> {
    const clusterId = newClusterId()
    const all = this.#members.map(({ addresses }) => addresses)
    await Promise.all(
      this.#members.map(async ({ node, addresses }) => {
        const properties = serverProperties(addresses, all, node.dataDirectory, configs, listeners)
        await node.format(clusterId, properties, scramArguments(scramUsers))
        if (!this.#stopped) node.start(extraFlags)
      }),
    )
    this.#record()
    await this.#ready(this.#members, { brokers: this.nodes })
  }

  async kill(nodeId: number, signal: NodeSignal = 'SIGKILL'): Promise<void> {
    await this.#member(nodeId).node.signal(signal)
    this.#record()
  }

  async restart(nodeId: number): Promise<void> {
    const member = this.#member(nodeId)
    if (this.#stopped) throw new Error('this Kafka was stopped')
    if (!member.node.down) await member.node.signal(member.node.paused ? 'SIGKILL' : 'SIGTERM')
    member.node.start()
    this.#record()
    await this.#ready([member], { brokers: 1, nodeIds: [nodeId] })
  }

  process(nodeId: number): { pid: number; dataDirectory: string } | undefined {
    const { pid, dataDirectory } = this.#member(nodeId).node
    return pid === undefined ? undefined : { pid, dataDirectory }
  }

  logs(nodeId: number): string {
    return logTail(this.logDirectory, this.#member(nodeId).node.nodeId)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#members.map(({ node }) => (node.down ? undefined : node.signal('SIGKILL'))))
    rmSync(this.logDirectory, { recursive: true, force: true, maxRetries: 3 })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #member(nodeId: number): Member {
    const member = this.#members.find(({ node }) => node.nodeId === nodeId)
    if (!member) throw new RangeError(`there is no node ${nodeId}; the nodes are 1 to ${this.nodes}`)
    return member
  }

  #record(): void {
    if (!this.#stopped)
      recordPids(
        this.logDirectory,
        this.#members.flatMap(({ node }) => node.pid ?? []),
      )
  }

  /** Asks the listener that brokers use: it speaks plain text, whatever security a test gave CLIENT, and both open together. */
  async #ready(members: Member[], wanted: { brokers: number; nodeIds?: number[] }): Promise<void> {
    const failed = () => (this.#stopped ? 'stopped while starting' : members.map(({ node }) => node.down).find(Boolean))
    const addresses = members.map(({ addresses }) => addresses.broker.advertised)
    try {
      await awaitRegistered(addresses, wanted, READY_TIMEOUT, failed)
    } catch (error) {
      const logs = members.map(({ node }) => `--- node ${node.nodeId}\n${tail(this.logs(node.nodeId))}`)
      throw new Error(`${(error as Error).message}\n${logs.join('\n')}`, { cause: error })
    }
  }
}

/** Runs one node once with a recording JVM; what it loaded becomes the archive when it shuts down. */
async function train(jars: string, archive: string): Promise<void> {
  const directory = makeRunDirectory()
  const cluster = new JvmCluster(directory, await layOut(1, directory, { jars, archive: '' }, quick))
  try {
    await cluster.start({}, [`-XX:ArchiveClassesAtExit=${archive}`])
    await cluster.kill(1, 'SIGTERM')
  } finally {
    await cluster.stop()
  }
}

export async function startViaMaven(options: StartOptions): Promise<RealKafka> {
  checkListeners(options.listeners)
  clearLeftovers()
  const jvm = options.performance ? server : quick
  const libs = await kafkaLibs(options.onProgress ?? (() => {}), train)
  const directory = makeRunDirectory()
  const cluster = new JvmCluster(directory, await layOut(options.nodes, directory, libs, jvm, options.listeners))
  try {
    await cluster.start(options)
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}
