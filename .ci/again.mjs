/**
 * Runs the few tests that failed a second time, each by itself, and writes into the suite's JSON report how that went.
 *
 *   again.mjs all.json [MOST]
 *
 * The suites run side by side on whatever machine there is, and a test that needs a processor at the right moment may fail for want of
 * it. What fails twice more has failed; what passes alone is named at the end of a run all the same, so that nobody overlooks it. More than
 * MOST failures (5) are no bad luck: then nothing is run again. Exits with 1 while a test is failed.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [file, most = '5'] = process.argv.slice(2)
const report = JSON.parse(readFileSync(file, 'utf8'))
const failed = report.testResults.flatMap((suite) =>
  suite.assertionResults.filter(({ status }) => status === 'failed').map((test) => ({ suite, test })),
)
const notLoaded = report.testResults.some(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
)
if (notLoaded || failed.length === 0 || failed.length > Number(most)) process.exit(1)

/** A cluster of real brokers may be busy with an election of its own. */
const TRIES = 2

const literally = (title) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const folder = mkdtempSync(join(tmpdir(), 'odradek-again-'))
let left = 0
for (const { suite, test } of failed) {
  const results = join(folder, 'again.json')
  const name = `^ ?${[...test.ancestorTitles, test.title].map(literally).join('(?: > | )')}$`
  test.atFirst = test.failureMessages
  let passed = false
  for (test.alone = 1; test.alone <= TRIES && !passed; test.alone++) {
    console.log(`\nOnce more: ${test.fullName}`)
    const { status } = spawnSync('npm', ['test', '--', suite.name, '-t', name], {
      stdio: 'inherit',
      env: { ...process.env, ODRADEK_TEST_RESULTS: results },
    })
    passed = status === 0 && JSON.parse(readFileSync(results, 'utf8')).numPassedTests === 1
    if (passed) break
  }
  if (passed) test.status = 'passed'
  else left++
}
rmSync(folder, { recursive: true })
for (const suite of report.testResults) {
  if (suite.assertionResults.every(({ status }) => status !== 'failed')) suite.status = 'passed'
}
writeFileSync(file, JSON.stringify(report))
process.exit(left > 0 ? 1 : 0)
