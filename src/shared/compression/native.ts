/** Packages with native code that are installed only where there is a build of them: loaded when first needed, not before. */
import { createRequire } from 'node:module'
import { KafkaError } from '../errors.ts'

/** Loads the package once; throws UNSUPPORTED_COMPRESSION, which names what is missing where, as long as it is not there. */
export function optionalPackage<T>(
  codec: string,
  name: string,
  load: (name: string) => unknown = createRequire(import.meta.url),
): () => T {
  let loaded: T | undefined
  return () => {
    if (loaded !== undefined) return loaded
    try {
      loaded = load(name) as T
      return loaded
    } catch (cause) {
      const where = `${process.platform}-${process.arch}`
      const advice = `install it (npm install ${name}), or have producers use gzip or zstd, which Node has`
      const text = `The codec ${codec} needs the optional package '${name}', which cannot be loaded on ${where}: ${advice}.`
      throw new KafkaError('UNSUPPORTED_COMPRESSION', text, { cause })
    }
  }
}
