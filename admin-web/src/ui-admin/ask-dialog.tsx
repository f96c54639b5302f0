import { Modal } from 'antd'
import type { ComponentChildren } from 'preact'
import { PushButton } from './push-button.tsx'

interface Props {
  title: string
  open: boolean
  cancelLabel: string
  onCancel(): void
  /** What is asked, with its own way of answering. */
  children: ComponentChildren
}

/** Asks one thing over the page; the only button of its own is the way out. */
export function AskDialog({ title, open, cancelLabel, onCancel, children }: Props) {
  return (
    <Modal
      title={title}
      open={open}
      onCancel={onCancel}
      closable={false}
      destroyOnHidden={true}
      width={420}
      footer={
        <div class="ui-actions">
          <PushButton label={cancelLabel} onPress={onCancel} />
        </div>
      }
    >
      {children}
    </Modal>
  )
}
