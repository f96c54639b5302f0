import { Modal } from 'antd'
import type { ComponentChildren } from 'preact'
import { PushButton } from './push-button.tsx'

interface Props {
  /** Names the thing that would be lost. */
  title: string
  open: boolean
  confirmLabel: string
  keepLabel: string
  busy: boolean
  canConfirm?: boolean
  onConfirm(): void
  onKeep(): void
  children: ComponentChildren
}

/** Asks before something is taken away; the safe answer comes first and has the focus. */
export function ConfirmDialog(props: Props) {
  return (
    <Modal
      title={props.title}
      open={props.open}
      onCancel={props.onKeep}
      closable={false}
      destroyOnHidden={true}
      footer={
        <div class="ui-actions">
          <PushButton label={props.keepLabel} onPress={props.onKeep} />
          <PushButton
            kind="danger"
            label={props.confirmLabel}
            busy={props.busy}
            disabled={props.canConfirm === false}
            onPress={props.onConfirm}
          />
        </div>
      }
    >
      {props.children}
    </Modal>
  )
}
