/**
 * The configuration of one node, a broker and controller in one (KRaft combined mode). Owns what makes tests fast
 * and which settings the harness keeps for itself; does not know who starts the node.
 */
import type { Configs, ListenerOptions, ScramUser } from './cluster.ts'

export interface NodeAddresses {
  nodeId: number
  /** `host:port` each: where the node listens, and what it tells others to use. */
  client: { listen: string; advertised: string }
  broker: { listen: string; advertised: string }
  controller: { listen: string; advertised: string }
  /** Of the listeners that a test asked for, by name. */
  more: ReadonlyMap<string, { listen: string; advertised: string }>
}

const ownedByHarness = [
  'process.roles',
  'node.id',
  'controller.quorum.voters',
  'listeners',
  'advertised.listeners',
  'controller.listener.names',
  'inter.broker.listener.name',
  'log.dirs',
  'log.dir',
]

/**
 * Few partitions of the internal topics and no pauses. The lower bounds of session timeouts and heartbeats are low, so that a test
 * may ask for a short one; the defaults are Kafka's own.
 */
function forTests(nodes: number): Configs {
  const replicas = Math.min(3, nodes)
  const inSync = nodes >= 3 ? 2 : 1
  return {
    'num.partitions': 1,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 6,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 6,
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': 1000,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 6,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'group.consumer.min.session.timeout.ms': 1000,
    'group.consumer.min.heartbeat.interval.ms': 100,
    'controlled.shutdown.enable': true,
    'broker.session.timeout.ms': 6000,
    'broker.heartbeat.interval.ms': 1000,
    // The default of 128 MiB is most of the small heap.
    'log.cleaner.dedupe.buffer.size': 4 * 1024 * 1024,
  }
}

/** Escapes what java.util.Properties would read as something else; SASL's JAAS lines hold quotes and backslashes. */
function javaEscape(value: string): string {
  return value
    .replace(/\\/g, '\\\\')
    .replace(/^ /, '\\ ')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function listenerConfigs(listeners: ReadonlyMap<string, ListenerOptions>): Configs {
  const all = [...listeners].flatMap(([name, { configs = {} }]) =>
    Object.entries(configs).map(([config, value]) => [`listener.name.${name.toLowerCase()}.${config}`, value] as const),
  )
  return Object.fromEntries(all)
}

/** Where a listener that a test asked for is reached. */
export function advertisedOf({ more }: NodeAddresses, listener: string): string {
  const address = more.get(listener)
  if (address) return address.advertised
  throw new RangeError(`there is no listener ${listener}; there are: ${[...more.keys()].join(', ') || 'none'}`)
}

/** Throws on names that Kafka or the harness would take for something else. */
export function checkListeners(listeners: ReadonlyMap<string, ListenerOptions> = new Map()): void {
  for (const name of listeners.keys()) {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name)) throw new TypeError(`listeners: '${name}' is not of capital letters, digits and _`)
    if (['CLIENT', 'BROKER', 'CONTROLLER'].includes(name)) throw new TypeError(`listeners: ${name} is the harness's own`)
  }
}

/** Options of `StorageTool format` that make the users. */
export function scramArguments(users: readonly ScramUser[] = []): string[] {
  return users.flatMap(({ mechanism, name, password, iterations }) => {
    if (/['"[\]=,\\]/.test(name + password)) throw new TypeError('scramUsers: names and passwords without quotes, commas or =')
    const credential = [`name=${name}`, ...(iterations ? [`iterations=${iterations}`] : []), `password=${password}`]
    return ['--add-scram', `${mechanism}=[${credential.join(',')}]`]
  })
}

/** `server.properties` of node `self` in a cluster of `all`. */
export function serverProperties(
  self: NodeAddresses,
  all: readonly NodeAddresses[],
  dataDirectory: string,
  configs: Configs,
  more: ReadonlyMap<string, ListenerOptions> = new Map(),
): string {
  for (const name of ownedByHarness) {
    if (name in configs) throw new TypeError(`configs: ${name} is set by the harness and cannot be overridden`)
  }
  const listeners = new Map([['CLIENT', self.client], ['BROKER', self.broker], ['CONTROLLER', self.controller], ...self.more])
  const advertised = [...listeners].filter(([name]) => name !== 'CONTROLLER')
  const settings: Configs = {
    'process.roles': 'broker,controller',
    'node.id': self.nodeId,
    'controller.quorum.voters': all.map((node) => `${node.nodeId}@${node.controller.advertised}`).join(','),
    listeners: [...listeners].map(([name, { listen }]) => `${name}://${listen}`).join(','),
    'advertised.listeners': advertised.map(([name, address]) => `${name}://${address.advertised}`).join(','),
    // Brokers among themselves and the harness's own probe stay on plain text, so that a test may give CLIENT any security.
    'listener.security.protocol.map': [...listeners.keys()]
      .map((name) => `${name}:${more.get(name)?.protocol ?? 'PLAINTEXT'}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'BROKER',
    'log.dirs': dataDirectory,
    ...forTests(all.length),
    ...configs,
    ...listenerConfigs(more),
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${javaEscape(String(value).replaceAll('{node}', String(self.nodeId)))}\n`)
    .join('')
}
