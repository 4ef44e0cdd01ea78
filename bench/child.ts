/** The process in which one client does one run: takes a job, answers with an outcome, ends. Started by `runner.ts`. */
import type { ClientModule } from './client.ts'
import type { Job, Outcome } from './job.ts'
import { Meter } from './meter.ts'

interface Order {
  module: string
  job: Job
}

async function run({ module, job }: Order): Promise<Outcome> {
  const { load } = (await import(module)) as ClientModule
  const client = await load(job)
  const scenario = client.runs[job.scenario]
  if (!scenario) throw new Error(`${client.name} has no ${job.scenario}`)
  const meter = new Meter()
  await scenario(job, meter)
  return { figures: meter.figures, client: client.name, settings: client.settings }
}

// whoever ordered the run is gone
process.once('disconnect', () => process.exit(1))

process.once('message', (order: Order) => {
  run(order).then(
    (outcome) => process.send!({ outcome }, () => process.exit(0)),
    (error: Error) => process.send!({ error: String(error?.stack ?? error) }, () => process.exit(1)),
  )
})
