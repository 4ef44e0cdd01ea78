/** Measures the process it runs in between two moments: time, CPU of all threads, memory, the main thread's event loop. */
import { createHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { Figures } from './job.ts'

/** Milliseconds between looks at the event loop's delay; part of each value that the histogram holds. */
const RESOLUTION = 2

export class Meter {
  /** Nanoseconds; for scenarios that have a latency. */
  readonly latencies = createHistogram()
  #delay: ReturnType<typeof monitorEventLoopDelay> | undefined
  #begin:
    | { time: number; cpu: NodeJS.CpuUsage; mainCpu: NodeJS.CpuUsage; loop: ReturnType<typeof performance.eventLoopUtilization> }
    | undefined
  #figures: Figures | undefined

  begin(): void {
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION })
    this.#delay.enable()
    this.#begin = {
      time: performance.now(),
      cpu: process.cpuUsage(),
      mainCpu: process.threadCpuUsage(),
      loop: performance.eventLoopUtilization(),
    }
  }

  /** `records` were dealt with since {@link begin}. */
  end(records: number): void {
    const begin = this.#begin!
    const time = performance.now() - begin.time
    const cpu = process.cpuUsage(begin.cpu)
    const mainCpu = process.threadCpuUsage(begin.mainCpu)
    const loop = performance.eventLoopUtilization(begin.loop)
    const delay = this.#delay!
    delay.disable()
    this.#figures = {
      records,
      recordsPerSecond: (records / time) * 1000,
      cpuPerRecord: (cpu.user + cpu.system) / records,
      peakMemory: 0,
      mainCpu: (mainCpu.user + mainCpu.system) / time / 10,
      mainThread: loop.utilization * 100,
      // without a sample the loop was never free for one: it was blocked all the time
      loopDelayP99: delay.count === 0 ? time : Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION),
    }
    if (this.latencies.count > 0) {
      this.#figures.latencyP50 = this.latencies.percentile(50) / 1e6
      this.#figures.latencyP99 = this.latencies.percentile(99) / 1e6
    }
  }

  /** With the peak of memory up to now. */
  get figures(): Figures {
    if (!this.#figures) throw new Error('the client never ended its measurement')
    // kibibytes, whatever the platform
    return { ...this.#figures, peakMemory: (process.resourceUsage().maxRSS * 1024) / 1e6 }
  }
}
