/** A report of results as one HTML file, with charts, to be read and to be shared. */

import type { Results } from '../results.ts'
import { type BarCategory, barChart, lineChart, type Ratio, ratioChart } from './charts.ts'
import { type Figure, figures, valuesOf } from './figures.ts'
import { fraction, short, whole } from './format.ts'
import { type ClientLook, fullLabelOf, groupsOf, labelOf, looksOf, type ReportGroup } from './groups.ts'
import { OURS } from './judge.ts'
import { environment, failures, measured, ratiosOf, settingsOf, spreadOf, tableOf } from './markdown.ts'
import { microRows } from './micro.ts'
import { escapeHtml, page } from './page.ts'
import { againstFastest, type Standing } from './standing.ts'

export function html(results: Results): string {
  const looks = looksOf(results)
  const groups = groupsOf(results)
  const title = 'odradek benchmarks'
  return page(
    title,
    [
      `<h1>${title}</h1>`,
      `<p class="soft">${escapeHtml(environment(results))}</p>`,
      overview(groups),
      ...groups.map((group) => section(group, looks)),
      parts(results),
      how(results),
    ].join('\n'),
  )
}

const reading = `<div class="soft small"><p>Every run is a process of its own. In each round every client runs once, in turning order, so that
what disturbs the machine disturbs all of them; ratios are taken within a round.</p><p>Bars are medians over the rounds, whiskers the
least and the most.</p><p>The ceiling is no client: batches made beforehand on plain sockets, which is what broker and machine allow at
all.</p></div>`

/** Large at the top; all scenarios are in the chart below. */
const HEROES = ['firehose-100', 'fetch-100', 'batches-100', 'awaited-256']

/** Every scenario against the fastest other client in it, whether odradek is ahead or not. */
function overview(groups: readonly ReportGroup[]): string {
  const standings = groups.flatMap((group) =>
    group.series.flatMap((series) => {
      const standing = againstFastest(series)
      return standing ? [{ ...standing, id: series.id, label: fullLabelOf(group, series) }] : []
    }),
  )
  if (standings.length === 0) return ''
  const heroes = HEROES.flatMap((hero) => standings.find(({ id }) => id === hero) ?? [])
  const caption = 'Records per second, odradek against the fastest other client'
  const ratios = standings.map(({ label, ratio, client }): Ratio => ({ label, spread: ratio, note: client }))
  return (
    `<div class="heroes">${heroes.map(hero).join('')}</div>` +
    `<div class="overview"><div class="card">${chart(caption, 'more is better', ratioChart(caption, ratios))}</div>${reading}</div>`
  )
}

function hero({ label, ratio: { median }, client }: Standing & { label: string }): string {
  const times = `${median < 1 ? median.toFixed(2) : median < 10 ? median.toFixed(1) : whole(median)} ×`
  return (
    `<div class="hero${median < 1 ? ' slower' : ''}"><b>${times}</b>${escapeHtml(label)}<br>` +
    `<span class="soft small">the records/s of ${escapeHtml(client)}</span></div>`
  )
}

function section(group: ReportGroup, looks: readonly ClientLook[]): string {
  const present = looks.filter(({ key }) => group.series.some((series) => measured(series).some((client) => client.key === key)))
  const cards = figures.flatMap((figure) => {
    const svg = chartOf(group, present, figure)
    return svg ? [`<div class="card">${chart(figure.heading, `${figure.better} is better`, svg)}</div>`] : []
  })
  return [
    `<h2>${escapeHtml(group.title)}</h2>`,
    `<ul class="legend">${present.map(legend).join('')}</ul>`,
    `<div class="cards">${cards.join('\n')}</div>`,
    ...group.series.map(numbers),
  ].join('\n')
}

const legend = ({ name, colour }: ClientLook) => `<li><i style="background:${colour}"></i>${escapeHtml(name)}</li>`

const chart = (caption: string, note: string, svg: string) =>
  `<figure><figcaption>${escapeHtml(caption)} <span>· ${escapeHtml(note)}</span></figcaption>${svg}</figure>`

