import { useEffect, useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { AskDialog } from '../ui-admin/ask-dialog.tsx'
import { ProveFactor } from './prove-factor.tsx'

/** Asks for the second factor again when a deed of weight waits for it; the deed goes on by itself afterwards. */
export function StepUpDialog() {
  const say = useSay()
  const { stepUp } = useServices()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const attending = stepUp.attend(() => setOpen(true))
    return () => {
      attending.stop()
      stepUp.settle(false)
    }
  }, [stepUp])
  const settle = (proved: boolean) => {
    setOpen(false)
    stepUp.settle(proved)
  }
  return (
    <AskDialog
      open={open}
      title={say('access.prove.title')}
      cancelLabel={say('access.prove.cancel')}
      onCancel={() => settle(false)}
    >
      <p>{say('access.prove.body')}</p>
      <ProveFactor onProved={() => settle(true)} />
    </AskDialog>
  )
}
