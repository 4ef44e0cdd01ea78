/**
 * What a real Kafka for tests looks like from outside, whatever runs it. Owns the types; knows no way to start one.
 */

export type Via = 'brokers' | 'docker' | 'maven'
export type NodeSignal = 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'

/** Broker configs as they stand in `server.properties`; they win over those of the harness. `{node}` in a value is the id of the node. */
export type Configs = Readonly<Record<string, string | number | boolean>>

/** A listener beside the plain one of `brokers`. */
export interface ListenerOptions {
  protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'
  /** What it is advertised as, where that is not 127.0.0.1. */
  host?: string
  /** Its own configs, without the prefix `listener.name.<name>.`; they win over `configs`. */
  configs?: Configs
}

/** A SCRAM credential that is there from the first start. */
export interface ScramUser {
  mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  name: string
  password: string
  /** Default: Kafka's, 4096. */
  iterations?: number
}

export interface StartOptions {
  nodes: 1 | 3
  /** Default `auto`: the first of `KAFKA_BROKERS`, Docker and Maven that is there. */
  via?: Via | 'auto'
  configs?: Configs
  /** More listeners by name, of capital letters, digits and underscores. `RealKafka.listener` tells where they are. */
  listeners?: ReadonlyMap<string, ListenerOptions>
  /** SCRAM credentials to begin with. */
  scramUsers?: readonly ScramUser[]
  /** For measurements: default JIT, G1 and a 1 GiB heap in place of the quick start and the small memory that tests want. */
  performance?: boolean
  /** Told in plain words what takes long: downloads, images, waiting for another process. */
  onProgress?: (what: string) => void
}

export interface RealKafka {
  /** Bootstrap addresses, `127.0.0.1:port`, that of node 1 first. */
  readonly brokers: string[]
  /** Bootstrap addresses of a listener that `listeners` asked for. */
  listener(name: string): string[]
  readonly via: Via
  readonly nodes: number
  /** `4.3.1`; `unknown` for a cluster that somebody else runs. */
  readonly version: string
  /** Where the nodes' logs are (`node-<id>.log`) until `stop`; undefined for a cluster that somebody else runs. */
  readonly logDirectory: string | undefined
  /**
   * Sends a signal to a node (1, 2, 3); default SIGKILL. Resolves when the process has ended (SIGKILL, SIGTERM) or the signal
   * was delivered (SIGSTOP, SIGCONT). A node that cannot reach a controller does not finish its controlled shutdown: take a
   * whole cluster down with SIGKILL.
   */
  kill(nodeId: number, signal?: NodeSignal): Promise<void>
  /**
   * Starts a node that was killed, on the same ports and data; a running one is shut down (SIGTERM) first, a paused one is killed.
   * Resolves when it is registered again. That needs a majority of nodes: after the whole cluster was down, restart
   * all of them at once (`Promise.all`).
   */
  restart(nodeId: number): Promise<void>
  /** The process and its data directory, for faults that need them; undefined when down, or not a process of this machine. */
  process(nodeId: number): { pid: number; dataDirectory: string } | undefined
  /** The last 16 KiB that the node logged. */
  logs(nodeId: number): string
  /** Kills all nodes and removes data and logs. Safe to call again. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** This way of getting a Kafka is not to be had here; another one may be. */
export class KafkaUnavailable extends Error {
  readonly code = 'KAFKA_UNAVAILABLE'
}

/** The version that the harness runs; also the tag of the default image. */
export const kafkaVersion = '4.3.1'
