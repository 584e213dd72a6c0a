/** The home: what Recurra is, a network that learns, install, ten lines, why this one, and the ways on. */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { escaped } from '../theme/html.js'
import { titleOf } from '../theme/guides.js'
import { shell } from '../theme/layout.js'
import { reportOf } from './reports.js'
import { measuredPictures, words } from './words.js'

const readme = readFileSync('README.md', 'utf8')
const fenceOf = (text, language) => new RegExp(`\`\`\`${language}\\n[^]*?\`\`\``).exec(text)[0]
const program = fenceOf(readme, 'ts')
const install = fenceOf(readme.slice(readme.indexOf('## Install')), 'sh')

const pictures = ['wave-network.svg', 'what-comes-out.svg', 'packages.svg', ...measuredPictures.map(([file]) => file)]

/** Puts the pictures of the home beside it. */
export const copyPictures = (folder) => {
  mkdirSync(join(folder, 'pictures'), { recursive: true })
  for (const file of pictures) copyFileSync(`docs/pictures/${file}`, join(folder, 'pictures', file))
}

const picture = (file, alt) => `<img src="pictures/${file}" alt="${escaped(alt)}">`

const live = ({ alt, caption, start, step, loss, pause, resume, again }) => `
<figure class="live" data-step="${step}" data-loss="${loss}" data-pause="${pause}" data-resume="${resume}" \
data-again="${again}">
<div class="stage"><img src="pictures/wave-network.svg" alt="${escaped(alt)}"></div>
<button type="button" class="start" hidden>${start}</button>
<div class="controls" hidden><span class="standing" aria-live="off"></span>
<button type="button" class="pause"></button><button type="button" class="again"></button></div>
<figcaption>${caption}</figcaption></figure>`

/** The home in a language, where `context` renders Markdown and knows where pages are. */
export const home = (context, project, language) => {
  const told = words[language]
  const hrefOf = (to) => {
    if (typeof to === 'string') return to
    const title = titleOf(to.guide)
    return context.router.getFullUrl(project.documents.find(({ name }) => name === title))
  }
  const link = ([text, to], look = '') => `<a${look} href="${escaped(hrefOf(to))}">${text}</a>`
  const code = (text) => context.markdown([{ kind: 'code', text }])
  const reasons = told.reasons.map(([title, text], i) => {
    const [file, report] = measuredPictures[i]
    const { command, machine, date, description } = reportOf(report)
    return `<figure><h3>${title}</h3><p>${text}</p>${picture(file, description)}` +
      `<figcaption>${told.measured(`<code>${escaped(command)}</code>`, machine, date)}</figcaption></figure>`
  })
  const cards = told.cards.map(([title, text, to, fragment = '']) =>
    `<li><a href="${escaped(hrefOf({ guide: to }) + fragment)}"><strong>${title}</strong><span>${text}</span></a></li>`)
  return shell({
    base: '', language, kind: 'home', title: told.title, description: told.lead,
    firstGuide: hrefOf({ guide: words.en.begin[1].guide }),
    body: `<main id="text"><section class="hero"><div class="pitch"><h1>${told.motto}</h1>
<p class="lead">${told.lead}</p>
<p class="actions">${link(told.begin, ' class="action"')} ${link(told.look)}</p>
<pre class="line"><code>npm install recurra</code></pre><p class="small"><a href="#install">${told.today}</a></p></div>
${live(told.live)}</section>
<section class="program"><div><h2>${told.program}</h2><p>${told.programText}</p>${code(program)}</div>
<p class="wide">${picture('what-comes-out.svg', told.programAlt)}</p></section>
<section><h2 id="install">${told.install}</h2>
<p>${told.installText}<code>npm install recurra</code>${told.installLater}</p>
${code(install)}</section>
<section><h2>${told.why}</h2><div class="reasons">${reasons.join('')}</div><p>${told.whyMore}</p>
<p class="small">${link(told.measure)} · ${link(told.compare)}</p></section>
<section><h2>${told.ways}</h2><ul class="cards">${cards.join('')}</ul><p>${link(told.noCode)}</p></section>
<section><h2>${told.built}</h2><p>${told.builtText} ${link(told.architecture)}</p>
<p class="wide">${picture('packages.svg', told.builtAlt)}</p></section></main>
<script defer src="assets/live.js"></script>`,
  })
}
