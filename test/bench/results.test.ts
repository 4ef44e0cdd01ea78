/** Files of results: what is written can be read again, and what is wrong with another file is said. */
import { describe, expect, it } from 'vitest'
import { readResults } from '../../bench/results.ts'
import { madeUpResults } from './made-up.ts'
import { folderWith } from './run-bench.ts'

/** The made-up results with one thing changed. */
function changed(change: (results: ReturnType<typeof madeUpResults>) => void): object {
  const results = madeUpResults()
  change(results)
  return results
}

describe('a file of results', () => {
  it('is read as it was written; a round that failed is null in it', () => {
    const results = madeUpResults()
    results.series[0]!.clients[1]!.rounds[0] = undefined
    const read = readResults(folderWith({ 'a.json': results })('a.json'))
    expect(read.series[0]!.clients[1]!.rounds[0]).toBeNull()
    expect(read.series[1]).toEqual(results.series[1])
    expect(read.micro).toEqual(results.micro)
  })

  it('may lack figures that a client does not have', () => {
    const results = changed(({ series }) => {
      const { figures } = series[0]!.clients[0]!.rounds[0]!
      delete figures.mainCpu
      Object.assign(figures, { loopDelayP99: null })
    })
    expect(readResults(folderWith({ 'a.json': results })('a.json')).series).toHaveLength(madeUpResults().series.length)
  })

  it.each<[string, unknown, RegExp]>([
    ['no JSON', 'figures', /^.*a\.json is not JSON: /],
    ['no results', { some: 'object' }, /is not a file of results: it has no schema$/],
    ['null', 'null', /is not a file of results: it has no schema$/],
    ['another schema', { ...madeUpResults(), schema: 2 }, /has results of schema 2, and this version reads schema 1/],
    ['a part missing', changed((results) => Object.assign(results, { series: undefined })), /not a file of results: series: /],
    [
      'text for a figure',
      changed(({ series }) => Object.assign(series[0]!.clients[0]!.rounds[0]!.figures, { recordsPerSecond: 'fast' })),
      /not a file of results: series\.0\.clients\.0\.rounds\.0\.figures\.recordsPerSecond: /,
    ],
  ])('is refused with what is wrong with it: %s', (_, content, message) => {
    expect(() => readResults(folderWith({ 'a.json': content })('a.json'))).toThrow(message)
  })

  it('is refused when it is not there', () => {
    expect(() => readResults('/no/such/file.json')).toThrow(/^\/no\/such\/file\.json cannot be read: ENOENT/)
  })
})
