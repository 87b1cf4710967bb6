import { useSignal } from "@preact/signals";
import { ClipboardList, FileUp, X } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { draftKey, type FormPlace, type PeopleForm } from "../../lib/shared/draft";
import { plural, t } from "../../lib/shared/i18n";
import type { ColumnRole, People, Person, Reject } from "../../lib/shared/model";
import { digitsOf } from "../../lib/shared/person";
import { asciiDigits } from "../../lib/shared/text";
import { useDraft } from "../models/live";
import { usePeopleFile } from "../models/people-file";
import { useShell } from "../models/shell";
import { toggled } from "../models/ticked";
import { Button } from "./button";
import { CountrySelect } from "./country";
import { Field } from "./field";
import { FileButton } from "./file-button";
import { FILE_TROUBLES, FileState } from "./file-state";
import { Icon } from "./icon";
import { PeoplePreview } from "./people-preview";
import { SavedPeople } from "./saved-people";
import "./people-input.css";

/** A text area takes longer to lay out more letters than a key press may take: they are kept beside it. */
const LONG = 8000;
/** So much of a long list is shown. */
const SHOWN = 200;
/** Choices of columns are remembered for so many tables. */
const TABLES = 30;

/**
 * One place for any mess of phone numbers, typed, pasted, dropped or from a file, with a live preview that names each
 * piece that is no number. `onPeople` gets the usable people whenever they change, a `clear` to empty the field
 * once they were used, and what was not usable. What is typed is kept as a draft of the `form`.
 */
export function PeopleInput(props: {
  form: FormPlace<PeopleForm>;
  onPeople: (people: Person[], clear: () => void, rejects: Reject[]) => unknown;
  label?: string;
  /** What to start with when there is no draft, such as the numbers selected on a page. */
  initial?: string;
  isOptional?: boolean;
  /** The answer to what is typed: it stands right under the field, before what was read of it. */
  children?: ComponentChildren;
  /** The keyboard goes on here when the agent comes to the screen. */
  isFirst?: boolean;
}) {
  const { settings, route } = useShell();
  const draft = useDraft(draftKey(props.form, "people"), props.initial ?? "");
  const list = useDraft(draftKey(props.form, "list"));
  const found = useSignal<People>({ people: [], rejects: [] });
  const isReading = useSignal(false);
  const isOver = useSignal(false);
  /** Ids of offered people that the agent ticked. */
  const ticked = useSignal<ReadonlySet<string>>(new Set());
  const columns = useDraft(draftKey({ form: "columns" }, "roles"));
  const country = settings.value.country;
  const typed = draft.text.value;
  const isLong = typed.length > LONG;
  const text = [list.text.value, typed].filter(Boolean).join("\n");

  const append = (more: string) => {
    const before = list.text.peek();
    list.text.value = before ? `${before}\n${more}` : more;
  };
  const file = usePeopleFile({
    size: () => text.length,
    put: (content, old) => {
      const place = [list, draft].find((each) => old !== undefined && each.text.peek().includes(old));
      const before = draft.text.peek().trimEnd();
      if (place) place.text.value = place.text.peek().replace(old ?? "", () => content);
      else if (content.length > LONG) append(content);
      else draft.text.value = before ? `${before}\n${content}` : content;
    },
  });
  const clear = () => {
    draft.clear();
    list.clear();
    file.forget();
    ticked.value = new Set();
  };
  const tell = (next: People) => {
    found.value = next;
    const also = next.rejects.flatMap(({ person }) => (person && ticked.value.has(person.id) ? [person] : []));
    const rest = next.rejects.filter(({ person }) => person === undefined || !ticked.value.has(person.id));
    props.onPeople([...next.people, ...also], clear, rest);
  };
  const tick = (id: string, isOn: boolean) => {
    ticked.value = toggled(ticked.value, id, isOn);
    tell(found.value);
  };
  const chooseColumns = (key: string, roles: ColumnRole[]) => {
    const others = Object.entries(chosenColumns(columns.text.value)).filter(([each]) => each !== key);
    columns.text.value = JSON.stringify(Object.fromEntries([...others.slice(1 - TABLES), [key, roles]]));
  };
  useEffect(() => {
    if (!isLong) return;
    draft.clear();
    append(typed);
  }, [isLong]);
  /** Takes a long text before the text area does. */
  const takeLong = (event: Event & { currentTarget: HTMLTextAreaElement }, data: DataTransfer | null) => {
    const more = data?.getData("text/plain") ?? "";
    const area = event.currentTarget;
    if (more.length <= LONG) return;
    event.preventDefault();
    // What was selected is replaced, as by any other paste.
    draft.text.value = area.value.slice(0, area.selectionStart) + area.value.slice(area.selectionEnd);
    append(more);
  };
  useEffect(() => {
    if (text.trim() === "") {
      isReading.value = false;
      tell({ people: [], rejects: [] });
      return undefined;
    }
    const stop = new AbortController();
    isReading.value = true;
    void readPeople(text, { country, roles: chosenColumns(columns.text.value) }, stop.signal).then((read) => {
      if (stop.signal.aborted || !read) return;
      isReading.value = false;
      tell(read);
    });
    return () => stop.abort();
  }, [text, country, columns.text.value]);

  const isNeeded = found.value.rejects.some(({ reason }) => reason === "no-country");
  return (
    <div
      class={isOver.value ? "people-input over" : "people-input"}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        isOver.value = true;
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) isOver.value = false;
      }}
      onDrop={(event) => {
        isOver.value = false;
        const dropped = event.dataTransfer?.files[0];
        if (!dropped) return;
        event.preventDefault();
        void file.open(dropped);
      }}
    >
      <Field
        label={props.label ?? t("input_people")}
        isOptional={props.isOptional}
        rows={list.text.value ? 2 : 4}
        value={isLong ? "" : typed}
        onInput={(value) => (draft.text.value = value)}
        hint={isOver.value ? t("input_drop") : text ? undefined : t("input_hint")}
        error={file.trouble.value ? t(FILE_TROUBLES[file.trouble.value]) : undefined}
        input={{
          placeholder: text ? undefined : t("input_placeholder"),
          // Numbers, and so the placeholder, are written from left to right in every language.
          dir: text ? "auto" : "ltr",
          spellcheck: false,
          autocomplete: "off",
          autofocus: props.isFirst === true && route.value.isOurs === true,
          onPaste: (event) => takeLong(event, event.clipboardData),
          onDrop: (event) => takeLong(event, event.dataTransfer),
        }}
      />
      {list.text.value ? <LongList text={list.text.value} onClear={list.clear} /> : null}
      {props.children}
      <div class="row wrap">
        <FileButton
          kind="quiet"
          icon={FileUp}
          title={t("input_open_label")}
          accept=".txt,.csv,.tsv,.vcf,.json,.xlsx,.ods,text/*"
          onFile={file.open}
        >
          {t("input_open")}
        </FileButton>
        <SavedPeople people={found.value.people} onUse={(saved) => append(saved)} />
        {text ? (
          <Button kind="quiet" icon={X} onPress={clear}>
            {t("input_clear")}
          </Button>
        ) : null}
      </div>
      <FileState file={file} />
      {text.trim() ? (
        <PeoplePreview
          found={found.value}
          isReading={isReading.value}
          ticked={ticked.value}
          onTick={tick}
          onColumns={chooseColumns}
        />
      ) : null}
      {isNeeded || found.value.people.some(isLocal) ? (
        <div class={isNeeded ? "needed" : undefined}>
          <CountrySelect label={t("input_country")} none={t("input_country_none")} />
        </div>
      ) : null}
    </div>
  );
}

