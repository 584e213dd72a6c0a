/** Parameters are shown under the names that people know them by: `fit(model, data, options)`. */
import { ReflectionKind } from 'typedoc'

const lastWord = (name) => {
  const word = /[A-Z]?[a-z0-9]+$/.exec(name)?.[0] ?? name
  return word.toLowerCase()
}

/** `options` for what is taken apart or of a type such as `FitOptions`; `data` for a `TokenizerData`. */
const shownName = ({ name, type }) => {
  const takenApart = name.startsWith('__namedParameters')
  if (type?.type === 'reference' && (takenApart || type.name.endsWith('Options'))) return lastWord(type.name)
  if (type?.type === 'intersection' || type?.type === 'optional') {
    const named = (type.types ?? [type.elementType]).find((part) => part.type === 'reference')
    if (named && (takenApart || named.name.endsWith('Options'))) return lastWord(named.name)
  }
  return takenApart ? 'options' : name
}

/** Two parameters of one name would be worse than a strange one. */
export const nameParameters = (project) => {
  for (const signature of project.getReflectionsByKind(ReflectionKind.SomeSignature))
    for (const parameter of signature.parameters ?? []) {
      const shown = shownName(parameter)
      if (shown === parameter.name) continue
      const others = signature.parameters.filter((one) => one !== parameter).map(({ name }) => name)
      const free = [shown, `${shown}Options`, `${shown}2`].find((name) => !others.includes(name))
      parameter.name = free
    }
}

/** A maker that is a value of a callable type has its comment on itself: the page shows that of what is called. */
export const describeMakers = (project) => {
  for (const made of project.getReflectionsByKind(ReflectionKind.Function)) {
    if (made.comment?.hasVisibleComponent() && made.signatures) {
      for (const signature of made.signatures) signature.comment = made.comment
      delete made.comment
    }
  }
}
