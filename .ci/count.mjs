// Adds up the tests of all suites from vitest's JSON report; the line it prints is the last one of a run.
import { readFileSync } from 'node:fs'

const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const skipped = numPendingTests + numTodoTests
console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${skipped} skipped`)
if (numPassedTests === 0 || numFailedTests > 0) process.exit(1)
