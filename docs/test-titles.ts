/**
 * Which ids of the catalogue the titles of tests carry, found by reading the test files as text. Understands calls of `it`, `test`,
 * `describe` and of the suites that run on every cluster, with tables (`it.each(…)(…)`) and conditions before the title.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Tests of the embedded broker and of the project's own rules say nothing about the client. */
const NOT_OF_THE_CLIENT = /^test\/(?:main\/testing|house)\//
const CALL = /(?<![\w.$'"`])(?:it|test|describe|on[A-Z]\w+)\b/g
const ID = /\b(?:F[1-9]\d?|I[CPTX][1-9])\b/g

/** By id, the test files whose titles carry it, sorted. */
export function testsById(root: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const file of globSync('test/**/*.test.ts', { cwd: root }).toSorted()) {
    const path = file.replaceAll('\\', '/')
    if (NOT_OF_THE_CLIENT.test(path)) continue
    const titles = titlesIn(readFileSync(join(root, path), 'utf8'))
    for (const id of new Set(titles.flatMap(idsIn))) found.set(id, [...(found.get(id) ?? []), path])
  }
  return found
}

export function idsIn(title: string): string[] {
  return [...title.matchAll(ID)].map(([id]) => id)
}

/** The titles in a file's text; of a table, the rows' strings too, since titles are filled from them. */
export function titlesIn(text: string): string[] {
  const code = text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '')
  return [...code.matchAll(CALL)].flatMap(({ index, 0: name }) => titlesOf(code, index + name.length))
}

function titlesOf(code: string, from: number): string[] {
  const modifiers = /(?:\s*\.\w+)*/y
  modifiers.lastIndex = from
  const start = from + (modifiers.exec(code)?.[0].length ?? 0)
  if (code[start] !== '(') return []
  const end = closing(code, start)
  // `it.each(table)('title', …)`, `it.skipIf(condition)('title', …)`
  if (code[end] === '(') return [...tableStrings(code, start, end), ...firstString(code, end)]
  return firstString(code, start)
}

function firstString(code: string, open: number): string[] {
  const string = /\(\s*(?=['"`])/y
  string.lastIndex = open
  const start = string.exec(code)
  if (!start) return []
  const from = open + start[0].length
  return [code.slice(from + 1, endOfString(code, from) - 1)]
}

/** Of a table in place, or of the constant that holds it. */
function tableStrings(code: string, from: number, to: number): string[] {
  const name = /^\((\w+)\)$/.exec(code.slice(from, to))?.[1]
  const table = name && new RegExp(`\\bconst ${name}\\b[^=;]*= (?=\\[)`).exec(code)
  if (!table) return stringsIn(code, from, to)
  const open = table.index + table[0].length
  return stringsIn(code, open, closing(code, open))
}

function stringsIn(code: string, from: number, to: number): string[] {
  const strings: string[] = []
  for (let at = from; at < to; at++) {
    if (!isQuote(code[at])) continue
    const end = endOfString(code, at)
    strings.push(code.slice(at + 1, end - 1))
    at = end - 1
  }
  return strings
}

/** Behind the bracket that closes the one at `open`. */
function closing(code: string, open: number): number {
  let depth = 0
  for (let at = open; at < code.length; at++) {
    if (isQuote(code[at])) at = endOfString(code, at) - 1
    else if (code[at] === '(' || code[at] === '[') depth++
    else if ((code[at] === ')' || code[at] === ']') && --depth === 0) return at + 1
  }
  return code.length
}

function isQuote(character: string | undefined): boolean {
  return character === "'" || character === '"' || character === '`'
}

/** Behind the string that begins at `start`. */
function endOfString(code: string, start: number): number {
  const quote = code[start]
  for (let at = start + 1; at < code.length; at++) {
    if (code[at] === '\\') at++
    else if (code[at] === quote) return at + 1
  }
  return code.length
}
