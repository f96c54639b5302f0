import { Drawer } from 'antd'
import type { ComponentChildren } from 'preact'

interface Props {
  title: string
  open: boolean
  closeLabel: string
  onClose(): void
  children: ComponentChildren
}

/** A pane at the side that keeps the list behind it in view. */
export function SideDrawer({ title, open, closeLabel, onClose, children }: Props) {
  return (
    <Drawer
      title={title}
      open={open}
      onClose={onClose}
      size={440}
      destroyOnHidden={true}
      closable={{ 'aria-label': closeLabel }}
    >
      {children}
    </Drawer>
  )
}
