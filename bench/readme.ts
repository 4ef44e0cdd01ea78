/** Puts the figures of a file of results into README.md and docs/benchmarks.md. `node bench/readme.ts results.json`, see --help */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withPart } from '../docs/markdown-table.ts'
import { readArguments } from './arguments.ts'
import { BadInput, runCommand } from './bad-input.ts'
import { brief, full } from './report/readme.ts'
import { readResults } from './results.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const usage = `node bench/readme.ts <results.json>

Writes the figures between <!-- bench:begin --> and <!-- bench:end --> of the README, and all of them between
<!-- figures:begin --> and <!-- figures:end --> of docs/benchmarks.md.

Options:
  --readme <file>  instead of README.md
  --docs <file>    instead of docs/benchmarks.md
`

const options = {
  readme: { type: 'string', default: `${root}README.md` },
  docs: { type: 'string', default: `${root}docs/benchmarks.md` },
} as const

/** Changed only when all of it can be. */
function rewrite(file: string, name: string, part: string): () => void {
  try {
    const text = withPart(readFileSync(file, 'utf8'), name, part)
    return () => writeFileSync(file, text)
  } catch (error) {
    throw new BadInput(`${file}: ${(error as Error).message}`)
  }
}

await runCommand(usage, (args) => {
  const { values, positionals } = readArguments(args, options, 1)
  const results = readResults(positionals[0]!)
  if (!results.complete) throw new BadInput(`${positionals[0]} is of a run that was stopped early: measure again`)
  if (results.series.length === 0) throw new BadInput(`${positionals[0]} has no scenario`)
  const writes = [rewrite(values.readme, 'bench', brief(results)), rewrite(values.docs, 'figures', full(results))]
  for (const write of writes) write()
  return 0
})
