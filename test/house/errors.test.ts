/** docs/errors.md tells every error that there is, and what it tells of them is so. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { absent, special } from '../../docs/broker-errors.ts'
import { renderErrors } from '../../docs/generate-errors.ts'
import { kafkaErrorCodes } from '../../docs/kafka-error-codes.ts'
import { brokerErrors, ErrorCode } from '../../src/shared/protocol/errors.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const written = read('docs/errors.md')

it('docs/errors.md is fresh (npm run docs:errors writes it)', () => {
  expect(written).toBe(renderErrors(written))
})

it('it has every error code of Kafka, once, in order', () => {
  const rows = Array.from(written.matchAll(/^\| (-?\d+) \| `(\w+)` \|/gm), ([, code, name]) => [name, Number(code)])
  expect(rows).toEqual(Object.entries(ErrorCode))
  expect(rows.length).toBeGreaterThan(130)
})

it('what it says of single codes is said of codes that exist, and each belongs to one group', () => {
  expect([...special.keys()].filter((name) => !(name in ErrorCode))).toEqual([])
  const grouped = [...absent.values()].flatMap((codes) => [...codes])
  expect(new Set(grouped).size).toBe(grouped.length)
  expect(grouped.filter((code) => !brokerErrors.has(code) || special.has(brokerErrors.get(code)!.name))).toEqual([])
})

it('codes that this version is said not to meet are named nowhere in the client', () => {
  const client = globSync('src/{main,workers}/*.ts', { cwd: root }).map(read).join('\n')
  const names = [...absent.values()].flatMap((codes) => Array.from(codes, (code) => brokerErrors.get(code)!.name))
  expect(names.filter((name) => client.includes(`ErrorCode.${name}`))).toEqual([])
})

it('special treatment of a code in the client is told', () => {
  const client = globSync('src/{main,workers}/*.ts', { cwd: root }).map(read).join('\n')
  const named = new Set(Array.from(client.matchAll(/\bErrorCode\.([A-Z_]+)/g), ([, name]) => name!))
  expect(named.size).toBeGreaterThan(10)
  expect([...named].filter((name) => !special.has(name))).toEqual([])
})

it('every code of a KafkaError is used somewhere, and those used are told', () => {
  const sources = globSync('src/**/*.ts', { cwd: root }).filter((path) => !path.includes('generated'))
  const code = sources
    .filter((path) => !path.endsWith('shared/errors.ts'))
    .map(read)
    .join('\n')
  const used = Object.keys(kafkaErrorCodes).filter((name) => name === 'INTERNAL' || code.includes(`'${name}'`))
  expect(used).toEqual(Object.keys(kafkaErrorCodes))
  const union = /type KafkaErrorCode =([^/]*?)\n\n/.exec(read('src/shared/errors.ts'))![1]!
  expect(Array.from(union.matchAll(/'(\w+)'/g), ([, name]) => name)).toEqual(Object.keys(kafkaErrorCodes))
})
