/** Parts of a hand-written Markdown file that scripts make: each stands between two comments that carry its name. */

/** The text with the table of this name made anew. */
export function withTable(text: string, name: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return withPart(text, name, lines.join('\n'))
}

/** The text with what stands between the comments of this name made anew. */
export function withPart(text: string, name: string, part: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`there is no place for ${name}: ${begin} and ${end}`)
  return `${text.slice(0, from + begin.length)}\n${part.trim()}\n${text.slice(to)}`
}
