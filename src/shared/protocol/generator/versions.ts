/** Ranges of versions, and emitted code that asks `v` no more than what is not known yet. */

/** A closed range of versions; empty when min > max. */
export interface Versions {
  min: number
  max: number
}

/** Open ends stop here. */
export const NEVER = 32_767

export const NO_VERSIONS: Versions = { min: 1, max: 0 }

export function isEmpty({ min, max }: Versions): boolean {
  return min > max
}

export function intersect(a: Versions, b: Versions): Versions {
  return { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) }
}

/** The smallest range that holds both. */
export function hull(a: Versions, b: Versions): Versions {
  if (isEmpty(a)) return b
  return isEmpty(b) ? a : { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }
}

/** 'true', 'false', or a comparison that says whether `v`, known to be in `range`, is one of the versions. */
export function within(range: Versions, versions: Versions): string {
  if (isEmpty(intersect(range, versions))) return 'false'
  const tests: string[] = []
  if (versions.min > range.min) tests.push(`v >= ${versions.min}`)
  if (versions.max < range.max) tests.push(`v <= ${versions.max}`)
  return tests.length === 0 ? 'true' : tests.join(' && ')
}

/** The opposite of {@link within}. */
export function outside(range: Versions, versions: Versions): string {
  if (isEmpty(intersect(range, versions))) return 'true'
  const tests: string[] = []
  if (versions.min > range.min) tests.push(`v < ${versions.min}`)
  if (versions.max < range.max) tests.push(`v > ${versions.max}`)
  return tests.length === 0 ? 'false' : tests.join(' || ')
}

/** What is known of `v` where it is not one of the versions. */
function without(range: Versions, versions: Versions): Versions {
  if (isEmpty(intersect(range, versions))) return range
  if (versions.min <= range.min) return { min: versions.max + 1, max: range.max }
  return versions.max >= range.max ? { min: range.min, max: versions.min - 1 } : range
}

/** An expression: `yes` in these versions, `no` in others. Both are told what is known of `v`. */
export function choose(
  range: Versions,
  versions: Versions,
  yes: (range: Versions) => string,
  no: (range: Versions) => string,
): string {
  const test = within(range, versions)
  if (test === 'true') return yes(range)
  if (test === 'false') return no(range)
  const parts = [yes(intersect(range, versions)), no(without(range, versions))]
  const [first, second] = parts.map((part) => (part.includes(' ? ') ? `(${part})` : part))
  return first === second ? first! : `${test} ? ${first} : ${second}`
}

/** Statements: `yes` in these versions, `no` in others. */
export function branch(
  range: Versions,
  versions: Versions,
  yes: (range: Versions) => string[],
  no: (range: Versions) => string[] = () => [],
): string[] {
  const test = within(range, versions)
  if (test === 'true') return yes(range)
  if (test === 'false') return no(range)
  const [then, otherwise] = [yes(intersect(range, versions)), no(without(range, versions))]
  if (then.length === 0) return otherwise.length === 0 ? [] : guarded(`if (${outside(range, versions)})`, otherwise)
  const lines = guarded(`if (${test})`, then)
  if (otherwise.length === 0) return lines
  const rest = guarded('else', otherwise)
  return lines.at(-1) === '}' ? [...lines.slice(0, -1), `} ${rest[0]}`, ...rest.slice(1)] : [...lines, ...rest]
}

/** A statement with a body, in braces unless the body is one simple line. */
export function guarded(head: string, body: string[]): string[] {
  const simple = !/^(if|for|const|let)\b/.test(body[0]!) || (head === 'else' && body[0]!.startsWith('if '))
  if (body.length === 1 && simple) return [`${head} ${body[0]}`]
  return [`${head} {`, ...indent(body), '}']
}

export function indent(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`)
}
