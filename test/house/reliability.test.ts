/** docs/reliability.md says what is so: its tables are fresh, every id that a test names exists, and what had a test keeps one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COVERED, faults, invariants } from '../../docs/catalogue.ts'
import { renderReliability } from '../../docs/generate-reliability.ts'
import { idsIn, testsById, titlesIn } from '../../docs/test-titles.ts'

const root = join(import.meta.dirname, '../..')
const rows = [...invariants, ...faults]
const tests = testsById(root)

describe('the catalogue', () => {
  it('has the faults 1 to 50 and each id once', () => {
    expect(faults.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, index) => `F${index + 1}`))
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  })

  it('knows every id that the title of a test names', () => {
    const known = new Set(rows.map(({ id }) => id))
    expect([...tests].filter(([id]) => !known.has(id))).toEqual([])
  })

  it('lists what is covered: each row of COVERED is promised and has a test', () => {
    const promised = new Set(rows.map(({ id }) => id))
    expect(COVERED.filter((id) => !promised.has(id) || !tests.has(id))).toEqual([])
  })

  it('is what docs/reliability.md shows (npm run docs:reliability writes it)', () => {
    const written = readFileSync(join(root, 'docs/reliability.md'), 'utf8')
    expect(written).toBe(renderReliability(written))
  })
})

describe('the reader of titles', () => {
  const ids = (code: string): string[] => titlesIn(code).flatMap(idsIn)

  it('finds them in calls of every kind', () => {
    expect(ids("it('F1, F2: x', () => {})")).toEqual(['F1', 'F2'])
    expect(ids(`  test.only(\`F3 \${what}\`, { timeout: 1 }, async () => {})`)).toEqual(['F3'])
    expect(ids("describe('IP4 and IX9', () => { it('F50: y', () => {}) })")).toEqual(['IP4', 'IX9', 'F50'])
    expect(ids("it.each([['(F5', 1], [`F6)`, 2]])('F7: %s', () => {})")).toEqual(['F5', 'F6', 'F7'])
    expect(ids("const cases: [string][] = [['F8'], ['F9']]\nit.each(cases)('IC1 %s', () => {})")).toEqual(['F8', 'F9', 'IC1'])
    expect(ids("describe.skipIf(a() || 'F10')('F11', { timeout: 2 }, () => {})")).toEqual(['F10', 'F11'])
    expect(ids("onPrivateCluster('F13', (world) => {})")).toEqual(['F13'])
    expect(ids("onEmbedded(\n  'F12',\n  3, (world) => {})")).toEqual(['F12'])
  })

  it('takes nothing else for one', () => {
    expect(ids("// it('F1', () => {})\n * it('F2')\nconst a = 'F3'; expect(a).toBe('F4'); submit('F5'); x.it('F6')")).toEqual([])
    expect(ids("it('UTF8, F100, F0, IP0, aF1 and F1b', () => {})")).toEqual([])
  })
})
