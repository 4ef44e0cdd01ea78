/** Which frames and connections meet which fault, and how many have. A frame is hit by the oldest rule that fits. Knows no sockets. */
import type { Action, Step } from './actions.ts'
import type { Exchange } from './exchange.ts'

export interface Selector {
  /** Kafka's name, such as `Produce`. Default: any. */
  api?: string
  /** Default: any. */
  node?: number
  /** How many; Infinity until it is cancelled. Default 1. */
  times?: number
  when?: (exchange: Exchange) => boolean
}

/** For connections, of which no API is known. */
export type ConnectionSelector = Pick<Selector, 'node' | 'times'>

/** A fault that was set. */
export class Rule<Hit = Action> {
  readonly selector: Selector
  readonly action: Hit
  /** How often it has hit. */
  hits = 0
  #left: number
  #waiting: { hits: number; resolve: () => void }[] = []

  constructor(selector: Selector, action: Hit) {
    this.selector = selector
    this.action = action
    this.#left = selector.times ?? 1
  }

  /** Resolves when it has hit so often. */
  reached(hits = 1): Promise<void> {
    if (this.hits >= hits) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ hits, resolve }))
  }

  /** It hits no more; what it has begun goes on. */
  cancel(): void {
    this.#left = 0
  }

  fits(node: number, exchange?: Exchange): boolean {
    const { api, node: only, when } = this.selector
    if (this.#left <= 0 || (only !== undefined && only !== node)) return false
    return exchange === undefined || ((api === undefined || api === exchange.api) && (when?.(exchange) ?? true))
  }

  hit(): void {
    this.#left--
    this.hits++
    for (const { hits, resolve } of this.#waiting) if (hits <= this.hits) resolve()
    this.#waiting = this.#waiting.filter(({ hits }) => hits > this.hits)
  }
}

export class Rules {
  readonly connections: Rule<readonly Step[]>[] = []
  readonly requests: Rule[] = []
  readonly answers: Rule[] = []

  clear(): void {
    for (const rules of [this.connections, this.requests, this.answers]) {
      for (const rule of rules) rule.cancel()
      rules.length = 0
    }
  }
}

/** The action of the rule that hits, which counts it. */
export function strike<Hit>(rules: readonly Rule<Hit>[], node: number, exchange?: Exchange): Hit | undefined {
  const rule = rules.find((one) => one.fits(node, exchange))
  rule?.hit()
  return rule?.action
}
