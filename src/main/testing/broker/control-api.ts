/**
 * The typed calls from `startBroker`'s caller to the broker's thread. Plain data only, names already turned into numbers.
 */
import { KafkaError } from '../../../shared/errors.ts'
import type { ClientFacts } from './clients.ts'
import type { Cluster, CutFrom, LogFacts } from './cluster.ts'
import type { FaultRule } from './fault-desk.ts'
import type { ReceivedRequest, RequestCount, RequestFilter } from './request-log.ts'
import type { VersionLimits } from './versions.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface ControlApi {
  /** Gives `host:port` of each node. */
  start(): Promise<string[]>
  addFault(rule: FaultRule): number
  faultHits(id: number): number
  /** Resolves once the fault has hit so often; rejects when it is removed before. */
  faultHit(id: number, hits: number, waitId: number): Promise<void>
  /** The wait is over for whoever began it. */
  abandonHit(id: number, waitId: number): void
  removeFault(id: number): void
  clearFaults(): void
  requestCounts(api?: string): RequestCount[]
  requests(filter: RequestFilter): ReceivedRequest[]
  requestMark(): number
  isolate(node: number, from: CutFrom, electionMs: number): void
  heal(node: number): void
  logFactsAt(topic: string, partition: number, node: number): LogFacts
  limitVersions(limits: VersionLimits, node: number | undefined): void
  /** What the broker's clock shows, in milliseconds since 1970. */
  time(): number
  /** Of a virtual clock; gives what it shows then. */
  advance(ms: number): Promise<number>
  logFacts(topic: string, partition: number): LogFacts
  moveLeader(topic: string, partition: number, node: number): void
  /** The node that coordinates a group; −1: none at present. */
  coordinator(group: string): number
  moveCoordinator(group: string, node: number, loadingMs: number): void
  /** The same for a transactional id. */
  transactionCoordinator(id: string): number
  moveTransactionCoordinator(id: string, node: number, loadingMs: number): void
  loseRecords(topic: string, partition: number, offset: number): void
  kill(node: number): void
  revive(node: number): Promise<void>
  /** Clients that connected since the last call; waits for the next one. */
  nextClients(): Promise<ClientFacts[]>
  changeCertificate(cert: string, key: string): void
  close(): Promise<void>
}

export function controlOf(cluster: Cluster, clock?: VirtualClock): ControlApi {
  return {
    async start() {
      await cluster.start()
      return cluster.addresses
    },
    addFault: (rule) => cluster.desk.add(rule),
    faultHits: (id) => cluster.desk.hits(id),
    faultHit: (id, hits, waitId) => cluster.desk.whenHit(id, hits, waitId),
    abandonHit: (id, waitId) => cluster.desk.abandon(id, waitId),
    removeFault: (id) => cluster.desk.remove(id),
    clearFaults: () => cluster.desk.clear(),
    requestCounts: (api) => cluster.counts.list(api),
    requests: (filter) => received(cluster, filter),
    requestMark: () => cluster.received.mark,
    isolate: (node, from, electionMs) => cluster.isolate(node, from, electionMs),
    heal: (node) => cluster.heal(node),
    logFactsAt: (topic, partition, node) => cluster.factsAt(topic, partition, node),
    limitVersions: (limits, node) => cluster.limitVersions(limits, node),
    time: () => cluster.env.wallClock(),
    async advance(ms) {
      if (clock === undefined) {
        const text = "The broker's clock is the machine's; only one that was started with clock: 'virtual' can be moved"
        throw new KafkaError('INVALID_ARGUMENT', text)
      }
      return clock.advance(ms)
    },
    logFacts: (topic, partition) => cluster.logFacts(topic, partition),
    moveLeader: (topic, partition, node) => cluster.moveLeader(topic, partition, node),
    coordinator: (group) => cluster.coordinator.findPartition(group).leader,
    moveCoordinator: (group, node, loadingMs) => cluster.moveCoordinator(group, node, loadingMs),
    transactionCoordinator: (id) => cluster.transactions.findPartition(id).leader,
    moveTransactionCoordinator: (id, node, loadingMs) => cluster.moveTransactionCoordinator(id, node, loadingMs),
    loseRecords: (topic, partition, offset) => cluster.loseRecords(topic, partition, offset),
    kill: (node) => cluster.kill(node),
    revive: (node) => cluster.revive(node),
    nextClients: () => cluster.clients.next(),
    changeCertificate: (cert, key) => cluster.renewCertificate({ cert, key }),
    close: () => cluster.close(),
  }
}

/** What is asked for must still be there: an assertion about less would be wrong in silence. */
function received({ received: log }: Cluster, filter: RequestFilter): ReceivedRequest[] {
  if (log.limit === 0) {
    throw new KafkaError('INVALID_ARGUMENT', 'This broker remembers no requests: it was started with recordedRequests: 0')
  }
  const { since } = filter
  if (since !== undefined && since + 1 < log.oldest) {
    const gone = log.oldest - since - 1
    const text = `Of the requests since mark ${since} the first ${gone} are forgotten; more than ${log.limit} are remembered with recordedRequests`
    throw new KafkaError('INVALID_ARGUMENT', text)
  }
  return log.list(filter)
}
