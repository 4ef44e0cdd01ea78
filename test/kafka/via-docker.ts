/**
 * A real Kafka in containers, one a node, on a network of their own. Owns the containers and what is copied into them; the
 * configuration is that of every other way. Any image does that has Java on its PATH and Kafka's jars in /opt/kafka/libs.
 */
import { randomUUID } from 'node:crypto'
import { createWriteStream, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Readable } from 'node:stream'
import type { ContainerRuntimeClient, StartedTestContainer } from 'testcontainers'
import { isAlive } from './cache.ts'
import {
  KafkaUnavailable,
  kafkaVersion,
  type ListenerOptions,
  type NodeSignal,
  type RealKafka,
  type StartOptions,
} from './cluster.ts'
import { checkEngine, isEngineOnThisHost } from './docker-engine.ts'
import { tail } from './java.ts'
import { freePorts } from './ports.ts'
import { awaitRegistered } from './probe.ts'
import { logFile, logTail, makeRunDirectory } from './run-directory.ts'
import { advertisedOf, checkListeners, type NodeAddresses, scramArguments, serverProperties } from './server-properties.ts'
import { newClusterId } from './via-maven.ts'

const CLIENT_PORT = 9092
const CONTROLLER_PORT = 9093
const BROKER_PORT = 9094
/** Of the first listener that a test asked for. */
const MORE_PORTS = 9100
const READY_TIMEOUT = 120_000
const SHUTDOWN_SECONDS = 60
const PROPERTIES = '/tmp/odradek.properties'
const LOGGING = '/tmp/odradek-log4j2.properties'
const DATA = '/tmp/odradek-data'
const OWNER_LABEL = 'odradek.kafka.owner'

// Of Kafka's own image, which logs by Log4j; an image with another backend for slf4j does not read it.
const log4j2 = `rootLogger.level=info
rootLogger.appenderRef.console.ref=console
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d{HH:mm:ss.SSS} %p %c - %m%n
`

/** Formats on the first start, keeps the data on the next ones; `exec` makes the broker the process that gets the signals. */
function command(clusterId: string, performance: boolean, scram: readonly string[]): string {
  const java = `java -cp '/opt/kafka/libs/*' -Dlog4j2.configurationFile=${LOGGING}`
  const flags = performance ? '-Xmx1g -XX:+UseG1GC -XX:MaxGCPauseMillis=20' : '-Xmx320m -XX:+UseSerialGC -XX:TieredStopAtLevel=1'
  const more = scram.map((argument) => `'${argument}'`).join(' ')
  const format = `${java} -XX:TieredStopAtLevel=1 kafka.tools.StorageTool format -t ${clusterId} -c ${PROPERTIES} ${more}`
  return `{ [ -e ${DATA}/meta.properties ] || ${format}; } && exec ${java} ${flags} kafka.Kafka ${PROPERTIES}`
}

export function kafkaImage(): string {
  return process.env['KAFKA_IMAGE'] || `apache/kafka:${kafkaVersion}`
}

export const checkDocker = checkEngine

async function runtime(): Promise<{ api: typeof import('testcontainers'); client: ContainerRuntimeClient }> {
  // Its reaper is one more image to pull; `clearLeftovers` does the same for our containers.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true'
  if (await isEngineOnThisHost()) process.env['TESTCONTAINERS_HOST_OVERRIDE'] ??= '127.0.0.1'
  const api = await import('testcontainers')
  return { api, client: await api.getContainerRuntimeClient() }
}

async function ensureImage(
  { api, client }: Awaited<ReturnType<typeof runtime>>,
  image: string,
  onProgress: (what: string) => void,
): Promise<void> {
  const name = api.ImageName.fromString(image)
  if (await client.image.exists(name)) return
  onProgress(`pulling ${image}`)
  try {
    await client.image.pull(name)
  } catch (cause) {
    throw new KafkaUnavailable(`the image ${image} is not here and cannot be pulled: ${(cause as Error).message}`, { cause })
  }
}

