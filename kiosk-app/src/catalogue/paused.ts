import type { Locale } from '@yizhan/contracts/local-text'

/**
 * What a paused machine says in both languages at once: whoever finds it may read only one, and the other catalogue cannot
 * be fetched from a station that does not answer.
 */
export const pausedInBoth = {
  'zh-CN': {
    'paused.title': '本机暂停服务',
    'paused.now-no-desk': '请到导诊台签到。本机恢复后会自动回到首页。',
    'power.both': '停电，本机暂停办理新业务。请到导诊台签到。',
  },
  en: {
    'paused.title': 'This machine is paused',
    'paused.now-no-desk': 'Please check in at the information desk. This screen comes back by itself.',
    'power.both': 'The power is out. This machine takes no new check-ins. Please go to the information desk.',
  },
} as const satisfies Record<Locale, Record<string, string>>
