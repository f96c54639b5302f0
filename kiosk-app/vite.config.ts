import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [preact({ reactAliasesEnabled: false })],
  build: {
    target: 'chrome120',
    rolldownOptions: { input: { index: 'index.html', gallery: 'gallery.html' } },
  },
})
