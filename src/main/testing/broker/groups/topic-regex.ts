/**
 * Regular expressions of subscriptions. Kafka uses RE2, whose dialect differs from JavaScript's: what RE2 refuses is refused
 * here too, what it writes differently is rewritten, and a topic must match as a whole.
 */

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

/** The expression as JavaScript has it. Throws a SyntaxError with the reason when it is none for RE2. */
export function compileTopicRegex(source: string): RegExp {
  const { flags, rest } = leadingFlags(source)
  return new RegExp(`^(?:${new Translator(rest).translate()})$`, `u${flags}`)
}

function leadingFlags(source: string): { flags: string; rest: string } {
  const match = /^\(\?([ims]+)\)/.exec(source)
  return match ? { flags: [...new Set(match[1])].join(''), rest: source.slice(match[0].length) } : { flags: '', rest: source }
}

class Translator {
  readonly #source: string
  #at = 0
  #out = ''

  constructor(source: string) {
    this.#source = source
  }

  translate(): string {
    while (this.#at < this.#source.length) {
      const char = this.#source[this.#at]!
      if (char === '\\') this.#escape()
      else if (char === '[') this.#charClass()
      else if (char === '(') this.#group()
      else if (char === '{' && !/^\{\d+(,\d*)?\}/.test(this.#rest())) this.#take(1, '\\{')
      else if (char === '}' && !/\{\d+(,\d*)?$/.test(this.#source.slice(0, this.#at))) this.#take(1, '\\}')
      else if (char === ']') this.#take(1, '\\]')
      else this.#take(1, char)
    }
    return this.#out
  }

  #rest(): string {
    return this.#source.slice(this.#at)
  }

  #take(length: number, text: string): void {
    this.#at += length
    this.#out += text
  }

  #escape(inClass = false): void {
    const char = this.#source[this.#at + 1]
    if (char === undefined) throw new SyntaxError('trailing \\')
    if (char === 'Q' && !inClass) {
      const end = this.#source.indexOf('\\E', this.#at + 2)
      const quoted = this.#source.slice(this.#at + 2, end < 0 ? undefined : end)
      this.#take(2 + quoted.length + (end < 0 ? 0 : 2), quoted.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&'))
    } else if (char === 'A' && !inClass) this.#take(2, '(?<![^])')
    else if (char === 'z' && !inClass) this.#take(2, '(?![^])')
    else if (char === 'a') this.#take(2, '\\x07')
    else if (/[1-9]/.test(char) || char === 'k') throw new SyntaxError(`invalid escape sequence: \\${char}`)
    else if (char === 'p' || char === 'P') this.#property()
    else if (/[dDsSwWbBfnrtvxu0]/.test(char)) this.#hexOrClass(char)
    else if (/[A-Za-z]/.test(char)) throw new SyntaxError(`invalid escape sequence: \\${char}`)
    else this.#take(2, ESCAPABLE.test(char) || (inClass && char === '-') ? `\\${char}` : char)
  }

  #hexOrClass(char: string): void {
    const wide = /^\\x\{([0-9A-Fa-f]+)\}/.exec(this.#rest())
    if (wide) this.#take(wide[0].length, `\\u{${wide[1]}}`)
    else if (char === 'u') throw new SyntaxError('invalid escape sequence: \\u')
    else this.#take(2, `\\${char}`)
  }

  #property(): void {
    const match = /^\\([pP])(?:\{(\^?)(\w+)\}|(\w))/.exec(this.#rest())
    if (!match) throw new SyntaxError('invalid character class range')
    const [whole, kind, negated, long, short] = match
    const positive = (kind === 'p') === (negated !== '^')
    const name = short ?? long!
    const general = /^([CLMNPSZ][a-z]?)$/.test(name)
    this.#take(whole.length, `\\${positive ? 'p' : 'P'}{${general ? name : `Script=${name}`}}`)
  }

  #charClass(): void {
    this.#take(1, '[')
    if (this.#source[this.#at] === '^') this.#take(1, '^')
    // A bracket in the first place is one of the characters.
    if (this.#source[this.#at] === ']') this.#take(1, '\\]')
    while (this.#source[this.#at] !== ']') {
      const char = this.#source[this.#at]
      if (char === undefined) throw new SyntaxError('missing closing ]')
      const posix = /^\[:(\^?)(\w+):\]/.exec(this.#rest())
      if (posix) {
        const characters = POSIX_CLASSES.get(posix[2]!)
        if (characters === undefined || posix[1] === '^') throw new SyntaxError(`invalid character class range: ${posix[0]}`)
        this.#take(posix[0].length, characters)
      } else if (char === '\\') this.#escape(true)
      else if (char === '[') this.#take(1, '\\[')
      else this.#take(1, char)
    }
    this.#take(1, ']')
  }

  #group(): void {
    const rest = this.#rest()
    const named = /^\(\?P?<([A-Za-z_]\w*)>/.exec(rest)
    if (named) this.#take(named[0].length, `(?<${named[1]}>`)
    else if (rest.startsWith('(?:')) this.#take(3, '(?:')
    else if (rest.startsWith('(?')) throw new SyntaxError(`invalid or unsupported group: ${rest.slice(0, 4)}`)
    else this.#take(1, '(')
  }
}
