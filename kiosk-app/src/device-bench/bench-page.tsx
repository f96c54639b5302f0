import type { Locale } from '@yizhan/contracts/local-text'
import { groupBookingCode } from '@yizhan/rules/appointment/booking-code'
import type { VNode } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { CardReaderPanel, IdReaderPanel } from './bench-cards.tsx'
import type { BenchClient } from './bench-client.ts'
import { IndicatorPanel, KeypadPanel, UpsPanel } from './bench-other-devices.tsx'
import type { Hand, PanelProps } from './bench-panel.tsx'
import type { BenchState, DemoBooking, PrinterAction } from './bench-state.ts'
import { BenchTickets } from './bench-tickets.tsx'
import { type BenchKey, type BenchSay, benchWords } from './bench-words.ts'
import { hostileScans } from './hostile-scans.ts'
import { QrPicture } from './qr-picture.tsx'

/** The demo's device bench: the printer with its paper, the scanner with the demo codes, the network plug. */
export function BenchPage({ client }: { client: BenchClient }): VNode {
  const [locale, setLocale] = useState<Locale>('zh-CN')
  const [failure, setFailure] = useState<string | null>(null)
  const state = useBenchState(client)
  const say = benchWords(locale)
  const hand: Hand = (what, work) => {
    setFailure(null)
    work.catch(() => setFailure(say('failed', { what })))
  }
  return (
    <main class="bench" lang={locale}>
      <header>
        <div>
          <h1>{say('title')}</h1>
          <p>{say('purpose')}</p>
        </div>
        <button type="button" onClick={() => setLocale(locale === 'en' ? 'zh-CN' : 'en')}>
          {say('language.other')}
        </button>
      </header>
      <div role="alert">
        {state === 'away' ? <p class="bench-alert">{say('away')}</p> : null}
        {failure ? <p class="bench-alert">{failure}</p> : null}
      </div>
      {typeof state === 'object' && state ? (
        <div class="bench-panes">
          <section>
            <PrinterPanel state={state} client={client} say={say} hand={hand} />
            <BenchTickets tickets={state.tickets} locale={locale} say={say} />
          </section>
          <section>
            <NetworkPanel state={state} client={client} say={say} hand={hand} />
            <CardReaderPanel state={state} client={client} locale={locale} say={say} hand={hand} />
            <IdReaderPanel state={state} client={client} locale={locale} say={say} hand={hand} />
            <KeypadPanel state={state} client={client} say={say} hand={hand} />
            <IndicatorPanel state={state} client={client} say={say} hand={hand} />
            <UpsPanel state={state} client={client} say={say} hand={hand} />
            <ScannerPanel state={state} client={client} locale={locale} say={say} hand={hand} />
          </section>
        </div>
      ) : null}
    </main>
  )
}

function useBenchState(client: BenchClient): BenchState | 'away' | null {
  const [state, setState] = useState<BenchState | 'away' | null>(null)
  const look = useCallback(() => {
    client.state().then(setState, () => setState('away'))
  }, [client])
  useEffect(() => {
    look()
    const changes = client.onChange(look)
    return () => void changes.stop()
  }, [client, look])
  return state
}

function PrinterPanel({ state, client, say, hand }: PanelProps): VNode {
  const { printer } = state
  const facts: [BenchKey, string][] = [
    ['printer.power', say(printer.powered ? 'printer.on' : 'printer.off')],
    ['printer.cover', say(printer.coverOpen ? 'printer.cover-open' : 'printer.cover-closed')],
    ['printer.paper', paperWord(printer, say)],
    [
      'printer.state',
      `${say(printer.printing ? 'printer.printing' : 'printer.resting')} · ${say('printer.cuts', { n: printer.cuts })}`,
    ],
  ]
  const actions: PrinterAction[] = [
    printer.paperMm > 0 ? 'pull-paper' : 'load-paper',
    printer.coverOpen ? 'close-cover' : 'open-cover',
    printer.powered ? 'power-off' : 'power-on',
  ]
  return (
    <section class="bench-card">
      <h2>{say('printer')}</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{say(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="bench-buttons">
        {actions.map((action) => (
          <button key={action} type="button" onClick={() => hand(say(action), client.printer(action))}>
            {say(action)}
          </button>
        ))}
      </div>
    </section>
  )
}

function paperWord({ paperMm, nearEnd }: BenchState['printer'], say: BenchSay): string {
  if (paperMm <= 0) return say('printer.paper-none')
  return say(nearEnd ? 'printer.paper-low' : 'printer.paper-left', { m: (paperMm / 1000).toFixed(1) })
}

function NetworkPanel({ state, client, say, hand }: PanelProps): VNode {
  const { cut } = state.network
  const doing = say(cut ? 'network.do-restore' : 'network.do-cut')
  return (
    <section class="bench-card">
      <h2>{say('network')}</h2>
      <p class={cut ? 'bench-bad' : 'bench-good'}>{say(cut ? 'network.cut' : 'network.up')}</p>
      <div class="bench-buttons">
        <button type="button" onClick={() => hand(doing, client.cutNetwork(!cut))}>
          {doing}
        </button>
      </div>
    </section>
  )
}

function ScannerPanel({ state, client, locale, say, hand }: PanelProps & { locale: Locale }): VNode {
  // The bench lists them by time, which changes as they come and go; by code each stays where the eye left it.
  const bookings = (state.demo?.bookings ?? []).toSorted((a, b) => a.code.localeCompare(b.code))
  return (
    <section class="bench-card">
      <h2>{say('scanner')}</h2>
      <p>{say('scanner.at', { path: state.scanner.path, n: state.scanner.scans })}</p>
      {bookings.length === 0 ? (
        <p>{say('bookings.none')}</p>
      ) : (
        <ul class="bench-bookings">
          {bookings.map((booking) => (
            <BookingRow key={booking.code} booking={booking} client={client} locale={locale} say={say} hand={hand} />
          ))}
        </ul>
      )}
      <h3>{say('hostile')}</h3>
      <p>{say('hostile.purpose')}</p>
      <div class="bench-buttons">
        {hostileScans(bookings[0]?.qr).map(({ word, text }) => (
          <button key={word} type="button" onClick={() => hand(say(word), client.scan(text))}>
            {say(word)}
          </button>
        ))}
      </div>
    </section>
  )
}

function BookingRow(props: { booking: DemoBooking; locale: Locale } & Omit<PanelProps, 'state'>): VNode {
  const { booking, client, locale, say, hand } = props
  const code = groupBookingCode(booking.code)
  const scan = say('scan.one', { code })
  return (
    <li>
      <QrPicture text={booking.qr} spoken={say('qr.alt', { code })} />
      <dl>
        <div>
          <dt>{say('booking.code')}</dt>
          <dd class="bench-code">{code}</dd>
        </div>
        <div>
          <dt>{say('booking.second')}</dt>
          <dd class="bench-code">{booking.secondItem}</dd>
        </div>
        <div>
          <dt>{say('booking.shows')}</dt>
          <dd>{booking.note[locale]}</dd>
        </div>
      </dl>
      <button type="button" aria-label={scan} onClick={() => hand(scan, client.scan(booking.qr))}>
        {say('scan')}
      </button>
    </li>
  )
}
