/**
 * Java's `String.hashCode` and the order in which its `HashMap` gives keys out. A group's coordinator is found by the former, and
 * where Kafka chooses among equals it takes the first by the latter.
 */

export function javaHashCode(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0
  return hash
}

const SMALLEST_TABLE = 16
const LOAD_FACTOR = 0.75

/** The keys as a `HashMap` lists them that they were put into in this order. */
export function inHashOrder(keys: Iterable<string>): string[] {
  const all = [...keys]
  let size = SMALLEST_TABLE
  while (all.length > size * LOAD_FACTOR) size *= 2
  const bucketOf = (key: string): number => {
    const hash = javaHashCode(key)
    return (hash ^ (hash >>> 16)) & (size - 1)
  }
  return all
    .map((key) => ({ key, bucket: bucketOf(key) }))
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ key }) => key)
}
