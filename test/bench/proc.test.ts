import { describe, expect, test } from 'vitest'
import { cpuIn, cpuOf, mainCpuOf, peakIn, peakMemoryOf } from '../../bench/proc.ts'

describe("the kernel's account of a process", () => {
  test('CPU time is user and system time, whatever the process is called', () => {
    const rest = 'S 1 2 3 4 5 6 7 8 9 10 250 50 11 12 20 0 3 0 100'
    expect(cpuIn(`42 (java) ${rest}`)).toBe(3_000_000)
    expect(cpuIn(`42 (a) b) (c) ${rest}`)).toBe(3_000_000)
  })

  test('the peak of memory is in kibibytes; a process that ended has none', () => {
    expect(peakIn('Name:\tjava\nVmPeak:\t  900000 kB\nVmHWM:\t  100000 kB\nVmRSS:\t  90000 kB\n')).toBe(102.4)
    expect(peakIn('Name:\tjava\nState:\tZ (zombie)\n')).toBeUndefined()
  })

  test.runIf(process.platform === 'linux')('it agrees with what Node says of itself', () => {
    const until = performance.now() + 300
    while (performance.now() < until);
    const { user, system } = process.cpuUsage()
    expect(cpuOf(process.pid)).toBeGreaterThan(0.8 * (user + system) - 20_000)
    expect(cpuOf(process.pid)).toBeLessThan(1.2 * (user + system) + 20_000)
    expect(mainCpuOf(process.pid)).toBeGreaterThan(0)
    expect(mainCpuOf(process.pid)).toBeLessThanOrEqual(cpuOf(process.pid))
    const now = process.memoryUsage.rss() / 1e6
    expect(peakMemoryOf(process.pid)).toBeGreaterThan(0.9 * now)
    // Node's own figure may be that of the process which started this one
    expect(peakMemoryOf(process.pid)).toBeLessThan((1.1 * process.resourceUsage().maxRSS * 1024) / 1e6)
  })
})
