/**
 * The typed calls from `startBroker`'s caller to the broker's thread. Plain data only, names already turned into numbers.
 */
import type { ClientFacts } from './clients.ts'
import type { Cluster, LogFacts } from './cluster.ts'
import type { FaultRule, RequestCount } from './control.ts'

export interface ControlApi {
  /** Gives `host:port` of each node. */
  start(): Promise<string[]>
  addFault(rule: FaultRule): number
  faultHits(id: number): number
  cancelFault(id: number): void
  clearFaults(): void
  requests(api?: string): RequestCount[]
  logFacts(topic: string, partition: number): LogFacts
  moveLeader(topic: string, partition: number, node: number): void
  /** The node that coordinates a group; −1: none at present. */
  coordinator(group: string): number
  moveCoordinator(group: string, node: number, loadingMs: number): void
  /** The same for a transactional id. */
  transactionCoordinator(id: string): number
  moveTransactionCoordinator(id: string, node: number, loadingMs: number): void
  loseRecords(topic: string, partition: number, offset: number): void
  stopNode(node: number): void
  startNode(node: number): Promise<void>
  /** Clients that connected since the last call; waits for the next one. */
  nextClients(): Promise<ClientFacts[]>
  changeCertificate(cert: string, key: string): void
  close(): Promise<void>
}

export function controlOf(cluster: Cluster): ControlApi {
  return {
    async start() {
      await cluster.start()
      return cluster.addresses
    },
    addFault: (rule) => cluster.desk.add(rule),
    faultHits: (id) => cluster.desk.hits(id),
    cancelFault: (id) => cluster.desk.cancel(id),
    clearFaults: () => cluster.desk.clear(),
    requests: (api) => cluster.counts.list(api),
    logFacts: (topic, partition) => cluster.logFacts(topic, partition),
    moveLeader: (topic, partition, node) => cluster.moveLeader(topic, partition, node),
    coordinator: (group) => cluster.coordinator.findPartition(group).leader,
    moveCoordinator: (group, node, loadingMs) => cluster.moveCoordinator(group, node, loadingMs),
    transactionCoordinator: (id) => cluster.transactions.findPartition(id).leader,
    moveTransactionCoordinator: (id, node, loadingMs) => cluster.moveTransactionCoordinator(id, node, loadingMs),
    loseRecords: (topic, partition, offset) => cluster.loseRecords(topic, partition, offset),
    stopNode: (node) => cluster.stopNode(node),
    startNode: (node) => cluster.startNode(node),
    nextClients: () => cluster.clients.next(),
    changeCertificate: (cert, key) => cluster.renewCertificate({ cert, key }),
    close: () => cluster.close(),
  }
}
