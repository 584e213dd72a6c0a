import { describe, expect, it } from 'vitest'
import { axisFor, chart } from './chart.ts'
import { page, section } from './write-report.ts'

describe('an axis', () => {
  it.each([
    [0, 134, [0, 50, 100, 150]],
    [2.69, 3.99, [2.5, 3, 3.5, 4]],
    [0.0001, 0.003, [0, 0.001, 0.002, 0.003]],
    [1, 1, [1, 1.2, 1.4, 1.6, 1.8, 2]],
  ])('from %f to %f has round marks around all of it', (least, most, marks) => {
    const axis = axisFor(least, most)
    expect(axis.marks).toEqual(marks.slice(0, axis.marks.length))
    expect(axis.from).toBeLessThanOrEqual(least)
    expect(axis.to).toBeGreaterThanOrEqual(most)
  })
})

describe('a chart', () => {
  it('draws curves, and says them to those who cannot see', () => {
    const html = chart('Loss', 'steps', [
      { name: 'training', points: [[0, 4], [100, 2]] },
      { name: 'held out', points: [[50, 3]], dotted: true },
    ])
    expect(html).toContain('aria-label="Loss: training from 4.00 to 2.00; held out from 3.00 to 3.00"')
    expect(html).toContain('d="M84.0 16.0L624.0 266.0"')
    expect(html.match(/<circle/g)).toHaveLength(1)
  })

  it('is left out where there is nothing to draw', () => {
    expect(chart('Loss', 'steps', [{ name: 'training', points: [[1, NaN]] }])).toBe('')
  })
})

it('a text cannot become markup', () => {
  const html = page('<b>', [section('a & b', '<script>alert("x")</script>')])
  expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;')
  expect(html).not.toContain('<script')
})
