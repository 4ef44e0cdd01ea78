/**
 * One broker of the cluster and the two ways to it (P2): one connection for producing and control requests, one for
 * long-poll fetches, made when first wanted.
 */
import { nameOf } from '../shared/address.ts'
import type { Env } from '../shared/env.ts'
import type { KafkaError } from '../shared/errors.ts'
import type { BrokerAddress, IoEvent, IoOptions } from '../shared/io-api.ts'
import { Link } from './link.ts'

export interface BrokerEvents {
  onProgress(): void
  onEvent(event: IoEvent): void
  /** A connection failed or ended. */
  onUnreachable(nodeId: number, error: KafkaError): void
  /** The fetch connection ended, and the broker's fetch session with it. */
  onFetchLinkLost(nodeId: number): void
}

export class BrokerNode {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly control: Link
  readonly fetch: Link

  constructor(env: Env, { nodeId, host, port }: BrokerAddress, options: IoOptions, events: BrokerEvents) {
    this.nodeId = nodeId
    this.host = host
    this.port = port
    const link = (onLost: () => void): Link =>
      new Link(env, host, port, options, {
        onProgress: () => events.onProgress(),
        onState: (state, error) => {
          if (state === 'disconnected') onLost()
          if (error) events.onUnreachable(nodeId, error)
          events.onEvent({ type: 'connection', nodeId, broker: this.address, state, error: error?.toWire() })
        },
      })
    this.control = link(() => {})
    this.fetch = link(() => events.onFetchLinkLost(nodeId))
  }

  get address(): string {
    return nameOf(this)
  }

  get inFlight(): number {
    return this.control.inFlight
  }

  close(error: KafkaError): void {
    this.control.close(error)
    this.fetch.close(error)
  }
}
