import { useSignal } from "@preact/signals";
import { CircleAlert, CircleCheck, ClipboardList, CopyMinus, FileUp, X } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { draftKey, type FormPlace, type PeopleForm } from "../../lib/shared/draft";
import { number, plural, t, type MessageKey } from "../../lib/shared/i18n";
import type { People, Person, Reject } from "../../lib/shared/model";
import { useDraft } from "../models/live";
import { usePersonText } from "../models/person";
import { useShell } from "../models/shell";
import { Button } from "./button";
import { CountrySelect } from "./country";
import { Field } from "./field";
import { FileButton } from "./file-button";
import { Icon } from "./icon";
import { ListBox } from "./list-box";
import "./people-input.css";

/** A draft holds so much; a larger file would be lost when the popup closes. */
const LARGEST = 2_000_000;
/** A text area takes longer to lay out more letters than a key press may take: they are kept beside it. */
const LONG = 8000;
/** So much of a piece is shown. */
const SHOWN = 200;
const ROW = 46;

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
}) {
  const { settings } = useShell();
  const draft = useDraft(draftKey(props.form, "people"), props.initial ?? "");
  const list = useDraft(draftKey(props.form, "list"));
  const found = useSignal<People>({ people: [], rejects: [] });
  const isReading = useSignal(false);
  const isOver = useSignal(false);
  const fileTrouble = useSignal<"input_file_large" | "input_file_unreadable" | undefined>(undefined);
  const country = settings.value.country;
  const typed = draft.text.value;
  const isLong = typed.length > LONG;
  const text = [list.text.value, typed].filter(Boolean).join("\n");

  const clear = () => {
    draft.clear();
    list.clear();
  };
  const tell = (next: People) => {
    found.value = next;
    props.onPeople(next.people, clear, next.rejects);
  };
  const append = (more: string) => {
    const before = list.text.peek();
    list.text.value = before ? `${before}\n${more}` : more;
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
    void readPeople(text, country, stop.signal).then((read) => {
      if (stop.signal.aborted || !read) return;
      isReading.value = false;
      tell(read);
    });
    return () => stop.abort();
  }, [text, country]);

  const openFile = async (file: File) => {
    const content = file.size > LARGEST ? "large" : await textOf(file);
    if (content === "large" || text.length + (content?.length ?? 0) > LARGEST) fileTrouble.value = "input_file_large";
    else if (content === undefined) fileTrouble.value = "input_file_unreadable";
    else {
      fileTrouble.value = undefined;
      const before = draft.text.peek().trimEnd();
      if (content.length > LONG) append(content);
      else draft.text.value = before ? `${before}\n${content}` : content;
    }
  };
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
        const file = event.dataTransfer?.files[0];
        if (!file) return;
        event.preventDefault();
        void openFile(file);
      }}
    >
      <Field
        label={props.label ?? t("input_people")}
        isOptional={props.isOptional}
        rows={list.text.value ? 2 : 4}
        value={isLong ? "" : typed}
        onInput={(value) => (draft.text.value = value)}
        hint={isOver.value ? t("input_drop") : text ? undefined : t("input_hint")}
        error={fileTrouble.value ? t(fileTrouble.value) : undefined}
        input={{
          placeholder: text ? undefined : t("input_placeholder"),
          spellcheck: false,
          autocomplete: "off",
          onPaste: (event) => takeLong(event, event.clipboardData),
          onDrop: (event) => takeLong(event, event.dataTransfer),
        }}
      />
      {list.text.value ? <LongList text={list.text.value} onClear={list.clear} /> : null}
      <div class="row wrap">
        <FileButton
          kind="quiet"
          icon={FileUp}
          title={t("input_open_label")}
          accept=".txt,.csv,.tsv,.vcf,text/*"
          onFile={openFile}
        >
          {t("input_open")}
        </FileButton>
        {text ? (
          <Button kind="quiet" icon={X} onPress={clear}>
            {t("input_clear")}
          </Button>
        ) : null}
      </div>
      {text.trim() ? <Preview found={found.value} isReading={isReading.value} /> : null}
      <div class={isNeeded ? "needed" : undefined}>
        <CountrySelect label={t("input_country")} none={t("input_country_none")} />
      </div>
    </div>
  );
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

