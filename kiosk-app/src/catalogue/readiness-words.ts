import type { Locale } from '@yizhan/contracts/local-text'
import { formatMessage, type MessageValues } from '@yizhan/rules/catalogue/message-format'

/** The readiness report's words in Simplified Chinese; they come with its screen. */
export const readinessZhCn = {
  title: '就绪检查',
  'title.ready': '就绪检查：就绪',
  'title.not-ready': '就绪检查：未就绪',
  'title.incomplete': '就绪检查：还没做完',
  purpose: '逐台检查设备，打印一张测试条，再请您扫一个码、放一张卡、按一个键。这里没有患者信息。',
  looking: '正在读取上次的结果…',
  at: '{at} 检查',
  receipt: '回执号',
  devices: '设备检查结果',

  start: '开始检查',
  again: '再检查一次',
  starting: '正在检查…',
  print: '打印报告',
  printing: '正在打印…',
  end: '结束',

  'device.printer': '打印机',
  'device.scanner': '扫描口',
  'device.card-reader': '读卡口',
  'device.id-reader': '身份证感应区',
  'device.keypad': '评价按键',
  'device.indicator': '指示灯',
  'device.ups': '不间断电源',

  'check.found': '接通',
  'check.answers': '应答',
  'check.test-print': '试打',
  'check.scan': '扫码',
  'check.card': '读卡',
  'check.key': '按键',
  'check.light': '亮灯',
  'check.mains': '市电',

  'result.passed': '通过',
  'result.failed': '不通过',
  'result.waiting': '等待',
  'result.not-done': '没有做',

  'wait.scan': '请扫任意一个码',
  'wait.card': '请插入任意一张卡',
  'wait.id': '请放上任意一张身份证',
  'wait.key': '请按任意一个评价键',
  'wait.look': '请看一看设备',
  'wait.more': '之后还有 {n} 项',

  'problem.tested-just-now': '刚打过测试条，请过 {n} 秒再试。',
  'problem.session-running': '有患者正在办理，请等他办完再检查。',
  'problem.report-missing': '还没有检查结果，请先开始检查。',
  'problem.printer-not-ready': '打印机现在不能打印，请先看上面的打印机一项。',
  'problem.station-unreachable': '本机程序没有回应，请再试一次。',

  'reason.paper-near-end': '纸快用完了，请备好新纸卷。',
  'reason.paper-out': '缺纸，请换纸卷。',
  'reason.cover-open': '盖子没有合上，请合到听见咔嗒一声。',
  'reason.cutter-jammed': '切刀卡住了，请打开盖子取出碎纸，再断电重开。',
  'reason.overheated': '过热，请等几分钟再试。',
  'reason.unrecoverable': '设备报告严重故障，请断电再通电；还不行，请报修。',
  'reason.offline': '设备报告脱机，请看它的指示灯，按一下联机键。',
  'reason.ticket-not-taken': '出票口有凭条没取，请取走。',
  'reason.bin-full': '废票箱满了，请清空。',
  'reason.link-lost': '连线断了，请检查数据线和电源。',
  'reason.mute': '没有应答，请断电再通电。',
  'reason.hung': '卡住了，本机正在重新连接。',
  'reason.protocol': '应答看不懂，请核对型号和接口设置。',
  'reason.not-authorised': '身份证安全模块拒绝服务，请报修。',
  'reason.daemon-down': '读卡服务没有运行，请重新启动本机。',
  'reason.on-battery': '正在用电池供电，请检查市电。',
  'reason.battery-low': '电池电量低，请尽快恢复市电。',
  'reason.battery-worn': '电池老化，请报修更换。',
  'reason.config-mismatch': '设置和设备不符，请核对型号。',
  'reason.quarantined': '反复出错，已停用；过 5 分钟会自己再试。',
  'reason.none': '没有通过，请检查连线后再试。',
} as const

/** The name of a message of the readiness report. */
export type ReadinessKey = keyof typeof readinessZhCn

