import { useState } from 'preact/hooks'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import { useServices } from '../shell/admin-services.ts'
import { passwordRefusal } from './password-refusal.ts'
import { useSending } from './use-sending.ts'

/** What a form that replaces one's own password holds, and how it is sent: a refusal becomes words, success goes to `onSet`. */
export function useNewPassword(known: string, onSet: (fresh: string) => Promise<void>) {
  const { client } = useServices()
  const [current, setCurrent] = useState(known)
  const [fresh, setFresh] = useState('')
  const [refused, setRefused] = useState<AdminMessageKey | null>(null)
  const sending = useSending()
  const submit = (event: Event) => {
    event.preventDefault()
    setRefused(null)
    return sending.send(async () => {
      try {
        await client.access.setOwnPassword({ currentPassword: current, newPassword: fresh })
      } catch (error) {
        const words = passwordRefusal(error)
        if (words === null) throw error
        return setRefused(words)
      }
      await onSet(fresh)
    })
  }
  return { current, setCurrent, fresh, setFresh, refused, sending, submit }
}
