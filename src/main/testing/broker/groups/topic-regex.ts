/**
 * Regular expressions of subscriptions. Kafka uses RE2, whose dialect differs from JavaScript's: what RE2 refuses is refused
 * here too, what it writes differently is rewritten, and a topic must match as a whole. It helps that names of topics have few
 * characters: sets of characters can be written out.
 */

/** What names of topics are made of. */
const NAME_CHARACTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-']

const POSIX_CLASSES: ReadonlyMap<string, string> = new Map([
  ['alnum', '0-9A-Za-z'],
  ['alpha', 'A-Za-z'],
  ['ascii', '\\x00-\\x7F'],
  ['blank', '\\t '],
  ['cntrl', '\\x00-\\x1F\\x7F'],
  ['digit', '0-9'],
  ['graph', '!-~'],
  ['lower', 'a-z'],
  ['print', ' -~'],
  ['punct', '!-\\/:-@\\[-`{-~'],
  ['space', '\\t\\n\\v\\f\\r '],
  ['upper', 'A-Z'],
  ['word', '0-9A-Za-z_'],
  ['xdigit', '0-9A-Fa-f'],
])

/** Characters that `u` patterns may escape. */
const ESCAPABLE = /[\^$\\.*+?()[\]{}|/]/
const MOST_REPEATS = 1000

/** The expression as JavaScript has it. Throws a SyntaxError with the reason when it is none for RE2. */
export function compileTopicRegex(source: string): RegExp {
  return new RegExp(`^(?:${new Translator(source).translate()})$`, 'u')
}

class Translator {
  readonly #source: string
  readonly #names = new Set<string>()
  /** Whether case is ignored, in this group and in those around it. */
  readonly #ignoresCase = [false]
  #at = 0
  #out = ''

  constructor(source: string) {
    this.#source = source
  }

  translate(): string {
    while (this.#at < this.#source.length) {
      const char = this.#source[this.#at]!
      if (char === '\\') this.#escape()
      else if (char === '[') this.#bracket()
      else if (char === '(') this.#group()
      else if (char === ')') this.#endGroup()
      else if (char === '{') this.#brace()
      else if (char === '}' || char === ']') this.#take(1, `\\${char}`)
      else if (/[\^$.|?*+]/.test(char)) this.#take(1, char)
      else this.#take(1, this.#folded(char))
    }
    return this.#out
  }

