import { defineConfig } from 'vite'

/** The centre serves the console under `/admin/`; in development its calls go to a centre on this machine. */
export default defineConfig({
  base: '/admin/',
  resolve: {
    alias: { react: 'preact/compat', 'react-dom': 'preact/compat' },
    dedupe: ['preact'],
  },
  build: {
    target: 'es2024',
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      // antd marks its files for React's server rendering, which there is none of here.
      onLog: (level, log, write) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') write(level, log)
      },
    },
  },
  server: { proxy: { '/rpc': centre(), '/auth': centre(), '/live': { ...centre(), ws: true } } },
})

function centre() {
  return { target: process.env['CENTRE_URL'] ?? 'http://127.0.0.1:8080' }
}
