/**
 * Waits until what a Produce request with acks 'all' has appended is on all replicas in sync. That is so at once, unless some of them cannot
 * be reached: then until they can, are given up by the others, or the client's time is up.
 */
import { ErrorCode } from '../../../../shared/protocol/errors.ts'
import type { RequestContext } from '../handler.ts'
import type { Partition, Watcher } from '../partition.ts'
import type { LeaderHints } from './leadership.ts'

/** A partition's answer, to be changed if it comes otherwise. */
interface Answer {
  errorCode?: number | undefined
  baseOffset?: number | undefined
}

interface Expected {
  /** As the cluster knows it. */
  readonly known: Partition
  readonly answer: Answer
  readonly hints: LeaderHints
}

export class Replication {
  readonly #timeoutMs: number
  readonly #context: RequestContext
  readonly #expected: Expected[] = []

  constructor(timeoutMs: number, context: RequestContext) {
    this.#timeoutMs = timeoutMs
    this.#context = context
  }

  get isWanted(): boolean {
    return this.#expected.length > 0
  }

  /** Something was appended whose answer is to be given when the replicas have it. */
  expect(known: Partition, answer: Answer, hints: LeaderHints): void {
    this.#expected.push({ known, answer, hints })
  }

  /** Resolves when all answers are right. */
  async wait(): Promise<void> {
    await Promise.all(this.#expected.map((expected) => this.#waitFor(expected)))
  }

  #waitFor({ known, answer, hints }: Expected): Promise<void> {
    const { node, cluster } = this.#context
    const patience = cluster.options.patience ?? cluster.env
    const fail = (errorCode: number): void => void Object.assign(answer, { errorCode, baseOffset: -1 })
    return new Promise((resolve) => {
      let watched = known.seenBy(node.id)
      const end = (): void => {
        patience.clearTimeout(timer)
        watched.watchers.delete(watcher)
        stayed()
        resolve()
      }
      const look = (): void => {
        const seen = known.seenBy(node.id)
        if (seen.leader !== node.id) {
          fail(ErrorCode.NOT_LEADER_OR_FOLLOWER)
          Object.assign(answer, hints.of(seen))
          end()
        } else if (!seen.stuck) end()
        else if (seen !== watched) {
          // the others have given this node up, and it does not know
          watched.watchers.delete(watcher)
          watched = seen
          watched.watchers.add(watcher)
        }
      }
      const watcher: Watcher = { appended: look, disturbed: look }
      const timer = patience.setTimeout(() => {
        fail(ErrorCode.REQUEST_TIMED_OUT)
        end()
      }, this.#timeoutMs)
      const stayed = this.#context.onGone(end)
      watched.watchers.add(watcher)
    })
  }
}
