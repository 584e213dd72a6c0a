import type { Page } from 'playwright'

/** What axe-core, which must be in the page, finds that some people could not use. */
export const violations = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    type Found = {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
    }
    const { axe } = globalThis as unknown as { axe: { run(): Promise<Found> } }
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  })
