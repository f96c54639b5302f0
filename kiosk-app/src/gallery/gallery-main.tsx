import { render, type VNode } from 'preact'
import '../kit/kiosk.css'
import './gallery.css'
import type { DisplaySettings } from '../kit/display-settings.ts'
import { GalleryScreen, gallerySamples } from './gallery-sample.tsx'

const asked = new URLSearchParams(location.search)
const display: DisplaySettings = {
  locale: asked.get('locale') === 'en' ? 'en' : 'zh-CN',
  large: asked.has('large'),
  contrast: asked.has('contrast'),
  low: asked.has('low'),
}
const millimetre = asked.get('mm')
if (millimetre) document.documentElement.style.setProperty('--mm', `${Number(millimetre)}px`)

const sample = gallerySamples[asked.get('sample') ?? '']
const root = document.getElementById('gallery')
if (!root) throw new Error('the page has no #gallery')
render(sample ? <GalleryScreen sample={sample} display={display} /> : <SampleList />, root)

function SampleList(): VNode {
  const looks = ['', '&locale=en', '&large', '&large&locale=en', '&contrast', '&low', '&low&large']
  return (
    <main class="gallery">
      <h1>Every screen of the kiosk</h1>
      <ul>
        {Object.keys(gallerySamples).map((name) => (
          <li key={name}>
            {name}
            {looks.map((look) => (
              <a key={look} href={`?sample=${name}${look}`}>
                {look.replaceAll('&', ' ').trim() || 'zh-CN'}
              </a>
            ))}
          </li>
        ))}
      </ul>
    </main>
  )
}
