/**
 * Records that wait for room in the budget, each in the line of its partition, in the order of the calls: nobody stands behind
 * somebody who is bound elsewhere. Each leaves admitted, given up, or timed out. Knows partitions and sizes, no bytes.
 */
import type { Env, Timer } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import type { ProducerRecord } from '../shared/types.ts'
import { type Budget, Fit, type Holding, type LeaderHolding } from './budget.ts'
import type { Observer } from './sends.ts'

type Clock = Pick<Env, 'now' | 'setTimeout' | 'clearTimeout'>

export class Waiting {
  readonly record: ProducerRecord
  readonly observer: Observer
  readonly index: number
  /** What it will take of the budget. */
  readonly bytes: number
  readonly since: number
  /** In the order of the calls. */
  readonly ordinal: number
  /** Undefined when it has left. */
  line: Line | undefined
  next: Waiting | undefined
  previous: Waiting | undefined

  constructor(record: ProducerRecord, observer: Observer, index: number, bytes: number, since: number, ordinal: number) {
    this.record = record
    this.observer = observer
    this.index = index
    this.bytes = bytes
    this.since = since
    this.ordinal = ordinal
  }
}

/** Those who wait for the same room. */
export class Line {
  readonly topic: string
  /** −1: which one is not known yet. */
  readonly partition: number
  /** Whose room. */
  holding: Holding
  size = 0
  first: Waiting | undefined
  /** The lines of the same leader, while somebody stands here. */
  beside: Set<Line> | undefined
  #last: Waiting | undefined

  constructor(topic: string, partition: number, holding: Holding) {
    this.topic = topic
    this.partition = partition
    this.holding = holding
  }

  push(waiting: Waiting): void {
    waiting.line = this
    waiting.next = undefined
    waiting.previous = this.#last
    if (this.#last) this.#last.next = waiting
    else this.first = waiting
    this.#last = waiting
    this.size++
  }

  remove(waiting: Waiting): void {
    const { next, previous } = waiting
    if (previous) previous.next = next
    else this.first = next
    if (next) next.previous = previous
    else this.#last = previous
    waiting.line = undefined
    this.size--
  }
}

/** Accepts the first of a line if there is room, or says why not; throws when it can never be sent. */
export type Admit = (line: Line, waiting: Waiting) => Fit

/** Somebody who waits for those who came before. */
interface Watcher {
  ordinal: number
  done: () => void
}

export class WaitingRoom {
  readonly #env: Clock
  readonly #timeoutMs: number
  readonly #budget: Budget
  readonly #admit: Admit
  /** Lines with somebody in them, by leader; who got something goes behind the others of the same leader. */
  readonly #lines = new Map<LeaderHolding, Set<Line>>()
  #size = 0
  #ordinal = 0
  #timer: Timer | undefined
  readonly #watchers: Watcher[] = []
  #admitting = false

  constructor(env: Clock, timeoutMs: number, budget: Budget, admit: Admit) {
    this.#env = env
    this.#timeoutMs = timeoutMs
    this.#budget = budget
    this.#admit = admit
  }

  get size(): number {
    return this.#size
  }

