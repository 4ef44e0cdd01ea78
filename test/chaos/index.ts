/**
 * A proxy in front of every broker of a cluster that understands Kafka's framing and does harm on request. Clients that start from
 * its addresses see no others. What can go wrong is in `actions.ts`, a frame's way through in `pipe.ts`.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { nodeEnv } from '../../src/shared/node-env.ts'
import type { Api, Draft } from '../../src/shared/protocol/api.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { RawClient } from '../main/testing/client.ts'
import type { Action, End, Step } from './actions.ts'
import type { Address } from './addresses.ts'
import type { Exchange } from './exchange.ts'
import { type Host, Pipe } from './pipe.ts'
import { type ConnectionSelector, Rule, Rules, type Selector, strike } from './rules.ts'
import { TrafficLog } from './traffic-log.ts'

const HOST = '127.0.0.1'
const METADATA_VERSION = 9

interface Gate {
  node: number
  broker: Address
  server: Server
  port: number
  /** Set while nothing gets through. */
  shut: { passage: Promise<void>; open: () => void } | undefined
  /** Nothing is read from its clients. */
  deaf: boolean
}

export class ChaosProxy implements AsyncDisposable {
  readonly traffic = new TrafficLog()
  /** What the proxy itself stumbled over; a test that leaves some here proves nothing. */
  readonly problems: unknown[] = []
  readonly #gates: Gate[]
  readonly #rules = new Rules()
  readonly #pipes = new Set<Pipe>()
  #count = 0

  constructor(gates: Gate[]) {
    this.#gates = gates
    const host: Host = {
      disguise: (nodeId) => {
        const gate = gates.find(({ node }) => node === nodeId)
        return gate && { host: HOST, port: gate.port }
      },
      passage: (node) => gates.find((gate) => gate.node === node)?.shut?.passage,
      onRequest: (exchange) => {
        this.traffic.note(exchange.node, exchange.api)
        return strike(this.#rules.requests, exchange.node, exchange)
      },
      onAnswer: (exchange) => strike(this.#rules.answers, exchange.node, exchange),
      onEnd: (pipe) => this.#pipes.delete(pipe),
      onProblem: (problem) => this.problems.push(problem),
    }
    for (const { node, broker, server } of gates) {
      server.on('connection', (socket) => {
        this.traffic.note(node)
        const pipe = new Pipe(node, this.#count++, socket, host)
        this.#pipes.add(pipe)
        if (gates.find((gate) => gate.node === node)!.deaf) pipe.stopListening()
        pipe.start(broker, strike(this.#rules.connections, node) ?? []).catch((error) => this.problems.push(error))
      })
    }
  }

  /** `host:port` of each node as clients see it. */
  get brokers(): string[] {
    return this.#gates.map(({ port }) => `${HOST}:${port}`)
  }

  get nodes(): number[] {
    return this.#gates.map(({ node }) => node)
  }

  /** What new connections are met with before they reach the broker, if they do. */
  connections(selector: ConnectionSelector, ...script: Step[]): Rule<readonly Step[]> {
    return added(this.#rules.connections, new Rule(selector, script))
  }

  /** What becomes of requests on their way to the broker. */
  requests(selector: Selector, action: Action): Rule {
    return added(this.#rules.requests, new Rule(selector, action))
  }

  /** What becomes of answers on their way to the client. */
  answers(selector: Selector, action: Action): Rule {
    return added(this.#rules.answers, new Rule(selector, action))
  }

  /** Answers that are valid and untrue: `change` works on the body. `version`: encoded in this one instead of the request's. */
  rewrite<Response>(
    // biome-ignore lint/suspicious/noExplicitAny: what was asked does not matter
    api: Api<any, Response>,
    change: (body: Response, exchange: Exchange) => void,
    { version, ...selector }: Omit<Selector, 'api'> & { version?: number } = {},
  ): Rule {
    return this.answers({ ...selector, api: api.name }, (frame, exchange) => {
      const body = exchange.decodeAnswer(api, frame)
      change(body, exchange)
      return [exchange.encodeAnswer(api, body as Draft<Response>, version)]
    })
  }

  /** Ends the connections there are, of one node or of all. */
  sever(node?: number, how: End = 'reset'): void {
    for (const pipe of [...this.#pipes]) if (node === undefined || pipe.node === node) pipe.end(how)
  }

  /** Nothing gets through to a node or from it, and no connection ends, until {@link heal}. */
  partition(node?: number): void {
    for (const gate of this.#these(node)) {
      const { promise: passage, resolve: open } = Promise.withResolvers<void>()
      gate.shut ??= { passage, open }
    }
  }

  /** No byte is read any more from the clients of a node, so that what they send stays with them, until {@link heal}. */
  deafen(node?: number): void {
    for (const gate of this.#these(node)) gate.deaf = true
    for (const pipe of this.#pipes) if (node === undefined || pipe.node === node) pipe.stopListening()
  }

  /** What was held back goes on its way. */
  heal(node?: number): void {
    for (const gate of this.#these(node)) {
      gate.shut?.open()
      gate.shut = undefined
      gate.deaf = false
    }
    for (const pipe of this.#pipes) if (node === undefined || pipe.node === node) pipe.listen()
  }

  /** Ends all rules and partitions; what a rule has begun goes on. */
  clear(): void {
    this.#rules.clear()
    this.heal()
  }

  async close(): Promise<void> {
    this.clear()
    const closed = this.#gates.map(({ server }) => once(server, 'close'))
    for (const { server } of this.#gates) server.close()
    this.sever()
    await Promise.all(closed)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #these(node: number | undefined): Gate[] {
    return this.#gates.filter((gate) => node === undefined || gate.node === node)
  }
}

function added<Hit>(rules: Rule<Hit>[], rule: Rule<Hit>): Rule<Hit> {
  rules.push(rule)
  return rule
}

/** One listening port before each broker of the cluster that `brokers` belong to. */
export async function startChaosProxy({ brokers }: { brokers: readonly string[] }): Promise<ChaosProxy> {
  const client = await RawClient.open(nodeEnv(), brokers[0]!)
  const answer = await client.call(metadata, METADATA_VERSION, { topics: [] })
  client.close()
  const nodes = answer.brokers.toSorted((a, b) => a.nodeId - b.nodeId)
  const gates = nodes.map(async ({ nodeId: node, host, port: behind }): Promise<Gate> => {
    const server = createServer()
    server.listen(0, HOST)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return { node, broker: { host, port: behind }, server, port, shut: undefined, deaf: false }
  })
  return new ChaosProxy(await Promise.all(gates))
}
