import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildAddon, findNode, type HeaderedNode, versionIn } from '../../bench/peers/addon.ts'
import { install } from '../../bench/peers/install.ts'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'odradek-bench-peers-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const quiet = () => {}
const header = (version: string) =>
  ['MAJOR', 'MINOR', 'PATCH']
    .map((part, index) => `#define NODE_${part}_VERSION ${version.split('.')[index]}\n`)
    .join('#define SOMETHING_ELSE 7\n')

/** A Node that can say its version; with headers of a version beside it, or without. */
function fakeNode(name: string, version: string, headers?: string): string {
  const path = join(folder, name, 'bin', 'node')
  mkdirSync(join(folder, name, 'bin'), { recursive: true })
  writeFileSync(path, `#!/bin/sh\necho ${version}\n`)
  chmodSync(path, 0o755)
  if (headers !== undefined) {
    mkdirSync(join(folder, name, 'include', 'node'), { recursive: true })
    writeFileSync(join(folder, name, 'include', 'node', 'node_version.h'), header(headers))
  }
  return path
}

describe('installing a peer', () => {
  test('happens once, and again when something else is asked for or the build failed', async () => {
    const builds: string[] = []
    const build = (what: string) => () => Promise.resolve(void builds.push(what))
    const ask = (version: string) => writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, version }))
    ask('1.0.0')
    await expect(install(folder, quiet, '20', () => Promise.reject(new Error('no compiler')))).rejects.toThrow('no compiler')
    await install(folder, quiet, '20', build('after a failure'))
    await install(folder, quiet, '20', build('once more'))
    await install(folder, quiet, '22', build('for another Node'))
    ask('2.0.0')
    await install(folder, quiet, '22', build('another version'))
    expect(builds).toEqual(['after a failure', 'for another Node', 'another version'])
  }, 120_000)

  test('that does not work says why', async () => {
    writeFileSync(join(folder, 'package.json'), '{ this is no JSON')
    await expect(install(folder, quiet)).rejects.toThrow(/npm cannot install it: .*JSON/s)
  })
})

describe.skipIf(process.platform === 'win32')('the addon of a peer', () => {
  test("is for the first Node whose own headers lie beside it, not another version's", async () => {
    const without = fakeNode('without', '24.1.0')
    const wrong = fakeNode('wrong', '24.1.0', '20.3.12')
    const old = fakeNode('old', '18.20.0', '18.20.0')
    const right = fakeNode('right', '20.3.12', '20.3.12')
    const later = fakeNode('later', '22.1.0', '22.1.0')
    const found = await findNode([without, wrong, old, right, later])
    expect(found).toEqual({ path: right, version: '20.3.12', prefix: join(folder, 'right') })
  })

  test('is not to be had without headers, and the reason names where they were looked for', async () => {
    await expect(findNode([fakeNode('without', '24.1.0')])).rejects.toThrow(/no Node.js has its headers.*24\.1\.0 \(.*without/s)
  })

  test("is compiled against those headers by the folder's node-gyp, and what that prints is kept", async () => {
    const node: HeaderedNode = { path: process.execPath, version: process.versions.node, prefix: '/where/headers/lie' }
    mkdirSync(join(folder, 'node_modules', 'node-gyp', 'bin'), { recursive: true })
    mkdirSync(join(folder, 'node_modules', 'thing'), { recursive: true })
    const gyp = join(folder, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js')
    const printed = () => readFileSync(join(folder, 'build.log'), 'utf8')
    writeFileSync(gyp, 'console.log(JSON.stringify([process.cwd(), process.argv.slice(2), process.env.JOBS]))')
    await buildAddon(folder, 'thing', node, quiet)
    expect(JSON.parse(printed())).toEqual([
      join(folder, 'node_modules', 'thing'),
      ['rebuild', '--nodedir=/where/headers/lie'],
      '1',
    ])
    writeFileSync(gyp, 'console.error("an error of the compiler"); process.exit(1)')
    await expect(buildAddon(folder, 'thing', node, quiet)).rejects.toThrow(/cannot be compiled.*build\.log/)
    expect(printed()).toContain('an error of the compiler')
  })
})

test("the version of Node's headers", () => {
  expect(versionIn(header('20.3.12'))).toBe('20.3.12')
})
