/** A table in a hand-written Markdown file that a script makes: it stands between two comments that carry its name. */

/** The text with the table of this name made anew. */
export function withTable(text: string, name: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`there is no place for the table of ${name}: ${begin} and ${end}`)
  const lines = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return `${text.slice(0, from + begin.length)}\n${lines.join('\n')}\n${text.slice(to)}`
}
