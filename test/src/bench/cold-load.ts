import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright'

/** What one cold load of a page cost. */
export interface ColdLoad {
  firstPaintMs: number
  largestPaintMs: number
  /** JavaScript of the first load, each file by gzip -9. */
  scriptBytes: number
  /** The part of it that was asked for before the first paint. */
  firstPaintScriptBytes: number
}

const portraitKiosk = { width: 1080, height: 1920 }
/** A kiosk's mini PC against a developer's machine. */
const cpuSlowdown = 6

/** Loads a page in a fresh browser context, cache off, processor slowed down, and reads the browser's own paint times. */
export async function loadCold(browser: Browser, url: string, shows: string): Promise<ColdLoad> {
  // The service worker fetches the shell a second time for later; it is no part of the first load.
  const context = await browser.newContext({ viewport: portraitKiosk, locale: 'zh-CN', serviceWorkers: 'block' })
  try {
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true })
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown })
    const scripts: Promise<{ url: string; bytes: number }>[] = []
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return
      const measured = response.body().then((body) => gzipSync(body, { level: 9 }).length)
      scripts.push(measured.then((bytes) => ({ url: response.url(), bytes })))
    })
    await page.goto(url, { waitUntil: 'load' })
    await page.getByText(shows, { exact: false }).first().waitFor()
    // Chromium holds back the largest paint until the frame after it; half a second is many frames.
    await page.waitForTimeout(500)
    const { firstPaintMs, largestPaintMs, askedBefore } = await page.evaluate(readPaints)
    const files = await Promise.all(scripts)
    const early = files.filter(({ url: file }) => askedBefore.includes(file))
    return { firstPaintMs, largestPaintMs, scriptBytes: sumBytes(files), firstPaintScriptBytes: sumBytes(early) }
  } finally {
    await context.close()
  }
}

function sumBytes(files: readonly { bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Runs in the page, as text: the test package has no DOM types. */
const readPaints = `new Promise((resolve) => {
  const firstPaintMs = performance.getEntriesByName('first-contentful-paint')[0].startTime
  const askedBefore = performance.getEntriesByType('resource').filter((entry) => entry.startTime < firstPaintMs).map((entry) => entry.name)
  new PerformanceObserver((list) => resolve({ firstPaintMs, askedBefore, largestPaintMs: list.getEntries().at(-1).startTime }))
    .observe({ type: 'largest-contentful-paint', buffered: true })
})` as unknown as () => Promise<{ firstPaintMs: number; largestPaintMs: number; askedBefore: string[] }>
