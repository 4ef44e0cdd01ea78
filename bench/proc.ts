/** What Linux tells of a process: CPU time and memory. Other systems have no such files. */
import { readFileSync } from 'node:fs'

/** The unit of the kernel's CPU times here; user space never sees another. */
const TICKS_PER_SECOND = 100

/** Microseconds of user and system time so far of all threads of the process, those that ended too. */
export function cpuOf(pid: number): number {
  return cpuIn(readFileSync(`/proc/${pid}/stat`, 'latin1'))
}

/** Of its main thread alone. */
export function mainCpuOf(pid: number): number {
  return cpuIn(readFileSync(`/proc/${pid}/task/${pid}/stat`, 'latin1'))
}

/** MB, the largest resident set of the process's life; undefined when it has ended. */
export function peakMemoryOf(pid: number): number | undefined {
  return peakIn(readFileSync(`/proc/${pid}/status`, 'latin1'))
}

/** The 14th and 15th field. The second is a name in parentheses, which may hold anything. */
export function cpuIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / TICKS_PER_SECOND
}

export function peakIn(status: string): number | undefined {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kibibytes === undefined ? undefined : (Number(kibibytes) * 1024) / 1e6
}