  enter(line: Line, record: ProducerRecord, observer: Observer, index: number, bytes: number): Waiting {
    const waiting = new Waiting(record, observer, index, bytes, this.#env.now(), this.#ordinal++)
    this.#stand(line, waiting)
    this.#timer ??= this.#env.setTimeout(() => this.#expire(), this.#timeoutMs)
    return waiting
  }

  /** False when it has left already. */
  leave(waiting: Waiting): boolean {
    const { line } = waiting
    if (!line) return false
    line.remove(waiting)
    this.#size--
    if (line.size === 0) this.#unfile(line)
    // nothing must keep the process alive for nobody (IX5)
    if (this.#size === 0) this.#stopTimer()
    return true
  }

  /** To the end of another line. */
  change(waiting: Waiting, line: Line): void {
    const from = waiting.line!
    from.remove(waiting)
    this.#size--
    if (from.size === 0) this.#unfile(from)
    this.#stand(line, waiting)
  }

  /** The room that the line waits for is another one's, or another leader's. */
  refile(line: Line, holding: Holding = line.holding): void {
    line.holding = holding
    if (line.size === 0) return
    this.#unfile(line)
    this.#file(line)
  }

  /** Lets in whoever has room: first the line of a partition that gave some back, which may take what is its own. */
  admit(line?: Line): void {
    if (this.#admitting) return
    this.#admitting = true
    if (line && line.size > 0) this.#admitFrom(line)
    this.#budget.reserved = false
    if (this.#size > 0) this.#budget.reserved = this.#admitAll()
    this.#admitting = false
    this.#tellWatchers()
  }

  /** Resolves when everybody who waits now has left. */
  whenAdmitted(): Promise<void> {
    if (this.#size === 0) return Promise.resolve()
    return new Promise((done) => this.#watchers.push({ ordinal: this.#ordinal, done }))
  }

  /** Everybody leaves, with this error. */
  rejectAll(error: KafkaError): void {
    for (const line of this.#all()) this.rejectLine(line, error)
    this.#tellWatchers()
  }

  rejectLine(line: Line, error: KafkaError, enteredBefore = Number.POSITIVE_INFINITY): void {
    for (let waiting = line.first; waiting && waiting.since <= enteredBefore; waiting = line.first) {
      this.leave(waiting)
      tell(waiting, error)
    }
  }

  /** True when somebody waits for what is common to all, so that nobody may take it before. */
  #admitAll(): boolean {
    for (const lines of this.#lines.values()) {
      for (const line of lines) {
        const { first } = line
        const fit = this.#admitFrom(line)
        if (fit === Fit.full) return true
        if (fit === Fit.yes || fit === Fit.later) continue
        if (line.first !== first && lines.delete(line)) lines.add(line)
        break
      }
    }
    return false
  }

  #admitFrom(line: Line): Fit {
    for (let waiting = line.first; waiting; waiting = line.first) {
      try {
        const fit = this.#admit(line, waiting)
        if (fit !== Fit.yes) return fit
      } catch (thrown) {
        const error = KafkaError.from(thrown, 'produce')
        const refused = waiting
        // later: the callback may come back to this line
        queueMicrotask(() => tell(refused, error))
      }
      this.leave(waiting)
    }
    return Fit.yes
  }

  #stand(line: Line, waiting: Waiting): void {
    line.push(waiting)
    this.#size++
    if (line.size === 1) this.#file(line)
  }

  #file(line: Line): void {
    const { leader } = line.holding
    let lines = this.#lines.get(leader)
    if (!lines) this.#lines.set(leader, (lines = new Set()))
    lines.add(line)
    line.beside = lines
  }

  #unfile(line: Line): void {
    line.beside?.delete(line)
    line.beside = undefined
  }

  #all(): Line[] {
    return [...this.#lines.values()].flatMap((lines) => [...lines])
  }

  #tellWatchers(): void {
    if (this.#watchers.length === 0) return
    let oldest = Number.POSITIVE_INFINITY
    for (const lines of this.#lines.values()) for (const { first } of lines) oldest = Math.min(oldest, first!.ordinal)
    while (this.#watchers.length > 0 && this.#watchers[0]!.ordinal <= oldest) this.#watchers.shift()!.done()
  }

  #expire(): void {
    this.#timer = undefined
    const due = this.#env.now() - this.#timeoutMs
    // one error for a line: there may be very many in it
    for (const line of this.#all()) if (line.first!.since <= due) this.rejectLine(line, timedOut(line, this.#timeoutMs), due)
    this.admit()
    if (this.#size === 0) return
    const next = Math.min(...this.#all().map(({ first }) => first!.since))
    this.#timer ??= this.#env.setTimeout(() => this.#expire(), Math.max(1, next - due))
  }

  #stopTimer(): void {
    if (this.#timer) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

function tell({ observer, index }: Waiting, error: KafkaError): void {
  if (typeof observer === 'function') observer(error)
  else observer?.settle(index, error, undefined)
}

function timedOut({ topic, partition }: Line, timeoutMs: number): KafkaError {
  const where = partition < 0 ? `topic '${topic}'` : `${topic}-${partition}`
  const text = `No room in bufferMemory for ${where} within ${timeoutMs} ms (deliveryTimeoutMs): records arrive faster than the brokers acknowledge them. Send less at once, or raise bufferMemory or deliveryTimeoutMs.`
  return new KafkaError('DELIVERY_TIMEOUT', text, {
    topic,
    ...(partition >= 0 && { partition }),
    outcome: 'not-written',
    retriable: true,
    elapsedMs: timeoutMs,
  })
}
