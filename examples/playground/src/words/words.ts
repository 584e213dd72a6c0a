import { english, type Words } from './english.ts'
import { korean } from './korean.ts'

export type { Words } from './english.ts'

/** The languages of the page. */
export type Language = 'en' | 'ko'

const languages: { readonly [language in Language]: Words } = { en: english, ko: korean }
const key = 'recurra-playground-language'

/** The words of a language. */
export const wordsOf = (language: Language): Words => languages[language]

/** The language that was chosen last, or the browser's. */
export const firstLanguage = (): Language => {
  const chosen = localStorage.getItem(key) ?? navigator.languages[0] ?? 'en'
  return chosen.startsWith('ko') ? 'ko' : 'en'
}

/** Remembers a language, and says which one the page is in. */
export const chooseLanguage = (language: Language): void => {
  localStorage.setItem(key, language)
  document.documentElement.lang = language
}
