/** Numbers and tables as people read them. Knows nothing of what was measured. */

/** 1,234,568 */
export const whole = (value: number): string => Math.round(value).toLocaleString('en')

/** About three digits. */
export function fraction(value: number): string {
  if (Math.abs(value) >= 1000) return whole(value)
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0)
}

/** 1.2 M, 340 k, 12: for the axes and bars of charts. */
export function short(value: number): string {
  for (const [unit, name] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const)
    if (value >= unit) return `${Number((value / unit).toPrecision(3))} ${name}`
  return `${Number(value.toPrecision(3))}`
}

/** 2 h 05 min, 3 min 10 s, 8 s */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const two = (value: number) => `${value}`.padStart(2, '0')
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`
}

/** A Markdown table that also reads well as it is; all columns but the first align to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, ...rows].map((row) => header.map((_, column) => (row[column] ?? '').replaceAll('|', '\\|')))
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |\n`
  const padded = cells.map((row) =>
    line(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))),
  )
  const rule = line(widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)))
  return [padded[0], rule, ...padded.slice(1)].join('')
}
