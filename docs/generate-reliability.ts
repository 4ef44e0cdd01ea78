/**
 * Writes the tables of `docs/reliability.md` from the catalogue and the titles of the tests: `npm run docs:reliability`. With
 * `--missing` (`npm run catalogue`) it prints the rows that this version promises and no test covers, and writes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faults, invariants, type Row } from './catalogue.ts'
import { withTable } from './markdown-table.ts'
import { testsById } from './test-titles.ts'

const root = join(import.meta.dirname, '..')
const FILE = join(import.meta.dirname, 'reliability.md')

/** The text with both tables made anew. */
export function renderReliability(text: string): string {
  const tests = testsById(root)
  const cells = (rows: readonly Row[]) => rows.map((row) => [row.id, row.what, row.how, coverage(tests.get(row.id) ?? [])])
  const withInvariants = withTable(text, 'invariants', ['id', 'promise', 'how it is kept', 'tests'], cells(invariants))
  return withTable(withInvariants, 'faults', ['id', 'fault', 'what the client does', 'tests'], cells(faults))
}

/** What this version promises and no test's title names. */
export function rowsWithoutTest(): Row[] {
  const tests = testsById(root)
  return [...invariants, ...faults].filter(({ id }) => !tests.has(id))
}

function coverage(tests: readonly string[]): string {
  const files = tests.map((path) => `\`${path.replace(/^test\/|\.test\.ts$/g, '')}\``).join(', ')
  return files || '*none yet*'
}

function main(): void {
  if (!process.argv.includes('--missing')) {
    writeFileSync(FILE, renderReliability(readFileSync(FILE, 'utf8')))
    return
  }
  const rows = rowsWithoutTest()
  const count = invariants.length + faults.length
  console.log(
    `${count - rows.length} of ${count} promised rows of the catalogue have a test${rows.length > 0 ? '; without:' : '.'}`,
  )
  for (const { id, what } of rows) console.log(`  ${id.padEnd(4)} ${what}`)
}

if (import.meta.main) main()
