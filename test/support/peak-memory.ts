/** The most memory that this process had at once, all threads and native code included, since a point of its choosing. */
import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Begins anew and returns what is there now. Only Linux can; elsewhere the peak is that of the whole process, so that a bound on it is
 * rather too strict than too loose.
 */
export function restartPeak(): number {
  globalThis.gc?.()
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5')
  return process.memoryUsage().rss
}

/** In bytes. */
export function peakMemory(): number {
  // what the system counts for resourceUsage() begins with the parent's peak
  const inProc = process.platform === 'linux' && /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return 1024 * (inProc ? Number(inProc) : process.resourceUsage().maxRSS)
}
