#!/usr/bin/env node
/** `odradek`: finds the command and runs it. What a command does, and its exit codes, are its own file's. */
import { readFileSync } from 'node:fs'

/** What a command's file has. */
interface Command {
  /** Resolves with the exit code. */
  run(args: string[]): Promise<number>
}

const commands = new Map<string, () => Promise<Command>>([['broker', () => import('./broker.ts')]])

const usage = `Usage: odradek <command> [options]

  broker   a Kafka for development on this machine, without Java or Docker

odradek <command> --help tells more, odradek --version which odradek this is.
`

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage)
    return name === undefined ? 2 : 0
  }
  if (name === '--version' || name === '-v') {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
    process.stdout.write(`${version}\n`)
    return 0
  }
  const load = commands.get(name)
  if (load) return (await load()).run(args)
  process.stderr.write(`There is no command '${name}'.\n\n${usage}`)
  return 2
}

// whatever a command left behind must not keep it running
process.exit(await main(process.argv.slice(2)))
