/**
 * The fault desk: which of the coming requests are to fail, be late, be damaged, be dropped or never be answered, and how often that
 * happened. Decides only; connection and handlers carry it out.
 */
import { KafkaError } from '../../../shared/errors.ts'
import { chanceOf } from './chance.ts'
import type { Subject } from './subject.ts'

/** A fault as it is set, with numbers for names. Left out: any. */
export interface FaultRule {
  kind: 'fail' | 'delay' | 'drop' | 'hang' | 'stall' | 'throttle' | 'truncate' | 'corrupt'
  apiKey: number
  /** How many requests it hits; Infinity for all until it is removed. */
  times: number
  /** How likely it is that a request that fits is hit. Default 1. */
  probability?: number | undefined
  /** Of the chance of `probability` and `corrupt`. Default: the broker's. */
  seed?: number | undefined
  node?: number | undefined
  clientId?: string | undefined
  /** Only requests about this consumer group; of several groups in a request, `fail` hits this one. */
  group?: string | undefined
  transactionalId?: string | undefined
  /** Only requests about this topic and partition; of several in a request, `fail` hits this one. */
  topic?: string | undefined
  partition?: number | undefined
  /** Only for `fail`: the broker error. */
  error?: number | undefined
  /** Only for `fail`: the request takes effect all the same. */
  afterAppend?: boolean | undefined
  /** Only for `drop`, `hang` and `stall`: the request takes effect. */
  afterApply?: boolean | undefined
  /** Only for `delay`: the request takes no effect before the delay is over. */
  beforeApply?: boolean | undefined
  /** For `delay`: the answer is held back this long. For `throttle`: the client is. */
  ms?: number | undefined
  /** For `truncate`: how much of the frame is sent. For `corrupt` of bytes: how many are damaged. */
  bytes?: number | undefined
  /** Only for `corrupt`: what of the answer is wrong. */
  what?: 'bytes' | 'correlationId' | 'length' | undefined
}

/** What becomes of one request. */
export interface RequestFaults {
  /** The rule that is about the request as a whole. */
  readonly rule: FaultRule | undefined
  /** Numbers in [0, 1) for damage. */
  chance(): number
  /** The failure to give for a topic-partition, a group or a topic-partition of a group (or for the whole request when called without). */
  failureOf(topic?: string, partition?: number, group?: string): FaultRule | undefined
}

/** For the ordinary request. */
export const NO_FAULTS: RequestFaults = { rule: undefined, chance: () => 0, failureOf: () => undefined }

interface Wait {
  id: number
  hits: number
  resolve: () => void
  reject: (error: KafkaError) => void
}

class ActiveRule {
  readonly rule: FaultRule
  readonly chance: () => number
  hits = 0
  waits: Wait[] = []

  constructor(rule: FaultRule, chance: () => number) {
    this.rule = rule
    this.chance = chance
  }

  get isUsedUp(): boolean {
    return this.hits >= this.rule.times
  }

  /** Whether a request that fits is hit. */
  drawn(): boolean {
    const { probability = 1 } = this.rule
    return probability >= 1 || this.chance() < probability
  }

  hit(): void {
    this.hits++
    for (const wait of this.waits) if (wait.hits <= this.hits) wait.resolve()
    this.waits = this.waits.filter((wait) => wait.hits > this.hits)
  }

  /** It will not be hit again: nobody waits for that any longer. */
  end(): void {
    const waits = this.waits
    this.waits = []
    for (const wait of waits) {
      wait.reject(new KafkaError('ABORTED', `The fault was removed after ${this.hits} of ${wait.hits} hits`))
    }
  }
}

export class FaultDesk {
  readonly #random: () => number
  /** In the order they were set. */
  #active: ActiveRule[] = []
  readonly #all = new Map<number, ActiveRule>()
  #nextId = 1

  /** `random` is the chance of rules without a seed of their own. */
  constructor(random: () => number) {
    this.#random = random
  }

