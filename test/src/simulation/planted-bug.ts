/** Bugs that can be planted, to see that the simulation finds them; each is one that somebody could write. */
export const plantedBugs = {
  'acknowledged-before-commit': 'the station answers before its disk has the write',
  'resent-without-idempotency': 'the centre stores a run again that it has stored already',
  'no-unique-event-key': 'the centre knows events by their place alone, not by their id',
  'gap-accepted': 'the centre takes a run that does not follow its cursor',
  'naive-numbers': 'the centre leases every station the numbers from 1 on',
  'lease-given-twice': 'the centre forgets a lease when its answer is lost, and gives its numbers to the next',
  'rollback-unnoticed': 'a station does not look whether the centre knows more of it than it does itself',
  'restore-unnoticed': 'a station takes a gap for an acknowledgement',
  'witness-unread': 'a station does not look what its witness saw before its disk was put back',
  'leases-forgotten': 'a centre that was put back leases on without asking which numbers stations hold',
  'first-reported-wins': 'of two arrivals of one booking the one that was reported first counts',
  'poison-holds-up': 'an event that cannot be applied holds up everything behind it',
  'unknown-dropped': 'the centre drops events that it does not know',
  'unknown-print-resent': 'a slip of unknown outcome is taken for not printed',
  'feed-by-serial': 'the feed passes changes of transactions that still run',
} as const satisfies Record<string, string>
export type PlantedBug = keyof typeof plantedBugs
