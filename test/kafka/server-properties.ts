/**
 * The configuration of one node, a broker and controller in one (KRaft combined mode). Owns what makes tests fast
 * and which settings the harness keeps for itself; does not know who starts the node.
 */
import type { Configs } from './cluster.ts'

export interface NodeAddresses {
  nodeId: number
  /** `host:port` each: where the node listens, and what it tells others to use. */
  client: { listen: string; advertised: string }
  broker: { listen: string; advertised: string }
  controller: { listen: string; advertised: string }
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

/** `server.properties` of node `self` in a cluster of `all`. */
export function serverProperties(
  self: NodeAddresses,
  all: readonly NodeAddresses[],
  dataDirectory: string,
  configs: Configs,
): string {
  for (const name of ownedByHarness) {
    if (name in configs) throw new TypeError(`configs: ${name} is set by the harness and cannot be overridden`)
  }
  const listeners = { CLIENT: self.client, BROKER: self.broker, CONTROLLER: self.controller }
  const settings: Configs = {
    'process.roles': 'broker,controller',
    'node.id': self.nodeId,
    'controller.quorum.voters': all.map((node) => `${node.nodeId}@${node.controller.advertised}`).join(','),
    listeners: Object.entries(listeners)
      .map(([name, { listen }]) => `${name}://${listen}`)
      .join(','),
    'advertised.listeners': `CLIENT://${self.client.advertised},BROKER://${self.broker.advertised}`,
    // Brokers among themselves and the harness's own probe stay on plain text, so that a test may give CLIENT any security.
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'BROKER',
    'log.dirs': dataDirectory,
    ...forTests(all.length),
    ...configs,
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${javaEscape(String(value).replaceAll('{node}', String(self.nodeId)))}\n`)
    .join('')
}
