/** A run of the fuzzer against the embedded broker: starts the process, watches that it goes on, and judges what it found. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { BrokerMessage, BrokerReport, BrokerShare } from './broker-child.ts'

/** A round takes a second or two; a process that is silent for so long hangs in a frame. */
const SILENCE_MS = 60_000
/** What garbage collection leaves differs by less. */
export const MAX_GROWTH_BYTES = 8 * 2 ** 20

export function fuzzBroker(share: BrokerShare, onProgress?: (done: number) => void): Promise<BrokerReport> {
  const child = fork(join(import.meta.dirname, 'broker-child.ts'), { execArgv: ['--expose-gc'] })
  const { promise, resolve, reject } = Promise.withResolvers<BrokerReport>()
  let done = 0
  const fail = (why: string) => reject(new Error(`the broker ${why} in the frames from ${done} on; --seed ${share.seed}`))
  const watchdog = setTimeout(() => {
    child.kill('SIGKILL')
    fail('hangs')
  }, SILENCE_MS)
  child.on('message', (message: BrokerMessage) => {
    watchdog.refresh()
    if ('report' in message) {
      resolve(judged(message.report))
      child.kill()
      return
    }
    done = message.done
    onProgress?.(done)
  })
  child.once('exit', (code, signal) => {
    clearTimeout(watchdog)
    fail(`ended with ${signal ?? code}`)
  })
  child.send(share)
  return promise
}

function judged(report: BrokerReport): BrokerReport {
  const grown = report.after - report.before
  if (grown > MAX_GROWTH_BYTES) report.failures.push(`memory grew by ${(grown / 2 ** 20).toFixed(1)} MiB`)
  return report
}
