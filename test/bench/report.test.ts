/** Reports of made-up results: Markdown tables, and the HTML file with its charts. */
import { describe, expect, it } from 'vitest'
import { duration, fraction, short, table } from '../../bench/report/format.ts'
import { html } from '../../bench/report/html.ts'
import { markdown } from '../../bench/report/markdown.ts'
import { microTables } from '../../bench/report/micro.ts'
import { rates } from '../../bench/report/rates.ts'
import { brief, full } from '../../bench/report/readme.ts'
import type { Results } from '../../bench/results.ts'
import { madeUpResults } from './made-up.ts'

/** With one failed round, a client left out, and one that never succeeded. */
function results(): Results {
  const made = madeUpResults()
  const [series] = made.series
  series!.clients[1]!.rounds[0] = undefined
  series!.clients[1]!.errors.push('lost <3> records\n    at somewhere')
  series!.clients[2]!.rounds = []
  series!.clients[2]!.leftOut = 'has no such thing'
  return made
}

describe('numbers', () => {
  it('have about three digits', () => {
    expect([0.1234, 7.126, 12.34, 123.4, 1234.5].map(fraction)).toEqual(['0.12', '7.13', '12.3', '123', '1,235'])
    expect([0.5, 12, 1234, 34_567, 1_234_567, 2e9].map(short)).toEqual(['0.5', '12', '1.23 k', '34.6 k', '1.23 M', '2 G'])
    expect([400, 59_400, 61_000, 3_725_000].map(duration)).toEqual(['0 s', '59 s', '1 min 01 s', '1 h 02 min'])
  })

  it('stand in tables that are aligned, and no text breaks a table', () => {
    expect(table(['', 'a'], [['x|y', '1']])).toBe('|      |   a |\n| ---- | --: |\n| x\\|y |   1 |\n')
  })
})

