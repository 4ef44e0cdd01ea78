/** `npm run generate`: makes the files in `generated/` anew from Kafka's own message definitions. Needs Java, and Maven or the jar. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findJars, kebab, pairOf, readDefinitions } from './generator/definitions.ts'
import { apiName, type ErrorRow, emitApi, emitData, emitErrors, emitRegistry } from './generator/emit-file.ts'

export const GENERATED = join(import.meta.dirname, 'generated')

/** File name → contents, from the jars. */
export function generate(jars: string[]): Map<string, string> {
  const { messages, errors } = readJars(jars)
  const definitions = readDefinitions(messages)
  const files = new Map<string, string>()
  const requests = definitions.filter(({ kind }) => kind === 'request')
  for (const request of requests) {
    files.set(`${kebab(apiName(request))}.ts`, emitApi(request, pairOf(request, definitions)))
  }
  for (const definition of definitions) {
    if (definition.kind === 'data' || definition.kind === 'header')
      files.set(`${kebab(definition.name)}.ts`, emitData(definition))
  }
  files.set('registry.ts', emitRegistry(requests))
  files.set('error-table.ts', emitErrors(errors))
  return files
}

function readJars(jars: string[]): { messages: Map<string, string>; errors: ErrorRow[] } {
  const printed = execFileSync(
    'java',
    ['-cp', jars.join(delimiter), join(import.meta.dirname, 'java', 'Definitions.java'), jars[0]!],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const messages = new Map<string, string>()
  const errors: ErrorRow[] = []
  for (const line of printed.split('\n')) {
    const [what, first, second, third, fourth] = line.split('\t')
    if (what === 'message') messages.set(first!, Buffer.from(second!, 'base64').toString())
    if (what === 'error')
      errors.push({ code: Number(first), name: second!, retriable: third === 'true', invalidMetadata: fourth === 'true' })
  }
  return { messages, errors }
}

if (import.meta.main) {
  const jars = findJars(true)!
  const files = generate(jars)
  mkdirSync(GENERATED, { recursive: true })
  for (const old of readdirSync(GENERATED)) if (!files.has(old)) rmSync(join(GENERATED, old))
  for (const [name, text] of files) writeFileSync(join(GENERATED, name), text)
  console.log(`${files.size} files from ${jars[0]}`)
}
