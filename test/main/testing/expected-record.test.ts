import { describe, expect, it } from 'vitest'
import type { FetchedRecord } from '../../../src/main/index.ts'
import { differences, type ExpectedBytes, type ExpectedRecord } from '../../../src/main/testing/expected-record.ts'

const record = {
  topic: 'orders',
  partition: 2,
  offset: 17,
  timestamp: 5,
  key: Buffer.from('4711'),
  value: Buffer.from('{"total":12,"items":["a"]}'),
  headers: [
    ['source', Buffer.from('shop')],
    ['source', Buffer.from('app')],
    ['empty', null],
  ],
} as unknown as FetchedRecord

describe('T4: a record is the expected one', () => {
  it.each<[string, ExpectedRecord]>([
    ['when nothing is expected', {}],
    ['by topic and partition', { topic: 'orders', partition: 2 }],
    ['by text', { key: '4711', value: '{"total":12,"items":["a"]}' }],
    ['by bytes', { key: Uint8Array.of(52, 55, 49, 49) }],
    ['by JSON, in whatever order', { value: { items: ['a'], total: 12 } }],
    ['by a number as JSON', { key: 4711 }],
    ['by an expression, one with a memory too', { key: /^\d+$/g, value: /total/y }],
    ['by a function', { value: (bytes) => bytes!.length === 26 }],
    ['by any header of a name', { headers: { source: 'app', empty: null } }],
    ['by headers in a Map', { headers: new Map<string, ExpectedBytes>([['source', /^sh/]]) }],
  ])('%s', (_how, expected) => {
    expect(differences(record, expected)).toEqual([])
  })

  it.each<[ExpectedRecord, string[]]>([
    [{ topic: 'bills', partition: 1 }, ['topic is orders, not bills', 'partition is 2, not 1']],
    [{ key: '4712' }, ['key is "4711", not "4712"']],
    [{ key: null }, ['key is "4711", not null']],
    [{ value: { total: 13 } }, [`value is ${JSON.stringify(String(record.value))}, not {"total":13}`]],
    [{ value: /x{3}/ }, [`value is ${JSON.stringify(String(record.value))}, not /x{3}/`]],
    [{ key: () => false }, ['key "4711" is not what the function wants']],
    [{ headers: { source: 'web', other: 'x' } }, [`header 'source' is "shop", not "web"`, "no header 'other'"]],
    [{ headers: { ['__proto__']: 'x' } }, ["no header '__proto__'"]],
    [{ headers: { empty: '' } }, [`header 'empty' is null, not ""`]],
    [{ value: 'x'.repeat(300) }, [`value is ${JSON.stringify(String(record.value))}, not "${'x'.repeat(199)}…`]],
  ])('or not: %j', (expected, different) => {
    expect(differences(record, expected)).toEqual(different)
  })
})
