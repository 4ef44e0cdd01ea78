/** What is wrong with what somebody gave a command, and how commands end: 0 well, 1 badly, 2 on bad input. */
import { distance } from 'fastest-levenshtein'

export class BadInput extends Error {}

/** The names of a comma-separated list, each of them known; `what` is what they name. */
export function knownNames(what: string, list: string, known: readonly string[]): string[] {
  const names = list.split(',').map((name) => name.trim())
  for (const name of names) if (!known.includes(name)) throw new BadInput(unknownName(what, name, known))
  return names
}

/** `unknown client 'odradeck': did you mean 'odradek'?` */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const near = known.toSorted((a, b) => distance(name, a) - distance(name, b))[0]
  const isNear = near !== undefined && distance(name, near) <= Math.max(2, near.length / 3)
  return `unknown ${what} '${name}': ${isNear ? `did you mean '${near}'?` : `there are ${known.join(', ')}`}`
}

/** Runs a command whose number is its exit code. */
export async function runCommand(usage: string, command: (args: string[]) => number | Promise<number>): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage)
    return
  }
  try {
    process.exitCode = await command(args)
  } catch (error) {
    const bad = error instanceof BadInput
    process.stderr.write(bad ? `${error.message}\n--help says more\n` : `${(error as Error).stack}\n`)
    process.exitCode = bad ? 2 : 1
  }
}
