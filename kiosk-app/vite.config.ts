import preact from '@preact/preset-vite'
import { defineConfig, type Plugin } from 'vite'
import { en } from './src/catalogue/en.ts'
import { zhCn } from './src/catalogue/zh-cn.ts'
import { shellFilesOf } from './src/shell/shell-files.ts'

/** The worker's address must not change between builds, or a browser would keep the old one. */
const workerFile = 'service-worker.js'

/** Writes into the service worker which files it keeps. */
function shellOfServiceWorker(): Plugin {
  return {
    name: 'shell-of-service-worker',
    enforce: 'post',
    applyToEnvironment: ({ name }) => name === 'client',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const chunks = Object.values(bundle).map((file) =>
          file.type === 'chunk' ? { ...file, styles: [...(file.viteMetadata?.importedCss ?? [])] } : file,
        )
        const entry = chunks.find((file) => file.type === 'chunk' && file.isEntry && file.name === 'index')
        const worker = bundle[workerFile]
        if (!entry || worker?.type !== 'chunk') throw new Error('the build has no page entry or no service worker')
        const files = JSON.stringify(shellFilesOf(entry.fileName, chunks))
        worker.code = `const shellFiles = ${files};\n${worker.code}`
      },
    },
  }
}

/** Puts the first words into the page itself, so that a slow machine shows them before any script has run. */
function firstWords(): Plugin {
  return {
    name: 'first-words',
    transformIndexHtml: (html) =>
      html.replace('%first-words%', zhCn['starting.title']).replace('%first-words-en%', en['starting.title']),
  }
}

/** The pushes come over WebSocket only; the client's other two transports would be a fifth of what it weighs. */
function webSocketOnly(): Plugin {
  const unused = /engine\.io-client\/build\/esm\/transports\/(?:polling-xhr|webtransport)\.js$/
  return {
    name: 'web-socket-only',
    enforce: 'pre',
    load: { filter: { id: unused }, handler: () => 'export class XHR {}\nexport class WT {}\n' },
  }
}

export default defineConfig({
  plugins: [preact({ reactAliasesEnabled: false }), firstWords(), webSocketOnly(), shellOfServiceWorker()],
  build: { target: 'esnext', modulePreload: { polyfill: false } },
  environments: {
    client: {
      build: {
        rolldownOptions: {
          input: { index: 'index.html', 'service-worker': 'src/shell/service-worker.ts' },
          output: {
            entryFileNames: (chunk) => (chunk.name === 'service-worker' ? workerFile : 'assets/[name]-[hash].js'),
          },
        },
      },
    },
    // The pages for staff and developers are built apart, so that the kiosk's own code stays in one piece.
    workshop: {
      consumer: 'client',
      build: { emptyOutDir: false, rolldownOptions: { input: { gallery: 'gallery.html', bench: 'bench.html' } } },
    },
  },
  builder: {
    async buildApp({ build, environments }) {
      for (const name of ['client', 'workshop']) {
        const environment = environments[name]
        if (environment) await build(environment)
      }
    },
  },
})
