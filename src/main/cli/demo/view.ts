/**
 * Shows the demo's figures: on a terminal a few lines drawn over and over, elsewhere a line for each call. Knows how many columns
 * there are, not where the figures come from.
 */
import type { WriteStream } from 'node:tty'
import type { Figures } from './meter.ts'
import type { Verdict } from './verdict.ts'

const UP = (lines: number) => `\x1b[${lines}A`
const CLEAR_BELOW = '\x1b[0J'
const BARS = '▁▂▃▄▅▆▇█'
const HISTORY = 40
const LABEL = 13

export class View {
  readonly #out: WriteStream
  readonly #colors: boolean
  readonly #sent: number[] = []
  readonly #checked: number[] = []
  #drawn = 0

  constructor(out: WriteStream) {
    this.#out = out
    this.#colors = out.isTTY && out.hasColors()
  }

  get live(): boolean {
    return this.#out.isTTY
  }

  title(text: string): void {
    this.#out.write(`${this.#style(1, text)}\n${this.live ? '\n' : ''}`)
  }

  show(figures: Figures, verdict: Verdict, seconds: number): void {
    if (!this.live) {
      this.#out.write(`${lineOf(figures, verdict)}\n`)
      return
    }
    remember(this.#sent, figures.sentPerSecond)
    remember(this.#checked, figures.checkedPerSecond)
    const lines = [
      this.#row('sent', `${count(figures.sentPerSecond)} records/s`, this.#style(36, bars(this.#sent))),
      this.#row('handled', `${count(figures.checkedPerSecond)} records/s`, this.#style(32, bars(this.#checked))),
      this.#row('lag', `${count(figures.lag)} records`, ''),
      this.#row('latency', `p50 ${ms(figures.p50)}`, `p99 ${ms(figures.p99)}`),
      this.#row('main thread', `${percent(figures.busy)} busy`, ''),
      this.#row('memory', mb(figures.memory), ''),
      this.#row('checked', `${count(verdict.checked)} records`, this.#state(verdict)),
      this.#row('time', `${figures.seconds.toFixed(1)} of ${seconds} s`, ''),
    ]
    this.#out.write(`${this.#drawn > 0 ? UP(this.#drawn) : ''}${CLEAR_BELOW}${lines.join('\n')}\n`)
    this.#drawn = lines.length
  }

  /** The last words: totals and what they mean. */
  finish(figures: Figures, verdict: Verdict, threads: readonly number[], complaints: readonly string[]): void {
    const { checked, totalSent } = verdict
    const good = complaints.length === 0
    const mark = good ? this.#style(32, '✓') : this.#style(31, '✗')
    const judgement = good
      ? 'every record was handled exactly once, in order, every byte as sent'
      : complaints.join(this.live ? '\n  ' : '; ')
    this.#out.write(
      `\n${count(totalSent)} records sent, ${count(checked)} checked by ${shares(threads)} in ${figures.seconds.toFixed(1)} s: ` +
        `${count(figures.checkedPerSecond)} records/s, p50 ${ms(figures.p50)}, p99 ${ms(figures.p99)}, ` +
        `main thread ${percent(figures.busy)} busy, ${mb(figures.memory)}\n${mark} ${judgement}\n`,
    )
  }

  #state(verdict: Verdict): string {
    const { complaints } = verdict
    return complaints ? this.#style(31, complaints) : this.#style(2, `all as sent, ${count(verdict.behind)} under way`)
  }

  #row(label: string, value: string, rest: string): string {
    return `  ${this.#style(2, label.padEnd(LABEL))}${value.padEnd(22)}${rest}`
  }

  #style(code: number, text: string): string {
    return this.#colors ? `\x1b[${code}m${text}\x1b[0m` : text
  }
}

function lineOf(figures: Figures, verdict: Verdict): string {
  const wrong = verdict.complaints
  return (
    `${figures.seconds.toFixed(0).padStart(3)} s   sent ${count(figures.sentPerSecond)}/s   handled ${count(figures.checkedPerSecond)}/s   ` +
    `lag ${count(figures.lag)}   p50 ${ms(figures.p50)}   p99 ${ms(figures.p99)}   main thread ${percent(figures.busy)} busy   ` +
    `${mb(figures.memory)}${wrong ? `   ${wrong}` : ''}`
  )
}

function remember(history: number[], value: number): void {
  history.push(value)
  if (history.length > HISTORY) history.shift()
}

function bars(history: readonly number[]): string {
  const most = Math.max(1, ...history)
  return history.map((value) => BARS[Math.min(BARS.length - 1, Math.floor((value / most) * BARS.length))]).join('')
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

/** "2 threads (51 % and 49 %)". */
function shares(threads: readonly number[]): string {
  const all = threads.reduce((sum, records) => sum + records, 0)
  const parts = threads.map((records) => percent(records / all)).join(' and ')
  return threads.length === 1 ? 'one thread' : `${threads.length} threads${parts && ` (${parts})`}`
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
