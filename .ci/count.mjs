/**
 * Adds up the tests of several suites from vitest's JSON reports; the line it prints is the last one of a run.
 *
 *   count.mjs all.json docker.json -t ' on real-'
 *
 * `-t` is the filter that the suite before it ran with: what it left out was never meant to run there and is not counted as skipped.
 * A suite that left no results counts as a failure.
 */
import { readFileSync } from 'node:fs'

function readSuites(args) {
  const suites = []
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '-t') suites.at(-1).filter = new RegExp(args[++i])
    else suites.push({ file: args[i], filter: /(?:)/ })
  }
  return suites
}

function count({ file, filter }) {
  const tests = JSON.parse(readFileSync(file, 'utf8')).testResults
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { status, message, assertionResults } of tests) {
    // A file that cannot be loaded has no tests to fail.
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
      counts.failed++
      console.error(message)
    }
    for (const test of assertionResults) {
      if (test.status === 'passed' || test.status === 'failed') counts[test.status]++
      else if (filter.test(test.fullName)) counts.skipped++
    }
  }
  return counts
}

const total = { passed: 0, failed: 0, skipped: 0 }
for (const suite of readSuites(process.argv.slice(2))) {
  let counts
  try {
    counts = count(suite)
    if (counts.passed + counts.failed === 0) throw new Error('no test ran')
  } catch (error) {
    console.error(`no results of a suite: ${error.message}`)
    counts = { passed: 0, failed: 1, skipped: 0 }
  }
  for (const kind of Object.keys(total)) total[kind] += counts[kind]
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
if (total.failed > 0) process.exit(1)