/** The readiness report's words in English; complete by its type. */
export const readinessEn: Readonly<Record<ReadinessKey, string>> = {
  title: 'Readiness check',
  'title.ready': 'Readiness check: ready',
  'title.not-ready': 'Readiness check: not ready',
  'title.incomplete': 'Readiness check: not finished',
  purpose:
    'Every device is checked and a test slip is printed. Then you scan a code, put in a card and press a key. Nothing here is about a patient.',
  looking: 'Reading the last result…',
  at: 'Checked at {at}',
  receipt: 'Receipt number',
  devices: 'Results by device',

  start: 'Start the check',
  again: 'Check again',
  starting: 'Checking…',
  print: 'Print report',
  printing: 'Printing…',
  end: 'Finish',

  'device.printer': 'Printer',
  'device.scanner': 'Scanner',
  'device.card-reader': 'Card slot',
  'device.id-reader': 'ID card reader',
  'device.keypad': 'Rating keys',
  'device.indicator': 'Lamp',
  'device.ups': 'Battery supply',

  'check.found': 'Found',
  'check.answers': 'Answers',
  'check.test-print': 'Test print',
  'check.scan': 'Scan',
  'check.card': 'Card',
  'check.key': 'Key',
  'check.light': 'Light',
  'check.mains': 'Mains',

  'result.passed': 'passed',
  'result.failed': 'failed',
  'result.waiting': 'waiting',
  'result.not-done': 'not done',

  'wait.scan': 'Scan any code',
  'wait.card': 'Insert any card',
  'wait.id': 'Lay down any ID card',
  'wait.key': 'Press any rating key',
  'wait.look': 'Look at the device',
  'wait.more': '{n, plural, one {# more} other {# more}} after that',

  'problem.tested-just-now':
    'A test slip was printed just now. Try again in {n, plural, one {# second} other {# seconds}}.',
  'problem.session-running': 'A patient is being served. Wait until they are done.',
  'problem.report-missing': 'There is no result yet. Start the check first.',
  'problem.printer-not-ready': 'The printer cannot print now. Look at its line above first.',
  'problem.station-unreachable': 'The station program does not answer. Please try again.',

  'reason.paper-near-end': 'Paper is running low. Have a new roll at hand.',
  'reason.paper-out': 'Out of paper. Put in a new roll.',
  'reason.cover-open': 'The cover is open. Close it until it clicks.',
  'reason.cutter-jammed': 'The cutter is jammed. Open the cover, take out the scraps, switch it off and on.',
  'reason.overheated': 'Too hot. Wait a few minutes.',
  'reason.unrecoverable':
    'The device reports a serious fault. Switch it off and on; if that does not help, have it repaired.',
  'reason.offline': 'The device says that it is offline. Look at its lights and press its online key.',
  'reason.ticket-not-taken': 'A slip waits in the mouth. Take it out.',
  'reason.bin-full': 'The bin for old slips is full. Empty it.',
  'reason.link-lost': 'The line is broken. Check the cable and the power.',
  'reason.mute': 'No answer. Switch the device off and on.',
  'reason.hung': 'It hangs. The station is connecting anew.',
  'reason.protocol': 'Its answers make no sense. Check model and port settings.',
  'reason.not-authorised': 'The security module of the ID reader refuses. Have it repaired.',
  'reason.daemon-down': 'The card service does not run. Restart this machine.',
  'reason.on-battery': 'On battery. Check the mains.',
  'reason.battery-low': 'The battery is low. Bring back the mains soon.',
  'reason.battery-worn': 'The battery is worn. Have it replaced.',
  'reason.config-mismatch': 'Settings and device do not fit. Check the model.',
  'reason.quarantined': 'It failed again and again and is switched off. It is tried again after 5 minutes.',
  'reason.none': 'Not passed. Check the cable and try again.',
}

const catalogues: Readonly<Record<Locale, Readonly<Record<ReadinessKey, string>>>> = {
  'zh-CN': readinessZhCn,
  en: readinessEn,
}

/** Says everything about the readiness report, in one language. */
export type ReadinessSay = (key: ReadinessKey, values?: MessageValues) => string

/** The readiness report's words in one language. */
export function readinessWords(locale: Locale): ReadinessSay {
  return (key, values = {}) => formatMessage(catalogues[locale][key], values, locale)
}
