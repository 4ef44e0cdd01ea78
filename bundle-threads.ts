/**
 * What runs in threads becomes one file each: a thread that loads two hundred small modules takes twice as long to start, and both a
 * client and a broker start one. In `dist` the small files stay beside it, for clients without threads and brokers in the caller's thread.
 *
 *   node bundle-threads.ts FOLDER
 */
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/** By the file that starts the thread, as tsc names it. */
const SOURCES: Readonly<Record<string, string>> = {
  'workers/io-worker': 'src/workers/io-worker.ts',
  'workers/handler-worker': 'src/workers/handler-worker.ts',
  'main/testing/broker/thread': 'src/main/testing/broker/serve.ts',
}

export async function bundleThreads(folder: string): Promise<void> {
  for (const [file, source] of Object.entries(SOURCES)) {
    await using bundle = await rolldown({
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      input: { [file]: source },
      platform: 'node',
      // packages are loaded as they are installed
      external: (id) => !/^[./]/.test(id),
      // codecs that every thread needs are in the registry of all codecs too
      checks: { ineffectiveDynamicImport: false },
    })
    await bundle.write({
      dir: folder,
      format: 'esm',
      entryFileNames: '[name].js',
      // codecs of rare requests are loaded when they are needed
      chunkFileNames: `${file}/[name].js`,
    })
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) await bundleThreads(argv[2] ?? 'dist')
