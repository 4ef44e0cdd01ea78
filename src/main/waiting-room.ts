/** Records that wait for room in the budget, in the order of the calls. Each leaves admitted, given up, or timed out. */
import type { Env, Timer } from '../shared/env.ts'
import { KafkaError } from '../shared/errors.ts'
import type { ProducerRecord } from '../shared/types.ts'
import type { Observer } from './sends.ts'

interface Waiting {
  record: ProducerRecord | undefined
  observer: Observer
  index: number
  since: number
  /** A mark rather than a record: called when its turn comes. */
  passed: (() => void) | undefined
}

export class WaitingRoom {
  readonly #env: Env
  readonly #timeoutMs: number
  readonly #take: (record: ProducerRecord, observer: Observer, index: number, since: number) => boolean
  #line: Waiting[] = []
  #timer: Timer | undefined

  /** `take` accepts a record that waits since some moment, says false when there is still no room, or throws. */
  constructor(
    env: Env,
    timeoutMs: number,
    take: (record: ProducerRecord, observer: Observer, index: number, since: number) => boolean,
  ) {
    this.#env = env
    this.#timeoutMs = timeoutMs
    this.#take = take
  }

  get size(): number {
    return this.#line.length
  }

  enter(record: ProducerRecord, observer: Observer, index: number): void {
    this.#line.push({ record, observer, index, since: this.#env.now(), passed: undefined })
    this.#timer ??= this.#env.setTimeout(() => this.#expire(), this.#timeoutMs)
  }

  /** Takes out everything of one observer; false when there was nothing. */
  leave(observer: Observer): boolean {
    const before = this.#line.length
    this.#line = this.#line.filter((waiting) => waiting.observer !== observer || waiting.passed)
    return this.#line.length < before
  }

  /** Lets in whoever has room, in order. */
  admit(): void {
    let admitted = 0
    while (admitted < this.#line.length) {
      const { record, observer, index, since, passed } = this.#line[admitted]!
      if (passed) passed()
      else if (!this.#admitOne(record!, observer, index, since)) break
      admitted++
    }
    this.#line.splice(0, admitted)
    if (this.#line.length === 0) this.#stopTimer()
  }

  #admitOne(record: ProducerRecord, observer: Observer, index: number, since: number): boolean {
    try {
      return this.#take(record, observer, index, since)
    } catch (thrown) {
      // later: the callback may come back to this line
      queueMicrotask(() => tell(observer, index, KafkaError.from(thrown, 'produce')))
      return true
    }
  }

  /** Resolves when everybody who waits now has left. */
  whenAdmitted(): Promise<void> {
    if (this.#line.length === 0) return Promise.resolve()
    return new Promise((passed) =>
      this.#line.push({ record: undefined, observer: undefined, index: 0, since: this.#env.now(), passed }),
    )
  }

  rejectAll(error: KafkaError): void {
    this.#stopTimer()
    const line = this.#line
    this.#line = []
    for (const { observer, index, passed } of line) {
      if (passed) passed()
      else tell(observer, index, error)
    }
  }

  #expire(): void {
    this.#timer = undefined
    const now = this.#env.now()
    while (this.#line.length > 0 && (this.#line[0]!.passed || this.#line[0]!.since + this.#timeoutMs <= now)) {
      const { observer, index, passed } = this.#line.shift()!
      if (passed) passed()
      else tell(observer, index, timedOut(this.#timeoutMs))
    }
    const next = this.#line[0]
    if (next) this.#timer = this.#env.setTimeout(() => this.#expire(), Math.max(1, next.since + this.#timeoutMs - now))
  }

  #stopTimer(): void {
    if (this.#timer) this.#env.clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

function tell(observer: Observer, index: number, error: KafkaError): void {
  if (typeof observer === 'function') observer(error)
  else observer?.settle(index, error, undefined)
}

function timedOut(timeoutMs: number): KafkaError {
  const text = `No room in bufferMemory within ${timeoutMs} ms (deliveryTimeoutMs): records arrive faster than the brokers acknowledge them. Send less at once, or raise bufferMemory or deliveryTimeoutMs.`
  return new KafkaError('DELIVERY_TIMEOUT', text, { outcome: 'not-written', retriable: true, elapsedMs: timeoutMs })
}
