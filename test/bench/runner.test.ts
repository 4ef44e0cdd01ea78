import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { Unable } from '../../bench/client.ts'
import type { Job } from '../../bench/job.ts'
import { run } from '../../bench/runner.ts'
import { casesOf } from '../../bench/scenarios.ts'

const folder = mkdtempSync(join(tmpdir(), 'odradek-bench-runner-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const wishes = { records: 1000, rounds: 1, size: 10, clients: undefined, quick: true }
const job: Job = { ...casesOf('firehose', wishes)[0]!.job, brokers: [], topics: ['a'], odradek: 'src' }
const never = new AbortController().signal

/** A client whose firehose is these lines. */
function client(name: string, ...lines: string[]) {
  const file = join(folder, `${name}.mjs`)
  const firehose = `async firehose(job, meter) { ${lines.join('\n')} }`
  writeFileSync(file, `export const load = async (job) => ({ name: 'it 1.0', settings: { a: 1 }, runs: { ${firehose} } })\n`)
  return { key: name, module: pathToFileURL(file).href }
}

describe('a run in a process of its own', () => {
  test('comes back with what was measured', async () => {
    const good = client('good', 'meter.begin()', 'meter.end(job.records)', 'meter.acknowledged = 1234')
    const outcome = await run(good, job, never)
    expect(outcome).toMatchObject({ client: 'it 1.0', settings: { a: 1 }, acknowledged: 1234, figures: { records: 1000 } })
    expect(outcome.figures.peakMemory).toBeGreaterThan(20)
    expect(outcome.figures.mainCpu).toBeGreaterThanOrEqual(0)
  })

  test('of a client that has no such scenario is no failure', async () => {
    const failed = run(client('narrow', ''), { ...job, scenario: 'fetch' }, never)
    await expect(failed).rejects.toThrow(Unable)
    await expect(failed).rejects.toThrow('it has nothing for fetch')
  })

  test('that fails, dies or measures nothing is an error with its name', async () => {
    await expect(run(client('failing', 'throw new Error("no broker")'), job, never)).rejects.toThrow(/^failing: .*no broker/)
    await expect(run(client('dying', 'process.kill(process.pid, "SIGKILL")'), job, never)).rejects.toThrow(
      'dying: ended early (SIGKILL)',
    )
    await expect(run(client('idle', ''), job, never)).rejects.toThrow('the client never ended its measurement')
  })

  test('ends when it is no longer wanted', async () => {
    const stop = new AbortController()
    const running = run(client('endless', 'await new Promise((resolve) => setTimeout(resolve, 60_000))'), job, stop.signal)
    setTimeout(() => stop.abort(), 200)
    await expect(running).rejects.toThrow('ended early (SIGKILL)')
  })
})
