import { useSignal } from "@preact/signals";
import { FileCheck, Table2, UserMinus, UserPlus } from "lucide";
import { useEffect } from "preact/hooks";
import { SELECTION } from "../../lib/shared/draft";
import { joined, dateTime, t } from "../../lib/shared/i18n";
import type { Person } from "../../lib/shared/model";
import { readGroups } from "../../lib/store/read";
import { useLive } from "../models/live";
import { findPeople, type Found } from "../models/membership";
import { HELD } from "../models/people-reading";
import { personPath, useNames, usePersonText } from "../models/person";
import { useShell } from "../models/shell";
import { useStart } from "../models/start";
import { Button } from "../parts/button";
import { Form } from "../parts/form";
import { Icon } from "../parts/icon";
import { MembersReading } from "../parts/members-reading";
import { MembershipChange } from "../parts/membership-change";
import { Tag } from "../parts/notice";
import { PeopleInput } from "../parts/people-input";
import { PeopleTable } from "./several/table";
import "./people.css";

const TABLE_GROUPS = 12;

/** People across groups: where they are, adding and removing them. */
export function People({ query = new URLSearchParams() }: { query?: URLSearchParams }) {
  const { connection, go } = useShell();
  const id = connection.value?.id ?? "";
  const isSelection = query.get("from") === "selection";
  const people = useSignal<Person[]>([]);
  const isTable = useSignal(false);
  const op = useSignal<"add" | "remove" | undefined>(undefined);
  // From the menu "Add these numbers to a group": chooses groups once the numbers are read, and only then.
  const isToAdd = query.get("to") === "add" && people.value.length > 0;
  useEffect(() => {
    if (!isToAdd) return;
    op.value = "add";
    go("/people?from=selection", true);
  }, [isToAdd]);
  const job = useStart();
  const wanted = people.value;
  const read = useLive(
    ["groups", "rosters"],
    async (store) => ({ wanted, found: await findPeople(store, id, wanted) }),
    [id, wanted],
  ).value;
  // A removal begins with the groups of these people, so it waits until they were looked up.
  const isFinding = op.value === "remove" && read?.wanted !== wanted;

  return (
    <Form class="screen">
      {people.value.length > 0 ? null : <p class="muted">{t("people_text")}</p>}
      <PeopleInput
        form={isSelection ? SELECTION : { form: "people", connection: id }}
        label={t("people_label")}
        onPeople={(next) => {
          people.value = next;
          if (op.peek() === "remove") op.value = undefined;
        }}
      >
        {people.value.length > 0 ? (
          <div class="stack answer">
            {isTable.value ? <AllGroups people={people.value} /> : <Where found={read?.found ?? []} />}
            <div class="row wrap">
              <Button type="submit" kind="primary" icon={UserPlus} onPress={() => (op.value = "add")}>
                {t("people_add")}
              </Button>
              <Button icon={UserMinus} isBusy={isFinding} attributes={HELD} onPress={() => (op.value = "remove")}>
                {t("people_remove")}
              </Button>
              <Button
                kind="quiet"
                icon={Table2}
                attributes={{ "aria-pressed": isTable.value }}
                onPress={() => (isTable.value = !isTable.value)}
              >
                {t("people_all_groups")}
              </Button>
            </div>
          </div>
        ) : null}
      </PeopleInput>
      {people.value.length > 0 ? <MembersReading /> : null}
      <div class="row">
        <a class="button" href="#/plan">
          <Icon icon={FileCheck} />
          {t("plan_file_open")}
        </a>
      </div>
      {op.value && !isFinding ? (
        <MembershipChange
          op={op.value}
          people={people.value}
          start={
            op.value === "remove"
              ? new Set(read?.found.flatMap(({ groups: in_ }) => in_.map(({ group }) => group.id)))
              : new Set()
          }
          onClose={() => (op.value = undefined)}
          job={job}
        />
      ) : null}
    </Form>
  );
}

function AllGroups({ people }: { people: Person[] }) {
  const id = useShell().connection.value?.id ?? "";
  const groups = useLive(["groups"], (store) => readGroups(store, id, "name"), [id]).value;
  return groups ? <PeopleTable groups={groups} people={people} /> : null;
}

function Where({ found }: { found: Found[] }) {
  const show = usePersonText();
  const nameOf = useNames();
  const columns = new Map(found.flatMap(({ groups }) => groups.map(({ group }) => [group.id, group] as const)));
  if (found.length > 1 && columns.size > 0 && columns.size <= TABLE_GROUPS) {
    return (
      // A box that scrolls must be reachable by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      <div class="matrix" role="region" aria-label={t("people_table")} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("people_person")}</th>
              {[...columns.values()].map((group) => (
                <th scope="col" key={group.id}>
                  <bdi>{group.name}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.map(({ person, groups }) => (
              <tr key={person.id}>
                <th scope="row" class="num">
                  <a dir="auto" href={`#${personPath(person.id)}`}>
                    {nameOf(person.id) ?? person.name ?? show(person.id)}
                  </a>
                </th>
                {[...columns.keys()].map((id) => {
                  const place = groups.find(({ group }) => group.id === id);
                  return (
                    <td key={id}>{place ? (place.role === "member" ? t("people_in") : t("groups_admin")) : "–"}</td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    );
  }
  return (
    <ul class="divided" aria-label={t("people_table")}>
      {found.map(({ person, groups }) => (
        <li class="stack tight padded" key={person.id}>
          <a class="num" href={`#${personPath(person.id)}`}>
            <bdi>{joined([nameOf(person.id) ?? person.name, show(person.id)])}</bdi>
          </a>
          {groups.length === 0 ? <span class="small muted">{t("people_nowhere")}</span> : null}
          {groups.map(({ group, role, readAt }) => (
            <span class="row small" key={group.id}>
              <a class="clip" href={`#/group/${encodeURIComponent(group.id)}`}>
                <bdi>{group.name}</bdi>
              </a>
              {role === "member" ? null : <Tag>{t("groups_admin")}</Tag>}
              <span class="muted">{t("groups_as_of", dateTime(readAt, Date.now()))}</span>
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}
