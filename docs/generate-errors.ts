/** Writes the tables of `docs/errors.md` from the lists of error codes: `npm run docs:errors`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brokerErrors } from '../src/shared/protocol/errors.ts'
import { whatClientDoes } from './broker-errors.ts'
import { kafkaErrorCodes } from './kafka-error-codes.ts'
import { withTable } from './markdown-table.ts'

const FILE = join(import.meta.dirname, 'errors.md')

export function renderErrors(text: string): string {
  const own = Object.entries(kafkaErrorCodes).map(([code, { meaning, retriable, todo }]) => [
    `\`${code}\``,
    meaning,
    retriable,
    todo,
  ])
  const brokers = [...brokerErrors.values()].map((error) => {
    const { code, name, retriable, invalidMetadata } = error
    return [String(code), `\`${name}\``, retriable ? 'yes' : '', invalidMetadata ? 'yes' : '', whatClientDoes(error)]
  })
  const withOwn = withTable(text, 'codes', ['code', 'what it means', 'retriable', 'what to do'], own)
  return withTable(withOwn, 'broker-errors', ['', 'name', 'retriable', 'metadata', 'what the client does by itself'], brokers)
}

if (import.meta.main) writeFileSync(FILE, renderErrors(readFileSync(FILE, 'utf8')))
