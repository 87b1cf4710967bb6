import { useSignal } from "@preact/signals";
import { MessagesSquare } from "lucide";
import { useEffect, useId, useMemo, useRef } from "preact/hooks";
import { plural, t } from "../../lib/shared/i18n";
import { areGroupsFirst, groupRoute, useOffers } from "../models/find";
import { openGroupList } from "../models/groups";
import type { Offer } from "../models/offers";
import { useShell } from "../models/shell";
import { Dialog } from "./dialog";
import { Icon } from "./icon";
import "./palette.css";

const MOST = 7;

/** One field over any screen for groups, invite links and commands. Arrows choose, Enter opens. */
export function Palette({ leave, onClose }: { leave: (to: string) => void; onClose: () => void }) {
  const { store, connection } = useShell();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  /** The entry that the arrows chose, wherever it moves; without one, the first. */
  const at = useSignal<string | undefined>(undefined);
  const connectionId = connection.value?.id ?? "";
  const [groups, stop] = useMemo(() => {
    const controller = new AbortController();
    return [openGroupList(store, connectionId, "used", controller.signal), controller] as const;
  }, [store, connectionId]);
  useEffect(() => () => stop.abort(), [stop]);
  const text = groups.search.value;
  const { offers, latest } = useOffers(text);
  const entries = entriesOf(groups.shown.value ?? [], offers, text);
  const found = entries.findIndex((entry) => entry.id === at.value);
  const chosen = Math.min(Math.max(0, found), entries.length - 1);
  const open = (entry: Offer | undefined) => {
    if (!entry) return;
    // Before `leave`: closing returns the focus to where the palette was opened.
    list.current?.closest("dialog")?.close();
    leave(entry.to);
    onClose();
  };
  const openChosen = async () => {
    const [newest] = await Promise.all([latest(), groups.whole]);
    const all = entriesOf(groups.shown.peek() ?? [], newest, groups.search.peek());
    const entry = at.peek() === undefined ? all[0] : all.find(({ id }) => id === at.peek());
    // Gone: the first is marked now, and opened by another press.
    if (!entry) at.value = undefined;
    open(entry);
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && entries.length > 0) {
      const next = (chosen + step + entries.length) % entries.length;
      at.value = entries[next]?.id;
      list.current?.children[next]?.scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter") void openChosen();
    if (step !== undefined || event.key === "Enter") event.preventDefault();
  };
  return (
    <Dialog title={t("find_title")} onClose={onClose}>
      <div class="palette">
        <input
          class="input"
          type="text"
          role="combobox"
          dir="auto"
          autofocus
          autocomplete="off"
          spellcheck={false}
          aria-label={t("find_label")}
          placeholder={t("find_label")}
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
          value={text}
          onInput={(event) => {
            groups.search.value = event.currentTarget.value;
            at.value = undefined;
          }}
          onKeyDown={press}
        />
        <div id={id} role="listbox" aria-label={t("find_title")} ref={list}>
          {entries.map((entry, index) => (
            // The field above has the keys.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={entry.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              tabIndex={-1}
              class={index === chosen ? "hit" : undefined}
              onClick={() => open(entry)}
            >
              <Icon icon={entry.icon} />
              <bdi class="grow clip">{entry.label}</bdi>
              {entry.about ? <span class="small muted clip">{entry.about}</span> : null}
            </div>
          ))}
        </div>
        {entries.length === 0 && text ? <p class="muted">{t("find_none", text)}</p> : null}
        <p class="small muted">{t("find_hint")}</p>
      </div>
    </Dialog>
  );
}

function entriesOf(groups: Parameters<typeof areGroupsFirst>[0], offers: Offer[], text: string): Offer[] {
  const rows = groups.slice(0, MOST).map(({ id, name, size }) => ({
    id,
    to: groupRoute(id),
    label: name,
    about: size === undefined ? "" : plural("groups_members", size),
    icon: MessagesSquare,
  }));
  return areGroupsFirst(groups, text) ? [...rows, ...offers] : [...offers, ...rows];
}
