/** What the embedded broker takes of a machine. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

async function measure(what: 'records' | 'brokers'): Promise<Record<string, number>> {
  const child = fileURLToPath(new URL('./memory-child.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child, what])
  return JSON.parse(stdout) as Record<string, number>
}

test('T1 a million records of 100 bytes are held in a process of less than 300 MB', async () => {
  // how much V8 keeps for itself after a collection differs by 40 MB between runs
  const runs = [await measure('records'), await measure('records'), await measure('records')]
  expect(runs.map(({ held }) => held)).toEqual([1_000_000, 1_000_000, 1_000_000])
  const [, median] = runs.map(({ residentMb }) => residentMb!).sort((a, b) => a - b)
  expect(median).toBeLessThan(300)
}, 120_000)

test('T1 two hundred brokers without threads fit into a process, which then does nothing', async () => {
  const { started, grownMb, idleCpuMs } = await measure('brokers')
  expect(started).toBe(200)
  expect(grownMb).toBeLessThan(100)
  expect(idleCpuMs).toBeLessThan(50)
}, 60_000)
