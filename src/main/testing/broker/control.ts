/**
 * The fault desk: which of the coming requests are to fail, be late, be dropped or never be answered, and how often that
 * happened. Also counts arrivals. Decides only; broker and handlers carry it out.
 */

/** A fault as it is set, with numbers for names. Left out: any. */
export interface FaultRule {
  kind: 'fail' | 'delay' | 'drop' | 'hang'
  apiKey: number
  /** How many requests it hits; Infinity for all until it is cancelled. */
  times: number
  node?: number | undefined
  /** Only for `fail`. */
  topic?: string | undefined
  partition?: number | undefined
  /** Only for `fail`: the broker error. */
  error?: number | undefined
  /** Only for `fail` of Produce: the batch goes to the log all the same. */
  afterAppend?: boolean | undefined
  /** Only for `drop` and `hang`: the request takes effect. */
  afterApply?: boolean | undefined
  /** Only for `delay`: the answer is held back this long. */
  ms?: number | undefined
}

/** Arrived requests of one API at one node. */
export interface RequestCount {
  api: string
  node: number
  requests: number
  /** Only for Produce: how many partitions each request carried, in the order of arrival; the last 10 000. */
  partitions: number[]
}

export const REMEMBERED_REQUESTS = 10_000

interface ActiveRule {
  rule: FaultRule
  hits: number
}

/** What becomes of one request. */
export interface RequestFaults {
  /** The rule that is about the request as a whole. */
  readonly rule: FaultRule | undefined
  /** The failure to give for a topic-partition (or for the whole request when called without). */
  failureOf(topic?: string, partition?: number): FaultRule | undefined
}

/** For the ordinary request. */
export const NO_FAULTS: RequestFaults = { rule: undefined, failureOf: () => undefined }

export class FaultDesk {
  /** In the order they were set. */
  #active: ActiveRule[] = []
  readonly #all = new Map<number, ActiveRule>()
  #nextId = 1

  /** Sets a fault and gives its number. */
  add(rule: FaultRule): number {
    const id = this.#nextId++
    const active = { rule, hits: 0 }
    this.#all.set(id, active)
    this.#active.push(active)
    return id
  }

  hits(id: number): number {
    return this.#all.get(id)?.hits ?? 0
  }

  cancel(id: number): void {
    const cancelled = this.#all.get(id)
    this.#active = this.#active.filter((active) => active !== cancelled)
  }

  clear(): void {
    this.#active = []
  }

  /** A request has arrived: what is to become of it. The oldest rule that fits is used up. */
  arrived(apiKey: number, node: number): RequestFaults {
    if (this.#active.length === 0) return NO_FAULTS
    const fits = this.#active.filter(({ rule }) => rule.apiKey === apiKey && (rule.node === undefined || rule.node === node))
    if (fits.length === 0) return NO_FAULTS
    const whole = fits.find(({ rule }) => rule.topic === undefined)
    if (whole) this.#use(whole)
    // Rules about a topic are used up when the handler comes to that topic: only it knows what the request is about.
    return new ClaimedFaults(
      whole?.rule,
      fits.filter(({ rule }) => rule.topic !== undefined),
      (active) => this.#use(active),
    )
  }

  #use(active: ActiveRule): void {
    active.hits++
    if (active.hits >= active.rule.times) this.#active = this.#active.filter((other) => other !== active)
  }
}

class ClaimedFaults implements RequestFaults {
  readonly rule: FaultRule | undefined
  readonly #aboutTopics: ActiveRule[]
  readonly #use: (active: ActiveRule) => void
  /** A rule counts a request once, however many partitions of it match. */
  readonly #used = new Set<ActiveRule>()

  constructor(rule: FaultRule | undefined, aboutTopics: ActiveRule[], use: (active: ActiveRule) => void) {
    this.rule = rule
    this.#aboutTopics = aboutTopics
    this.#use = use
  }

  failureOf(topic?: string, partition?: number): FaultRule | undefined {
    if (this.rule) return this.rule.kind === 'fail' ? this.rule : undefined
    for (const active of this.#aboutTopics) {
      const { rule, hits } = active
      if (rule.topic !== topic || (rule.partition !== undefined && rule.partition !== partition)) continue
      if (this.#used.has(active)) return rule
      if (hits >= rule.times) continue // another request was faster
      this.#used.add(active)
      this.#use(active)
      return rule
    }
    return undefined
  }
}

/** Counts what arrives, by API and node. */
export class RequestCounts {
  readonly #counts = new Map<string, RequestCount>()

  count(api: string, node: number): RequestCount {
    const key = `${api} ${node}`
    let count = this.#counts.get(key)
    if (count === undefined) this.#counts.set(key, (count = { api, node, requests: 0, partitions: [] }))
    count.requests++
    return count
  }

  list(api?: string): RequestCount[] {
    const wanted = [...this.#counts.values()].filter((count) => api === undefined || count.api === api)
    return wanted.map((count) => ({ ...count, partitions: count.partitions.slice(-REMEMBERED_REQUESTS) }))
  }
}
