/**
 * What runs in threads becomes one file each in `dist`: a thread that loads two hundred small modules takes twice as long to start, and
 * both a client and a broker start one. The small files stay beside it, for clients without threads and brokers in the caller's thread.
 */
import { defineConfig, type RolldownOptions } from 'rolldown'

function thread(file: string, source: string): RolldownOptions {
  return {
    input: { [file]: `src/${source}.ts` },
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

export default defineConfig([
  thread('workers/io-worker', 'workers/io-worker'),
  thread('workers/handler-worker', 'workers/handler-worker'),
  thread('main/testing/broker/thread', 'main/testing/broker/serve'),
])
