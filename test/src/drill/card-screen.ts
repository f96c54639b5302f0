import { connectScreen } from '@yizhan/station-server/fixture/screen-socket'

/** What a screen was told of a card. */
export interface CardWord {
  readingId: string
  word: 'inserted' | 'read' | 'refused' | 'removed'
  atMs: number
}

/** A kiosk's screen as far as cards go: all that its station told it. */
export interface CardScreen {
  words(): readonly CardWord[]
  /** Resolves with the first word that is wanted, from the given place on; null when it does not come in time. */
  until(wanted: (word: CardWord) => boolean, limits: { from: number; patienceMs: number }): Promise<CardWord | null>
  close(): void
}

/** Opens a screen of the station and listens. */
export async function openCardScreen(station: { url: string; cookie: string }): Promise<CardScreen> {
  const socket = await connectScreen(station.url, station.cookie)
  const words: CardWord[] = []
  const listeners = new Set<() => void>()
  const hear = (word: CardWord['word']) => (push: { readingId: string }) => {
    words.push({ readingId: push.readingId, word, atMs: performance.now() })
    for (const listener of listeners) listener()
  }
  socket.on('card-inserted', hear('inserted'))
  socket.on('card-read', hear('read'))
  socket.on('card-refused', hear('refused'))
  socket.on('card-removed', hear('removed'))
  return {
    words: () => words,
    until: (wanted, { from, patienceMs }) =>
      new Promise((resolve) => {
        const end = (word: CardWord | null) => {
          clearTimeout(late)
          listeners.delete(look)
          resolve(word)
        }
        const look = () => {
          const word = words.slice(from).find(wanted)
          if (word !== undefined) end(word)
        }
        const late = setTimeout(() => end(null), patienceMs)
        listeners.add(look)
        look()
      }),
    close: () => socket.close(),
  }
}
