/**
 * What a waiting person sees: on a terminal one line that is kept up to date below what was printed, elsewhere a line now and then.
 * Knows nothing of what is measured.
 */

import type { Estimate } from './estimate.ts'
import { duration } from './report/format.ts'

/** On no terminal, besides the first run of each scenario. */
const EVERY_MS = 30_000
const REDRAW_MS = 1000

export interface Output {
  write(text: string): unknown
  isTTY?: boolean | undefined
  columns?: number | undefined
}

export class Progress {
  readonly #estimate: Estimate
  readonly #err: Output
  readonly #out: Output
  readonly #now: () => number
  readonly #timer: NodeJS.Timeout | undefined
  #run: { id: string; client: string; round: number; began: number } | undefined
  #shown = { id: '', at: 0 }

  constructor(estimate: Estimate, err: Output, out: Output, now = () => performance.now()) {
    this.#estimate = estimate
    this.#err = err
    this.#out = out
    this.#now = now
    if (err.isTTY) this.#timer = setInterval(() => this.#draw(), REDRAW_MS).unref()
  }

  begin(id: string, client: string, round: number): void {
    this.#run = { id, client, round, began: this.#now() }
    this.#draw()
    if (this.#err.isTTY || (this.#shown.id === id && this.#now() - this.#shown.at < EVERY_MS)) return
    this.#shown = { id, at: this.#now() }
    this.#err.write(`${this.line()}\n`)
  }

  end(): void {
    if (this.#run) this.#estimate.done(this.#run.id, this.#run.client, this.#now() - this.#run.began)
    this.#run = undefined
  }

  /** For what is said on the way. */
  log(text: string): void {
    this.#over(this.#err, `${text}\n`)
  }

  /** For results. */
  print(text: string): void {
    this.#over(this.#out, text)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#run = undefined
    this.#over(this.#err, '')
  }

  /** `3 min 10 s left, run 7 of 45: firehose-100, round 2 of 5, platformatic` */
  line(): string {
    if (!this.#run) return ''
    const { id, client, round, began } = this.#run
    const { runs, runsDone } = this.#estimate
    const rounds = this.#estimate.rounds(id, client)
    const left = duration(this.#estimate.left(this.#now() - began))
    const who = id.endsWith(` ${client}`) ? '' : `, ${client}`
    return `${left} left, run ${runsDone + 1} of ${runs}: ${id}, round ${round + 1} of ${rounds}${who}`
  }

  #over(output: Output, text: string): void {
    if (this.#err.isTTY) this.#err.write('\r\x1b[K')
    output.write(text)
    this.#draw()
  }

  #draw(): void {
    if (!this.#err.isTTY || !this.#run) return
    const line = this.line()
    this.#err.write(`\r\x1b[K${line.slice(0, (this.#err.columns ?? 80) - 1)}`)
  }
}
