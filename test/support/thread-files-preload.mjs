// Loaded before everything else in every thread of a test process: threads start from the files that `thread-files.ts` made.
import { syncBuiltinESMExports } from 'node:module'
import { pathToFileURL } from 'node:url'
import threads from 'node:worker_threads'

const folder = process.env.ODRADEK_TEST_THREADS
const sources = new URL('../../src/', import.meta.url).href
const made = new Set(['workers/io-worker', 'workers/handler-worker', 'main/testing/broker/thread'])

function fileOf(file) {
  const name = String(file).slice(sources.length, -'.ts'.length)
  return String(file).startsWith(sources) && made.has(name) ? pathToFileURL(`${folder}/${name}.js`) : file
}

if (folder) {
  const { Worker } = threads
  threads.Worker = class extends Worker {
    constructor(file, options) {
      super(fileOf(file), options)
    }
  }
  syncBuiltinESMExports()
}
