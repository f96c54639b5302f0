import type { DeviceKind, DeviceReason } from '@yizhan/contracts/device'
import type { ReadinessCheck, ReadinessReport, ReadinessResult } from '@yizhan/contracts/readiness'

/** A word in both languages: these slips are for technicians, whose language nobody has asked. */
type Both = readonly [zhCn: string, en: string]

/** The words of the readiness slip and of the test slip. */
export const readinessWords: {
  title: Both
  noTicket: Both
  station: Both
  checkedAt: Both
  receipt: Both
  test: Both
  testHint: Both
  off: Both
  verdicts: Record<ReadinessReport['verdict'], Both>
  results: Record<ReadinessResult, Both>
  checks: Record<ReadinessCheck, Both>
  kinds: Record<DeviceKind, Both>
  reasons: Record<DeviceReason, Both>
} = {
  title: ['就绪检查', 'Readiness check'],
  noTicket: ['不是凭条，不能用来就诊', 'Not a ticket'],
  station: ['自助机', 'Kiosk'],
  checkedAt: ['检查时间', 'Checked'],
  receipt: ['回执号', 'Receipt number'],
  test: ['打印测试', 'Test print'],
  testHint: ['字迹清楚、线条连续、切口整齐为正常。', 'Good: sharp text, whole lines, clean cut.'],
  off: ['已关闭', 'switched off'],
  verdicts: {
    ready: ['已就绪', 'READY'],
    'not-ready': ['未就绪', 'NOT READY'],
    incomplete: ['检查未完成', 'NOT COMPLETE'],
  },
  results: {
    passed: ['通过', 'passed'],
    failed: ['未通过', 'FAILED'],
    waiting: ['等待中', 'waiting'],
    'not-done': ['未做', 'not done'],
  },
  checks: {
    found: ['找到', 'found'],
    answers: ['应答', 'answers'],
    'test-print': ['试打', 'test print'],
    scan: ['扫码', 'scan'],
    card: ['读卡', 'card'],
    key: ['按键', 'key'],
    light: ['亮灯', 'light'],
    mains: ['市电', 'mains power'],
  },
  kinds: {
    printer: ['打印机', 'Printer'],
    scanner: ['扫码器', 'Scanner'],
    'card-reader': ['读卡器', 'Card reader'],
    'id-reader': ['身份证阅读器', 'ID card reader'],
    keypad: ['评价器', 'Rating keypad'],
    indicator: ['指示灯', 'Indicator light'],
    ups: ['不间断电源', 'UPS'],
  },
  reasons: {
    'paper-near-end': ['纸快用完', 'paper is running out'],
    'paper-out': ['缺纸', 'no paper'],
    'cover-open': ['机盖没盖好', 'cover is open'],
    'cutter-jammed': ['切刀卡住', 'cutter is jammed'],
    overheated: ['打印头过热', 'print head is too hot'],
    unrecoverable: ['设备报告故障，请关机重开或报修', 'device reports a fault: switch off and on, or repair'],
    offline: ['打印机自报脱机', 'printer says it is offline'],
    'ticket-not-taken': ['出票口有票没取', 'a slip waits in the mouth'],
    'bin-full': ['废票盒已满', 'bin of returned slips is full'],
    'link-lost': ['连接断开', 'not connected'],
    mute: ['没有回应', 'does not answer'],
    hung: ['卡住不动', 'driver hangs'],
    protocol: ['回应异常', 'answers make no sense'],
    'not-authorised': ['安全模块未授权', 'security module refuses'],
    'daemon-down': ['读卡服务没有运行', 'card service does not run'],
    'on-battery': ['市电中断，正用电池', 'mains failed, on battery'],
    'battery-low': ['电池快用完', 'battery is low'],
    'battery-worn': ['电池老化，要更换', 'battery is worn out'],
    'config-mismatch': ['设置与设备不符', 'settings do not fit the device'],
    quarantined: ['反复出错，暂停使用', 'failed again and again, set aside'],
  },
}
