import type { PostRow } from '@yizhan/contracts/organisation'
import { useState } from 'preact/hooks'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { newOperationId } from '../shell/new-operation-id.ts'
import type { Repeatable } from '../shell/use-repeatable.ts'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import { TextField } from '../ui-admin/text-field.tsx'

/** The posts of the hospital: which there are, one more, and those that nobody is given any more. */
export function PostsForm({ posts, deeds }: { posts: readonly PostRow[]; deeds: Repeatable }) {
  const say = useSay()
  const localText = useLocalText()
  const { client, clock } = useServices()
  const [zh, setZh] = useState('')
  const [en, setEn] = useState('')
  const put = (post: Omit<PostRow, 'retiredAt'>, retired: boolean) =>
    deeds.carryOut({
      what: JSON.stringify([post.name, retired]),
      done: say('staff.saved', { name: localText(post.name) }),
      send: (operationId) => client.organisation.putPost({ operationId, ...post, retired }),
    })
  return (
    <>
      <ul class="own-keys">
        {posts.map(({ retiredAt, ...post }) => (
          <li key={post.postId}>
            <b>{localText(post.name)}</b>
            {retiredAt !== null && <StatusTag tone="quiet" icon="off" label={say('posts.retired')} />}
            <PushButton
              kind={retiredAt === null ? 'quiet-danger' : 'quiet'}
              disabled={deeds.busy}
              label={say(retiredAt === null ? 'posts.retire' : 'posts.restore')}
              spokenLabel={say('accounts.action.of', {
                what: say(retiredAt === null ? 'posts.retire' : 'posts.restore'),
                name: localText(post.name),
              })}
              onPress={() => put(post, retiredAt === null)}
            />
          </li>
        ))}
      </ul>
      <form
        class="ui-form"
        onSubmit={async (event) => {
          event.preventDefault()
          if (zh === '' || en === '') return
          await put({ postId: newOperationId(clock()), name: { 'zh-CN': zh, en } }, false)
          setZh('')
          setEn('')
        }}
      >
        <TextField label={say('posts.nameZh')} value={zh} onChange={setZh} />
        <TextField label={say('posts.nameEn')} value={en} onChange={setEn} />
        <PushButton
          kind="primary"
          submits={true}
          wide={true}
          busy={deeds.busy}
          disabled={zh === '' || en === ''}
          label={say('posts.add')}
        />
      </form>
    </>
  )
}
