/** The examples of docs/testing.md that are whole programs: they run, and print what the comments behind `console.log` say. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const at = (path: string): string => new URL(`../../../${path}`, import.meta.url).href
const doors = new Map([
  ["'odradek'", `'${at('src/main/index.ts')}'`],
  ["'odradek/testing'", `'${at('src/main/testing/index.ts')}'`],
])
const text = readFileSync(new URL(at('docs/testing.md')), 'utf8')
const programs = Array.from(text.matchAll(/^## ([^\n]+)|^```ts runs\n([\s\S]*?)^```/gm)).reduce<[string, string][]>(
  (found, [, heading, code]) => {
    if (heading !== undefined) found.push([heading, ''])
    else if (code !== undefined) found.push([found.at(-1)![0], code])
    return found
  },
  [],
)

test.each(programs.filter(([, code]) => code !== ''))(
  'T3 the example of "%s" does what it says',
  async (_heading, code) => {
    const folder = mkdtempSync(join(tmpdir(), 'snippet-'))
    try {
      const file = join(folder, 'snippet.ts')
      writeFileSync(
        file,
        Array.from(doors).reduce((all, [name, url]) => all.replaceAll(`from ${name}`, `from ${url}`), code),
      )
      const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 80_000 })
      const said = Array.from(code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm), ([, words]) => words)
      expect(stdout.trim().split('\n').filter(Boolean)).toEqual(said)
      expect(said.length).toBeGreaterThan(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
  90_000,
)
