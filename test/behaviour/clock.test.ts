/**
 * F34 in a real process: libfaketime moves the wall clock of a client by an hour, forth and back. The same on a virtual clock is in
 * `test/simulation`.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { onEmbedded } from './on-brokers.ts'

/** The library that the `faketime` command preloads; undefined where there is none. */
function faketimeLibrary(): string | undefined {
  try {
    return execFileSync('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return undefined
  }
}

const library = faketimeLibrary()
if (library === undefined)
  process.stderr.write(`${'!'.repeat(100)}\nF34 IS NOT TESTED IN A REAL PROCESS: install faketime (apt-get install faketime)\n`)

describe.skipIf(library === undefined)(`the wall clock${library ? '' : ' (skipped: no faketime)'}`, () => {
  onEmbedded('jumps', 1, (world) => {
    it('F34 IX6: by an hour, forth and back: timestamps follow, nothing times out or is connected anew', async () => {
      const topic = await world.topic(2)
      const directory = mkdtempSync(join(tmpdir(), 'clock-'))
      try {
        const clockFile = join(directory, 'faketimerc')
        writeFileSync(clockFile, '+0')
        const child = spawn(
          process.execPath,
          [join(import.meta.dirname, 'clock-child.ts'), JSON.stringify({ brokers: world.brokers, topic, clockFile })],
          {
            stdio: ['ignore', 'pipe', 'pipe'],
            env: {
              ...process.env,
              LD_PRELOAD: library,
              FAKETIME_TIMESTAMP_FILE: clockFile,
              FAKETIME_NO_CACHE: '1',
              DONT_FAKE_MONOTONIC: '1',
            },
          },
        )
        let said = ''
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk))
        const [code] = (await once(child, 'close')) as [number]
        expect([code, said]).toEqual([0, '80 sent, hours 0 1 -1, 1 read, 0 disconnects\n'])
      } finally {
        rmSync(directory, { recursive: true })
      }
    })
  })
})
