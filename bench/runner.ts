/** Runs one job of one client in a process of its own. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer, Order } from './child.ts'
import { Unable } from './client.ts'
import type { KnownClient } from './clients.ts'
import type { Job, Outcome } from './job.ts'

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url))
/** For connecting, warming up, and waiting for what is under way. */
const GRACE_SECONDS = 60

/** Rejects when the client fails, dies or hangs, or is ended by the signal; with `Unable` when it has no such thing. */
export function run({ key, module, child: script = CHILD, node }: KnownClient, job: Job, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = fork(script, [], {
      // kafkajs counts timeouts below zero, a known flaw without consequences; older Nodes do not know the option
      execArgv: node ? [] : ['--disable-warning=TimeoutNegativeWarning'],
      execPath: node ?? process.execPath,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const stop = () => child.kill('SIGKILL')
    process.once('exit', stop)
    signal.addEventListener('abort', stop)
    const seconds = GRACE_SECONDS + 2 * job.seconds
    let late = false
    const timer = setTimeout(() => {
      late = true
      stop()
    }, seconds * 1000)
    let answer: Answer | undefined
    child.on('message', (message) => {
      answer = message as Answer
    })
    child.on('error', reject)
    child.on('exit', (code, killedBy) => {
      clearTimeout(timer)
      process.off('exit', stop)
      signal.removeEventListener('abort', stop)
      if (answer && 'outcome' in answer) resolve(answer.outcome)
      else if (answer && 'unable' in answer) reject(new Unable(answer.unable))
      else if (answer) reject(new Error(`${key}: ${answer.error}`))
      else reject(new Error(`${key}: ${late ? `did not end within ${seconds} s` : `ended early (${killedBy ?? code})`}`))
    })
    const order: Order = { module, job }
    child.send(order)
  })
}
