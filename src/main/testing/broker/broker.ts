/**
 * One node: its port, its connections, its fetch sessions. What it knows of topics is the cluster's.
 */
import type { Listener, Socket, TlsServer } from '../../../shared/env.ts'
import { KafkaError } from '../../../shared/errors.ts'
import type { Cluster } from './cluster.ts'
import { Connection } from './connection.ts'
import { FetchSessions } from './fetch-session.ts'
import { SpokenVersions } from './versions.ts'

const MAX_CONNECTIONS = 2000

export class Broker {
  readonly cluster: Cluster
  readonly id: number
  /** As clients are told. */
  readonly host: string
  port = 0
  /** Further connections are closed. */
  readonly maxConnections: number
  sessions: FetchSessions
  versions: SpokenVersions
  readonly #connections = new Set<Connection>()
  #listener: Listener | undefined
  #frozen = false
  #producerIds = { next: 0, end: 0 }

  constructor(cluster: Cluster, id: number) {
    this.cluster = cluster
    this.id = id
    this.maxConnections = cluster.options.maxConnections ?? MAX_CONNECTIONS
    this.host = cluster.options.advertisedHost ?? cluster.options.host
    this.sessions = new FetchSessions(cluster.env)
    this.versions = new SpokenVersions(cluster.options.maxVersions ?? new Map())
  }

  get live(): boolean {
    return this.#listener !== undefined
  }

  async start(host: string, port: number): Promise<void> {
    const accept = (socket: Socket): Connection => {
      const connection = new Connection(this, socket)
      connection.freeze(this.#frozen)
      if (this.#listener === undefined || this.#connections.size >= this.maxConnections) socket.destroy()
      else this.#connections.add(connection)
      return connection
    }
    try {
      this.#listener = await this.cluster.env.listen(host, port, accept, this.cluster.tls)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new KafkaError('CONNECTION_FAILED', `The embedded broker cannot listen on ${host}:${port}: ${why}`, { cause: error })
    }
    this.port = this.#listener.port
  }

  /** Closes the port and all connections at once; sessions are gone with them, as after a crash. */
  stop(): void {
    this.#listener?.close()
    this.#listener = undefined
    for (const connection of this.#connections) connection.destroy()
    this.#connections.clear()
    this.sessions = new FetchSessions(this.cluster.env)
  }

  /** Cuts the node off from its clients, or ends that: connections stay, and nothing comes through. */
  freeze(frozen: boolean): void {
    this.#frozen = frozen
    for (const connection of [...this.#connections]) connection.freeze(frozen)
  }

  renewTls(tls: TlsServer): void {
    this.#listener?.renew?.(tls)
  }

  disconnected(connection: Connection): void {
    this.#connections.delete(connection)
  }

  nextProducerId(): number {
    if (this.#producerIds.next === this.#producerIds.end) {
      const { first, size } = this.cluster.takeProducerIdBlock()
      this.#producerIds = { next: first, end: first + size }
    }
    return this.#producerIds.next++
  }
}
