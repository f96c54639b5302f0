import preact from '@preact/preset-vite'
import { defineConfig, type Plugin } from 'vite'
import { shellFilesOf } from './src/shell/shell-files.ts'

/** The worker's address must not change between builds, or a browser would keep the old one. */
const workerFile = 'service-worker.js'

/** Writes into the service worker which files it keeps. */
function shellOfServiceWorker(): Plugin {
  return {
    name: 'shell-of-service-worker',
    enforce: 'post',
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

export default defineConfig({
  plugins: [preact({ reactAliasesEnabled: false }), shellOfServiceWorker()],
  build: {
    target: 'chrome120',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: 'index.html',
        gallery: 'gallery.html',
        bench: 'bench.html',
        'service-worker': 'src/shell/service-worker.ts',
      },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'service-worker' ? workerFile : 'assets/[name]-[hash].js'),
      },
    },
  },
})
