/** The look of the site, as a theme of typedoc: names of parameters, tables of options, topics, search, the home. */
import { readFileSync } from 'node:fs'
import { Converter, DefaultTheme, DefaultThemeRenderContext, PageEvent, ReflectionKind, RendererEvent } from 'typedoc'
import { Comment, CommentTag } from 'typedoc'
import { copyPictures, home } from '../home/home.js'
import { firstSentence } from './first-sentence.js'
import { escaped, htmlOf, raw } from './html.js'
import { pageWithLists, topicOfReflection } from './layout.js'
import { optionsTable } from './options-table.js'
import { describeMakers, nameParameters } from './parameters.js'
import { SearchRows } from './search-rows.js'
import { writeSite } from './write-site.js'

const kindNames = new Map([
  [ReflectionKind.Function, 'function'], [ReflectionKind.Class, 'class'], [ReflectionKind.Interface, 'interface'],
  [ReflectionKind.TypeAlias, 'type'], [ReflectionKind.Variable, 'value'], [ReflectionKind.Namespace, 'namespace'],
  [ReflectionKind.Module, 'import from'],
])

/** The functions that a cell has in its gates where it lets them be chosen, as its source gives them. */
const activationsOf = (project, { name, parent }) => {
  const path = project.getSymbolIdFromReflection(parent)?.fileName
  const [, maker = ''] = path?.includes('/rnn/src/cells/')
    ? readFileSync(path, 'utf8').split(new RegExp(`^export const (?=${name}\\b)`, 'm')) : []
  const [, listed = ''] = /^(?:(?!\nexport const)[^])*?activations: \{ (.*?) \}/.exec(maker) ?? []
  return Object.fromEntries([...listed.matchAll(/(\w+): '(\w+)'/g)].map(([, option, word]) => [option, word]))
}

const fallbackOf = ({ defaultValue = '{}', flags }) =>
  defaultValue !== '...' && defaultValue !== '{}' ? `<code>${escaped(defaultValue)}</code>`
  : flags.isOptional ? 'optional' : ''

/** What a function takes, with what is taken where it is left out. */
const tableOf = (context, parameters) => {
  const rows = parameters.map((one) => {
    const fallback = fallbackOf(one)
    return `<tr><th scope="row"><code>${one.flags.isRest ? '...' : ''}${escaped(one.name)}</code></th>` +
      `<td>${htmlOf(context.type(one.type))} ${htmlOf(context.commentSummary(one))}</td><td>${fallback}</td></tr>`
  })
  return '<div class="scrolls"><table class="parameters"><thead><tr><th scope="col">parameter</th>' +
    `<th scope="col">type</th><th scope="col">default</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

/** Pages with the bar and the lists around them, and signatures that show their options by name. */
class Context extends DefaultThemeRenderContext {
  topicAnchor = (topic) => topic.trim().replace(/[^\w\s-]/g, '').replace(/\s+/g, '-').toLowerCase()

  defaultLayout = (template, page) => {
    if (page.url === 'index.html') {
      this.theme.homes = { 'ko.html': home(this, page.project, 'ko') }
      return raw(home(this, page.project, 'en'))
    }
    const content = htmlOf(this.header(page)) + htmlOf(template(page))
    return raw(pageWithLists(this, page, content))
  }

  header = ({ model }) => {
    if (model.isDocument() || model.isProject()) return raw('')
    const topic = model.parent?.name === 'recurra' ? topicOfReflection(this.page.project, model) : undefined
    const from = model.parent && !model.parent.isProject() ? model.parent : undefined
    const way = from ? `<a href="${this.urlTo(from)}">${escaped(from.name)}</a>` : ''
    const under = topic ? ` · <a href="${this.urlTo(from)}#${this.topicAnchor(topic)}">${escaped(topic)}</a>` : ''
    const parameters = model.typeParameters?.map(({ name }) => name).join(', ')
    const kind = `${kindNames.get(model.kind) ?? ''}${from ? ` from ${way}` : ''}${under}`
    return raw(`<div class="title"><p class="kind">${kind}</p>` +
      `<h1>${escaped(model.name)}${parameters ? `<span>&lt;${escaped(parameters)}&gt;</span>` : ''}</h1></div>`)
  }

  commentShortSummary = (one) => {
    const text = firstSentence(one)
    return text ? raw(this.markdown([{ kind: 'text', text }])) : undefined
  }

  memberSignatureBody = (signature) => {
    const { parameters = [], type, comment } = signature
    const known = activationsOf(this.page.project, signature)
    const returns = comment?.getTag('@returns')
    return raw([
      htmlOf(this.commentSummary(signature)),
      parameters.length > 0 ? tableOf(this, parameters) : '',
      ...parameters.map((parameter) => optionsTable(this, parameter, known, signature.name)),
      type ? `<h4 class="returns">Returns ${htmlOf(this.type(type))}</h4>` : '',
      returns ? this.markdown(returns.content) : '',
      htmlOf(this.commentTags(signature)),
    ].join(''))
  }
}

class Theme extends DefaultTheme {
  ContextClass = Context
}

const addTopics = (context) => {
  const { project } = context
  for (const reflection of project.getReflectionsByKind(ReflectionKind.SomeExport)) {
    if (reflection.parent?.name !== 'recurra' || reflection.isReference()) continue
    const topic = topicOfReflection(project, reflection)
    if (!topic) continue
    // the comment of a function is that of its signatures
    const described = reflection.comment ? reflection : (reflection.signatures?.[0] ?? reflection)
    described.comment ??= new Comment()
    described.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: topic }]))
  }
}

/** @param {import('typedoc').Application} app */
export const load = (app) => {
  app.renderer.defineTheme('recurra', Theme)
  const rows = new SearchRows()
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, addTopics, 1000)
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    describeMakers(project)
    nameParameters(project)
  }, -1000)
  app.renderer.on(RendererEvent.BEGIN, () => {
    app.renderer.preRenderAsyncJobs.length = 0 // typedoc's own search and list of pages
  }, -1000)
  app.renderer.on(PageEvent.END, (page) => rows.addPage(page, app.renderer.router))
  app.renderer.on(RendererEvent.END, (event) => {
    rows.addNames(event.project, app.renderer.router)
    writeSite(event.outputDirectory, rows.all, app.renderer.theme.homes ?? {})
    copyPictures(event.outputDirectory)
  })
}
