import { useSignal } from "@preact/signals";
import { ArrowRightLeft, UserMinus, UserPlus, UserRoundX } from "lucide";
import { useEffect } from "preact/hooks";
import { joined, dateTime, plural, t } from "../../lib/shared/i18n";
import type { Contact, Place, Roster } from "../../lib/shared/model";
import { digitsOf, isHidden, personKey, samePerson } from "../../lib/shared/person";
import { readPlaces, shownName } from "../../lib/store/directory";
import { readContact } from "../../lib/store/person";
import { readGroups, readRoster } from "../../lib/store/read";
import { readRosterKeys } from "../../lib/store/rosters";
import { useLive } from "../models/live";
import { personPath, personText, usePersonText } from "../models/person";
import { useShell } from "../models/shell";
import { useStart } from "../models/start";
import { Button } from "../parts/button";
import { CopyButton } from "../parts/copy";
import { MembersReading } from "../parts/members-reading";
import { MembershipChange } from "../parts/membership-change";
import { Empty } from "../parts/empty";
import { Notice, Tag } from "../parts/notice";
import { PersonName } from "../parts/person-name";
import { Skeleton } from "../parts/progress";
import { PersonHistory } from "./person/history";
import { Move } from "./person/move";
import { Offboard } from "./person/offboard";

/** One person: their groups, history and actions. */
export function PersonScreen({ id = "", query }: { id?: string; query?: URLSearchParams }) {
  if (digitsOf(id) === undefined && !isHidden(id)) {
    return <Empty icon={UserRoundX} title={t("person_missing")} />;
  }
  return <KnownPerson id={id} wish={query?.get("do") ?? undefined} />;
}

function KnownPerson({ id, wish }: { id: string; wish?: string }) {
  const { connection, go } = useShell();
  const account = connection.value?.id ?? "";
  const op = useSignal<"add" | "remove" | "move" | undefined>(undefined);
  useEffect(() => {
    if (wish !== "add" && wish !== "remove") return;
    op.value = wish;
    go(personPath(id), true);
  }, [wish]);
  const job = useStart();
  const read = useKnown(account, id);
  const own = connection.value?.ownNumber;
  const isOwn = own !== undefined && samePerson(own, id);
  const contact = read?.contact;
  // Names that strangers chose for themselves are used in no list or message.
  const person = { id, given: personText(id), ...(contact && !contact.isGiven ? { name: contact.name } : {}) };
  return (
    <div class="screen">
      <Head id={id} contact={contact} isOwn={isOwn} />
      {isOwn ? (
        <p class="muted">{t("person_own_text")}</p>
      ) : (
        <div class="row wrap">
          <Button kind="primary" icon={UserPlus} onPress={() => (op.value = "add")}>
            {t("people_add")}
          </Button>
          {read && read.places.length > 0 ? (
            <>
              <Button icon={ArrowRightLeft} onPress={() => (op.value = "move")}>
                {t("person_move_open")}
              </Button>
              <Button icon={UserMinus} onPress={() => (op.value = "remove")}>
                {t("people_remove")}
              </Button>
            </>
          ) : null}
        </div>
      )}
      {read ? <InGroups id={id} places={read.places} /> : <Skeleton rows={3} />}
      <PersonHistory connection={account} id={id} places={read?.places ?? []} />
      {op.value === "add" ? (
        <MembershipChange
          op="add"
          people={[person]}
          start={new Set()}
          onClose={() => (op.value = undefined)}
          job={job}
        />
      ) : null}
      {op.value === "move" && read ? (
        <Move person={person} places={read.places} onClose={() => (op.value = undefined)} job={job} />
      ) : null}
      {op.value === "remove" && read ? (
        <Offboard
          person={person}
          places={read.places}
          unread={read.unread}
          onClose={() => (op.value = undefined)}
          job={job}
        />
      ) : null}
    </div>
  );
}

function useKnown(connection: string, id: string) {
  return useLive(
    ["groups", "rosters", "contacts"],
    async (store) => {
      const [places, groups, read, contact] = await Promise.all([
        readPlaces(store, connection, personKey(id)),
        readGroups(store, connection, "name"),
        readRosterKeys(store, connection),
        readContact(store, connection, id),
      ]);
      const unread = groups.flatMap((group) => (read.has(group.id) ? [] : [group.id]));
      return { contact, places, unread };
    },
    [connection, id],
  ).value;
}

function Head({ id, contact, isOwn }: { id: string; contact?: Contact; isOwn: boolean }) {
  const name = contact?.name;
  const show = usePersonText();
  const digits = digitsOf(id);
  return (
    <div class="stack tight">
      <div class="row wrap">
        <h2 class="num">
          <bdi>{shownName(contact) ?? show(id)}</bdi>
        </h2>
        {name === undefined ? null : (
          <bdi class="num muted" dir="ltr">
            {show(id)}
          </bdi>
        )}
        {isOwn ? <Tag tone="brand">{t("members_you")}</Tag> : null}
        <PersonName id={id} name={name} />
        <CopyButton
          kind="quiet"
          text={digits === undefined ? id : `+${digits}`}
          label={digits === undefined ? t("person_copy_id") : t("person_copy")}
        />
      </div>
      {contact?.isGiven ? <p class="small muted">{t("person_name_given")}</p> : null}
      {digits === undefined ? <Notice>{t("person_hidden")}</Notice> : null}
    </div>
  );
}

/** Since when a person is known as a member; empty if unknown. */
function sinceText({ since, firstAt, readAt }: Roster, person: string): string {
  const at = since?.[person];
  const before = firstAt ?? readAt;
  if (at === 0 || (at === undefined && before === readAt)) return "";
  if (at !== undefined) return t("person_since", dateTime(at, Date.now()));
  return t("person_before", dateTime(before, Date.now()));
}

function InGroups({ id, places }: { id: string; places: Place[] }) {
  const { connection } = useShell();
  const account = connection.value?.id ?? "";
  const since = useLive(
    [],
    async (store) => {
      const texts = new Map<string, string>();
      // One by one: each loads a group's members.
      for (const { group } of places) {
        const roster = await readRoster(store, account, group.id);
        if (roster) texts.set(group.id, sinceText(roster, personKey(id)));
      }
      return texts;
    },
    [account, id, places.map(({ group, readAt }) => `${group.id} ${readAt}`).join()],
  );
  return (
    <section class="stack close" aria-label={t("person_groups")}>
      <h3>{plural("person_in", places.length)}</h3>
      {places.length === 0 ? <p class="muted">{t("people_nowhere")}</p> : null}
      <ul class="divided">
        {places.map(({ group, role, readAt }) => (
          <li key={group.id}>
            <a class="list-row flush" href={`#/group/${encodeURIComponent(group.id)}`}>
              <span class="grow">
                <strong class="clip">
                  <bdi>{group.name}</bdi>
                </strong>
                <span class="small muted">
                  {joined([t("groups_as_of", dateTime(readAt, Date.now())), since.value?.get(group.id)])}
                </span>
              </span>
              {role === "member" ? null : <Tag tone="good">{t(`members_role_${role}`)}</Tag>}
            </a>
          </li>
        ))}
      </ul>
      <MembersReading />
    </section>
  );
}
