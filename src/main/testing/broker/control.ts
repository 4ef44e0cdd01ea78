/**
 * The fault desk: which of the coming requests are to fail, be late, be dropped or never be answered, and how often that
 * happened. Also counts arrivals. Decides only; broker and handlers carry it out.
 */

/** A fault as it is set, with numbers for names. Left out: any. */
export interface FaultRule {
  kind: 'fail' | 'delay' | 'drop' | 'hang' | 'throttle'
  apiKey: number
  /** How many requests it hits; Infinity for all until it is cancelled. */
  times: number
  node?: number | undefined
  /** Only requests about this consumer group; of several groups in a request, `fail` hits this one. */
  group?: string | undefined
  /** Only for `fail`. */
  topic?: string | undefined
  partition?: number | undefined
  /** Only for `fail`: the broker error. */
  error?: number | undefined
  /** Only for `fail`: the request takes effect all the same. */
  afterAppend?: boolean | undefined
  /** Only for `drop` and `hang`: the request takes effect. */
  afterApply?: boolean | undefined
  /** For `delay`: the answer is held back this long. For `throttle`: the client is. */
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
  /** The failure to give for a topic-partition, a group or a topic-partition of a group (or for the whole request when called without). */
  failureOf(topic?: string, partition?: number, group?: string): FaultRule | undefined
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
  arrived(apiKey: number, node: number, groups: readonly string[] = []): RequestFaults {
    if (this.#active.length === 0) return NO_FAULTS
    const fits = this.#active.filter(({ rule }) => {
      const here = rule.apiKey === apiKey && (rule.node === undefined || rule.node === node)
      return here && (rule.group === undefined || groups.includes(rule.group))
    })
    if (fits.length === 0) return NO_FAULTS
    const isWhole = ({ rule }: ActiveRule): boolean =>
      rule.topic === undefined && (rule.group === undefined || rule.kind !== 'fail')
    const whole = fits.find(isWhole)
    if (whole) this.#use(whole)
    // Rules about parts are used up when the handler comes to that part: only it knows what the request is about.
    return new ClaimedFaults(
      whole?.rule,
      fits.filter((active) => !isWhole(active)),
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
  readonly #aboutParts: ActiveRule[]
  readonly #use: (active: ActiveRule) => void
  /** A rule counts a request once, however many partitions of it match. */
  readonly #used = new Set<ActiveRule>()

  constructor(rule: FaultRule | undefined, aboutParts: ActiveRule[], use: (active: ActiveRule) => void) {
    this.rule = rule
    this.#aboutParts = aboutParts
    this.#use = use
  }

  failureOf(topic?: string, partition?: number, group?: string): FaultRule | undefined {
    if (this.rule) return this.rule.kind === 'fail' ? this.rule : undefined
    for (const active of this.#aboutParts) {
      const { rule, hits } = active
      if (rule.group !== undefined && rule.group !== group) continue
      if (rule.topic !== undefined && rule.topic !== topic) continue
      if (rule.partition !== undefined && rule.partition !== partition) continue
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
