/** A run of the fuzzer: shares the frames out to processes, watches that they go on, and puts together what they found. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Message, Share } from './child.ts'
import { addReport, emptyReport, type Report } from './report.ts'

export interface FuzzOptions {
  frames: number
  seed: number
  only?: string | undefined
  processes?: number
  onProgress?: (done: number) => void
}

/** See judge.ts for why. */
const NODE_FLAGS = ['--expose-gc', '--max-semi-space-size=64', '--min-semi-space-size=64']
/** A round takes a second; a process that is silent for so long hangs in a frame. */
const SILENCE_MS = 60_000

export async function fuzz(options: FuzzOptions): Promise<Report> {
  const { frames, seed, only, processes = 2, onProgress } = options
  const total = emptyReport()
  const done = Array<number>(processes).fill(0)
  const shares = Array.from({ length: processes }, (_, child): Share => ({ frames, seed, only, child, children: processes }))
  const reports = await Promise.all(
    shares.map((share) =>
      runShare(share, (count) => {
        done[share.child] = count
        onProgress?.(done.reduce((sum, each) => sum + each, 0))
      }),
    ),
  )
  for (const report of reports) addReport(total, report)
  return total
}

function runShare(share: Share, onDone: (count: number) => void): Promise<Report> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'child.ts'), { execArgv: NODE_FLAGS })
  const { promise, resolve, reject } = Promise.withResolvers<Report>()
  let done = 0
  const fail = (why: string) => {
    const first = share.child + done * share.children
    reject(new Error(`process ${share.child} of the fuzzer ${why} in the frames from ${first} on; --seed ${share.seed}`))
  }
  const watchdog = setTimeout(() => {
    child.kill('SIGKILL')
    fail('hangs')
  }, SILENCE_MS)
  child.on('message', (message: Message) => {
    watchdog.refresh()
    if ('report' in message) return resolve(message.report)
    done = message.done
    onDone(done)
  })
  child.once('exit', (code, signal) => {
    clearTimeout(watchdog)
    fail(`ended with ${signal ?? code}`)
  })
  child.send(share)
  return promise
}
