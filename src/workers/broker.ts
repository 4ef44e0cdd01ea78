/**
 * One broker of the cluster and the ways to it (P2): one connection for producing and control requests, one for what keeps members in
 * their groups (C13), and one for the long polls of each fetcher that reads from it. Each is made when first wanted; those for polls
 * end when they are not used any more.
 */
import { nameOf } from '../shared/address.ts'
import type { Env } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import type { BrokerAddress, IoEvent, IoOptions } from '../shared/io-api.ts'
import { Link, type LinkEvents } from './link.ts'
import type { Security } from './security.ts'

export interface BrokerEvents {
  onProgress(): void
  onEvent(event: IoEvent): void
  /** A connection failed or ended, or the broker is silent on it; told again while it lasts and somebody waits. */
  onUnreachable(nodeId: number, error: KafkaError): void
  /** A connection failed or ended. */
  onLost(nodeId: number, error: KafkaError): void
  /** The connection of a fetcher ended, and its fetch session with it. */
  onFetchLinkLost(nodeId: number, fetcher: number): void
}

export class BrokerNode {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly control: Link
  /** Heartbeats and commits wait behind nothing else, and a quota for records does not mute them. */
  readonly group: Link
  readonly #env: Env
  readonly #options: IoOptions
  readonly #events: BrokerEvents
  readonly #security: Security | undefined
  /** By the number of the fetcher. */
  readonly #fetchLinks = new Map<number, Link>()
  /** By the number of the transactional producer. */
  readonly #producerLinks = new Map<number, Link>()
  /** What it lost the leadership of since it last answered. */
  #lostLead: string | undefined

  constructor(
    env: Env,
    { nodeId, host, port }: BrokerAddress,
    options: IoOptions,
    events: BrokerEvents,
    security: Security | undefined,
  ) {
    this.nodeId = nodeId
    this.host = host
    this.port = port
    this.#env = env
    this.#options = options
    this.#events = events
    this.#security = security
    const nothing = () => {}
    const always = () => true
    this.control = this.#link(nothing, always)
    this.group = this.#link(nothing, always)
  }

  /** The way for a fetcher's long polls. */
  fetchLink(fetcher: number): Link {
    const known = this.#fetchLinks.get(fetcher)
    if (known) return known
    const link = this.#link(
      () => this.#events.onFetchLinkLost(this.nodeId, fetcher),
      () => this.#fetchLinks.get(fetcher) === link,
    )
    this.#fetchLinks.set(fetcher, link)
    return link
  }

  /** The fetcher has had nothing to ask for a while. */
  endFetchLink(fetcher: number): void {
    const link = this.#fetchLinks.get(fetcher)
    // first, so that its end is no sign of trouble
    this.#fetchLinks.delete(fetcher)
    link?.close(new KafkaError('CLOSED', `Nothing was left to read from ${this.address} on this connection.`))
  }

  /**
   * The way for what belongs to one transactional producer: a broker answers one request after the other on a connection, and those of
   * several transactions cannot travel together.
   */
  producerLink(producer: number): Link {
    let link = this.#producerLinks.get(producer)
    if (!link) {
      link = this.#link(
        () => {},
        () => this.#producerLinks.has(producer),
      )
      this.#producerLinks.set(producer, link)
    }
    return link
  }

  endProducerLink(producer: number): void {
    const link = this.#producerLinks.get(producer)
    this.#producerLinks.delete(producer)
    link?.close(new KafkaError('CLOSED', `The producer that wrote to ${this.address} on this connection is closed.`))
  }

  /** The way of a kind of call. */
  linkFor(kind: 'control' | 'group' | { producer: number }): Link {
    return typeof kind === 'string' ? this[kind] : this.producerLink(kind.producer)
  }

  /** `wanted`: whether its end is news of the broker. */
  #link(onLost: () => void, wanted: () => boolean): Link {
    const { nodeId } = this
    const events = this.#events
    const linkEvents: LinkEvents = {
      onProgress: () => {
        this.#lostLead = undefined
        events.onProgress()
      },
      onState: (state, error) => {
        if (state === 'disconnected') onLost()
        if (error && wanted()) {
          events.onUnreachable(nodeId, error)
          events.onLost(nodeId, error)
        }
        events.onEvent({ type: 'connection', nodeId, broker: this.address, state, error: error?.toWire() })
      },
      onThrottle: (api, throttleTimeMs) => {
        events.onEvent({ type: 'throttle', nodeId, broker: this.address, api, throttleTimeMs })
      },
      onAbsent: (error) => {
        if (!wanted()) return
        events.onUnreachable(nodeId, error)
        if (this.#lostLead) this.#giveUp(this.#lostLead)
      },
    }
    return new Link(this.#env, this.host, this.port, this.#options, linkEvents, this.#security)
  }

  get address(): string {
    return nameOf(this)
  }

  get inFlight(): number {
    return this.control.inFlight
  }

  /** It owes answers and has said nothing for a while. */
  get silent(): boolean {
    return this.#links().some(({ silent }) => silent)
  }

  /** It no longer leads something. If it is silent now or soon, what waits for its answers can go elsewhere. */
  lostLead(why: string): void {
    this.#lostLead = why
    if (this.silent) this.#giveUp(why)
  }

  /** Others can be read instead: if it is silent, what waits for its answers goes there. */
  dispensable(why: string): void {
    if (this.silent) this.#giveUp(why, [...this.#fetchLinks.values()])
  }

  #giveUp(why: string, links = this.#links()): void {
    const text = `The connection to ${this.address}, which owes answers and says nothing, was given up: ${why}.`
    for (const link of links)
      if (link.inFlight > 0) link.drop(new KafkaError('CONNECTION_LOST', text, { broker: this.address, retriable: true }))
  }

  close(error: KafkaError): void {
    for (const link of this.#links()) link.close(error)
  }

  #links(): Link[] {
    return [this.control, this.group, ...this.#fetchLinks.values(), ...this.#producerLinks.values()]
  }
}
