import { expect, test } from 'vitest'
import { shellFilesOf } from './shell-files.ts'

test('the shell is the page and what its entry needs, loaded now or later, and nothing of other pages', () => {
  const files = shellFilesOf('assets/index.js', [
    { type: 'chunk', fileName: 'assets/index.js', imports: ['assets/kit.js'], dynamicImports: ['assets/socket.js'] },
    { type: 'chunk', fileName: 'assets/kit.js', imports: ['assets/index.js'], styles: ['assets/kit.css'] },
    { type: 'chunk', fileName: 'assets/socket.js' },
    { type: 'asset', fileName: 'assets/kit.css' },
    { type: 'chunk', fileName: 'assets/gallery.js', imports: ['assets/kit.js'] },
  ])
  expect(files).toEqual(['/', '/assets/index.js', '/assets/kit.css', '/assets/kit.js', '/assets/socket.js'])
})
