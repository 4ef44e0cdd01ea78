/**
 * A producer at full speed in a process of its own, while its parent stalls and releases the brokers. Owns the process and the verdict
 * on what it says; knows no way to stall.
 *
 * `ODRADEK_STALL_MS` makes the stalls of the tests as long as wanted, for example 60000.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { expectNumbered } from './load.ts'
import type { PressureReport, PressureTask, Way } from './pressure-child.ts'

export const STALL_MS = Number(process.env['ODRADEK_STALL_MS'] ?? 2_000)
/** Beyond the budget: what belongs to the calls under way, and what V8 has not collected yet. */
const SLACK_MIB = 100
/** For promises by the ten thousand V8 lets memory grow so far before it looks for what can go, sooner or later. */
const PROMISES_MIB = 200
/** What may come to be held while nothing moves. */
const STALL_GROWTH_MIB = 8
const MIB = 1024 * 1024
const PROMISES: readonly Way[] = ['produce', 'tryProduce', 'produceBatch']

export class Pressure {
  readonly #child: ChildProcess
  readonly #task: PressureTask
  readonly #ended: Promise<unknown>
  readonly #flowing: Promise<unknown>

  constructor(task: PressureTask) {
    this.#task = task
    this.#child = fork(join(import.meta.dirname, 'pressure-child.ts'), [JSON.stringify(task)], { execArgv: ['--expose-gc'] })
    this.#ended = once(this.#child, 'exit')
    this.#flowing = this.#said()
    this.#flowing.catch(() => {})
  }

  /** Stalls for {@link STALL_MS} when everything is full, then lets all flow again, and ends. */
  async through(stall: () => unknown, release: () => unknown, flowMs = 700): Promise<PressureReport> {
    await this.#flowing
    const full = this.#said()
    await stall()
    this.#child.send('stalling')
    await full
    this.#child.send('stalled')
    await sleep(STALL_MS)
    this.#child.send('released')
    await release()
    await sleep(flowMs)
    const report = this.#said()
    this.#child.send('end')
    const said = (await report) as PressureReport
    await this.#ended
    return said
  }

  /** The next thing that the child says. */
  async #said(): Promise<unknown> {
    const early = this.#ended.then(() => Promise.reject(new Error('the process under pressure ended early')))
    const [said] = await Promise.race([once(this.#child, 'message'), early])
    return said
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Nothing failed, everything was pushed back and went on, memory and the event loop stayed within bounds, and the logs are right. */
  async expectGood(report: PressureReport, brokers: readonly string[]): Promise<void> {
    const { bufferMemory, valueBytes, flows } = this.#task
    for (const { way, topic, sent, acked, wrong, pushedBack, drains, mostBuffered } of report.flows) {
      expect(wrong, way).toEqual([])
      expect(acked, way).toBe(sent.reduce((sum, count) => sum + count))
      expect(pushedBack, way).toBeGreaterThan(0)
      if (way === 'produceAsync' || way === 'produceBatchAsync') expect(drains, way).toBeGreaterThan(0)
      expect(mostBuffered, way).toBeLessThanOrEqual(bufferMemory)
      await expectNumbered(brokers, topic, sent, valueBytes)
    }
    const budgetMiB = (bufferMemory * flows.length) / MIB
    const { baseMiB, warmMiB, peakMiB } = report
    // promises are the callers': what they take while everything flows is not the stall's
    const promises = flows.some(({ way }) => PROMISES.includes(way))
    const from = promises ? Math.max(warmMiB, baseMiB + PROMISES_MIB) : baseMiB
    expect(peakMiB - from).toBeLessThan(budgetMiB + SLACK_MIB)
    expect(report.stalled.grewMiB).toBeLessThan(STALL_GROWTH_MIB)
    // nobody spins and nobody is blocked while nothing moves
    expect(report.stalled.cpuPercent).toBeLessThan(50)
    expect(report.stalled.delayP99Ms).toBeLessThan(500)
  }
}

/** For the log of the run. */
export function figuresOf({ flows, baseMiB, warmMiB, peakMiB, stalled, delayP99Ms, delayMaxMs }: PressureReport): string {
  const told = flows.map(({ way, acked, pushedBack, mostBuffered }) => {
    return `${way} ${acked} records, pushed back ${pushedBack} times, at most ${(mostBuffered / MIB).toFixed(1)} MiB`
  })
  return `${told.join('; ')}; memory ${baseMiB} MiB, ${warmMiB} in full flow, at most ${peakMiB}; loop delay p99 ${delayP99Ms} ms, at most ${delayMaxMs}, in the stall ${stalled.delayP99Ms} and ${stalled.delayMaxMs} with ${stalled.cpuPercent} % CPU, ${stalled.grewMiB} MiB more held`
}
