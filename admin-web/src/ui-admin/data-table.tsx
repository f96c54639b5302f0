import { Table } from 'antd'
import type { ComponentChildren } from 'preact'

/** One column: what its cells show, and by what they are sorted if they can be. */
export interface DataColumn<Row> {
  key: string
  title: string
  widthPx?: number
  align?: 'start' | 'end'
  show(row: Row): ComponentChildren
  sortBy?(row: Row): string | number
}

interface Props<Row extends object> {
  label: string
  rows: readonly Row[]
  columns: readonly DataColumn<Row>[]
  rowKey(row: Row): string
  /** Dims rows that nothing more will happen to. */
  isQuiet?(row: Row): boolean
  empty: ComponentChildren
  totalText(count: number): string
}

/** Fits a laptop's screen without a second scroll bar. */
const pageSize = 50

/** A list of up to some thousand rows: sorted by its heads, turned in pages. */
export function DataTable<Row extends object>(props: Props<Row>) {
  if (props.rows.length === 0) return <>{props.empty}</>
  return (
    <section class="ui-table" aria-label={props.label}>
      <Table<Row>
        size="small"
        dataSource={[...props.rows]}
        rowKey={props.rowKey}
        rowClassName={(row) => (props.isQuiet?.(row) ? 'ui-row-quiet' : '')}
        columns={props.columns.map((column) => antdColumn(column))}
        scroll={{ x: true }}
        showSorterTooltip={false}
        pagination={
          props.rows.length <= pageSize
            ? false
            : { pageSize, showSizeChanger: false, size: 'small', showTotal: props.totalText }
        }
      />
    </section>
  )
}

function antdColumn<Row extends object>(column: DataColumn<Row>) {
  const { sortBy } = column
  return {
    key: column.key,
    title: column.title,
    align: column.align ?? ('start' as const),
    ...(column.widthPx === undefined ? {} : { width: column.widthPx }),
    ...(sortBy === undefined ? {} : { sorter: (one: Row, other: Row) => compare(sortBy(one), sortBy(other)) }),
    render: (_: unknown, row: Row) => column.show(row),
  }
}

function compare(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return String(one).localeCompare(String(other), 'zh-CN', { numeric: true })
}
