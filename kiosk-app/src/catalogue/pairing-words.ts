import type { Locale } from '@yizhan/contracts/local-text'
import { formatMessage, type MessageValues } from '@yizhan/rules/catalogue/message-format'

const pairingZhCn = {
  'new.title': '本机尚未登记',
  'new.patients': '本机还不能签到，请到{desk}签到。',
  'new.now': '请管理员打开管理网页的「自助机」页，点「登记新机」，输入配对码：',
  'quarantined.title': '本机已隔离',
  'quarantined.why': '另有一台机器用着本机的密钥，两台都已暂停。本机没有办理任何新业务。请到{desk}签到。',
  'quarantined.now': '确认这台是真机后，请管理员在「自助机」页点「登记新机」，输入配对码：',
  'revoked.title': '本机已停用',
  'revoked.now': '本机不再办理业务。请到{desk}签到。',
  'awaiting.title': '等待中心授权',
  'awaiting.why': '本机启动时要由中心给出密钥，才能打开数据。没有办理任何业务。请到{desk}签到。',
  'awaiting.now': '联系上中心后会自动恢复。',
  'awaiting.away': '现在联系不上中心，请检查网络。',
  code: '配对码',
  'code.left': '{n} 分钟内有效，只能用一次',
  'code.none': '正在向中心登记配对码…',
  'code.away': '联系不上中心，请检查网络。连上后这里会显示配对码。',
  refused: '上一次登记没有被批准。',
  fingerprint: '密钥指纹',
  'fingerprint.compare': '网页上的指纹和这里一样，才可以批准。',
} as const

type PairingKey = keyof typeof pairingZhCn

const pairingEn: Readonly<Record<PairingKey, string>> = {
  'new.title': 'This machine is not enrolled yet',
  'new.patients': 'You cannot check in here yet. Please go to {desk}.',
  'new.now': 'Administrator: open the page “Kiosks”, choose “Enrol a machine” and type this code:',
  'quarantined.title': 'This machine is quarantined',
  'quarantined.why':
    'Another machine uses the key of this one, and both are paused. Nothing new was recorded. Please check in at {desk}.',
  'quarantined.now': 'Once this is known to be the true one: on “Kiosks” choose “Enrol a machine” and type this code:',
  'revoked.title': 'This machine is out of use',
  'revoked.now': 'It takes no more check-ins. Please go to {desk}.',
  'awaiting.title': 'Waiting for the centre',
  'awaiting.why':
    'At its start this machine needs a key from the centre to open its data. Nothing was recorded. Please check in at {desk}.',
  'awaiting.now': 'It goes on by itself once the centre answers.',
  'awaiting.away': 'The centre cannot be reached. Please check the network.',
  code: 'Pairing code',
  'code.left': 'Good for {n, plural, one {# minute} other {# minutes}}, once',
  'code.none': 'Telling the centre the code…',
  'code.away': 'The centre cannot be reached. Check the network; the code appears here then.',
  refused: 'The last request was turned down.',
  fingerprint: 'Key fingerprint',
  'fingerprint.compare': 'Approve only if the page shows the same fingerprint.',
}

const catalogues: Readonly<Record<Locale, Readonly<Record<PairingKey, string>>>> = {
  'zh-CN': pairingZhCn,
  en: pairingEn,
}

/** Says everything about a machine that is not let in, in one language; the words come with their screens. */
export type PairingSay = (key: PairingKey, values?: MessageValues) => string

/** These words in one language. */
export function pairingWords(locale: Locale): PairingSay {
  return (key, values = {}) => formatMessage(catalogues[locale][key], values, locale)
}