/** Removes containers and networks of runs on this host whose process is gone. */
async function clearLeftovers({ dockerode }: ContainerRuntimeClient['container']): Promise<void> {
  const abandoned = (labels: Record<string, string> | undefined) => {
    const [host, pid] = (labels?.[OWNER_LABEL] ?? '').split('/')
    return host === hostname() && !isAlive(Number(pid))
  }
  const filters = { label: [OWNER_LABEL] }
  for (const { Id, Labels } of await dockerode.listContainers({ all: true, filters })) {
    if (abandoned(Labels)) await dockerode.getContainer(Id).remove({ force: true, v: true })
  }
  for (const { Id, Labels } of await dockerode.listNetworks({ filters })) {
    if (abandoned(Labels)) await dockerode.getNetwork(Id).remove()
  }
}

interface Member {
  addresses: NodeAddresses
  /** The listener of the brokers as this host reaches it; the probe's, whatever security a test gave CLIENT. */
  probe: string
  clientPort: number
  brokerPort: number
  morePorts: { container: number; host: number }[]
  container?: StartedTestContainer
  paused: boolean
}

async function layOut(count: number, host: string, more: ReadonlyMap<string, ListenerOptions> = new Map()): Promise<Member[]> {
  const ports = await freePorts((2 + more.size) * count)
  return Array.from({ length: count }, (_, index) => {
    const nodeId = index + 1
    const [clientPort, brokerPort] = [ports.pop()!, ports.pop()!]
    const exposed = [...more].map(([name, options], i) => ({ name, options, container: MORE_PORTS + i, host: ports.pop()! }))
    const others = exposed.map(({ name, options, container, host: port }) => {
      return [name, { listen: `0.0.0.0:${container}`, advertised: `${options.host ?? host}:${port}` }] as const
    })
    const inside = (port: number) => ({ listen: `0.0.0.0:${port}`, advertised: `kafka-${nodeId}:${port}` })
    return {
      addresses: {
        nodeId,
        client: { listen: `0.0.0.0:${CLIENT_PORT}`, advertised: `${host}:${clientPort}` },
        broker: inside(BROKER_PORT),
        controller: inside(CONTROLLER_PORT),
        more: new Map(others),
      },
      morePorts: exposed.map(({ container, host }) => ({ container, host })),
      probe: `${host}:${brokerPort}`,
      clientPort,
      brokerPort,
      paused: false,
    }
  })
}

type Container = ReturnType<ContainerRuntimeClient['container']['getById']>
type Network = Awaited<ReturnType<ContainerRuntimeClient['network']['create']>>

class DockerCluster implements RealKafka {
  readonly via = 'docker'
  version = 'unknown'
  readonly logDirectory: string
  readonly #members: Member[]
  readonly #client: ContainerRuntimeClient
  #network: Network | undefined
  #stopped = false

  constructor(directory: string, members: Member[], client: ContainerRuntimeClient) {
    this.logDirectory = directory
    this.#members = members
    this.#client = client
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

  async start(api: typeof import('testcontainers'), image: string, options: StartOptions): Promise<void> {
    const all = this.#members.map(({ addresses }) => addresses)
    const properties = all.map((addresses) => serverProperties(addresses, all, DATA, options.configs ?? {}, options.listeners))
    const labels = { [OWNER_LABEL]: `${hostname()}/${process.pid}` }
    const network = `odradek-kafka-${randomUUID()}`
    this.#network = await this.#client.network.create({ Name: network, Driver: 'bridge', Labels: labels })
    const script = command(newClusterId(), options.performance === true, scramArguments(options.scramUsers))
    const starts = this.#members.map(async (member, index) => {
      const { nodeId } = member.addresses
      member.container = await new api.GenericContainer(image)
        .withLabels(labels)
        .withNetworkMode(network)
        .withNetworkAliases(`kafka-${nodeId}`)
        .withExposedPorts(
          { container: CLIENT_PORT, host: member.clientPort },
          { container: BROKER_PORT, host: member.brokerPort },
          ...member.morePorts,
        )
        .withCopyContentToContainer([
          { content: properties[index]!, target: PROPERTIES, mode: 0o644 },
          { content: log4j2, target: LOGGING, mode: 0o644 },
        ])
        .withEntrypoint(['/bin/sh', '-c'])
        .withCommand([script])
        .withLogConsumer((stream) => this.#keepLog(nodeId, stream))
        .withWaitStrategy(api.Wait.forListeningPorts())
        .withStartupTimeout(READY_TIMEOUT)
        .start()
    })
    // All of them, also when one fails: `stop` can only remove what has finished starting.
    const failure = (await Promise.allSettled(starts)).find((start) => start.status === 'rejected')
    if (failure) throw new Error(`Kafka did not start: ${failure.reason}\n${this.#allLogs()}`, { cause: failure.reason })
    await this.#ready(this.#members, { brokers: this.nodes })
    const { output } = await this.#members[0]!.container!.exec(['ls', '/opt/kafka/libs'])
    this.version = /kafka-clients-([\w.-]+)\.jar/.exec(output)?.[1] ?? 'unknown'
  }

