import { expect, it } from 'vitest'
import type { CreditWaiter } from '../../../src/main/credits.ts'
import { Assignment } from '../../../src/main/group/assignment.ts'
import type { FeedContext } from '../../../src/main/group/feed-context.ts'
import { PrefetchBudget } from '../../../src/main/group/prefetch-budget.ts'
import { topicConfigFor } from '../../../src/main/group/topic-options.ts'
import type { Verdict } from '../../../src/main/group/types.ts'
import { KafkaError } from '../../../src/shared/errors.ts'
import { VirtualEnv } from '../../support/virtual-env.ts'
import { makeBatch } from '../testing/batches.ts'

const partition = { topic: 't', topicId: 'id', partition: 0, handle: 0 }
const lost = new KafkaError('MEMBER_LOST', 'The member was put out.')

/** One partition whose handler works on two records until it is told to end. */
async function handling() {
  const env = new VirtualEnv()
  const waiters: CreditWaiter[] = []
  const committed: number[] = []
  const dropped: KafkaError[] = []
  const handler = Promise.withResolvers<Verdict>()
  let signal: AbortSignal | undefined
  const nothing = () => {}
  const context = {
    env,
    credits: {
      give: (_ask: unknown, waiter: CreditWaiter) => waiters.push(waiter),
      cancel: nothing,
    },
    fetcher: 0,
    flow: { admit: (_topic: string, _partition: number, wanted: number) => wanted, handled: nothing },
    host: {
      start: async () => {},
      stop: async () => {},
      handle: (batch: { signal: AbortSignal }) => {
        signal = batch.signal
        return handler.promise
      },
    },
    committer: {
      commit: async ({ offset }: { offset: number }) => void committed.push(offset),
      drop: (_handle: number, reason: KafkaError) => dropped.push(reason),
      ending: nothing,
    },
    budget: new PrefetchBudget(1 << 20),
    topicConfig: topicConfigFor({ topics: [], fetcherName: 'f', isolationLevel: 'read_committed' }, 't'),
    metrics: { handled: nothing, fetched: nothing, readFailed: nothing },
    events: { onFailed: nothing, onHandlerError: nothing, onReadError: nothing, onPositionNeeded: nothing },
    highWatermark: () => 2,
  } as unknown as FeedContext
  const assignment = new Assignment({
    contextOf: () => context,
    place: ([feed]) => feed!.begin({ offset: 0, leaderEpoch: -1 }, true),
    unplace: nothing,
  })
  assignment.add([partition])
  await env.settle()
  waiters[0]!.onAnswer({ nextOffset: 2, lastFetchedEpoch: 1, bytes: makeBatch({ values: ['a', 'b'] }) }, undefined as never)
  await env.settle()
  const done = (): void => handler.resolve({ done: 2, skips: [], moves: [], cooldownMs: undefined })
  return { env, assignment, committed, dropped, done, signal: () => signal! }
}

it('IC4: what is given back is awaited and committed', async () => {
  const { env, assignment, committed, done, signal } = await handling()
  let released = false
  void assignment.giveBack([partition], 'revoked', env.now() + 10_000).then(() => {
    released = true
  })
  await env.settle()
  expect([released, signal().aborted]).toEqual([false, false])
  done()
  await env.settle()
  expect([released, committed]).toEqual([true, [2]])
})

it('IC3: what is lost while it is given back is aborted, and not committed any more', async () => {
  const { env, assignment, committed, dropped, done, signal } = await handling()
  let released = false
  void assignment.giveBack([partition], 'revoked', env.now() + 10_000).then(() => {
    released = true
  })
  await env.settle()
  assignment.lose([], 'lost', lost)
  expect(signal().reason).toBe(lost)
  expect(dropped).toContain(lost)
  done()
  await env.settle()
  expect([released, committed]).toEqual([true, []])
})
