/** The commands of the benchmarks as people run them: bad input, results that are written, comparisons, the README. */
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { type Results, readResults } from '../../bench/results.ts'
import { madeUpResults } from './made-up.ts'
import { bench, folderWith } from './run-bench.ts'

/** Processes start slowly on a busy machine. */
vi.setConfig({ testTimeout: 90_000 })

const marked = (name: string) => `before\n<!-- ${name}:begin -->\nold figures\n<!-- ${name}:end -->\nafter\n`

describe('bad input', () => {
  it.each<[string, string[], string]>([
    ['an unknown option', ['--onyl', 'micro'], "unknown option '--onyl': did you mean '--only'?"],
    ['an unknown scenario', ['--only', 'micro,firehos'], "unknown scenario 'firehos': did you mean 'firehose'?"],
    ['an unknown client', ['--clients', 'odradek,kafkasj'], "unknown client 'kafkasj': did you mean 'kafkajs'?"],
    ['a name that is like none', ['--clients', 'zzzzzzzz'], "unknown client 'zzzzzzzz': there are odradek, "],
    ['no number', ['--rounds', 'many'], "--rounds must be a whole number above 0, not 'many'"],
    ['neither src nor dist', ['--odradek', 'lib'], "--odradek must be src or dist, not 'lib'"],
    ['an argument too many', ['firehose'], "there must be no arguments beside the options, not 'firehose'"],
    ['results that are not there', ['--compare', '/no/such.json'], '/no/such.json cannot be read: ENOENT'],
    ['a place that cannot be written to', ['--json', '/dev/null/results.json'], '/dev/null/results.json cannot be written: '],
  ])('ends with 2 and says what is wrong: %s', async (_, args, message) => {
    const { code, out, err } = await bench('run.ts', args)
    expect(err).toContain(message)
    expect(out).toBe('')
    expect(code).toBe(2)
  })

  it('of another schema is refused before anything is measured', async () => {
    const at = folderWith({ 'old.json': { ...madeUpResults(), schema: 99 } })
    const { code, err } = await bench('run.ts', ['--only', 'murmur2', '--compare', at('old.json')])
    expect(err).toContain('has results of schema 99, and this version reads schema 1')
    expect(code).toBe(2)
  })
})

