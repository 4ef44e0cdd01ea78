/** The process in which one client does one run: takes a job, answers with an outcome, ends. Started by `runner.ts`. */
import { type ClientModule, Unable } from './client.ts'
import type { Job, Outcome } from './job.ts'
import { Meter } from './meter.ts'

export interface Order {
  module: string
  job: Job
}

export type Answer = { outcome: Outcome } | { unable: string } | { error: string }

async function run({ module, job }: Order): Promise<Answer> {
  const { load } = (await import(module)) as ClientModule
  const client = await load(job)
  const scenario = client.runs[job.scenario]
  if (!scenario) throw new Unable(`it has nothing for ${job.scenario}`)
  const meter = new Meter()
  await scenario(job, meter)
  const { figures, acknowledged } = meter
  return { outcome: { figures, client: client.name, settings: client.settings, acknowledged } }
}

// whoever ordered the run is gone
process.once('disconnect', () => process.exit(1))

process.once('message', (order: Order) => {
  run(order)
    .catch((error: Error) => (error instanceof Unable ? { unable: error.message } : { error: String(error?.stack ?? error) }))
    .then((answer) => process.send!(answer, () => process.exit('error' in answer ? 1 : 0)))
})
