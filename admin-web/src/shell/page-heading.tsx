import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'

interface Props {
  title: string
  purpose: string
  aside?: ComponentChildren
}

/** A page's name and what it is for, in the page and in the browser's tab. */
export function PageHeading({ title, purpose, aside }: Props) {
  const say = useSay()
  useEffect(() => {
    document.title = say('app.title', { page: title })
  })
  return (
    <header class="page-heading">
      <div>
        <h1>{title}</h1>
        <p>{purpose}</p>
      </div>
      {aside}
    </header>
  )
}
