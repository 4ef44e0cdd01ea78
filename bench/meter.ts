/** Measures the process it runs in between two moments: time, CPU of all threads, memory, the main thread's event loop. */
import { createHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { Figures } from './job.ts'
import { mainCpuOf, peakMemoryOf } from './proc.ts'

/** Milliseconds between looks at the event loop's delay; part of each value that the histogram holds. */
const RESOLUTION = 2

export class Meter {
  /** Nanoseconds; for scenarios that have a latency. */
  readonly latencies = createHistogram()
  /** Records that were acknowledged altogether, those of the warm-up too. */
  acknowledged = 0
  #delay: ReturnType<typeof monitorEventLoopDelay> | undefined
  #begin:
    | {
        time: number
        cpu: NodeJS.CpuUsage
        mainCpu: number | undefined
        loop: ReturnType<typeof performance.eventLoopUtilization>
      }
    | undefined
  #figures: Figures | undefined
  #elsewhere = false

  begin(): void {
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION })
    this.#delay.enable()
    this.#begin = {
      time: performance.now(),
      cpu: process.cpuUsage(),
      mainCpu: mainCpu(),
      loop: performance.eventLoopUtilization(),
    }
  }

  /** `records` were dealt with since {@link begin}. */
  end(records: number): void {
    const begin = this.#begin!
    const time = performance.now() - begin.time
    const cpu = process.cpuUsage(begin.cpu)
    const main = mainCpu()
    const loop = performance.eventLoopUtilization(begin.loop)
    const delay = this.#delay!
    delay.disable()
    this.#figures = {
      records,
      recordsPerSecond: (records / time) * 1000,
      cpuPerRecord: (cpu.user + cpu.system) / records,
      peakMemory: 0,
      ...(main !== undefined && begin.mainCpu !== undefined && { mainCpu: (main - begin.mainCpu) / time / 10 }),
      mainThread: loop.utilization * 100,
      // without a sample the loop was never free for one: it was blocked all the time
      loopDelayP99: delay.count === 0 ? time : Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION),
    }
    if (this.latencies.count > 0) {
      this.#figures.latencyP50 = this.latencies.percentile(50) / 1e6
      this.#figures.latencyP99 = this.latencies.percentile(99) / 1e6
    }
  }

  /** Instead of {@link begin} and {@link end}: another process did the work, this is what it came to. */
  take(figures: Figures): void {
    this.#figures = figures
    this.#elsewhere = true
  }

  /** With the peak of memory up to now. */
  get figures(): Figures {
    if (!this.#figures) throw new Error('the client never ended its measurement')
    if (!(this.#figures.records > 0)) throw new Error('no record was dealt with in the time of the measurement')
    if (this.#elsewhere) return this.#figures
    return { ...this.#figures, peakMemory: peakMemory() }
  }
}

/**
 * MB. What Node itself says of it (kibibytes, whatever the platform) is on Linux never less than what the parent had when it started this
 * process.
 */
function peakMemory(): number {
  const own = process.platform === 'linux' ? peakMemoryOf(process.pid) : undefined
  return own ?? (process.resourceUsage().maxRSS * 1024) / 1e6
}

/** Microseconds; undefined where an older Node has no call for it, and the system no files. */
function mainCpu(): number | undefined {
  if (typeof process.threadCpuUsage === 'function') {
    const { user, system } = process.threadCpuUsage()
    return user + system
  }
  return process.platform === 'linux' ? mainCpuOf(process.pid) : undefined
}
