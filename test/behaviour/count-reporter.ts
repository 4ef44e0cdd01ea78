/** Says at the end of a run how many behaviour tests ran on each kind of cluster, so that skipped ones are seen. */
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** The ends of suite names that `on-brokers.ts` gives. */
const TARGET = / on ((?:embedded|real)-\d)(?: \(skipped: (.*)\))?$/

interface Count {
  passed: number
  failed: number
  skipped: number
  why: string
}

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, Count>()
    for (const module of modules) for (const test of module.children.allTests()) count(counts, test)
    if (counts.size === 0) return
    const lines = [...counts]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([target, { passed, failed, skipped, why }]) => {
        const tail = skipped > 0 ? `, ${skipped} skipped${why && ` (${why})`}` : ''
        return `   ${target.padEnd(11)} ${passed} passed${failed > 0 ? `, ${failed} FAILED` : ''}${tail}`
      })
    process.stdout.write(`\n Behaviour tests by cluster\n${lines.join('\n')}\n\n`)
  }
}

function count(counts: Map<string, Count>, test: TestCase): void {
  let top: TestCase['parent'] = test.parent
  while (top.type === 'suite' && top.parent.type === 'suite') top = top.parent
  const [, target, why = ''] = (top.type === 'suite' && TARGET.exec(top.name)) || []
  if (target === undefined) return
  const known = counts.get(target) ?? { passed: 0, failed: 0, skipped: 0, why }
  counts.set(target, known)
  const { state } = test.result()
  if (state === 'passed') known.passed++
  else if (state === 'failed') known.failed++
  else known.skipped++
}
