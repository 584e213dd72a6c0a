import { html, type TemplateResult } from 'lit'

/** What will be seen in this place. */
export const emptyView = (id: string, title: string, sentence: string): TemplateResult => html`
  <section aria-labelledby=${id}>
    <h2 id=${id}>${title}</h2>
    <p class="empty">${sentence}</p>
  </section>`
