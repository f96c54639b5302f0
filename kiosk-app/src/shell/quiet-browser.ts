/** Takes the launch token out of the address, and turns off what a browser offers and a kiosk must not. */
export function quietBrowser(window: Window): void {
  window.history.replaceState(null, '', window.location.pathname)
  const refuse = (event: Event) => event.preventDefault()
  window.addEventListener('contextmenu', refuse)
  window.addEventListener('dragstart', refuse)
  window.addEventListener('gesturestart', refuse)
  window.addEventListener('wheel', (event) => event.ctrlKey && event.preventDefault(), { passive: false })
  window.addEventListener('touchmove', (event) => event.touches.length > 1 && event.preventDefault(), {
    passive: false,
  })
}
