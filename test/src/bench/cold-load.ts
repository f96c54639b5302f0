import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright'

/** What one cold load of a page cost. */
export interface ColdLoad {
  firstPaintMs: number
  largestPaintMs: number
  /** JavaScript of the first load, each file by gzip -9. */
  scriptBytes: number
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
    const scripts: Promise<number>[] = []
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return
      scripts.push(response.body().then((body) => gzipSync(body, { level: 9 }).length))
    })
    await page.goto(url, { waitUntil: 'load' })
    await page.getByText(shows, { exact: false }).first().waitFor()
    // Chromium holds back the largest paint until the frame after it; half a second is many frames.
    await page.waitForTimeout(500)
    const { firstPaintMs, largestPaintMs } = await page.evaluate(readPaints)
    const sizes = await Promise.all(scripts)
    return { firstPaintMs, largestPaintMs, scriptBytes: sizes.reduce((sum, size) => sum + size, 0) }
  } finally {
    await context.close()
  }
}

/** Runs in the page, as text: the test package has no DOM types. */
const readPaints = `new Promise((resolve) => {
  const firstPaintMs = performance.getEntriesByName('first-contentful-paint')[0].startTime
  new PerformanceObserver((list) => resolve({ firstPaintMs, largestPaintMs: list.getEntries().at(-1).startTime }))
    .observe({ type: 'largest-contentful-paint', buffered: true })
})` as unknown as () => Promise<{ firstPaintMs: number; largestPaintMs: number }>
