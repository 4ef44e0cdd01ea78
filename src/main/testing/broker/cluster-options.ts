/** What a cluster is made with: owns the types, and which addresses stand for all of a machine. Checked elsewhere. */
import type { Env, TlsServer } from '../../../shared/env.ts'
import type { GroupSettings } from './groups/settings.ts'
import type { SaslSettings } from './security/sasl.ts'
import type { TransactionSettings } from './transactions/settings.ts'
import type { VersionLimits } from './versions.ts'

/** Addresses that stand for all of a machine, and how it reaches itself. */
export const EVERYWHERE: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

export interface TopicSpec {
  topic: string
  /** −1 or left out: 1. */
  partitions?: number
  /** −1 or left out: 3, or all nodes when there are fewer. */
  replicationFactor?: number
  configs?: ReadonlyMap<string, string>
}

export interface ClusterOptions {
  nodes: number
  host: string
  /** What clients are told instead of `host`. */
  advertisedHost?: string
  /** Of the first node, the others take the next ones; 0: free ones. */
  port: number
  /** That of every node where `racks` has none for it. */
  rack: string | null
  /** By node. Readers who say where they are get sent to a replica there. */
  racks?: readonly string[]
  /** A producer that wrote nothing to a partition for so long is forgotten there. Default: never. */
  producerIdExpirationMs?: number
  topics: readonly TopicSpec[]
  autoCreateTopics: boolean
  /** Topic configs that hold where a topic says nothing. */
  configs: ReadonlyMap<string, string>
  /** How often records that are too old are looked for; as Kafka by default. */
  retentionCheckMs?: number
  /** Of consumer groups; Kafka's defaults, mostly, where nothing is said. */
  groups?: Partial<GroupSettings>
  /** The folder where all is kept, so that another cluster can go on with it. Default: none. */
  dataDir?: string
  /** Of transactions; Kafka's defaults where nothing is said. */
  transactions?: Partial<TransactionSettings>
  /** Left out: nodes speak plain text. */
  tls?: TlsServer
  /** Left out: whoever connects is in. */
  sasl?: SaslSettings
  /** Connections of a node at a time; further ones are closed. */
  maxConnections?: number
  /** How many of the last requests are remembered; default none. */
  recordedRequests?: number
  /** Up to which version an API is spoken, for all nodes. */
  maxVersions?: VersionLimits
  /** The clock of waits that a client has asked for, such as long polls: its own time, not the broker's. Default: the broker's. */
  patience?: Pick<Env, 'setTimeout' | 'clearTimeout'>
  /** A handler threw what no handler may throw. */
  onBug: (error: unknown) => void
}
