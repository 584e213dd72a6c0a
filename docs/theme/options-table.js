/** Options by name: type, default and meaning of each, however their type is put together. */
import { Comment } from 'typedoc'
import { escaped, htmlOf } from './html.js'

const unwrapped = (type) => {
  if (type?.type === 'optional') return unwrapped(type.elementType)
  if (type?.type !== 'union') return type
  const there = type.types.filter((one) => !(one.type === 'intrinsic' && one.name === 'undefined'))
  return there.length === 1 ? there[0] : type
}

/** The words of `'a' | 'b'`. */
const wordsOf = (type) =>
  type?.type === 'literal' ? [String(type.value)]
  : type?.type === 'union' ? type.types.flatMap(wordsOf)
  : []

/** The options of a mapped type such as `{ [option in A]?: ActivationName }`. */
const mappedOptions = (type, bound) => {
  const names = wordsOf(bound.get(type.parameterType?.name) ?? type.parameterType)
  return names.map((name) => ({ name, type: type.templateType, flags: { isOptional: true } }))
}

/** Types that a generic type is given, by the names of its parameters. */
const boundBy = (target, { typeArguments = [] }) =>
  new Map((target.typeParameters ?? []).map(({ name }, i) => [name, typeArguments[i]]))

/** All properties of a type of options; undefined where it is of another kind. */
export const optionsOf = (given, bound = new Map()) => {
  const type = unwrapped(given)
  if (!type) return undefined
  if (type.type === 'reflection') return type.declaration.signatures ? undefined : (type.declaration.children ?? [])
  if (type.type === 'mapped') return mappedOptions(type, bound)
  if (type.type === 'intersection') {
    const parts = type.types.map((part) => optionsOf(part, bound))
    if (parts.some((part) => !part)) return undefined
    // the last one is the narrowest: `{ projection?: P }` narrows an option that has its comment elsewhere
    const all = new Map()
    for (const option of parts.flat()) if (!all.get(option.name)?.comment) all.set(option.name, option)
    return [...all.values()]
  }
  if (type.type !== 'reference') return undefined
  const target = type.reflection
  if (!target) return undefined
  if (target.type) return optionsOf(target.type, boundBy(target, type))
  return target.kindString === 'Class' || target.signatures ? undefined : target.children
}

/** What options are that have a type and no comment: those that each cell names by itself. */
const named = { ActivationName: 'A function by its name.' }

const literal = /^(-?\d[\d_.e-]*|true|false|Infinity|'[^']*'|"[^"]*")$/

/**
 * Splits `Whether it adds b. Default: true.` into what it is and its default; `Default: 0.001 for adam and adamW; 1 for
 * adadelta.` is 0.001 for the owner adam.
 */
export const defaultOf = (option, owner = '') => {
  const text = Comment.combineDisplayParts(option.comment?.summary ?? []).replace(/\s+/g, ' ')
  const tag = option.comment?.getTag?.('@defaultValue')
  const [whole, told] = /\s*\bDefault:\s+([^]+?)\.(?=\s|$)/.exec(text) ?? []
  const found = told?.split(/;\s+/).flatMap((part) => {
    const [, value, owners] = /^(\S+) (?:of|for) ((?:\w+(?:, | and )?)+)$/.exec(part) ?? []
    return owners?.split(/, | and /).includes(owner) ? [value] : []
  })[0] ?? told ?? option.defaultValue
  const fallback = tag ? Comment.combineDisplayParts(tag.content) : found
  return {
    what: text ? text.replace(whole ?? '', '').trim() : named[option.type?.name] ?? '',
    fallback: fallback && (literal.test(fallback) ? `\`${fallback}\`` : fallback),
  }
}

const inline = (context, text) => context.markdown([{ kind: 'text', text }])

const rowOf = (context, option, known, owner) => {
  const { what, fallback } = defaultOf(option, owner)
  const shown = known?.[option.name] ? `\`'${known[option.name]}'\`` : fallback
  const standard = option.flags.isOptional ? (shown ? inline(context, shown) : '') : '<em>required</em>'
  const type = option.signatures ? '<code>function</code>' : htmlOf(context.type(option.type))
  return `<tr><th scope="row"><code>${escaped(option.name)}</code></th>` +
    `<td class="default">${standard}</td>` +
    `<td><div class="option-type">${type}</div>${what ? inline(context, what) : ''}</td></tr>`
}

/** Whether a parameter holds options, and is no model, data or other value of its own. */
const holdsOptions = ({ name, type }) =>
  /options$/i.test(name) || unwrapped(type)?.type === 'reflection' ||
  /(Options|Parts|Spec)$/.test(unwrapped(type)?.name)

/** The table of a parameter's options; nothing where it has none. */
export const optionsTable = (context, parameter, known, owner) => {
  const options = holdsOptions(parameter) ? optionsOf(parameter.type) : undefined
  if (!options?.length) return ''
  const place = (option) => {
    const { fileName = '', pos = 0 } = context.page.project.getSymbolIdFromReflection(option) ?? {}
    return [Number(!!option.flags.isOptional), fileName, pos]
  }
  // what must be given comes first, then each in the order of its source
  const sorted = options.map((option) => [option, place(option)]).sort(([, a], [, b]) => {
    const at = a.findIndex((part, i) => part !== b[i])
    return at < 0 ? 0 : a[at] < b[at] ? -1 : 1
  })
  const rows = sorted.map(([option]) => rowOf(context, option, known, owner))
  return `<h4 class="options-title"><code>${escaped(parameter.name)}</code></h4><div class="scrolls">` +
    '<table class="options"><thead><tr><th scope="col">name</th><th scope="col">default</th>' +
    `<th scope="col">what it is</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}
