import type { Locale } from '@yizhan/contracts/local-text'
import { formatMessage, type MessageValues } from '@yizhan/rules/catalogue/message-format'

/** The words about cards in Simplified Chinese; they come with their screens, after the first one. */
export const cardZhCn = {
  'card.reading': '正在读卡，请不要取出卡片',
  'card.reading-body': '马上就好。',
  'card.reading-picture': '卡片留在读卡口里',

  'card.removed-early.title': '卡片取得太早，没有读完',
  'card.removed-early.now': '请再插一次，等屏幕换页以后再取。',
  'card.removed-early.picture': '卡片留在读卡口里，等屏幕提示',
  'card.upside-down.title': '没有读到芯片，卡片可能放反了',
  'card.upside-down.now': '请取出卡片，翻过来，芯片朝上、朝里，再插一次。',
  'card.upside-down.picture': '把卡片翻过来：芯片朝上，朝里',
  'card.unknown-card.title': '这种卡不能在本机使用',
  'card.unknown-card.now': '请取回卡片，换社保卡或本院就诊卡；也可以扫预约二维码，或输入预约码。',
  'card.unknown-card.picture': '本机不认识的卡片',
  'card.unreadable.title': '这张卡没有读出来',
  'card.unreadable.now': '请取出卡片，把芯片擦干净，再插一次。还是不行，请扫预约二维码，或输入预约码。',
  'card.unreadable.picture': '用软布擦一擦芯片',
  'card.two-cards.title': '同时放了两张卡',
  'card.two-cards.now': '请把两张卡都取出来，再放要用的那一张。',
  'card.two-cards.picture': '两张卡，只放一张',
  'card.reader-lost.title': '读卡器突然断开了',
  'card.reader-lost.now': '请先取回您的卡片，再扫预约二维码，或输入预约码。',
  'card.reader-lost.picture': '取回卡片，读卡器现在不能用',
  'card.not-authorised.title': '现在不能读身份证',
  'card.not-authorised.now': '请取回身份证，改为扫预约二维码，或输入预约码。',
  'card.not-authorised.picture': '身份证感应区现在不能用',

  'gone.title': '刚才读的卡过时了',
  'gone.now': '请把卡取出来，再插一次。',
  'none-found.title': '这张卡下，没有找到今天的预约',
  'none-found.now': '预约时可能用了别的证件。请扫预约二维码，或输入预约码。',
  'none-found.offline': '医院网络中断，本机只能查到已收到的预约。请扫预约二维码，或输入预约码。',
  'decoder.title': '医保电子凭证暂时不能识别',
  'decoder.now': '请用预约码签到：输入 9 位数字，或扫预约短信里的二维码。',
} as const

/** The name of a message about cards. */
export type CardKey = keyof typeof cardZhCn

/** The words about cards in English; complete by its type. */
export const cardEn: Readonly<Record<CardKey, string>> = {
  'card.reading': 'Reading your card. Please leave it in',
  'card.reading-body': 'It takes a moment.',
  'card.reading-picture': 'The card stays in the slot',

  'card.removed-early.title': 'The card was taken out too soon',
  'card.removed-early.now': 'Insert it again, and leave it in until the screen changes.',
  'card.removed-early.picture': 'The card stays in the slot until the screen says so',
  'card.upside-down.title': 'No chip found. The card may be the wrong way round',
  'card.upside-down.now': 'Take the card out and turn it over. Insert it again with the chip up and first.',
  'card.upside-down.picture': 'Turn the card over: chip up, and first',
  'card.unknown-card.title': 'This kind of card does not work here',
  'card.unknown-card.now':
    'Take it back. Use a social security card or a card of this hospital, scan your QR code, or type your booking code.',
  'card.unknown-card.picture': 'A card that this machine does not know',
  'card.unreadable.title': 'This card could not be read',
  'card.unreadable.now':
    'Take it out, wipe the chip, and insert it again. Or scan your QR code, or type your booking code.',
  'card.unreadable.picture': 'Wipe the chip with a soft cloth',
  'card.two-cards.title': 'There are two cards',
  'card.two-cards.now': 'Take out both, then put in the one that you want to use.',
  'card.two-cards.picture': 'Two cards: use only one',
  'card.reader-lost.title': 'The card reader stopped working',
  'card.reader-lost.now': 'Take your card back first. Then scan your QR code, or type your booking code.',
  'card.reader-lost.picture': 'Take the card back; the reader does not work now',
  'card.not-authorised.title': 'ID cards cannot be read now',
  'card.not-authorised.now': 'Take your ID card back. Then scan your QR code, or type your booking code.',
  'card.not-authorised.picture': 'The ID card reader does not work now',

  'gone.title': 'That card was read too long ago',
  'gone.now': 'Take it out and insert it again.',
  'none-found.title': 'No appointment today under this card',
  'none-found.now': 'You may have booked with another card. Scan your QR code, or type your booking code.',
  'none-found.offline':
    'The hospital network is down; this machine knows only what it has received. Scan your QR code, or type your booking code.',
  'decoder.title': 'Insurance QR codes cannot be read now',
  'decoder.now': 'Use your booking code: type its 9 digits, or scan the QR code in your booking message.',
}

const catalogues: Readonly<Record<Locale, Readonly<Record<CardKey, string>>>> = { 'zh-CN': cardZhCn, en: cardEn }

/** Says everything about cards, in one language. */
export type CardSay = (key: CardKey, values?: MessageValues) => string

/** The words about cards in one language. */
export function cardWords(locale: Locale): CardSay {
  return (key, values = {}) => formatMessage(catalogues[locale][key], values, locale)
}
