/** Guesses what was meant by a name that is not known. */
import { distance } from 'fastest-levenshtein'

/** The known name that begins like the unknown one, or else the one with the fewest letters changed; case does not count. */
export function nearest(unknown: string, known: Iterable<string>): string {
  const wanted = unknown.toLowerCase()
  const away = (name: string): number => {
    const other = name.toLowerCase()
    return other.startsWith(wanted) ? 0 : distance(wanted, other)
  }
  let best = ''
  for (const name of known) if (best === '' || away(name) < away(best)) best = name
  return best
}
