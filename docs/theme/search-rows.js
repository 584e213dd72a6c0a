/** What search can find: guides, their headings with the text below, every exported name once, and its members. */
import { ReflectionKind } from 'typedoc'
import { firstSentence } from './first-sentence.js'
import { topicOfReflection } from './layout.js'

const named = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }
const textIn = (html) =>
  html.replace(/<(script|style|annotation)[^]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ')
    .replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => named[entity]).replace(/\s+/g, ' ').trim()

const section = /<h[1-4] id="([^"]*)"[^>]*>([^]*?)<\/h[1-4]>([^]*?)(?=<h[1-4] id="|<nav class="neighbours|$)/g

/** Sections of a page: the id and text of a heading, and the text up to the next one. */
const sectionsIn = (html) => {
  const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
  return [...main.matchAll(section)]
    .map(([, id, title, text]) => ({ id, title: textIn(title), text: textIn(text) }))
}

const summaryOf = (one) => firstSentence(one).replaceAll('`', '')

export class SearchRows {
  #guides = []
  #names = []

  get all() {
    return [...this.#guides, ...this.#names]
  }

  /** The headings of a guide, as they were rendered. */
  addPage({ model, contents, url }) {
    if (!model.isDocument?.() || !contents) return
    const [first, ...sections] = sectionsIn(contents)
    this.#guides.push({ kind: 'guide', title: model.name, url, text: first?.text ?? '' })
    for (const { id, title, text } of sections)
      this.#guides.push({ kind: 'heading', title, in: model.name, url: `${url}#${id}`, text })
  }

  /** What modules export, but for what they export of another one. */
  addNames(project, router) {
    for (const module of project.children ?? []) this.#addExports(project, router, module, '')
  }

  #addExports(project, router, parent, prefix) {
    for (const child of parent.children ?? []) {
      if (child.isReference() || !router.hasUrl(child)) continue
      const taken = this.#names.some(({ kind, title }) => kind === 'name' && title === prefix + child.name)
      const title = (taken ? `${parent.name.split('/').at(-1)}.` : prefix) + child.name
      const place = topicOfReflection(project, child)
      const module = parent.kindOf(ReflectionKind.Module) ? parent.name : parent.parent.name
      this.#names.push({
        kind: 'name', title, in: module === 'recurra' && place ? place : module, url: router.getFullUrl(child),
        text: summaryOf(child),
      })
      if (child.kindOf(ReflectionKind.Namespace)) this.#addExports(project, router, child, `${title}.`)
      else this.#addMembers(router, child, title)
    }
  }

  #addMembers(router, owner, title) {
    for (const member of owner.children ?? []) {
      if (member.kindOf(ReflectionKind.Constructor) || member.inheritedFrom || !router.hasUrl(member)) continue
      this.#names.push({
        kind: 'member', title: `${title}.${member.name}`, url: router.getFullUrl(member), text: summaryOf(member),
      })
    }
  }
}
