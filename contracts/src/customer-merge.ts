import { oc } from '@orpc/contract'
import { z } from 'zod'
import { stepUpNeeded } from './access.ts'
import { mergeableFields, personSexes, personStates } from './customer-record.ts'
import { id, operationId } from './id.ts'
import { instantMs } from './time.ts'

/** One of two files that may be one person's. */
const duplicateSide = z.strictObject({
  personId: id,
  nameShown: z.string(),
  sex: z.enum(personSexes),
  birthDate: z.string().nullable(),
  phoneShown: z.string().nullable(),
  documentShown: z.string().nullable(),
  state: z.enum(personStates),
  version: z.int(),
  createdAt: instantMs,
})

/** Two files that may be one person's (疑似重复), with how alike they are and why. */
export const duplicateRow = z.strictObject({
  one: duplicateSide,
  other: duplicateSide,
  score: z.int().min(0).max(100),
  isLikely: z.boolean(),
  reasons: z.array(z.string()),
  doubts: z.array(z.string()),
})
export type DuplicateRow = z.infer<typeof duplicateRow>

/** A merge that can be undone, as the worklist shows it. */
export const mergeRow = z.strictObject({
  mergeId: id,
  survivorId: id,
  survivorShown: z.string(),
  mergedId: id,
  mergedShown: z.string(),
  at: instantMs,
  byName: z.string(),
})
export type MergeRow = z.infer<typeof mergeRow>

/** What to do about files of one person: part of the customers' calls. */
export const duplicateCalls = {
  duplicates: oc
    .route({
      method: 'GET',
      path: '/persons/duplicates',
      summary: 'Files that may be one person’s, the most alike first',
      tags: ['customer'],
    })
    .output(z.strictObject({ rows: z.array(duplicateRow), merges: z.array(mergeRow), asOf: instantMs })),
  dismissDuplicate: oc
    .route({
      method: 'POST',
      path: '/persons/duplicates/dismiss',
      summary: 'Note that two files are two persons’',
      tags: ['customer'],
    })
    .errors({ 'person-unknown': { status: 404, message: 'No such person' } })
    .input(z.strictObject({ oneId: id, otherId: id, operationId }))
    .output(z.strictObject({ dismissedAt: instantMs })),
  merge: oc
    .route({
      method: 'POST',
      path: '/persons/merge',
      summary: 'Make two files of one person one file',
      tags: ['customer'],
    })
    .errors({
      ...stepUpNeeded,
      'person-unknown': { status: 404, message: 'No such person' },
      'person-changed': { status: 409, message: 'One of the two was changed since it was read; look again' },
      'same-person': { status: 422, message: 'A file cannot be merged with itself' },
      'already-merged': { status: 409, message: 'One of the two went into another file already' },
      'person-erased': { status: 409, message: 'The data of one of the two were erased' },
    })
    .input(
      z.strictObject({
        survivorId: id,
        mergedId: id,
        survivorVersion: z.int().min(1),
        mergedVersion: z.int().min(1),
        /** The fields that the survivor takes from the other file. */
        take: z.array(z.enum(mergeableFields)).max(mergeableFields.length),
        operationId,
      }),
    )
    .output(z.strictObject({ mergeId: id })),
  unmerge: oc
    .route({
      method: 'POST',
      path: '/persons/merges/{mergeId}/undo',
      summary: 'Make two files again of what was merged',
      tags: ['customer'],
    })
    .errors({
      ...stepUpNeeded,
      'merge-unknown': { status: 404, message: 'No such merge' },
      'already-undone': { status: 409, message: 'It was undone before' },
      'survivor-merged': { status: 409, message: 'The surviving file went into another since; undo that merge first' },
      'person-erased': { status: 409, message: 'The data of one of the two were erased since' },
    })
    .input(z.strictObject({ mergeId: id, operationId }))
    .output(z.strictObject({ undoneAt: instantMs })),
}
