import type { SessionBrowser } from '@yizhan/contracts/access'

/** By what a browser is known in its User-Agent, the more special before what it also claims to be. */
const browsers = [
  ['wechat', /MicroMessenger\//],
  ['edge', /Edg(?:A|iOS)?\//],
  ['opera', /OPR\//],
  ['qq', /QQBrowser\//],
  ['firefox', /(?:Firefox|FxiOS)\//],
  ['chrome', /(?:Chrome|CriOS)\//],
  ['safari', /Version\/[\d.]+ .*Safari\//],
] as const satisfies readonly (readonly [SessionBrowser['browser'], RegExp])[]

const systems = [
  ['harmony', /HarmonyOS|OpenHarmony/],
  ['android', /Android/],
  ['ios', /iPhone|iPad/],
  ['windows', /Windows/],
  ['mac', /Macintosh/],
  ['linux', /Linux|X11/],
] as const satisfies readonly (readonly [SessionBrowser['system'], RegExp])[]

/** The browser and system that a request said it came from: for its owner to recognise, never to decide anything by. */
export function browserNamed(userAgent: string | null): SessionBrowser {
  const text = (userAgent ?? '').slice(0, 1000)
  return {
    browser: browsers.find(([, mark]) => mark.test(text))?.[0] ?? 'other',
    system: systems.find(([, mark]) => mark.test(text))?.[0] ?? 'other',
  }
}
