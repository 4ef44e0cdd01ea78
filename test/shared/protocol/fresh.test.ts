import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { GENERATED, generate } from '../../../src/shared/protocol/generate.ts'
import { findJars } from '../../../src/shared/protocol/generator/definitions.ts'

test('the generated files are what the generator makes of the definitions of Kafka', { timeout: 300_000 }, (context) => {
  const jars = findJars(process.env['CI'] === 'true')
  if (!jars) {
    console.warn(
      'NOT CHECKED: whether src/shared/protocol/generated is fresh; kafka-clients is not in the local Maven repository',
    )
    return context.skip('kafka-clients is not in the local Maven repository')
  }
  const files = generate(jars)
  expect(readdirSync(GENERATED).sort()).toEqual([...files.keys()].sort())
  for (const [name, text] of files) expect(readFileSync(join(GENERATED, name), 'utf8') === text, `${name} is stale`).toBe(true)
})
