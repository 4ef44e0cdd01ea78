/**
 * Ends what this process started when this process ends, however it ends: a shell waits on a pipe from us, and when the pipe
 * closes it kills the processes and removes the directories that it was told of. So no signal handler is needed, and
 * kill -9 of a test run leaves nothing. Knows nothing of Kafka.
 */
import { type ChildProcess, spawn } from 'node:child_process'

// One command a line. A process that ended is forgotten, because its id may by then belong to somebody else.
const script = `
pids=' '
while read -r what arg; do
  case $what in
    watch) pids="$pids$arg " ;;
    forget) case $pids in *" $arg "*) pids="\${pids%%" $arg "*} \${pids#*" $arg "}" ;; esac ;;
    remove) set -- "$@" "$arg" ;;
  esac
done
for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
for directory in "$@"; do
  rm -rf "$directory" 2>/dev/null || { sleep 1; rm -rf "$directory"; }
done
`

let shell: ChildProcess | undefined

function tell(command: string): void {
  if (!shell || shell.exitCode !== null) {
    // Detached: Ctrl-C goes to the whole process group and must not end the watchdog before its work.
    shell = spawn('/bin/sh', ['-c', script, 'odradek-watchdog'], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
    shell.on('error', () => {})
    shell.stdin?.on('error', () => {})
    shell.unref()
    ;(shell.stdin as unknown as { unref(): void }).unref()
  }
  shell.stdin?.write(`${command}\n`)
}

/** Kills the child when this process ends; forgets it when the child ends first. */
export function watch(child: ChildProcess): void {
  const { pid } = child
  if (pid === undefined) return
  tell(`watch ${pid}`)
  child.once('exit', () => tell(`forget ${pid}`))
}

/** Removes the directory when this process ends; harmless when it is gone by then. The name must not be used again. */
export function removeAtEnd(directory: string): void {
  tell(`remove ${directory}`)
}