  /** Sets a fault and gives its number. */
  add(rule: FaultRule): number {
    const id = this.#nextId++
    const active = new ActiveRule(rule, rule.seed === undefined ? this.#random : chanceOf(rule.seed))
    this.#all.set(id, active)
    this.#active.push(active)
    return id
  }

  hits(id: number): number {
    return this.#all.get(id)?.hits ?? 0
  }

  /** Resolves once the fault has hit so many requests; rejects when it is removed before. `waitId` is the caller's, for {@link abandon}. */
  whenHit(id: number, hits: number, waitId: number): Promise<void> {
    const active = this.#all.get(id)
    if (active === undefined || active.hits >= hits) return Promise.resolve()
    return new Promise((resolve, reject) => {
      active.waits.push({ id: waitId, hits, resolve, reject })
      if (!this.#active.includes(active)) active.end()
    })
  }

  /** Nobody waits any longer. */
  abandon(id: number, waitId: number): void {
    const active = this.#all.get(id)
    if (active === undefined) return
    for (const wait of active.waits) if (wait.id === waitId) wait.resolve()
    active.waits = active.waits.filter((wait) => wait.id !== waitId)
  }

  remove(id: number): void {
    const removed = this.#all.get(id)
    this.#active = this.#active.filter((active) => active !== removed)
    removed?.end()
  }

  clear(): void {
    const removed = this.#active
    this.#active = []
    for (const active of removed) active.end()
  }

  /** A request has arrived: what is to become of it. The oldest rule that fits is used up. */
  arrived(apiKey: number, node: number, subject: Subject): RequestFaults {
    if (this.#active.length === 0) return NO_FAULTS
    const fits = this.#active.filter(({ rule }) => rule.apiKey === apiKey && fitsRequest(rule, node, subject))
    if (fits.length === 0) return NO_FAULTS
    const whole = fits.find((active) => isWhole(active) && active.drawn())
    if (whole) this.#use(whole)
    // Rules about parts are used up when the handler comes to that part: only it knows what it answers.
    return new ClaimedFaults(
      whole,
      fits.filter((active) => !isWhole(active)),
      (active) => this.#use(active),
    )
  }

  #use(active: ActiveRule): void {
    active.hit()
    if (!active.isUsedUp) return
    this.#active = this.#active.filter((other) => other !== active)
    active.end()
  }
}

function fitsRequest(rule: FaultRule, node: number, subject: Subject): boolean {
  if (rule.node !== undefined && rule.node !== node) return false
  if (rule.clientId !== undefined && rule.clientId !== subject.clientId) return false
  if (rule.group !== undefined && !subject.groups.includes(rule.group)) return false
  if (rule.transactionalId !== undefined && !subject.transactionalIds.includes(rule.transactionalId)) return false
  return rule.kind === 'fail' || rule.topic === undefined || subject.isAbout(rule.topic, rule.partition)
}

/** Whether the whole request is hit, not only its part about a topic or a group. */
function isWhole({ rule }: ActiveRule): boolean {
  return rule.kind !== 'fail' || (rule.topic === undefined && rule.group === undefined)
}

class ClaimedFaults implements RequestFaults {
  readonly #whole: ActiveRule | undefined
  readonly #aboutParts: ActiveRule[]
  readonly #use: (active: ActiveRule) => void
  /** Whether a rule was drawn: it counts a request once, however many partitions of it match. */
  readonly #drawn = new Map<ActiveRule, boolean>()

  constructor(whole: ActiveRule | undefined, aboutParts: ActiveRule[], use: (active: ActiveRule) => void) {
    this.#whole = whole
    this.#aboutParts = aboutParts
    this.#use = use
  }

  get rule(): FaultRule | undefined {
    return this.#whole?.rule
  }

  chance(): number {
    return this.#whole?.chance() ?? 0
  }

  failureOf(topic?: string, partition?: number, group?: string): FaultRule | undefined {
    const { rule: whole } = this
    if (whole) return whole.kind === 'fail' ? whole : undefined
    for (const active of this.#aboutParts) {
      const { rule } = active
      if (rule.group !== undefined && rule.group !== group) continue
      if (rule.topic !== undefined && rule.topic !== topic) continue
      if (rule.partition !== undefined && rule.partition !== partition) continue
      if (this.#isDrawn(active)) return rule
    }
    return undefined
  }

  #isDrawn(active: ActiveRule): boolean {
    let drawn = this.#drawn.get(active)
    if (drawn !== undefined) return drawn
    if (active.isUsedUp) return false // another request was faster
    this.#drawn.set(active, (drawn = active.drawn()))
    if (drawn) this.#use(active)
    return drawn
  }
}