  async kill(nodeId: number, signal: NodeSignal = 'SIGKILL'): Promise<void> {
    const member = this.#member(nodeId)
    if (signal === 'SIGTERM' && member.paused) throw new Error(`node ${nodeId} is paused: send SIGCONT before SIGTERM`)
    const container = this.#container(member)
    await container.kill({ signal })
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') {
      member.paused = signal === 'SIGSTOP'
      return
    }
    const late = AbortSignal.timeout(SHUTDOWN_SECONDS * 1000)
    try {
      await container.wait({ condition: 'not-running', abortSignal: late })
    } catch (cause) {
      if (late.aborted) throw new Error(`node ${nodeId} did not end within ${SHUTDOWN_SECONDS} s after ${signal}`, { cause })
      throw cause
    }
  }

  async restart(nodeId: number): Promise<void> {
    const member = this.#member(nodeId)
    if (this.#stopped) throw new Error('this Kafka was stopped')
    const container = this.#container(member)
    if ((await container.inspect()).State.Running) await this.kill(nodeId, member.paused ? 'SIGKILL' : 'SIGTERM')
    const since = Math.ceil(Date.now() / 1000)
    await container.start()
    member.paused = false
    this.#keepLog(nodeId, await this.#client.container.logs(container, { since }))
    await this.#ready([member], { brokers: 1, nodeIds: [nodeId] })
  }

  process(): undefined {
    return undefined
  }

  logs(nodeId: number): string {
    return logTail(this.logDirectory, this.#member(nodeId).addresses.nodeId)
  }

  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    await Promise.all(this.#members.map(({ container }) => container?.stop({ timeout: 0 })))
    await this.#network?.remove()
    rmSync(this.logDirectory, { recursive: true, force: true, maxRetries: 3 })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #member(nodeId: number): Member {
    const member = this.#members.find(({ addresses }) => addresses.nodeId === nodeId)
    if (!member) throw new RangeError(`there is no node ${nodeId}; the nodes are 1 to ${this.nodes}`)
    return member
  }

  #container({ container, addresses }: Member): Container {
    if (!container || this.#stopped) throw new Error(`node ${addresses.nodeId} was not started or this Kafka was stopped`)
    return this.#client.container.getById(container.getId())
  }

  #keepLog(nodeId: number, stream: Readable): void {
    const file = createWriteStream(logFile(this.logDirectory, nodeId), { flags: 'a' })
    file.on('error', () => {}) // the directory went with `stop`
    stream.on('error', () => {}).pipe(file)
  }

  #allLogs(): string {
    return this.#members.map(({ addresses: { nodeId } }) => `--- node ${nodeId}\n${tail(this.logs(nodeId))}`).join('\n')
  }

  async #ready(members: Member[], wanted: { brokers: number; nodeIds?: number[] }): Promise<void> {
    let down: string | undefined
    for (const member of members) {
      const ended = ({ StatusCode }: { StatusCode: number }) => {
        down = `node ${member.addresses.nodeId} ended with exit code ${StatusCode}`
      }
      this.#container(member)
        .wait()
        .then(ended, () => {})
    }
    try {
      const addresses = members.map(({ probe }) => probe)
      await awaitRegistered(addresses, wanted, READY_TIMEOUT, () => (this.#stopped ? 'stopped while starting' : down))
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.#allLogs()}`, { cause: error })
    }
  }
}

export async function startViaDocker(options: StartOptions): Promise<RealKafka> {
  checkListeners(options.listeners)
  const { api, client } = await runtime()
  const image = kafkaImage()
  await clearLeftovers(client.container)
  await ensureImage({ api, client }, image, options.onProgress ?? (() => {}))
  const host = client.info.containerRuntime.host
  const members = await layOut(options.nodes, host === 'localhost' ? '127.0.0.1' : host, options.listeners)
  const cluster = new DockerCluster(makeRunDirectory(), members, client)
  try {
    await cluster.start(api, image, options)
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}
