import { readFileSync, writeFileSync } from 'node:fs'
import type * as v from 'valibot'
import { expect, expectTypeOf, test } from 'vitest'
import { handlers } from '../../../src/main/testing/broker/apis/index.ts'
import type {
  BrokerOptions,
  BrokerSasl,
  BrokerTls,
  BrokerTopic,
  GroupOptions,
  TransactionOptions,
} from '../../../src/main/testing/index.ts'
import { groupSchema, transactionSchema } from '../../../src/main/testing/options/coordination.ts'
import { saslSchema, tlsSchema } from '../../../src/main/testing/options/security.ts'
import { topicSchema } from '../../../src/main/testing/options/topics.ts'
import { brokerSchema } from '../../../src/main/testing/options.ts'
import { runHandlerSchema } from '../../../src/main/testing/run-handler/options.ts'
import { type OptionSchema, optionsTable } from '../../../src/shared/options.ts'

const file = new URL('../../../docs/testing.md', import.meta.url)

function table(schema: OptionSchema): string {
  const code = (text: string) => (text === '' || text === 'required' ? text : `\`${text}\``)
  const rows = optionsTable(schema).map(({ name, type, default: fallback, bounds, description }) => {
    const cells = [`\`${name}\``, code(type), code(fallback), bounds, description]
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
  return ['| option | type | default | allowed | meaning |', '|---|---|---|---|---|', ...rows].join('\n')
}

function filled(text: string, mark: string, content: string): string {
  const [begin, end] = [`<!-- ${mark}:begin -->`, `<!-- ${mark}:end -->`]
  return `${text.slice(0, text.indexOf(begin) + begin.length)}\n${content}\n${text.slice(text.indexOf(end))}`
}

test('docs/testing.md has the options as they are (UPDATE_DOCS=1 writes them)', () => {
  const text = readFileSync(file, 'utf8')
  const tables = {
    options: brokerSchema,
    topic: topicSchema,
    groups: groupSchema,
    transactions: transactionSchema,
    tls: tlsSchema,
    sasl: saslSchema,
  }
  const right = Object.entries(tables).reduce((all, [mark, schema]) => filled(all, mark, table(schema)), text)
  if (process.env['UPDATE_DOCS']) writeFileSync(file, right)
  else expect(text).toBe(right)
})

test('docs/testing-your-code.md has the options as they are (UPDATE_DOCS=1 writes them)', () => {
  const guide = new URL('testing-your-code.md', file)
  const text = readFileSync(guide, 'utf8')
  const right = filled(text, 'run', table(runHandlerSchema))
  if (process.env['UPDATE_DOCS']) writeFileSync(guide, right)
  else expect(text).toBe(right)
})

test('docs/testing.md has the APIs and versions as they are', () => {
  const text = readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ')
  for (const { api } of handlers.values()) expect(text).toContain(`${api.name} ${api.minVersion}–${api.maxVersion}`)
})

test('the types of the options name what the rows name', () => {
  expectTypeOf<keyof BrokerOptions>().toEqualTypeOf<keyof v.InferInput<typeof brokerSchema>>()
  expectTypeOf<keyof GroupOptions>().toEqualTypeOf<keyof v.InferInput<typeof groupSchema>>()
  expectTypeOf<keyof TransactionOptions>().toEqualTypeOf<keyof v.InferInput<typeof transactionSchema>>()
  expectTypeOf<keyof BrokerTls>().toEqualTypeOf<keyof v.InferInput<typeof tlsSchema>>()
  expectTypeOf<keyof BrokerSasl>().toEqualTypeOf<keyof v.InferInput<typeof saslSchema>>()
  expectTypeOf<keyof BrokerTopic>().toEqualTypeOf<keyof v.InferInput<typeof topicSchema>>()
})