/** Whether the number was written without its country, so that the chosen one was put before it. */
function isLocal({ id, given }: Person): boolean {
  const digits = digitsOf(id);
  return digits !== undefined && !asciiDigits(given).replace(/\D/g, "").includes(digits);
}

/** What is too long for the text area: how much it is, and its beginning. */
function LongList({ text, onClear }: { text: string; onClear: () => void }) {
  const lines = useMemo(() => text.split("\n").filter((line) => line.trim() !== "").length, [text]);
  return (
    <div class="long-list row">
      <Icon icon={ClipboardList} size={18} />
      <span class="grow">
        <span>{plural("input_list", lines)}</span>
        <bdi class="small muted clip">{text.slice(0, SHOWN)}</bdi>
      </span>
      <Button icon={X} label={t("input_list_remove")} onPress={onClear} />
    </div>
  );
}

/** The columns that the agent chose, by table; none when what was kept cannot be read. */
function chosenColumns(kept: string): Record<string, ColumnRole[]> {
  try {
    return (JSON.parse(kept || "{}") as Record<string, ColumnRole[]> | null) ?? {};
  } catch {
    // Not ours: columns are guessed, and the next choice writes it anew.
    return {};
  }
}

/** Loads what knows phone numbers, then reads. */
async function readPeople(
  text: string,
  { country, roles }: { country: string | undefined; roles: Record<string, ColumnRole[]> },
  signal: AbortSignal,
): Promise<People | undefined> {
  const { parsePeopleSliced } = await import("../../lib/shared/people");
  return parsePeopleSliced(text, { country, roles }, signal);
}
