/**
 * What runs in threads becomes one file each in `dist`: a thread that loads two hundred small modules takes twice as long to start, and
 * both a client and a broker start one. The small files stay beside it, for clients without threads and brokers in the caller's thread.
 */
import { defineConfig, type RolldownOptions } from 'rolldown'

/** A thread: the file that starts it, as tsc names it, and its source. */
export interface ThreadFile {
  readonly file: string
  readonly source: string
}

export const threadFiles: readonly ThreadFile[] = [
  { file: 'workers/io-worker', source: 'src/workers/io-worker.ts' },
  { file: 'workers/handler-worker', source: 'src/workers/handler-worker.ts' },
  { file: 'main/testing/broker/thread', source: 'src/main/testing/broker/serve.ts' },
]

export function bundle({ file, source }: ThreadFile): RolldownOptions {
  return {
    input: { [file]: source },
    platform: 'node',
    // packages are loaded as they are installed
    external: (id) => !/^[./]/.test(id),
    // codecs that every thread needs are in the registry of all codecs too
    checks: { ineffectiveDynamicImport: false },
    output: {
      dir: 'dist',
      format: 'esm',
      entryFileNames: '[name].js',
      // codecs of rare requests are loaded when they are needed
      chunkFileNames: `${file}/[name].js`,
    },
  }
}

export default defineConfig(threadFiles.map(bundle))
