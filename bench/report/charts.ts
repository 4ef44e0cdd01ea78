/**
 * Charts as SVG text, drawn by echarts without a browser. Colours are CSS variables of the page they stand in. Knows shapes only:
 * bars with whiskers, lines over categories, ratios around 1.
 */
import { createRequire } from 'node:module'
import type * as echarts from 'echarts'
import type { Spread } from '../statistics.ts'
import { fraction, short } from './format.ts'
import { escapeHtml } from './page.ts'

/** One file, already minified: its many modules, one by one, take ten times as long to load. */
const BUNDLE = 'echarts/dist/echarts.min.js'

const WIDTH = 440
const BAR = 16
const BAR_GAP = 3
const CATEGORY_GAP = 12
const LETTER = 6.4
const LABEL_GAP = 8
/** A value such as `12.3 ×`, and some room. */
const VALUE = 48

type Renderer = echarts.CustomSeriesOption['renderItem'] & {}
type Api = Parameters<Renderer>[1]
type Option = echarts.EChartsOption

export interface Bar {
  colour: string
  spread: Spread
}

export interface BarCategory {
  label: string
  bars: Bar[]
}

export interface Line {
  colour: string
  /** By position of the category; undefined where there is no value. */
  points: (Spread | undefined)[]
}

export interface Ratio {
  label: string
  spread: Spread
  /** Against what. */
  note: string
}

let loaded: typeof echarts | undefined

function draw(title: string, height: number, option: Option): string {
  loaded ??= createRequire(import.meta.url)(BUNDLE) as typeof echarts
  const chart = loaded.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height })
  chart.setOption({ animation: false, ...option })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return tidy(svg, title)
}

/** Only what is drawn: no style sheet for a pointer, no marks for scripts, no names of documents elsewhere. */
function tidy(svg: string, title: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>\s*/g, '')
    .replace(/ (?:ecmeta_\w+|class|xml:space|version|baseProfile|xmlns(?::\w+)?)="[^"]*"/g, '')
    .replace(/(\d+\.\d\d)\d+/g, '$1')
    .replace(/^<svg width="\d+" height="\d+"/, `<svg role="img" aria-label="${escapeHtml(title)}"`)
    .trim()
}

/** Horizontal bars from nought to the median; the whisker is the range, the text the median. */
export function barChart(title: string, categories: readonly BarCategory[], text: (value: number) => string = short): string {
  const most = Math.max(...categories.flatMap(({ bars }) => bars.map(({ spread }) => spread.max)))
  const perCategory = Math.max(...categories.map(({ bars }) => bars.length))
  const band = perCategory * (BAR + BAR_GAP) + CATEGORY_GAP
  const render: Renderer = ({ dataIndex }, api) => {
    const { bars } = categories[dataIndex]!
    const top = api.coord([0, dataIndex])[1]! - (bars.length * (BAR + BAR_GAP) - BAR_GAP) / 2
    const children = bars.flatMap((bar, index) => drawBar(api, bar, top + index * (BAR + BAR_GAP), text(bar.spread.median)))
    return { type: 'group', children }
  }
  return draw(title, categories.length * band, {
    grid: { left: leftOf(categories), right: 56, top: 0, bottom: 0 },
    xAxis: { type: 'value', show: false, min: 0, max: most || 1 },
    yAxis: categoryAxis(categories),
    series: [{ type: 'custom', clip: false, data: categories.map((_, index) => [0, index]), renderItem: render }],
  })
}

function drawBar(api: Api, { colour, spread: { median, min, max } }: Bar, top: number, text: string) {
  const x = (value: number) => api.coord([value, 0])[0]!
  const bar = { x: x(0), y: top, width: Math.max(1, x(median) - x(0)), height: BAR, r: [0, 4, 4, 0] }
  return [
    { type: 'rect' as const, shape: bar, style: { fill: colour } },
    ...whisker(x(min), x(max), top + BAR / 2),
    label(text, x(Math.max(median, max)) + LABEL_GAP, top + BAR / 2),
  ]
}

