import { pausedInBoth } from './paused.ts'
import type { Catalogue } from './words.ts'
import type { MessageKey } from './zh-cn.ts'

/** The screens' words in English; complete by its type. */
export const en: Readonly<Record<MessageKey, string>> = {
  'language.other': '中文',

  'bar.back': 'Back',
  'bar.start-over': 'Start over',
  'bar.not-me': 'Not me · Start over',
  'bar.help': 'Help',
  'bar.display': 'Text · Contrast',
  'bar.name': 'Back, start over, help, language and display',

  'display.title': 'What would make this easier to read?',
  'display.large': 'Large text',
  'display.contrast': 'High contrast',
  'display.low': 'Lower buttons',
  'display.low-hint': 'If you sit or are not tall',
  'display.done': 'Done',

  'help.title': 'Do you need help?',
  'help.desk': 'Please go to {desk}. Someone there will help you.',
  'help.code': 'The booking code has 9 digits. It is in your booking message.',
  'help.scan': 'If you have a QR code, hold it to the scanner. No typing needed.',
  'help.counter': 'You do not have to use this machine: the desk can check you in too.',
  'help.close': 'OK',

  'idle.title': 'Do you need more time?',
  'idle.body': 'In {n, plural, one {# second} other {# seconds}} this screen is cleared and goes back to the start.',
  'idle.more': 'I need more time',
  'idle.end': 'No, finish',

  'attract.title': 'Check in here',
  'attract.lead': 'If you have an appointment, check in here and get your number.',
  'attract.start': 'Type my booking code',
  'attract.scan-title': 'Have a QR code? Scan it',
  'attract.scan': 'Hold your booking QR code to the scanner.',
  'attract.scan-picture': 'A QR code on a phone, held facing the scanner',
  'attract.first-visit': 'No appointment? Please go to {desk}.',
  'attract.scanner-away': 'The scanner is not working. Please type your booking code.',
  'attract.centre-away': "The hospital network is down. You can still check in for today's appointments.",

  'printer.paper-out':
    'This machine is out of paper. You can still check in: take a photo of your number, or have it printed at {desk}.',
  'printer.cover-open':
    'The printer cover is open. You can still check in: take a photo of your number, or have it printed at {desk}.',
  'printer.broken':
    'This machine cannot print. You can still check in: take a photo of your number, or have it printed at {desk}.',
  'printer.paper-low': 'Paper is running low. If no ticket comes out, take a photo of your number.',

  'step.of': 'Step {at} of {all}',
  'keypad.name': 'Number keys',
  'keypad.erase': 'Delete one digit',
  'keypad.clear': 'Clear',
  'keypad.next': 'Next',

  'code.title': 'Type your booking code',
  'code.hint': '9 digits, in your booking message. Or simply scan your QR code.',
  'code.entered': 'Typed so far: {digits}',
  'code.empty': 'Nothing typed yet',
  'code.incomplete': 'The code has 9 digits. {n, plural, one {# digit is} other {# digits are}} missing.',
  'code.mistyped':
    'There is a mistake in the number. Please compare it with your message and correct it. Nothing was searched; you are not checked in.',

  'second.title': 'Type the last 4 digits of your phone number',
  'second.hint':
    'The phone you gave when booking. If you gave none, type your birthday as month and day: 8 March is 0308.',
  'second.incomplete': '4 digits are needed. {n, plural, one {# digit is} other {# digits are}} missing.',

  'identifying.title': 'Looking for your appointment',
  'identifying.body': 'One moment, please.',

  'choose.title': 'Which appointment is it?',
  'choose.lead': 'You have {n} appointments. Please tap one.',
  'choose.nearest': 'Nearest',
  'choose.more': 'Show others',

  'standing.on-time': 'You can check in',
  'standing.late': 'Late, you can check in',
  'standing.too-early': 'Too early to check in',
  'standing.closed': 'Check-in has ended',
  'standing.other-day': 'Not today',
  'standing.other-site': 'At another campus',
  'standing.cancelled': 'Cancelled',
  'standing.rescheduled': 'Moved to a new time',
  'standing.checked-in': 'Already checked in',

  'confirm.title': 'Is this you?',
  'confirm.title-nameless': 'Is this your appointment?',
  'confirm.nameless': 'Your booking QR code was checked',
  'confirm.name': 'Name',
  'confirm.clinic': 'Clinic',
  'confirm.doctor': 'Doctor',
  'confirm.time': 'Time',
  'confirm.place': 'Place',
  'confirm.late': 'Your time has passed. You will join the late list and be called in order.',
  'confirm.check-in': 'Yes, check me in',
  'confirm.not-me': 'Not me',

  'commit.title': 'Checking you in',
  'commit.body': 'One moment, please stay here.',
  'commit.unanswered-title': 'Making sure that you are checked in',
  'commit.unanswered':
    'There was no answer yet. We keep asking; you will not be checked in twice. If you cannot wait, ask at {desk}.',

  'ticket.title': 'You are checked in',
  'ticket.number': 'Your number',
  'ticket.go': 'Please go to',
  'ticket.ahead':
    '{n, plural, one {# person} other {# people}} before you, about {from}–{to} minutes (estimated at {at})',
  'ticket.ahead-none': 'Nobody is waiting before you ({at}). Please go straight there.',
  'ticket.ahead-unknown': 'Please wait in the waiting area until you are called.',
  'ticket.late': 'You are on the late list and will be called in order.',
  'ticket.done': 'Finish',
  'ticket.clearing': 'The screen is cleared in {n, plural, one {# second} other {# seconds}}',

  'print.waiting': 'Printing. Please wait at the ticket slot.',
  'print.slow': 'It is all right if no ticket comes out: your number is valid. Take a photo.',
  'print.confirmed': 'Please take your ticket.',
  'print.held': 'Did your ticket come out?',
  'print.held-body': 'We cannot tell. Your number is safe, with or without paper.',
  'print.came-out': 'Yes, it did',
  'print.not-out': 'No, it did not',
  'print.none-title': 'No ticket was printed',
  'print.paper-out': 'The printer is out of paper. Your ticket was not printed.',
  'print.cover-open': 'The printer cover is open. Your ticket was not printed.',
  'print.failed': 'Your ticket was not printed.',
  'print.stopped':
    'You are checked in and your number is valid, with or without a ticket. Take a photo or note it down. For help, go to {desk}.',
  'print.photo': 'You are checked in and your number is valid. Take a photo or write it down.',
  'print.again': 'Print again',
  'print.reprint': 'Print a copy',
  'print.spent': 'No more copies here. Take a photo, or have it printed at {desk}.',
  'print.undecided': 'The last ticket is not finished yet. Please look at the slot first.',
  'print.session-over': 'It has been too long to print here. Your number is valid: take a photo, or ask at {desk}.',

  'already.title': 'You are already checked in',
  'already.at': 'Checked in at {at}. Please go to',

  'refused.try-again': 'Try again',
  'refused.retype': 'Type the code again',
  'refused.type': 'Type the code instead',
  'refused.end': 'Back to the start',
  'refused.not-checked-in': 'You are not checked in.',
  'refused.desk': 'Need help? Please go to {desk}.',

  'not-found.title': 'No appointment found',
  'not-found.now': 'Compare the code and the last 4 digits of your phone (or your birthday) with your message.',
  'not-found.tries': '{n, plural, one {# more try} other {# more tries}} left.',
  'not-found-offline.title': 'This appointment cannot be looked up now',
  'not-found-offline.now':
    'The hospital network is down; this machine knows only what it has received. If your message has a QR code, scan it. Otherwise please check in at {desk}.',

  'too-many-tries.title': 'Please wait a moment before typing',
  'too-many-tries.now':
    'There were many wrong entries at this machine just now. Please wait {clock}, or scan your booking QR code without waiting. In a hurry? Go to {desk}.',
  'too-many-tries.soon': 'a few seconds',
  'too-many-tries.over': 'You can type again now',
  'too-many-tries.now-over': 'Take your time and compare with your message.',

  'scan-unreadable.title': 'This code cannot be read',
  'scan-unreadable.now':
    "Scan the QR code in your booking message. Make the phone bright and hold it a hand's width away. Or type the code.",
  'scan-too-long.title': 'This is not a booking QR code',
  'scan-too-long.now': 'Find the QR code in your booking message and scan it, or type the booking code.',
  'scan-control-characters.title': 'This is not a booking QR code',
  'scan-control-characters.now': 'Find the QR code in your booking message and scan it, or type the booking code.',
  'scan-forged.title': 'This QR code cannot be used',
  'scan-forged.now': 'It was not made by this hospital. Scan the one in our booking message, or type the booking code.',
  'scan-gone.title': 'That scan is too old',
  'scan-gone.now': 'Please scan again.',
  'scan-ignored': 'What was just scanned is not a booking QR code. Nothing has changed.',

  'station-unreachable.title': 'This machine is not answering',
  'station-unreachable.now': 'Wait a few seconds and try again. If it still fails, check in at {desk}.',
  'out-of-service.title': 'This machine cannot check you in now',
  'out-of-service.now': 'Please check in at {desk}. You do not need a new appointment.',
  'session-over.title': 'It has been too long. Please start again',
  'session-over.now': 'Type your booking code again, or scan your QR code again.',
  'outcome-unknown.title': 'We cannot tell whether you were checked in',
  'outcome-unknown.not-done': 'No number is lost and nobody is checked in twice.',
  'outcome-unknown.now': 'Type your code or scan again. If you are checked in, your number will be shown.',

  'too-early.title': 'Check-in opens at {at}',
  'too-early.now': 'You are early. Please have a seat and check in here from {at}.',
  'closed.title': 'Check-in for this appointment has ended',
  'closed.now': 'Please go to {desk}. They can find you another time.',
  'other-day.title': 'Your appointment is on {day} at {at}',
  'other-day.now': 'Please check in on that day. To be seen today, ask at {desk}.',
  'other-site.title': 'Your appointment is at {site}',
  'other-site.now': 'Please check in at {site}. If there is not enough time, ask at {desk}.',
  'cancelled.title': 'This appointment was cancelled',
  'cancelled.now': 'If you did not cancel it, please ask at {desk}. They will look into it.',
  'rescheduled.title': 'Your appointment was moved to {day} {at}',
  'rescheduled.now': 'Please come at the new time. If it does not suit you, ask at {desk}.',
  'rescheduled-unknown.title': 'Your appointment was moved',
  'rescheduled-unknown.now': 'The new time is in your latest booking message, or ask at {desk}.',

  ...pausedInBoth.en,
  'paused.not-done': 'You cannot check in here now.',
  'paused.now': 'Please check in at {desk}. This screen comes back by itself.',
  'paused.desk-unknown': 'the information desk',
  'not-launched.title': 'Please start this page from the station',
  'not-launched.now': 'Only the station on this machine can open this page. Staff: please restart the machine.',
  'starting.title': 'Starting',
}

/** The English catalogue. */
export const english: Catalogue = { locale: 'en', messages: en }
