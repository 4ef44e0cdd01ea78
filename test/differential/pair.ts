/**
 * A real broker and an embedded one that get the same requests at the same time. Owns connections, what counts as an answer, and the
 * names of each broker's ids. Knows no sequence.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { nodeEnv } from '../../src/shared/node-env.ts'
import type { Api } from '../../src/shared/protocol/api.ts'
import { RawClient } from '../main/testing/client.ts'
import { difference, plain } from './plain.ts'

export type Twin<T> = readonly [real: T, embedded: T]
type RequestOf<A extends Api> = Parameters<A['encodeRequest']>[2]
export type ResponseOf<A extends Api> = ReturnType<A['decodeResponse']>
/** What to send to the real broker (0) and to the embedded one (1). */
export type Body<A extends Api> = (side: 0 | 1) => RequestOf<A>
/** An answer, a connection that was closed instead, or nothing at all. */
export type Outcome<R> = { answer: R } | 'closed' | 'silent'

/** The two brokers did not do the same. */
export class Different extends Error {
  /** Where, without what differs from run to run. */
  readonly where: string

  constructor(where: string, what: string) {
    super(`${where}: ${what}`)
    this.where = `${where} ${what.replace(/:.*/s, '').replace(/\.\d+/g, '[]')}`
  }
}

/** How long an answer may take that has to come. */
const PATIENCE_MS = 15_000
/** How long one that may have to wait for others is waited for. */
const GRACE_MS = 60

class Side {
  readonly address: string
  readonly names = new Map<string | number, string>()
  readonly #clients = new Map<string, Promise<RawClient>>()

  constructor(address: string) {
    this.address = address
  }

  async call<A extends Api>(actor: string, api: A, version: number, body: RequestOf<A>): Promise<Outcome<ResponseOf<A>>> {
    const client = await this.#client(actor)
    const timeout = new AbortController()
    try {
      const late = sleep(PATIENCE_MS * 4, 'silent' as const, { signal: timeout.signal, ref: false }).catch(
        () => 'silent' as const,
      )
      const answer = client.call(api, version, body).then((answer) => ({ answer }))
      return await Promise.race([answer, late])
    } catch (error) {
      if (!/closed|reset|EPIPE/i.test(String(error))) throw error
      this.#clients.delete(actor)
      return 'closed'
    } finally {
      timeout.abort()
    }
  }

  /** Sends what gets no answer. */
  async tell<A extends Api>(actor: string, api: A, version: number, body: RequestOf<A>): Promise<void> {
    const client = await this.#client(actor)
    client.call(api, version, body).catch(() => this.#clients.delete(actor))
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) (await client).close()
    this.#clients.clear()
  }

  #client(actor: string): Promise<RawClient> {
    let client = this.#clients.get(actor)
    if (client === undefined) this.#clients.set(actor, (client = RawClient.open(nodeEnv(), this.address)))
    return client
  }
}

interface Waiting {
  what: string
  outcomes: [unknown, unknown]
  both: Promise<unknown>
  settle(): void
}

export class Pair {
  readonly sides: Twin<Side>
  readonly started = Date.now()
  /** Requests that neither has answered yet, by who sent them. */
  readonly #waiting = new Map<string, Waiting>()
  /** How many requests were sent to both. */
  requests = 0

  constructor(real: string, embedded: string) {
    this.sides = [new Side(real), new Side(embedded)]
  }

  /** Gives each broker's id a name that both share. */
  learn(name: string, ids: Twin<string | number>): void {
    this.sides.forEach((side, i) => void side.names.set(ids[i]!, name))
  }

  /** Sends to both and expects the same; the answers, or undefined when both closed the connection. */
  async same<A extends Api>(
    actor: string,
    api: A,
    version: number,
    body: Body<A>,
    shown: (answer: ResponseOf<A>) => unknown = (answer) => answer,
  ): Promise<Twin<ResponseOf<A>> | undefined> {
    const outcomes = await this.ask(actor, api, version, body)
    return this.#equal<ResponseOf<A>>(outcomes, `${api.name} ${version}`, shown)
  }

  /** Sends to both; does not compare. */
  async ask<A extends Api>(actor: string, api: A, version: number, body: Body<A>): Promise<Twin<Outcome<ResponseOf<A>>>> {
    this.requests++
    const [real, embedded] = this.sides.map((side, i) => side.call(actor, api, version, body(i as 0 | 1)))
    return Promise.all([real!, embedded!])
  }

  async tell<A extends Api>(actor: string, api: A, version: number, body: Body<A>): Promise<void> {
    this.requests++
    await Promise.all(this.sides.map((side, i) => side.tell(actor, api, version, body(i as 0 | 1))))
  }

  isWaiting(actor: string): boolean {
    return this.#waiting.has(actor)
  }

  /** Sends what may have to wait for others. `then` gets the answers of both, whenever they come. */
  async mayWait<A extends Api>(
    actor: string,
    api: A,
    version: number,
    body: Body<A>,
    then: (answers: Twin<ResponseOf<A>>) => void,
  ): Promise<void> {
    this.requests++
    const outcomes: [unknown, unknown] = [undefined, undefined]
    const calls = this.sides.map(async (side, i) => {
      outcomes[i] = await side.call(actor, api, version, body(i as 0 | 1))
    })
    const settle = (): void => {
      this.#waiting.delete(actor)
      const twin = outcomes as unknown as Twin<Outcome<ResponseOf<A>>>
      const given = twin.map((outcome) => (typeof outcome === 'object' ? outcome.answer : undefined))
      if (given.every((answer) => answer !== undefined)) then(given as unknown as Twin<ResponseOf<A>>)
      this.#equal(twin, `${api.name} ${version}`)
    }
    this.#waiting.set(actor, { what: `${api.name} ${version}`, outcomes, both: Promise.all(calls), settle })
    await this.settle()
  }

  /** Looks after the requests that wait: when one broker has answered, so must the other. */
  async settle(): Promise<void> {
    if (this.#waiting.size === 0) return
    await Promise.race([Promise.all([...this.#waiting.values()].map(({ both }) => both)), sleep(GRACE_MS)])
    for (const waiting of [...this.#waiting.values()]) {
      const answered = () => waiting.outcomes.filter((outcome) => outcome !== undefined).length
      if (answered() === 0) continue
      await Promise.race([waiting.both, sleep(PATIENCE_MS)])
      if (answered() === 2) waiting.settle()
      else {
        const [real, embedded] = waiting.outcomes.map((outcome) => (outcome === undefined ? 'waits' : 'answers'))
        throw new Different(waiting.what, `real ${real}, embedded ${embedded}`)
      }
    }
  }

  async close(): Promise<void> {
    for (const side of this.sides) await side.close()
  }

  /** Expects that these are the same. */
  equal(values: Twin<unknown>, what: string): void {
    const [real, embedded] = values.map((value, i) => plain(value, { names: this.sides[i]!.names, started: this.started }))
    const found = difference(real, embedded)
    if (found !== undefined) throw new Different(what, found)
  }

  #equal<R>(outcomes: Twin<Outcome<R>>, what: string, shown: (answer: R) => unknown = (answer) => answer): Twin<R> | undefined {
    const view = (outcome: Outcome<R>): unknown => (typeof outcome === 'object' ? shown(outcome.answer) : outcome)
    this.equal([view(outcomes[0]), view(outcomes[1])], what)
    const [first, second] = outcomes
    return typeof first === 'object' && typeof second === 'object' ? [first.answer, second.answer] : undefined
  }
}
