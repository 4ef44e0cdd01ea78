// Loaded before everything else in every thread of a test process: threads start from the files that `thread-files.ts` made.
import { existsSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { pathToFileURL } from 'node:url'
import threads from 'node:worker_threads'

const folder = process.env.ODRADEK_TEST_THREADS
const sources = new URL('../../src/', import.meta.url).href

function fileOf(file) {
  if (!String(file).startsWith(sources)) return file
  const made = `${folder}/${String(file).slice(sources.length, -'.ts'.length)}.js`
  return existsSync(made) ? pathToFileURL(made) : file
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
