/** Compares two files of results. `node bench/compare.ts old.json new.json`, see --help */
import { readArguments } from './arguments.ts'
import { runCommand } from './bad-input.ts'
import { comparison } from './report/comparison.ts'
import { readResults } from './results.ts'
import { thresholdOptions, thresholdsOf, thresholdUsage } from './thresholds.ts'

const usage = `node bench/compare.ts <old.json> <new.json>

Says what became better or worse. Exit code 1 when something is clearly worse, 2 when nothing can be judged.

${thresholdUsage}`

await runCommand(usage, (args) => {
  const { values, positionals } = readArguments(args, thresholdOptions, 2)
  const [old, now] = positionals.map(readResults)
  const { text, exitCode } = comparison(old!, now!, thresholdsOf(values))
  process.stdout.write(text)
  return exitCode
})
