/** A copy of the set in which `id` is ticked or not: as `isOn` says, or else the opposite of what it was. */
export function toggled<Id>(set: ReadonlySet<Id>, id: Id, isOn = !set.has(id)): Set<Id> {
  const next = new Set(set);
  if (isOn) next.add(id);
  else next.delete(id);
  return next;
}
