import { join } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/**
 * The longest test takes 56 s on two idle cores; the same two shared with two other programs made tests three to six times as long.
 * Whether a test passes may not depend on that. What waits for something has its own, shorter limit.
 */
const patience = { testTimeout: 600_000, hookTimeout: 300_000 }

/** In a browser whatever is waited for has what is left of its test's time, so a test that fails takes all of it. */
const browserPatience = { testTimeout: 120_000, hookTimeout: 300_000 }

/** Found before the first test: a dependency discovered in the middle of a run reloads the page and runs tests twice. */
const optimizedForBrowser = ['preact', 'preact/hooks', 'preact/jsx-dev-runtime', 'preact/jsx-runtime', 'axe-core']

const chromium = playwright({
  launchOptions: {
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
  contextOptions: { locale: 'zh-CN', timezoneId: 'Asia/Shanghai' },
})

function nodeProject(name: string, folder: string, globalSetup: string[] = []): TestProjectInlineConfiguration {
  return { test: { name, environment: 'node', include: [`${folder}/src/**/*.test.ts`], globalSetup, ...patience } }
}

/** One real PostgreSQL per run; each test takes a database of its own from it. */
const testCluster = ['crm-server/src/postgres/test-cluster.ts']

function browserProject(
  folder: string,
  viewport: { width: number; height: number },
  alsoOptimized: readonly string[],
  setupFiles: string[] = [],
): TestProjectInlineConfiguration {
  return {
    root: folder,
    optimizeDeps: { include: [...optimizedForBrowser, ...alsoOptimized] },
    test: {
      name: folder,
      include: ['src/**/*.test.tsx'],
      setupFiles,
      ...browserPatience,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: chromium,
        instances: [{ browser: 'chromium', viewport }],
      },
    },
  }
}

export default defineConfig({
  test: {
    projects: [
      nodeProject('contracts', 'contracts'),
      nodeProject('rules', 'rules'),
      nodeProject('device-drivers', 'device-drivers'),
      nodeProject('station-server', 'station-server'),
      nodeProject('crm-server', 'crm-server', testCluster),
      nodeProject('kiosk-app-unit', 'kiosk-app'),
      nodeProject('admin-web-unit', 'admin-web'),
      nodeProject('test', 'test', testCluster),
      browserProject(
        'kiosk-app',
        { width: 1080, height: 1920 },
        ['preact/test-utils', '@preact/signals', '@testing-library/preact', 'socket.io-client'],
        [join(import.meta.dirname, 'kiosk-app/src/shell/screen-patience.ts')],
      ),
      browserProject('admin-web', { width: 1440, height: 900 }, ['antd', 'preact-iso', '@tanstack/preact-query']),
    ],
  },
})
