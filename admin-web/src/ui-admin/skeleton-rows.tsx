/** Grey bars in the shape of what is being read; `label` is said instead of them. */
export function SkeletonRows({ rows, label }: { rows: number; label: string }) {
  return (
    <div class="ui-skeleton" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} class="ui-skeleton-row" />
      ))}
    </div>
  )
}
