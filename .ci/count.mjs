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

/** What a reader of the end of a run must know. */
const notes = []

function firstLines(messages) {
  return messages.join('\n').split('\n').slice(0, 6).join('\n  ')
}

function count({ file, filter }) {
  const tests = JSON.parse(readFileSync(file, 'utf8')).testResults
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { name, status, message, assertionResults } of tests) {
    // A file that cannot be loaded has no tests to fail.
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
      counts.failed++
      notes.push(`FAILED: ${name}: ${message}`)
    }
    for (const test of assertionResults) {
      if (test.status === 'passed' || test.status === 'failed') counts[test.status]++
      if (test.status === 'failed') notes.push(`FAILED: ${test.fullName}: ${firstLines(test.failureMessages)}`)
      else if (test.atFirst)
        notes.push(
          `PASSED ONLY ALONE${test.alone > 1 ? ' AND AT THE SECOND TRY' : ''}: ${test.fullName}: at first ${firstLines(test.atFirst)}`,
        )
      else if (test.status !== 'passed' && filter.test(test.fullName)) counts.skipped++
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
if (notes.length > 0) console.log(`${notes.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
if (total.failed > 0) process.exit(1)