  get #rest(): string {
    return this.#source.slice(this.#at)
  }

  #take(length: number, text: string): void {
    this.#at += length
    this.#out += text
  }

  /** One character or one set of them, where case is ignored as a set of all that fit. */
  #folded(atom: string): string {
    return this.#ignoresCase.at(-1) ? setOf(new RegExp(`^${atom}$`, 'iu')) : atom
  }

  #escape(): void {
    const [, quoted] = /^\\Q(.*?)(?:\\E|$)/su.exec(this.#rest) ?? []
    if (quoted !== undefined) {
      const end = this.#rest.startsWith('\\E', 2 + quoted.length) ? 2 : 0
      this.#take(2 + quoted.length + end, [...quoted].map((char) => this.#folded(literal(char))).join(''))
    } else if (this.#rest.startsWith('\\A')) this.#take(2, '(?<![^])')
    else if (this.#rest.startsWith('\\z')) this.#take(2, '(?![^])')
    else if (/^\\[bB]/.test(this.#rest)) this.#take(2, this.#rest.slice(0, 2))
    else {
      const { length, text } = escaped(this.#rest)
      this.#take(length, this.#folded(text))
    }
  }

  #bracket(): void {
    const { length, text } = bracketed(this.#rest)
    this.#take(length, this.#folded(text))
  }

  #brace(): void {
    const match = /^\{(\d+)(?:,(\d*))?\}/.exec(this.#rest)
    if (match === null) {
      this.#take(1, '\\{')
      return
    }
    if (Math.max(Number(match[1]), Number(match[2] ?? 0)) > MOST_REPEATS) throw new SyntaxError('invalid repeat count')
    this.#take(match[0].length, match[0])
  }

  #group(): void {
    const rest = this.#rest
    const [named, name] = /^\(\?P?<(\w+)>/.exec(rest) ?? []
    const [flagged, on, off, ends] = /^\(\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest) ?? []
    if (named !== undefined) {
      if (this.#names.has(name!)) throw new SyntaxError(`duplicate capture group name: ${name}`)
      this.#names.add(name!)
      this.#open(named.length)
    } else if (flagged !== undefined) {
      if (on === '' && off === undefined && ends === ')') throw new SyntaxError('missing argument to repetition operator: `?`')
      const ignores = on!.includes('i') || (!off?.includes('i') && this.#ignoresCase.at(-1)!)
      // Lines and greed are nothing to the name of a topic.
      if (ends === ':') this.#open(flagged.length, ignores)
      else {
        this.#ignoresCase[this.#ignoresCase.length - 1] = ignores
        this.#take(flagged.length, '')
      }
    } else if (rest.startsWith('(?')) throw new SyntaxError(`invalid or unsupported group: ${rest.slice(0, 4)}`)
    else this.#open(1)
  }

  #open(length: number, ignoresCase = this.#ignoresCase.at(-1)!): void {
    this.#ignoresCase.push(ignoresCase)
    this.#take(length, '(?:')
  }

  #endGroup(): void {
    if (this.#ignoresCase.length === 1) throw new SyntaxError('unexpected )')
    this.#ignoresCase.pop()
    this.#take(1, ')')
  }
}

interface Atom {
  /** How much of the source it takes. */
  length: number
  text: string
}

function setOf(pattern: RegExp): string {
  return `[${NAME_CHARACTERS.filter((char) => pattern.test(char))
    .join('')
    .replace('-', '\\-')}]`
}

function literal(char: string): string {
  return ESCAPABLE.test(char) ? `\\${char}` : char
}

/** An escape that stands for a character or a set of them. */
function escaped(rest: string, inBracket = false): Atom {
  const char = rest[1]
  if (char === undefined) throw new SyntaxError('trailing \\')
  const [octal, digits] = /^\\([1-7][0-7]{1,2}|0[0-7]{0,2})/.exec(rest) ?? []
  if (octal !== undefined) return { length: octal.length, text: `\\u{${Number.parseInt(digits!, 8).toString(16)}}` }
  const [wide, hex] = /^\\x\{([0-9A-Fa-f]+)\}/.exec(rest) ?? []
  if (wide !== undefined) return { length: wide.length, text: `\\u{${hex}}` }
  const [narrow] = /^\\x[0-9A-Fa-f]{2}/.exec(rest) ?? []
  if (narrow !== undefined) return { length: narrow.length, text: narrow }
  if (char === 'p' || char === 'P') return property(rest)
  if (char === 'a') return { length: 2, text: '\\x07' }
  if (/[dDsSwWfnrtv]/.test(char)) return { length: 2, text: `\\${char}` }
  if (/[A-Za-z0-9]/.test(char)) throw new SyntaxError(`invalid escape sequence: \\${char}`)
  return { length: 2, text: inBracket && char === '-' ? '\\-' : literal(char) }
}

function property(rest: string): Atom {
  const match = /^\\([pP])(?:\{(\^?)(\w+)\}|(\w))/.exec(rest)
  if (match === null) throw new SyntaxError('invalid character class range')
  const [whole, kind, negated, long, short] = match
  const positive = (kind === 'p') === (negated !== '^')
  const name = short ?? long!
  const general = /^[CLMNPSZ][a-z]?$/.test(name)
  return { length: whole.length, text: `\\${positive ? 'p' : 'P'}{${general ? name : `Script=${name}`}}` }
}

/** A set in brackets. */
function bracketed(rest: string): Atom {
  let text = '['
  let at = 1
  const add = (atom: Atom): void => {
    at += atom.length
    text += atom.text
  }
  if (rest[at] === '^') add({ length: 1, text: '^' })
  // A bracket in the first place is one of the characters.
  if (rest[at] === ']') add({ length: 1, text: '\\]' })
  while (rest[at] !== ']') {
    const char = rest[at]
    if (char === undefined) throw new SyntaxError('missing closing ]')
    const posix = /^\[:(\^?)(\w+):\]/.exec(rest.slice(at))
    if (posix) add({ length: posix[0].length, text: posixClass(posix[2]!, posix[1] === '^') })
    else if (char === '\\') add(escaped(rest.slice(at), true))
    else add({ length: 1, text: char === '[' ? '\\[' : char })
  }
  return { length: at + 1, text: `${text}]` }
}

function posixClass(name: string, negated: boolean): string {
  const characters = POSIX_CLASSES.get(name)
  if (characters === undefined) throw new SyntaxError(`invalid character class range: [:${name}:]`)
  return negated ? setOf(new RegExp(`^[^${characters}]$`, 'u')).slice(1, -1) : characters
}
