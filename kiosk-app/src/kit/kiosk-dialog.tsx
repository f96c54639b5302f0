import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks'
import { fitDialog } from './fit-text.ts'
import { lookOf } from './screen-panes.tsx'

/** A question over the screen; the browser keeps the focus inside, the safe answer has it first. Escape answers like its closing button. */
export function KioskDialog(props: { title: string; children: ComponentChildren; onClose(): void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const fitted = useRef('')
  useLayoutEffect(() => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal()
    const look = dialog.current ? lookOf(dialog.current) : ''
    if (dialog.current && look !== fitted.current) fitDialog(dialog.current)
    fitted.current = look
  })
  useEffect(() => {
    dialog.current?.querySelector<HTMLElement>('[data-primary]')?.focus()
  }, [])
  const cancel = (event: Event) => {
    event.preventDefault()
    props.onClose()
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={titleId} onCancel={cancel}>
      <h2 id={titleId}>{props.title}</h2>
      {props.children}
    </dialog>
  )
}