/** Figures that grow with the number of callers are lines over it, everything else bars. */
function chartOf(group: ReportGroup, looks: readonly ClientLook[], { key, heading, text }: Figure): string | undefined {
  const { series } = group
  const ofClient = (each: (typeof series)[number], look: ClientLook) =>
    spreadOf(
      each.clients.find((client) => client.key === look.key),
      key,
    )
  if (!series.some((each) => looks.some((look) => ofClient(each, look)))) return undefined
  const title = `${group.title}: ${heading}`
  if (series.length > 1 && series.every(({ job }) => job.callers > 0) && overCallers.has(key)) {
    const lines = looks.map((look) => ({ colour: look.colour, points: series.map((each) => ofClient(each, look)) }))
    return lineChart(
      title,
      series.map(({ job }) => `${job.callers}`),
      lines,
      'callers that wait at the same time',
    )
  }
  const shortText = (value: number) => (value >= 10_000 ? short(value) : text(value))
  const bars = (each: (typeof series)[number], some: readonly ClientLook[]) =>
    some.flatMap((look) => {
      const spread = ofClient(each, look)
      return spread ? [{ colour: look.colour, spread }] : []
    })
  const categories: BarCategory[] =
    series.length === 1
      ? looks.map((look) => ({ label: look.key, bars: bars(series[0]!, [look]) }))
      : series.map((each) => ({ label: labelOf(each), bars: bars(each, looks) }))
  return barChart(
    title,
    categories.filter((category) => category.bars.length > 0),
    shortText,
  )
}

const overCallers = new Set(['recordsPerSecond', 'cpuPerRecord', 'latencyP50', 'latencyP99'])

function numbers(series: Results['series'][number]): string {
  const [header, rows] = tableOf(series)
  const ours = measured(series).findIndex(({ key }) => key === OURS)
  const rounds = Math.max(0, ...series.clients.map((client) => valuesOf(client, 'recordsPerSecond').length))
  const notes = [...ratiosOf(series), ...failures(series)]
  return [
    `<details><summary>${escapeHtml(series.title)} <span class="soft">${rounds} ${rounds === 1 ? 'round' : 'rounds'}</span></summary>`,
    rows.length > 0 ? tableHtml(header, rows, ours) : '',
    notes.length > 0 ? `<ul class="small">${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>` : '',
    '</details>',
  ].join('\n')
}

/** A cell `median (min–max)` is two lines. */
function tableHtml(header: readonly string[], rows: readonly (readonly string[])[], ours = -1): string {
  const cell = (text: string) => escapeHtml(text).replace(/^(\S+) \(([^)]*–[^)]*)\)$/, '$1<small>$2</small>')
  const body = rows.map(
    (row, index) => `<tr${index === ours ? ' class="ours"' : ''}>${row.map((text) => `<td>${cell(text)}</td>`).join('')}</tr>`,
  )
  return (
    `<div class="scroll"><table><thead><tr>${header.map((text) => `<th>${escapeHtml(text)}</th>`).join('')}</tr></thead>` +
    `<tbody>${body.join('\n')}</tbody></table></div>`
  )
}

function parts({ micro }: Results): string {
  const tables = microRows(micro)
  if (tables.length === 0) return ''
  const details = tables.map(({ title, header, rows }) => {
    return `<details><summary>${escapeHtml(title)}</summary>${tableHtml(header, rows)}</details>`
  })
  return `<h2>Parts</h2>\n<p class="soft">What single steps cost on one thread, in nanoseconds.</p>\n${details.join('\n')}`
}

/** Environment, settings and the commands to do it again. */
function how(results: Results): string {
  const { machine, versions, missing, started, finished, command } = results
  const facts: [string, string][] = [
    ['measured', `${started.slice(0, 16).replace('T', ' ')} to ${finished.slice(11, 16)} UTC`],
    ['machine', `${machine.processors} processors, ${machine.model}, ${fraction(machine.memoryGB)} GB`],
    ['system', machine.system],
    ['Node', versions.node],
    ['Kafka', versions.kafka],
  ]
  const settings = Array.from(settingsOf(results), ([client, told]): [string, string] => [
    client,
    Object.entries(told)
      .map(([name, value]) => `${name}: ${value}`)
      .join('; '),
  ])
  const absent = missing.map(({ name, reason }): [string, string] => [name, `missing: ${reason}`])
  return [
    '<h2>How it was measured</h2>',
    list(facts),
    settings.length + absent.length > 0 ? `<h3>Clients and their settings</h3>${list([...settings, ...absent])}` : '',
    '<h3>Do it again</h3>',
    `<pre>npm ci\nnpm run build\n${escapeHtml(command)}</pre>`,
  ].join('\n')
}

const list = (pairs: readonly [string, string][]) =>
  `<dl>${pairs.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('\n')}</dl>`
