/** What stands around every page: the bar at the top, the lists at the sides, and what search finds on the page. */
import { ReflectionKind } from 'typedoc'
import { guideGroups } from './guides.js'
import { escaped } from './html.js'
import { topicNames, topicOf } from './topics.js'

const mark =
  '<svg viewBox="0 0 16 16" width="22" height="22" aria-hidden="true"><path d="M3 8a5 5 0 1 1 2 4m0 0v-3m0 3h3" ' +
  'fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>'
const glass =
  '<svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true"><circle cx="7" cy="7" r="4.5" fill="none" ' +
  'stroke="currentColor" stroke-width="1.6"/><path d="m10.5 10.5 3.5 3.5" stroke="currentColor" ' +
  'stroke-width="1.6"/></svg>'
const icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M3 8a5 5 " +
  "0 1 1 2 4m0 0v-3m0 3h3' fill='none' stroke='%230f6b5c' stroke-width='2'/%3E%3C/svg%3E"

/** Words of the bar, in the languages of the home. */
export const barWords = {
  en: {
    skip: 'Skip to the text', menu: 'Menu', guides: 'Guides', reference: 'Reference', other: '한국어',
    search: 'Search',
    light: 'Light or dark', close: 'Close', nothing: 'Nothing found for',
    ask: 'Guides, functions, options',
  },
  ko: {
    skip: '본문으로', menu: '메뉴', guides: '안내서', reference: '레퍼런스', other: 'English', search: '검색',
    light: '밝게 또는 어둡게', close: '닫기', nothing: '찾지 못했습니다:', ask: '안내서, 함수, 옵션',
  },
}

/** A whole document around what is given; `base` leads from the page to the top of the site. */
export const shell = ({ base, title, description, kind, language = 'en', firstGuide, body }) => {
  const words = barWords[language]
  const other = language === 'en' ? { to: 'ko.html', lang: 'ko' } : { to: 'index.html', lang: 'en' }
  return `<html lang="${language}" data-base="${base}" class="${kind}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title><meta name="description" content="${escaped(description)}">
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${base}assets/style.css"><link rel="stylesheet" href="${base}assets/highlight.css">
<link rel="stylesheet" href="${base}assets/custom.css">
<script>document.documentElement.dataset.theme = localStorage.getItem('recurra-theme') || 'os'</script>
<script defer src="${base}assets/site.js"></script></head>
<body><a class="skip" href="#text">${words.skip}</a><header class="bar">
<button type="button" class="menu-button" aria-controls="side" aria-expanded="false" \
aria-label="${words.menu}">☰</button>
<a class="brand" href="${base}${language === 'ko' ? 'ko.html' : 'index.html'}">${mark}<span>Recurra</span></a>
<nav aria-label="Site"><a href="${base}${firstGuide}">${words.guides}</a>
<a href="${base}modules/recurra.html">${words.reference}</a>
<a href="${base}${other.to}" lang="${other.lang}" hreflang="${other.lang}">${words.other}</a></nav>
<button type="button" class="search-button" data-ask="${words.ask}" data-close="${words.close}" \
data-nothing="${words.nothing}">${glass}<span>${words.search}</span><kbd>/</kbd></button>
<button type="button" class="theme-button" aria-label="${words.light}" title="${words.light}">◐</button></header>
${body}
</body></html>`
}

const link = (href, text) => `<li><a href="${escaped(href)}">${escaped(text)}</a></li>`
const groupOf = (name, links) => `<h2>${escaped(name)}</h2><ul>${links.join('')}</ul>`
const lists = new Map()

