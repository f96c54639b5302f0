import { createElement as h, useReducer } from 'react'
import { createRoot } from 'react-dom/client'
import './page.css'

/** The lobby's check-in as a bare React page: attract, keypad, confirm, ticket. No kit, no library, no calls. */
const begin = { step: 'attract', code: '', locale: 'zh-CN' }
const words = {
  'zh-CN': {
    welcome: '自助签到',
    hint: '请把二维码对准扫描口，或输入预约码。',
    type: '输入预约码',
    code: '请输入 9 位预约码',
    erase: '删除',
    next: '下一步',
    confirm: '是您的预约吗？',
    yes: '确认签到',
    back: '返回',
    ticket: '请取走凭条',
    done: '完成',
    other: 'English',
    patient: '就诊人',
    clinic: '科室',
    place: '地点',
    time: '时间',
  },
  en: {
    welcome: 'Check in',
    hint: 'Hold your code to the scanner, or type it.',
    type: 'Type the code',
    code: 'Enter the 9 digits of your booking code',
    erase: 'Delete',
    next: 'Next',
    confirm: 'Is this your appointment?',
    yes: 'Check in',
    back: 'Back',
    ticket: 'Take your ticket',
    done: 'Done',
    other: '中文',
    patient: 'Patient',
    clinic: 'Clinic',
    place: 'Place',
    time: 'Time',
  },
}
const booking = { patient: '张*', clinic: '心血管内科', place: '门诊楼二层 A 区', time: '08:30' }

function next(state, event) {
  switch (event.kind) {
    case 'digit':
      return { ...state, code: (state.code + event.digit).slice(0, 9) }
    case 'erase':
      return { ...state, code: state.code.slice(0, -1) }
    case 'language':
      return { ...state, locale: state.locale === 'en' ? 'zh-CN' : 'en' }
    case 'go':
      return event.step === 'attract' ? { ...begin, locale: state.locale } : { ...state, step: event.step }
    default:
      return state
  }
}

const button = (label, onClick, className) => h('button', { type: 'button', onClick, className, key: label }, label)

function Keypad({ state, send, text }) {
  const digits = [...'1234567890'].map((digit) => button(digit, () => send({ kind: 'digit', digit })))
  return h(
    'main',
    null,
    h('h1', null, text.code),
    h('p', { 'aria-live': 'polite' }, state.code.padEnd(9, '·').replace(/(.{3})(?=.)/g, '$1 ')),
    h('div', { className: 'keys' }, digits, button(text.erase, () => send({ kind: 'erase' }))),
    button(text.next, () => send({ kind: 'go', step: 'confirm' }), 'primary'),
    button(text.back, () => send({ kind: 'go', step: 'attract' })),
  )
}

function Details({ text }) {
  return h(
    'dl',
    null,
    Object.entries(booking).flatMap(([name, value]) => [
      h('dt', { key: name }, text[name]),
      h('dd', { key: `${name} value` }, value),
    ]),
  )
}

function Page() {
  const [state, send] = useReducer(next, begin)
  const text = words[state.locale]
  if (state.step === 'keypad') return h(Keypad, { state, send, text })
  if (state.step === 'confirm') {
    return h(
      'main',
      null,
      h('h1', null, text.confirm),
      h(Details, { text }),
      button(text.yes, () => send({ kind: 'go', step: 'ticket' }), 'primary'),
      button(text.back, () => send({ kind: 'go', step: 'keypad' })),
    )
  }
  if (state.step === 'ticket') {
    return h(
      'main',
      null,
      h('h1', null, text.ticket),
      h('p', { className: 'number' }, 'A037'),
      h(Details, { text }),
      button(text.done, () => send({ kind: 'go', step: 'attract' }), 'primary'),
    )
  }
  return h(
    'main',
    null,
    h('h1', null, text.welcome),
    h('p', null, text.hint),
    button(text.type, () => send({ kind: 'go', step: 'keypad' }), 'primary'),
    button(text.other, () => send({ kind: 'language' })),
  )
}

createRoot(document.getElementById('kiosk')).render(h(Page))
