import { useQuery } from '@tanstack/preact-query'
import type { Role } from '@yizhan/contracts/access'
import type { TodoAssignee } from '@yizhan/contracts/todo'
import { roleNames } from '../account/role-names.ts'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { type Choice, ChoiceField } from '../ui-admin/choice-field.tsx'

/** Everybody to whom something can be addressed, as choices of a list; their values can be read back. */
export function useAddressees(): { people: Choice<string>[]; departments: Choice<string>[]; roles: Choice<Role>[] } {
  const say = useSay()
  const localText = useLocalText()
  const { client } = useServices()
  const list = useQuery({ queryKey: ['addressees'], queryFn: () => client.todo.addressees() })
  return {
    people: (list.data?.people ?? []).map(({ userId, name }) => ({ value: userId, label: name })),
    departments: (list.data?.departments ?? []).map(({ departmentId, name }) => ({
      value: departmentId,
      label: localText(name),
    })),
    roles: roleNames.map((role) => ({ value: role, label: say(`role.${role}`) })),
  }
}

interface Props {
  label: string
  value: TodoAssignee | null
  onChange(to: TodoAssignee | null): void
}

/** One person, role or department, found by typing. */
export function AddresseeField({ label, value, onChange }: Props) {
  const say = useSay()
  const { people, departments, roles } = useAddressees()
  const choices: { choice: Choice<string>; to: TodoAssignee }[] = [
    ...departments.map((one) => ({
      choice: { value: `department/${one.value}`, label: say('todos.to.department', { name: one.label }) },
      to: { kind: 'department' as const, departmentId: one.value },
    })),
    ...roles.map((one) => ({
      choice: { value: `role/${one.value}`, label: say('todos.to.role', { name: one.label }) },
      to: { kind: 'role' as const, role: one.value },
    })),
    ...people.map((one) => ({
      choice: { value: `person/${one.value}`, label: one.label },
      to: { kind: 'person' as const, userId: one.value },
    })),
  ]
  const chosen = choices.find(({ to }) => JSON.stringify(to) === JSON.stringify(value))
  return (
    <ChoiceField<string>
      label={label}
      value={chosen?.choice.value ?? null}
      placeholder={say('todos.to.placeholder')}
      choices={choices.map(({ choice }) => choice)}
      onChange={(name) => onChange(choices.find(({ choice }) => choice.value === name)?.to ?? null)}
    />
  )
}
