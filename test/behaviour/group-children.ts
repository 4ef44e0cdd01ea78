/** Members in processes of their own whose deliveries are judged by the parent's ledger. Owns the processes and their end. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { GroupLedger } from './group-ledger.ts'
import type { LedgerNews, LedgerTask } from './group-ledger-child.ts'

const children = new Set<ChildProcess>()

/** In the file of tests that uses them. */
export function endChildren(): void {
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL')
    children.clear()
  })
}

export class ChildMember {
  readonly events: string[] = []
  /** Batches that were delivered and are not done. */
  inHand = 0
  readonly #process: ChildProcess

  constructor(ledger: GroupLedger, task: Omit<LedgerTask, 'topic' | 'groupName'>) {
    const { topic, groupName } = ledger
    const whole: LedgerTask = { topic, groupName, ...task }
    this.#process = fork(join(import.meta.dirname, 'group-ledger-child.ts'), [JSON.stringify(whole)], { execArgv: [] })
    children.add(this.#process)
    this.#process.on('message', (news: LedgerNews) => {
      if (news.type === 'event') {
        this.events.push(news.text)
        return
      }
      const records = news.offsets.map((offset) => ({ partition: news.partition, offset }))
      this.inHand += news.type === 'delivered' ? 1 : -1
      if (news.type === 'delivered') ledger.deliver(records)
      else ledger.done(records)
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Its exit code and signal, once it has ended. */
  async ended(): Promise<[code: number | null, signal: string | null]> {
    const { exitCode, signalCode } = this.#process
    if (exitCode !== null || signalCode !== null) return [exitCode, signalCode]
    const [code, signal] = await once(this.#process, 'exit')
    return [code, signal]
  }

  /** Stops in good order. */
  async stop(): Promise<[code: number | null, signal: string | null]> {
    const ended = this.ended()
    this.#process.send('stop')
    return await ended
  }
}