describe('Markdown', () => {
  it('E2 has a row for each client with median, least and most of each figure, and ratios within rounds', () => {
    const series = results().series[0]!
    const text = markdown(series)
    expect(text).toContain(`### ${series.title}\n`)
    const values = series.clients[0]!.rounds.map((outcome) => outcome!.figures.recordsPerSecond).toSorted((a, b) => a - b)
    const [least, , median, , most] = values.map((value) => Math.round(value).toLocaleString('en'))
    const row = text.split('\n').find((line) => line.startsWith('| odradek (as built)'))!
    expect(row).toContain(` ${median} (${least}–${most}) `)
    expect(text).toMatch(/^- odradek against platformatic: [\d.]+ × \([\d.]+–[\d.]+\) the records\/s, [\d.]+ × /m)
  })

  it('says who failed and who is left out', () => {
    const text = markdown(results().series[0]!)
    expect(text).toContain('- platformatic failed: lost <3> records\n')
    expect(text).toContain('- kafkajs is left out: has no such thing\n')
    expect(text).not.toContain('| kafkajs')
    expect(text).not.toContain('at somewhere')
  })

  it('has latencies only where there are some', () => {
    const [first, awaited] = [results().series[0]!, results().series.find(({ group }) => group === 'awaited')!]
    expect(markdown(first)).not.toContain('latency')
    expect(markdown(awaited)).toContain('latency p99 ms')
  })

  it('has a row for each scenario in the overview, with the fastest other client', () => {
    const made = results()
    const lines = rates(made).trim().split('\n')
    expect(lines).toHaveLength(2 + made.series.length)
    expect(lines.some((line) => /^\| awaited, 256 callers .* × \([\d.]+–[\d.]+\) \|$/.test(line))).toBe(true)
  })

  it('shows parts by median and range of the rounds, and bytes a second where they say something', () => {
    const text = microTables(madeUpResults().micro, '### ')
    expect(text).toMatch(/### Submission ring\n\n\| +\| ns\/record \| +min–max \| +per second \|\n/)
    expect(text).toMatch(/\| zstd \| +1\d\d,\d{3} \| 1\d\d,\d{3}–1\d\d,\d{3} \| +[\d,]+ \| +[56]\d\d \|/)
  })

  it('is brief for the README and complete for the docs', () => {
    const made = results()
    for (const { title } of made.series) expect(full(made)).toContain(title)
    expect(brief(made).length).toBeLessThan(full(made).length / 3)
    for (const text of [brief(made), full(made)]) expect(text).toContain('Made-up Processor <i&j>')
    expect(full(made)).toContain('- missing: rdkafka: cannot be installed: no compiler & no network\n')
  })
})

describe('the HTML report', () => {
  it('E2 is well-formed, tags and attributes', () => {
    expect(faults(html(results()))).toEqual([])
    expect(faults('<p><b class=x>a</p>')).not.toEqual([])
    expect(faults('<p>a & b</p>')).not.toEqual([])
  })

  it('E2 needs no other file and runs no script', () => {
    const outside = /.{20}(https?:|\/\/|<script|<link|<img|<iframe|<use|@import|url\(|\bon\w+=|\bsrc=|\bhref=)/
    expect(outside.exec(html(results()))?.[0]).toBeUndefined()
  })

  it('names every client with its version, every scenario, the settings, what is missing, and how to do it again', () => {
    const made = results()
    made.series[0]!.clients[2]!.rounds = made.series[0]!.clients[0]!.rounds
    const text = unescaped(html(made))
    for (const { title, clients } of made.series) {
      expect(text).toContain(title)
      for (const { rounds } of clients) expect(text).toContain(rounds[1]!.client)
    }
    for (const { name } of made.micro) expect(text).toContain(name)
    expect(text).toContain('cannot be installed: no compiler & no network')
    expect(text).toContain('a setting of: kafkajs')
    expect(text).toContain('node bench/run.ts')
    expect(text).toContain('platformatic failed: lost <3> records')
  })

  it('has a chart for each figure of each group, with bars, whiskers and values', () => {
    const made = madeUpResults({ noise: 0.2 })
    const text = html(made)
    const charts = Array.from(text.matchAll(/<svg role="img" aria-label="([^"]+)"/g), ([, label]) => label)
    const groups = new Set(made.series.map(({ group }) => group))
    for (const figure of ['Records per second', 'CPU per record, µs', 'Peak memory, MB', 'Main thread’s loop busy, %'])
      expect(charts.filter((label) => label!.endsWith(`: ${figure}`))).toHaveLength(groups.size)
    expect(charts.filter((label) => label!.endsWith(': Event-loop delay p99, ms'))).toHaveLength(groups.size)
    const [produce] = /<svg role="img" aria-label="Produce at full speed: Records per second"[\s\S]*?<\/svg>/.exec(text)!
    const clients = made.series[0]!.clients.length
    expect(produce.match(/fill="var\(--ours\)"/g)).toHaveLength(2)
    expect(produce.match(/<path[^>]*stroke="var\(--ink\)"/g)).toHaveLength(3 * 2 * clients)
    expect(produce).toMatch(/>1\.\d+ M<\/text>/)
  })

  it('draws awaited records as lines over the number of callers', () => {
    const [chart] = /<svg role="img" aria-label="Awaited records: Records per second"[\s\S]*?<\/svg>/.exec(html(madeUpResults()))!
    for (const callers of ['1', '16', '256', '4096']) expect(chart).toContain(`>${callers}</text>`)
    expect(chart).toContain('callers that wait at the same time')
  })

  it('shows where odradek is behind, too', () => {
    const text = html(madeUpResults({ odradekSlower: 10 }))
    expect(text).toContain('hero slower')
    expect(text).toContain('fill="var(--slower)"')
    expect(html(madeUpResults())).not.toContain('hero slower')
  })

  it('has colours for light and dark', () => {
    const text = html(results())
    const [light, dark] = text.split('@media(prefers-color-scheme:dark)')
    const used = new Set(Array.from(text.matchAll(/var\((--\w+)\)/g), ([, name]) => name!))
    expect(used).toContain('--ours')
    for (const name of used) {
      expect(light).toContain(`${name}:#`)
      expect(dark!.slice(0, dark!.indexOf('}}'))).toContain(`${name}:#`)
    }
  })

  it('can be made of parts only, and of scenarios only', () => {
    for (const some of [{ series: [] }, { micro: [] }]) expect(faults(html({ ...madeUpResults(), ...some }))).toEqual([])
  })
})

const unescaped = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

/** What is not well-formed: unknown characters in tags, tags that do not match, bare ampersands. */
function faults(text: string): string[] {
  const found: string[] = []
  const open: string[] = []
  const tag = /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?: [\w-]+(?:="[^"<>]*")?)*)\s*(\/?)>|</gi
  for (const [whole, closing, name, attributes, empty] of text.replace(/<style>[\s\S]*?<\/style>/, '').matchAll(tag)) {
    if (whole === '<') found.push('a < that begins no tag')
    else if (!name) continue
    else if (/=(?!")/.test(attributes!.replace(/"[^"]*"/g, '""'))) found.push(`attributes of ${whole}`)
    else if (closing) {
      if (open.pop() !== name) found.push(`</${name}> closes another`)
    } else if (!empty && !['meta', 'br'].includes(name)) open.push(name)
  }
  if (open.length > 0) found.push(`left open: ${open}`)
  if (/&(?!amp;|lt;|gt;|quot;|#\d+;)/.test(text)) found.push('a bare &')
  return found
}
