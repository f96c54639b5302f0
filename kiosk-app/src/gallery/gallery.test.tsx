import { cleanup, render } from '@testing-library/preact'
import axe from 'axe-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { type DisplaySettings, defaultDisplay } from '../kit/display-settings.ts'
import '../kit/kiosk.css'
import { type GallerySample, GalleryScreen, gallerySamples } from './gallery-sample.tsx'
import { sampleStation } from './sample-station.ts'

/** The two panels of the screen profiles: 21.5" portrait with 4.02 and 10.1" landscape with 5.86 pixels per millimetre. */
const panels = [
  { name: 'portrait', width: 1080, height: 1920, pxPerMm: 4.02 },
  { name: 'landscape', width: 1280, height: 800, pxPerMm: 5.86 },
] as const

const looks: readonly Partial<DisplaySettings>[] = [
  {},
  { large: true },
  { low: true },
  { large: true, low: true, contrast: true },
]

const seen = Object.entries(gallerySamples)
const displays = looks.flatMap((look) =>
  (['zh-CN', 'en'] as const).map((locale): DisplaySettings => ({ ...defaultDisplay, ...look, locale })),
)

afterEach(cleanup)

function show(sample: GallerySample, display: DisplaySettings): void {
  cleanup()
  render(<GalleryScreen sample={sample} display={display} />)
  for (const animation of document.getAnimations()) animation.finish()
}

function nameOf(sample: string, display: DisplaySettings): string {
  const { locale, large, contrast, low } = display
  return `${sample} ${locale}${large ? ' large' : ''}${contrast ? ' contrast' : ''}${low ? ' low' : ''}`
}

function problemsOf(check: (sample: string, display: DisplaySettings) => string[], among = displays): string[] {
  return seen.flatMap(([name, sample]) =>
    among.flatMap((display) => {
      show(sample, display)
      return check(name, display).map((problem) => `${nameOf(name, display)}: ${problem}`)
    }),
  )
}

function shownButtons(): { word: string; kind: string; box: DOMRect }[] {
  const scope = document.querySelector('dialog[open]') ?? document
  return [...scope.querySelectorAll('button')].map((button) => ({
    word: button.textContent || button.ariaLabel || '',
    kind: button.className,
    box: button.getBoundingClientRect(),
  }))
}

describe.each(panels)('on the $name panel', (panel) => {
  beforeEach(() => page.viewport(panel.width, panel.height))

  test('main controls are at least 20 mm, number keys 15 mm, and gaps 3 mm', () => {
    const problems = problemsOf(() => {
      const buttons = shownButtons()
      const small = buttons.filter(({ box, kind }) => {
        const leastMm = kind.includes('button-key') ? 15 : 20
        return Math.min(box.width, box.height) / panel.pxPerMm < leastMm - 0.05
      })
      const close = buttons.filter((one, at) =>
        buttons.slice(at + 1).some((other) => gapMm(one.box, other.box, panel.pxPerMm) < 2.95),
      )
      return [...small.map(({ word }) => `small ${word}`), ...close.map(({ word }) => `close ${word}`)]
    })
    expect(problems).toEqual([])
  })

  test('nothing runs out of its box or of the screen', () => {
    const problems = problemsOf(() => [
      ...[...document.querySelectorAll('.kiosk, .screen, .screen-info, .screen-controls, .bar, .header, dialog[open]')]
        .filter((box) => box.scrollHeight > box.clientHeight + 2 || box.scrollWidth > box.clientWidth + 2)
        .map((box) => `${box.className} ${box.scrollWidth - box.clientWidth}x${box.scrollHeight - box.clientHeight}`),
      ...[...document.querySelectorAll('.screen-info > *, .screen-controls > *')]
        .filter((part) => part.checkVisibility() && topOf(part) < topOf(part.parentElement) - 1)
        .map((part) => `above its pane ${part.textContent?.slice(0, 20)}`),
      ...[...document.querySelectorAll('dialog[open]')]
        .filter((dialog) => topOf(dialog) < 0)
        .map(() => 'cut off at its top'),
      ...shownButtons()
        .filter(({ box }) => box.right > panel.width + 1 || box.bottom > panel.height + 1 || box.left < 0)
        .map(({ word }) => `off the screen ${word}`),
    ])
    expect(problems).toEqual([])
  })

  test('in low reach every control is in the lower 45 %', () => {
    const problems = problemsOf(
      () =>
        shownButtons()
          .filter(({ box }) => box.top < panel.height * 0.55 - 1)
          .map(({ word, box }) => `${word} at ${Math.round(box.top)}`),
      displays.filter(({ low }) => low),
    )
    expect(problems).toEqual([])
  })

  test.each([
    defaultDisplay,
    { ...defaultDisplay, locale: 'en' as const, large: true },
    { ...defaultDisplay, contrast: true },
    { ...defaultDisplay, locale: 'en' as const, contrast: true, low: true },
  ])('axe finds nothing against WCAG 2.2 AA in %o', async (display) => {
    const problems: string[] = []
    for (const [name, sample] of seen) {
      show(sample, display)
      const { violations } = await axe.run(document.body, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        resultTypes: ['violations'],
      })
      problems.push(...violations.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html.slice(0, 120)}`))
    }
    expect(problems).toEqual([])
  })
})

test('a refusal names the desk once and has at most two ways out', () => {
  const problems = problemsOf((name, display) => {
    const sample = gallerySamples[name]
    if (sample?.kind !== 'step' || !['refused', 'not-now'].includes(sample.step.kind)) return []
    const ways = document.querySelectorAll('main button, .bar [data-area="back"], .bar [data-area="over"]').length
    const desk = sampleStation.helpDesk[display.locale]
    const times = (document.querySelector('main')?.textContent ?? '').split(desk).length - 1
    return ways === 2 && times === 1 ? [] : [`${ways} ways out, the desk ${times} times`]
  })
  expect(problems).toEqual([])
})

function gapMm(one: DOMRect, other: DOMRect, pxPerMm: number): number {
  const across = Math.max(one.left - other.right, other.left - one.right)
  const down = Math.max(one.top - other.bottom, other.top - one.bottom)
  return Math.max(across, down) / pxPerMm
}

function topOf(part: Element | null): number {
  return part?.getBoundingClientRect().top ?? 0
}
