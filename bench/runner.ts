/** Runs one job of one client in a process of its own. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { KnownClient } from './clients.ts'
import type { Job, Outcome } from './job.ts'

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url))
const LONGEST_MS = 10 * 60_000

/** Rejects when the client fails, dies or hangs, or is ended by the signal. */
export function run({ key, module }: KnownClient, job: Job, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const stop = () => child.kill('SIGKILL')
    process.once('exit', stop)
    signal.addEventListener('abort', stop)
    const timer = setTimeout(stop, LONGEST_MS)
    let answer: { outcome: Outcome } | { error: string } | undefined
    child.on('message', (message) => {
      answer = message as typeof answer
    })
    child.on('error', reject)
    child.on('exit', (code, killedBy) => {
      clearTimeout(timer)
      process.off('exit', stop)
      signal.removeEventListener('abort', stop)
      if (answer && 'outcome' in answer) resolve(answer.outcome)
      else reject(new Error(`${key}: ${answer?.error ?? `ended early (${killedBy ?? code})`}`))
    })
    child.send({ module, job })
  })
}
