/**
 * Writes the tables of `docs/reliability.md` from the catalogue and the titles of the tests: `npm run docs:reliability`. With
 * `--missing` (`npm run catalogue`) it prints the rows that this version promises and no test covers, and writes nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faults, invariants, type Row } from './catalogue.ts'
import { testsById } from './test-titles.ts'

const root = join(import.meta.dirname, '..')
const FILE = join(import.meta.dirname, 'reliability.md')

/** The text with both tables made anew between their markers. */
export function renderReliability(text: string): string {
  const tests = testsById(root)
  const withInvariants = between(text, 'invariants', table(['id', 'promise', 'how it is kept', 'tests'], invariants, tests))
  return between(withInvariants, 'faults', table(['id', 'fault', 'what the client does', 'tests'], faults, tests))
}

/** What this version promises and no test's title names. */
export function rowsWithoutTest(): Row[] {
  const tests = testsById(root)
  return [...invariants, ...faults].filter(({ id, missing }) => !missing && !tests.has(id))
}

function table(heads: string[], rows: readonly Row[], tests: ReadonlyMap<string, string[]>): string {
  const lines = rows.map(({ id, what, how, missing }) => {
    const files = (tests.get(id) ?? []).map((path) => `\`${path.replace(/^test\/|\.test\.ts$/g, '')}\``).join(', ')
    const covered = missing
      ? [`*not there yet: ${missing}*`, ...(files ? [`begun in ${files}`] : [])].join('; ')
      : files || '*none yet*'
    return `| ${id} | ${what} | ${how} | ${covered} |`
  })
  return [`| ${heads.join(' | ')} |`, `|${heads.map(() => '---|').join('')}`, ...lines].join('\n')
}

function between(text: string, name: string, made: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`reliability.md has no place for the table of ${name}`)
  return `${text.slice(0, from + begin.length)}\n${made}\n${text.slice(to)}`
}

function main(): void {
  if (!process.argv.includes('--missing')) {
    writeFileSync(FILE, renderReliability(readFileSync(FILE, 'utf8')))
    return
  }
  const rows = rowsWithoutTest()
  const count = [...invariants, ...faults].filter(({ missing }) => !missing).length
  console.log(
    `${count - rows.length} of ${count} promised rows of the catalogue have a test${rows.length > 0 ? '; without:' : '.'}`,
  )
  for (const { id, what } of rows) console.log(`  ${id.padEnd(4)} ${what}`)
}

if (import.meta.main) main()