/** How many times as much, on a logarithmic axis around 1. */
export function ratioChart(title: string, ratios: readonly Ratio[]): string {
  // whole powers of two, so that both ends of the axis are marks of it
  const most = 2 ** Math.ceil(Math.log2(Math.max(1.5, ...ratios.map(({ spread }) => spread.max))))
  const least = 2 ** Math.floor(Math.log2(Math.min(1, ...ratios.map(({ spread }) => spread.min))))
  const band = BAR + CATEGORY_GAP
  const render: Renderer = ({ dataIndex }, api) => {
    const { spread, note } = ratios[dataIndex]!
    const x = (value: number) => api.coord([value, dataIndex])[0]!
    const y = api.coord([1, dataIndex])[1]!
    const { median, min, max } = spread
    const [from, to] = [x(Math.min(1, median)), x(Math.max(1, median))]
    const end = x(Math.max(1, max)) + LABEL_GAP
    const one = { x1: x(1), x2: x(1), y1: y - band / 2, y2: y + band / 2 }
    const bar = {
      x: from,
      y: y - BAR / 2,
      width: Math.max(1, to - from),
      height: BAR,
      r: median < 1 ? [4, 0, 0, 4] : [0, 4, 4, 0],
    }
    return {
      type: 'group',
      children: [
        { type: 'rect', shape: bar, style: { fill: median < 1 ? 'var(--slower)' : 'var(--ours)' } },
        { type: 'line', shape: one, style: { stroke: 'var(--soft)' } },
        ...whisker(x(min), x(max), y),
        label(`${fraction(median)} ×`, end, y),
        { type: 'text', style: { ...noteStyle, text: note, x: end + VALUE, y } },
      ],
    }
  }
  return draw(title, ratios.length * band + 22, {
    grid: { left: leftOf(ratios), right: 140, top: 0, bottom: 22 },
    xAxis: {
      type: 'log',
      logBase: 2,
      min: least,
      max: most,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: 'var(--soft)', fontSize: 11, hideOverlap: true, formatter: (value: number) => `${short(value)}×` },
      splitLine: { lineStyle: { color: 'var(--grid)' } },
    },
    yAxis: categoryAxis(ratios),
    series: [{ type: 'custom', clip: false, data: ratios.map((_, index) => [1, index]), renderItem: render }],
  })
}

/** Medians over categories, with whiskers, on a logarithmic axis. */
export function lineChart(title: string, categories: readonly string[], lines: readonly Line[], axis: string): string {
  return draw(title, 230, {
    grid: { left: 46, right: 14, top: 10, bottom: 38 },
    xAxis: {
      type: 'category',
      data: [...categories],
      name: axis,
      nameLocation: 'middle',
      nameGap: 24,
      nameTextStyle: { color: 'var(--soft)' },
      axisLine: { lineStyle: { color: 'var(--soft)' } },
      axisTick: { show: false },
      axisLabel: { color: 'var(--ink)' },
    },
    yAxis: {
      type: 'log',
      axisLabel: { color: 'var(--soft)', formatter: (value: number) => short(value) },
      splitLine: { lineStyle: { color: 'var(--grid)' } },
    },
    series: lines.flatMap(lineWithWhiskers),
  })
}

function lineWithWhiskers({ colour, points }: Line): echarts.SeriesOption[] {
  const render: Renderer = ({ dataIndex }, api) => {
    const point = points[dataIndex]
    if (!point) return null
    const [x, from] = api.coord([dataIndex, point.min])
    const to = api.coord([dataIndex, point.max])[1]!
    return { type: 'line', shape: { x1: x!, x2: x!, y1: from!, y2: to }, style: { stroke: colour, lineWidth: 1.5, opacity: 0.6 } }
  }
  const median = points.map((point) => point?.median ?? '-')
  return [
    {
      type: 'line',
      data: median,
      symbol: 'circle',
      symbolSize: 8,
      connectNulls: true,
      lineStyle: { color: colour, width: 2.5 },
      itemStyle: { color: colour },
    },
    { type: 'custom', data: points.map((point, index) => [index, point?.median ?? '-']), renderItem: render },
  ]
}

function categoryAxis(categories: readonly { label: string }[]): echarts.YAXisComponentOption {
  return {
    type: 'category',
    inverse: true,
    data: categories.map(({ label }) => label),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: 'var(--ink)', interval: 0, fontSize: 12 },
  }
}

const leftOf = (categories: readonly { label: string }[]): number =>
  Math.max(...categories.map((category) => category.label.length)) * LETTER + 14

function whisker(from: number, to: number, y: number) {
  const line = (x1: number, x2: number, y1: number, y2: number) => ({
    type: 'line' as const,
    shape: { x1, x2, y1, y2 },
    style: { stroke: 'var(--ink)', lineWidth: 1.25, opacity: 0.75 },
  })
  return to - from < 1 ? [] : [line(from, to, y, y), line(from, from, y - 3.5, y + 3.5), line(to, to, y - 3.5, y + 3.5)]
}

const noteStyle = { fill: 'var(--soft)', font: 'normal 11px sans-serif', verticalAlign: 'middle' as const }

function label(text: string, x: number, y: number) {
  const style = { text, x, y, fill: 'var(--ink)', font: '600 12px sans-serif', verticalAlign: 'middle' as const }
  return { type: 'text' as const, style }
}
