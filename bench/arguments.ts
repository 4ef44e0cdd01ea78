/** Reads options off a command line, and says clearly what is wrong with them. Knows no option by name. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { BadInput, unknownName } from './bad-input.ts'

interface Parsed<Options extends ParseArgsOptionsConfig> {
  values: ReturnType<typeof parseArgs<{ options: Options }>>['values']
  positionals: string[]
}

/** `positionals`: how many arguments there must be beside the options. */
export function readArguments<Options extends ParseArgsOptionsConfig>(
  args: string[],
  options: Options,
  positionals = 0,
): Parsed<Options> {
  const known = Object.keys(options).map((name) => `--${name}`)
  for (const arg of args) {
    const name = /^--[^=]+/.exec(arg)?.[0]
    if (name !== undefined && !known.includes(name)) throw new BadInput(unknownName('option', name, known))
  }
  const parsed = parse(args, options)
  if (parsed.positionals.length !== positionals) {
    const found = parsed.positionals.length === 0 ? 'none' : `'${parsed.positionals.join(' ')}'`
    throw new BadInput(
      `there must be ${positionals || 'no'} argument${positionals === 1 ? '' : 's'} beside the options, not ${found}`,
    )
  }
  return parsed
}

function parse<Options extends ParseArgsOptionsConfig>(args: string[], options: Options): Parsed<Options> {
  try {
    return parseArgs({ args, options, allowPositionals: true }) as unknown as Parsed<Options>
  } catch (error) {
    throw new BadInput((error as Error).message)
  }
}

/** The option as a whole number above 0. */
export function positive(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new BadInput(`${option} must be a whole number above 0, not '${text}'`)
}
