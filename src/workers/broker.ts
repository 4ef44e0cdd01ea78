/**
 * One broker of the cluster and the ways to it (P2): one connection for producing and control requests, one for long-poll fetches,
 * one for what keeps members in their groups (C13), each made when first wanted.
 */
import { nameOf } from '../shared/address.ts'
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import type { BrokerAddress, IoEvent, IoOptions } from '../shared/io-api.ts'
import { Link } from './link.ts'

export interface BrokerEvents {
  onProgress(): void
  onEvent(event: IoEvent): void
  /** A connection failed or ended, or the broker is silent on it; told again while it lasts and somebody waits. */
  onUnreachable(nodeId: number, error: KafkaError): void
  /** A connection failed or ended. */
  onLost(nodeId: number, error: KafkaError): void
  /** The fetch connection ended, and the broker's fetch session with it. */
  onFetchLinkLost(nodeId: number): void
}

export class BrokerNode {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly control: Link
  readonly fetch: Link
  /** Heartbeats and commits wait behind nothing else, and a quota for records does not mute them. */
  readonly group: Link
  /** What it lost the leadership of since it last answered. */
  #lostLead: string | undefined

  constructor(env: Env, { nodeId, host, port }: BrokerAddress, options: IoOptions, events: BrokerEvents) {
    this.nodeId = nodeId
    this.host = host
    this.port = port
    const link = (onLost: () => void): Link =>
      new Link(env, host, port, options, {
        onProgress: () => {
          this.#lostLead = undefined
          events.onProgress()
        },
        onState: (state, error) => {
          if (state === 'disconnected') onLost()
          if (error) {
            events.onUnreachable(nodeId, error)
            events.onLost(nodeId, error)
          }
          events.onEvent({ type: 'connection', nodeId, broker: this.address, state, error: error?.toWire() })
        },
        onThrottle: (api, throttleTimeMs) => {
          events.onEvent({ type: 'throttle', nodeId, broker: this.address, api, throttleTimeMs })
        },
        onAbsent: (error) => {
          events.onUnreachable(nodeId, error)
          if (this.#lostLead) this.#giveUp(this.#lostLead)
        },
      })
    this.control = link(() => {})
    this.fetch = link(() => events.onFetchLinkLost(nodeId))
    this.group = link(() => {})
  }

  get address(): string {
    return nameOf(this)
  }

  get inFlight(): number {
    return this.control.inFlight
  }

  /** It owes answers and has said nothing for a while. */
  get silent(): boolean {
    return this.control.silent || this.fetch.silent || this.group.silent
  }

  /** It no longer leads something. If it is silent now or soon, what waits for its answers can go elsewhere. */
  lostLead(why: string): void {
    this.#lostLead = why
    if (this.silent) this.#giveUp(why)
  }

  #giveUp(why: string): void {
    const text = `The connection to ${this.address}, which owes answers and says nothing, was given up: ${why}.`
    for (const link of [this.control, this.fetch, this.group])
      if (link.inFlight > 0) link.drop(new KafkaError('CONNECTION_LOST', text, { broker: this.address, retriable: true }))
  }

  close(error: KafkaError): void {
    this.control.close(error)
    this.fetch.close(error)
    this.group.close(error)
  }
}