/** The guides by group, the topics of the reference, and of one topic every name; the same on many pages. */
const listsFor = (context, project, base, topic) => {
  const hrefOf = (one) => base + context.router.getFullUrl(one)
  const linkTo = (one) => link(hrefOf(one), one.name)
  const guides = guideGroups.map(([name, titles]) => {
    const there = titles.map((title) => project.documents?.find((one) => one.name === title)).filter(Boolean)
    return groupOf(name, there.map(linkTo))
  })
  const modules = project.children ?? []
  const main = modules.find(({ name }) => name === 'recurra')
  const topics = topicNames.map((name) => {
    const names = main?.children.filter((one) => !one.isReference() && topicOfReflection(project, one) === topic)
    return link(`${hrefOf(main ?? project)}#${context.topicAnchor(name)}`, name) +
      (name === topic ? `<ul class="names">${names.map(linkTo).join('')}</ul>` : '')
  })
  return [
    ...guides, ...(main ? [groupOf('Reference', topics)] : []), groupOf('Entries and packages', modules.map(linkTo)),
  ].join('')
}

const side = (context, { model, project }, base) => {
  const topic = model.parent?.name === 'recurra' ? topicOfReflection(project, model) : undefined
  const key = `${base} ${topic}`
  if (!lists.has(key)) lists.set(key, listsFor(context, project, base, topic))
  const here = `<a href="${escaped(base + context.router.getFullUrl(model))}"`
  return lists.get(key).replace(here, `${here} aria-current="page"`)
}

/** The topic of something that a module exports. */
export const topicOfReflection = (project, reflection) => {
  if (!known.has(reflection)) known.set(reflection, topicOf(project.getSymbolIdFromReflection(reflection)?.fileName))
  return known.get(reflection)
}
const known = new WeakMap()

const headingsOf = ({ pageSections }) => pageSections.flatMap(({ headings }) => headings)

/** The headings of a page; a reference page has its members there. */
const onThisPage = (context, page) => {
  const all = headingsOf(page).length > 60
    ? page.pageSections.filter(({ title }) => title)
      .map(({ title }) => ({ link: `#${context.topicAnchor(title)}`, text: title }))
    : headingsOf(page)
  const headings = all.filter(({ level = 2 }) => level > 1 && level < 4)
  if (headings.length < 2) return ''
  const items = headings.map(({ link: href, text, level = 2 }) =>
    `<li class="level${level}"><a href="${href}">${escaped(text)}</a></li>`)
  return `<h2>On this page</h2><ul>${items.join('')}</ul>`
}

/** Before and after a guide. */
const neighbours = (context, { model, project }) => {
  const order = guideGroups.flatMap(([, titles]) => titles)
    .map((title) => project.documents?.find(({ name }) => name === title)).filter(Boolean)
  const at = order.indexOf(model)
  if (at < 0) return ''
  const [before, after] = [order[at - 1], order[at + 1]]
  return '<nav class="neighbours" aria-label="Neighbours">' +
    `${before ? `<a rel="prev" href="${context.urlTo(before)}">← ${escaped(before.name)}</a>` : '<span></span>'}` +
    `${after ? `<a rel="next" href="${context.urlTo(after)}">${escaped(after.name)} →</a>` : ''}</nav>`
}

const typeParameter = /<a class="([^"]*tsd-kind-type-parameter)" href="[^"]*">([^<]*)<\/a>/g

/** A guide or a page of the reference. */
export const pageWithLists = (context, page, content) => {
  const { model, project } = page
  const base = context.relativeURL('./').replace(/^\.\/$/, '')
  const first = project.documents?.[0]
  // parameters of types have no place of their own to lead to
  const told = content.replace(typeParameter, '<span class="$1">$2</span>')
  const korean = model.isDocument?.() && /[가-힣]/.test(model.name)
  return shell({
    base,
    firstGuide: first ? context.router.getFullUrl(first) : 'index.html',
    title: model.isProject() ? 'Recurra' : `${model.name} · Recurra`,
    description: `${model.name}: documentation of Recurra, recurrent neural networks in TypeScript`,
    kind: model.kindOf(ReflectionKind.Document) ? 'guide' : 'reference',
    body: `<div class="frame"><nav class="side" id="side" aria-label="Pages">${side(context, page, base)}</nav>
<main id="text" class="col-content"${korean ? ' lang="ko"' : ''}>${told}${neighbours(context, page)}</main>
<aside class="toc" aria-label="On this page">${onThisPage(context, page)}</aside></div>`,
  })
}
