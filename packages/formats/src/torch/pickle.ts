import { PickleMachine } from './pickle-machine.ts'
import { Global, type PickleRules } from './pickle-rules.ts'

/** A value, and the position of the first byte after its pickle. */
export interface Unpickled {
  readonly value: unknown
  readonly end: number
}

/**
 * Reads a pickle of Python, protocols 2 to 5, without running it: numbers, texts, bytes, lists and tuples (arrays),
 * dicts (maps), sets, and what the rules allow.
 *
 * Source: CPython, Lib/pickletools.py.
 * @throws `FormatError` if it is damaged, or would call anything else.
 */
export const unpickle = (bytes: Uint8Array, rules: PickleRules, begin = 0): Unpickled => {
  const machine = new PickleMachine(bytes, rules, begin)
  while (!machine.stopped) {
    const { at } = machine
    const code = machine.uint(1)
    const run = operations[code]
    if (!run) throw machine.fault('an operation of a pickle', `the byte 0x${code.toString(16)}`, at)
    run(machine)
  }
  return { value: machine.top(), end: machine.at }
}

/** The operations by their codes. */
const operations: Readonly<Record<number, (machine: PickleMachine) => void>> = {
  0x80: (m) => void m.uint(1), // PROTO: all opcodes are known
  0x95: (m) => void m.uint(8), // FRAME
  0x2e: (m) => void (m.stopped = true), // STOP
  0x28: (m) => m.mark(),
  0x30: (m) => void m.pop(),
  0x31: (m) => void m.sinceMark(), // POP_MARK
  0x32: (m) => m.push(m.top()), // DUP

  0x4e: (m) => m.push(null),
  0x88: (m) => m.push(true),
  0x89: (m) => m.push(false),
  0x4a: (m) => m.push(m.int32()), // BININT
  0x4b: (m) => m.push(m.uint(1)),
  0x4d: (m) => m.push(m.uint(2)),
  0x8a: (m) => m.push(m.integer(m.uint(1))), // LONG1
  0x8b: (m) => m.push(m.integer(m.uint(4))),
  0x47: (m) => m.push(m.float()), // BINFLOAT
  0x58: (m) => m.push(m.text(m.uint(4))), // BINUNICODE
  0x8c: (m) => m.push(m.text(m.uint(1))),
  0x8d: (m) => m.push(m.text(m.uint(8))),
  0x54: (m) => m.push(m.text(m.uint(4), true)), // BINSTRING of Python 2
  0x55: (m) => m.push(m.text(m.uint(1), true)),
  0x42: (m) => m.push(m.take(m.uint(4))), // BINBYTES
  0x43: (m) => m.push(m.take(m.uint(1))),
  0x8e: (m) => m.push(m.take(m.uint(8))),

  0x5d: (m) => m.push([]),
  0x6c: (m) => m.push(m.sinceMark()), // LIST
  0x61: (m) => m.append(m.last(1)),
  0x65: (m) => m.append(m.sinceMark()),
  0x29: (m) => m.push([]), // EMPTY_TUPLE
  0x74: (m) => m.push(m.sinceMark()), // TUPLE
  0x85: (m) => m.push(m.last(1)),
  0x86: (m) => m.push(m.last(2)),
  0x87: (m) => m.push(m.last(3)),
  0x7d: (m) => m.push(new Map()),
  0x73: (m) => m.set(m.last(2)),
  0x75: (m) => m.set(m.sinceMark()),
  0x8f: (m) => m.push(new Set()),
  0x90: (m) => { // ADDITEMS
    const values = m.sinceMark()
    const set = m.topAs<Set<unknown>>(Set, 'a set')
    for (const value of values) set.add(value)
  },
  0x91: (m) => m.push(new Set(m.sinceMark())), // FROZENSET

  0x71: (m) => m.remember(m.uint(1)), // BINPUT
  0x72: (m) => m.remember(m.uint(4)),
  0x94: (m) => m.rememberNext(), // MEMOIZE
  0x68: (m) => m.recall(m.uint(1)), // BINGET
  0x6a: (m) => m.recall(m.uint(4)),

  0x63: (m) => m.push(new Global(m.line(), m.line())),
  0x93: (m) => { // STACK_GLOBAL
    const [module, name] = m.last(2)
    m.push(new Global(String(module), String(name)))
  },
  0x51: (m) => m.persistent(), // BINPERSID
  0x52: (m) => m.call(), // REDUCE
  0x81: (m) => m.make(), // NEWOBJ
  0x62: (m) => m.build(), // BUILD
}