/** Loads what knows phone numbers, then reads. */
async function readPeople(text: string, country: string | undefined, signal: AbortSignal): Promise<People | undefined> {
  const { parsePeopleSliced } = await import("../../lib/shared/people");
  return parsePeopleSliced(text, { country }, signal);
}

function Preview({ found, isReading }: { found: People; isReading: boolean }) {
  const show = usePersonText();
  const duplicates = found.rejects.filter(({ reason }) => reason === "duplicate");
  const unusable = found.rejects.filter(({ reason }) => reason !== "duplicate");
  return (
    <div class="people-preview" aria-busy={isReading}>
      <p class="visually-hidden" role="status">
        {isReading
          ? t("input_reading")
          : [
              plural("input_valid", found.people.length),
              duplicates.length ? plural("input_duplicates", duplicates.length) : "",
              unusable.length ? plural("input_rejects", unusable.length) : "",
            ]
              .filter(Boolean)
              .join(", ")}
      </p>
      <Heap icon={CircleCheck} tone="good" title={plural("input_valid", found.people.length)} items={found.people}>
        {(person: Person) => (
          <span class="grow">
            <span class="clip num">
              <bdi>{show(person.id)}</bdi>
            </span>
            <span class="small muted clip">
              <bdi>{person.name ?? person.given}</bdi>
            </span>
          </span>
        )}
      </Heap>
      {unusable.length > 0 ? (
        <Heap icon={CircleAlert} tone="bad" title={plural("input_rejects", unusable.length)} items={unusable} isOpen>
          {(reject: Reject) => <Rejected reject={reject} />}
        </Heap>
      ) : null}
      {duplicates.length > 0 ? (
        <Heap icon={CopyMinus} title={plural("input_duplicates", duplicates.length)} items={duplicates}>
          {(reject: Reject) => <Rejected reject={reject} />}
        </Heap>
      ) : null}
    </div>
  );
}

function Rejected({ reject }: { reject: Reject }) {
  const reason = t(`reject_${reject.reason.replaceAll("-", "_")}` as MessageKey);
  return (
    <span class="grow" title={reason}>
      <span class="row">
        <bdi class="grow clip">{reject.given.slice(0, SHOWN)}</bdi>
        <span class="small muted num">{t("input_line", number(reject.line))}</span>
      </span>
      <span class="small muted clip">{reason}</span>
    </span>
  );
}

function Heap<Item extends object>(props: {
  icon: typeof CircleCheck;
  tone?: "good" | "bad";
  title: string;
  items: Item[];
  isOpen?: boolean;
  children: (item: Item) => ComponentChildren;
}) {
  const { items } = props;
  const isOpen = useSignal(props.isOpen === true);
  return (
    <details
      open={isOpen.value}
      class={props.tone}
      onToggle={(event) => (isOpen.value = event.currentTarget.open)}
      inert={items.length === 0 ? true : undefined}
    >
      <summary>
        <Icon icon={props.icon} size={16} />
        <span>{props.title}</span>
      </summary>
      {isOpen.value && items.length > 0 ? (
        <ListBox
          items={items}
          rowHeight={ROW}
          keyOf={(item) => String(items.indexOf(item))}
          label={props.title}
          render={(item) => <div class="people-row">{props.children(item)}</div>}
        />
      ) : null}
    </details>
  );
}

/** The text of a file: UTF-8, UTF-16 with a mark, else the Western encoding of old spreadsheets; undefined for binary. */
async function textOf(file: File): Promise<string | undefined> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return new TextDecoder(bytes[0] === 0xff ? "utf-16le" : "utf-16be").decode(bytes);
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8: every byte has a meaning in Windows-1252, and digits are the same in all of them.
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
