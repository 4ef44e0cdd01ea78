/**
 * Warms the broker up before anything is measured: what came first would pay for what its JVM has not compiled yet, and that is not the
 * client's doing.
 */
import { type Case, warmUpJob } from './scenarios.ts'
import { onFreshTopics, type Stage } from './series.ts'
import type { Plan } from './suite.ts'

/** They send fast, one as an idempotent producer and one not. */
const CLIENTS = ['odradek', 'ceiling']
const SECONDS = 8
const QUICK_SECONDS = 3

/** Transactions go other ways through a broker. */
const OF_TRANSACTIONS = ['odradek', 'kafkajs', 'odradek']

export async function warmUp(stage: Stage, { quick, cases }: Pick<Plan, 'quick' | 'cases'>): Promise<void> {
  stage.log('warming the broker up')
  for (const key of CLIENTS) await once(stage, key, warmUpJob(quick ? QUICK_SECONDS : SECONDS))
  for (const { job } of cases) {
    if (job.scenario !== 'transactions') continue
    for (const key of OF_TRANSACTIONS) await once(stage, key, { ...job, seconds: SECONDS })
  }
}

async function once(stage: Stage, key: string, job: Case['job']): Promise<void> {
  const client = stage.clients.get(key)
  if (!client || stage.signal.aborted) return
  // whoever fails here fails where it is measured too, and says so there
  await onFreshTopics(stage, client, job, 1).catch(() => {})
}
