import { implement } from '@orpc/server'
import { attachmentContract } from '@yizhan/contracts/attachment'
import type { PatientSessions } from '../check-in/patient-session.ts'
import { StorageFullError } from '../storage/sql.ts'
import type { Attachments } from './attachment.ts'

/** The attachment calls of the kiosk, as the contract has them. A visitor whom nobody has identified may make one too. */
export function attachmentProcedures(attachments: Attachments, sessions: PatientSessions) {
  const os = implement(attachmentContract)
  return os.router({
    begin: os.begin.handler(({ input, errors }) => {
      sessions.begin(input.sessionId)
      const begun = attachments.begin(input)
      if (!begun.ok) throw errors[begun.error]()
      return { offset: begun.offset }
    }),
    append: os.append.handler(({ input, errors }) => {
      sessions.find(input.sessionId)
      const appended = attachments.append(input, Buffer.from(input.bytes, 'base64'))
      if (appended.ok) return { offset: appended.offset }
      if (appended.error === 'offset-wrong') throw errors['offset-wrong']({ data: { offset: appended.offset } })
      throw errors[appended.error]()
    }),
    finish: os.finish.handler(async ({ input, errors }) => {
      const finished = await attachments.finish(input).catch((error: unknown) => {
        if (error instanceof StorageFullError) throw errors['attachments-full']()
        throw error
      })
      if (!finished.ok) throw errors[finished.error]()
      return { byteLength: finished.byteLength }
    }),
  })
}
