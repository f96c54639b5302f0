interface Props<View extends string> {
  label: string
  views: readonly { view: View; label: string; href: string }[]
  now: View
}

/** The views of one page, as links: each has an address of its own. */
export function ViewSwitch<View extends string>({ label, views, now }: Props<View>) {
  return (
    <nav class="ui-views" aria-label={label}>
      {views.map(({ view, label: name, href }) => (
        <a key={view} href={href} aria-current={view === now ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  )
}
