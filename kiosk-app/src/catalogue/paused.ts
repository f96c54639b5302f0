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
    'rebuild.both': '设备正在自动修复，约 1 分钟后恢复。请使用旁边的自助机，或到导诊台签到。',
    'storage-full.both': '本机存储空间不足，暂停签到。请使用旁边的自助机，或到导诊台签到。',
  },
  en: {
    'paused.title': 'This machine is paused',
    'paused.now-no-desk': 'Please check in at the information desk. This screen comes back by itself.',
    'power.both': 'The power is out. This machine takes no new check-ins. Please go to the information desk.',
    'rebuild.both':
      'This machine is repairing itself and will be back in about 1 minute. Please use another machine or go to the information desk.',
    'storage-full.both':
      'This machine is out of storage and has paused check-in. Please use another machine or go to the information desk.',
  },
} as const satisfies Record<Locale, Record<string, string>>
