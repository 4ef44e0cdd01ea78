/** A module whose setup fails as FAILING_SETUP says; once, in the file that ONCE names, it works. */
import { existsSync, rmSync } from 'node:fs'

export async function setup(): Promise<void> {
  const once = process.env['SETUP_WORKS_WHILE']
  if (once !== undefined && existsSync(once)) return
  const how = process.env['FAILING_SETUP']
  if (how === 'exits') process.exit(5)
  if (how === 'hangs') await new Promise(() => {})
  if (how === 'spins') for (;;);
  throw Object.assign(new Error('no connection to the database'), { code: 'ECONNREFUSED' })
}

export function handleRecordBatch(): void {
  // the next one is not set up before the test has its file again
  rmSync(process.env['SETUP_WORKS_WHILE']!, { force: true })
  process.exit(6)
}