describe('a run', () => {
  it('lists what there is', async () => {
    const { code, out } = await bench('run.ts', ['--list'])
    expect(out.split('\n')).toEqual(expect.arrayContaining(['micro', 'macro', 'firehose', 'awaited-256', 'codec-zstd', 'ring']))
    expect(code).toBe(0)
  })

  it('E2 of parts prints tables and leaves JSON and HTML, which can be compared with the next', async () => {
    const at = folderWith()
    const args = ['--only', 'murmur2', '--quick']
    const first = await bench('run.ts', [...args, '--json', at('one.json')])
    expect(first.out).toMatch(/### murmur2 of a key\n\n\| +\| ns\/key \|/)
    expect(first.code).toBe(0)
    const results = readResults(at('one.json'))
    expect(results).toMatchObject({
      complete: true,
      series: [],
      missing: [],
      command: 'node bench/run.ts --only murmur2 --quick',
    })
    expect(new Set(results.micro.map(({ file }) => file))).toEqual(new Set(['reference', 'murmur2']))
    for (const { rounds } of results.micro) for (const round of rounds) expect(round.median).toBeGreaterThanOrEqual(round.fastest)
    expect(readFileSync(at('one.html'), 'utf8')).toContain('murmur2 of a key')
    // two rounds are too few to judge by, and that is no success
    const second = await bench('run.ts', [...args, '--json', at('two.json'), '--html', at('2.html'), '--compare', at('one.json')])
    expect(second.out).toContain('Nothing could be judged: fewer than 3 rounds.')
    expect(second.code).toBe(2)
    expect(readFileSync(at('2.html'), 'utf8')).toContain('</html>')
  })

  it('that is interrupted writes what was measured', async () => {
    const at = folderWith()
    const args = ['--only', 'compression,murmur2', '--quick', '--json', at('some.json')]
    const { code, err } = await bench('run.ts', args, ['micro: murmur2', (pid) => process.kill(pid, 'SIGINT')])
    expect(err).toContain('stopping; what was measured will be written')
    expect(code).toBe(130)
    const { complete, micro } = readResults(at('some.json'))
    expect(complete).toBe(false)
    expect(micro.some(({ file }) => file === 'compression')).toBe(true)
  })
})

describe('compare.ts', () => {
  const at = (old: Results, now: Results) => {
    const files = folderWith({ 'old.json': old, 'new.json': now })
    return [files('old.json'), files('new.json')]
  }

  it('ends with 0 when nothing is worse, 1 when something is', async () => {
    const same = await bench('compare.ts', at(madeUpResults(), madeUpResults({ seed: 2, slower: 2 })))
    expect(same.out).toMatch(/^Nothing is clearly worse, of \d+ figures\.$/m)
    expect(same.code).toBe(0)
    const worse = await bench('compare.ts', at(madeUpResults(), madeUpResults({ seed: 2, odradekSlower: 1.5 })))
    expect(worse.out).toContain('Clearly worse: firehose-100 (records/s)')
    expect(worse.code).toBe(1)
  })

  it('E2 takes the thresholds that it is given', async () => {
    const files = at(madeUpResults({ noise: 0.01 }), madeUpResults({ noise: 0.01, odradekSlower: 1.5 }))
    expect((await bench('compare.ts', [...files, '--threshold', '60'])).code).toBe(0)
    expect((await bench('compare.ts', [...files, '--threshold', '20'])).code).toBe(1)
    const slower = madeUpResults({ noise: 0.01 })
    for (const round of slower.micro[1]!.rounds) round.median *= 1.5
    const parts = at(madeUpResults({ noise: 0.01 }), slower)
    expect((await bench('compare.ts', parts)).code).toBe(1)
    expect((await bench('compare.ts', [...parts, '--micro-threshold', '60'])).code).toBe(0)
  })

  it('ends with 2 on bad input', async () => {
    const [old] = at(madeUpResults(), madeUpResults())
    const one = await bench('compare.ts', [old!])
    expect(one).toMatchObject({ code: 2, out: '' })
    expect(one.err).toContain('there must be 2 arguments beside the options')
    expect((await bench('compare.ts', [old!, '/no/such.json'])).code).toBe(2)
  })
})

describe('readme.ts', () => {
  const places = (results: Results) =>
    folderWith({ 'r.json': results, 'README.md': marked('bench'), 'docs.md': marked('figures') })
  const run = (at: (name: string) => string) =>
    bench('readme.ts', [at('r.json'), '--readme', at('README.md'), '--docs', at('docs.md')])

  it('E2 replaces what stands between the markers and nothing else, and does so again', async () => {
    const at = places(madeUpResults())
    expect(await run(at)).toMatchObject({ code: 0, err: '' })
    const readme = readFileSync(at('README.md'), 'utf8')
    expect(readme).toMatch(/^before\n<!-- bench:begin -->\n2026-11-22; odradek 0\.1\.0/)
    expect(readme).toMatch(/\|\n<!-- bench:end -->\nafter\n$/)
    expect(readme).toMatch(/^\| produce, 100 bytes +\| +1,\d{3},\d{3} \|/m)
    expect(readme).not.toContain('old figures')
    expect(readFileSync(at('docs.md'), 'utf8')).toContain(madeUpResults().series[0]!.title)
    await run(at)
    expect(readFileSync(at('README.md'), 'utf8')).toBe(readme)
  })

  it('changes nothing when one of the places is missing', async () => {
    const at = places(madeUpResults())
    writeFileSync(at('docs.md'), 'no place\n')
    const { code, err } = await run(at)
    expect(err).toContain('there is no place for figures: <!-- figures:begin --> and <!-- figures:end -->')
    expect(code).toBe(2)
    expect(readFileSync(at('README.md'), 'utf8')).toBe(marked('bench'))
  })

  it('publishes no figures of a run that was stopped early', async () => {
    const { code, err } = await run(places({ ...madeUpResults(), complete: false }))
    expect(err).toContain('of a run that was stopped early')
    expect(code).toBe(2)
  })

  it('finds its places in the README and docs of the project', () => {
    const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
    expect(text('README.md')).toMatch(/<!-- bench:begin -->[\s\S]*<!-- bench:end -->/)
    expect(text('docs/benchmarks.md')).toMatch(/<!-- figures:begin -->[\s\S]*<!-- figures:end -->/)
  })
})
