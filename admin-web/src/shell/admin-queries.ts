import { MutationCache, QueryCache, QueryClient } from '@tanstack/preact-query'
import { refusalOf } from './refusal.ts'

/** The key of the question who is signed in. */
export const whoAmIKey = ['who-am-i'] as const

/** The memory of what the centre answered. When any call finds the session over, the console asks who is signed in. */
export function createAdminQueries(): QueryClient {
  const onError = (error: unknown, key?: readonly unknown[]) => {
    if (refusalOf(error) !== 'not-signed-in' || key?.[0] === whoAmIKey[0]) return
    client.invalidateQueries({ queryKey: whoAmIKey }).catch(() => undefined)
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => onError(error, query.queryKey) }),
    mutationCache: new MutationCache({ onError: (error) => onError(error) }),
    defaultOptions: {
      queries: {
        // The centre may stand in the same building: the browser's opinion of the internet must not keep a page from
        // asking, and from saying that nobody answered.
        networkMode: 'always',
        // A refusal stays one however often it is asked; a fault gets one more try before the page says so.
        retry: (failures, error) => refusalOf(error) === null && failures < 1,
        retryDelay: 500,
        refetchOnWindowFocus: false,
      },
      mutations: { retry: false },
    },
  })
  return client
}
