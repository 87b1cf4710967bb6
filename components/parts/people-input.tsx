import { useSignal, type Signal } from "@preact/signals";
import { ClipboardList, FileUp, X } from "lucide";
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { draftKey, type FormPlace, type PeopleForm } from "../../lib/shared/draft";
import { plural, t } from "../../lib/shared/i18n";
import type { People, Person, Reject } from "../../lib/shared/model";
import { digitsOf } from "../../lib/shared/person";
import { asciiDigits } from "../../lib/shared/text";
import { useColumns } from "../models/columns";
import { useCountry } from "../models/country";
import { useDraft } from "../models/live";
import { acceptOf, FILES, usePeopleFile } from "../models/people-file";
import { useParsing } from "../models/people-reading";
import { useShell } from "../models/shell";
import { Button } from "./button";
import { CountrySelect } from "./country";
import { Field } from "./field";
import { FileButton } from "./file-button";
import { FileState, troubleText } from "./file-state";
import { Icon } from "./icon";
import { PeoplePreview } from "./people-preview";
import { SavedPeople } from "./saved-people";
import "./people-input.css";

/** Longer texts stay out of the text area, where they would slow typing. */
const LONG = 8000;
const SHOWN = 200;

/**
 * A previewed field for phone numbers in any form: typed, pasted, dropped or from a file. At each change, `onPeople`
 * gets the usable people, `clear` to call after use, and rejects. The text is a draft of `form`.
 */
export function PeopleInput(props: {
  form: FormPlace<PeopleForm>;
  onPeople: (people: Person[], clear: () => void, rejects: Reject[]) => unknown;
  label?: string;
  /** Text without a draft, such as another group's members. */
  initial?: string;
  isOptional?: boolean;
  children?: ComponentChildren;
  isFirst?: boolean;
}) {
  const { route } = useShell();
  const country = useCountry();
  const input = usePeopleText(props.form, props.initial ?? "");
  const { text, typed, list, file } = input;
  const found = useSignal<People>({ people: [], rejects: [] });
  const ticked = useSignal<ReadonlySet<string>>(new Set());
  const columns = useColumns();
  const isOver = useSignal(false);
  const box = useRef<HTMLDivElement>(null);

  const clear = () => {
    input.clear();
    ticked.value = new Set();
  };
  const report = (next: People) => {
    found.value = next;
    const also = next.rejects.flatMap(({ person }) => (person && ticked.value.has(person.id) ? [person] : []));
    const rest = next.rejects.filter(({ person }) => person === undefined || !ticked.value.has(person.id));
    props.onPeople([...next.people, ...also], clear, rest);
  };
  const tick = (next: ReadonlySet<string>) => {
    ticked.value = next;
    report(found.value);
  };
  const isReading = useParsing(box, input, country.code, columns, report);

  const isNeeded = found.value.rejects.some(({ reason }) => reason === "no-country");
  return (
    <DropZone box={box} onFile={file.open} isOver={isOver}>
      <Field
        label={props.label ?? t("input_people")}
        isOptional={props.isOptional}
        rows={list.text.value ? 2 : 4}
        value={typed}
        onInput={input.type}
        hint={isOver.value ? t("input_drop") : text ? undefined : t("input_hint")}
        error={file.trouble.value ? troubleText(file.trouble.value, FILES.people) : undefined}
        input={{
          placeholder: text ? undefined : t("input_placeholder"),
          // Numbers run left to right in every language.
          dir: text ? "auto" : "ltr",
          spellcheck: false,
          autocomplete: "off",
          autofocus: props.isFirst === true && route.value.isOurs === true,
          onPaste: (event) => input.takeLong(event, event.clipboardData),
          onDrop: (event) => input.takeLong(event, event.dataTransfer),
        }}
      />
      {list.text.value ? <LongList text={list.text.value} onClear={list.clear} /> : null}
      {props.children}
      <div class="row wrap">
        <FileButton
          kind="quiet"
          icon={FileUp}
          title={t("input_open_label", FILES.people)}
          accept={acceptOf(FILES.people)}
          onFile={file.open}
        >
          {t("input_open")}
        </FileButton>
        <SavedPeople people={found.value.people} onUse={input.append} />
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
          isReading={isReading}
          ticked={ticked.value}
          onTick={tick}
          onColumns={columns.choose}
        />
      ) : null}
      {isNeeded || found.value.people.some(isLocal) ? (
        <div class={isNeeded ? "needed" : undefined}>
          <CountrySelect country={country} label={t("input_country")} none={t("input_country_none")} />
        </div>
      ) : null}
    </DropZone>
  );
}

/** Returns the typed text and the long list beside it, as drafts, files included. */
function usePeopleText(form: FormPlace<PeopleForm>, initial: string) {
  const draft = useDraft(draftKey(form, "people"), initial);
  const list = useDraft(draftKey(form, "list"));
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
  useEffect(() => {
    if (!isLong) return;
    draft.clear();
    append(typed);
  }, [isLong]);
  return {
    text,
    typed: isLong ? "" : typed,
    list,
    file,
    append,
    type: (value: string) => (draft.text.value = value),
    /** Takes a long text before the text area does. */
    takeLong: (event: Event & { currentTarget: HTMLTextAreaElement }, data: DataTransfer | null) => {
      const more = data?.getData("text/plain") ?? "";
      const area = event.currentTarget;
      if (more.length <= LONG) return;
      event.preventDefault();
      // Replaces the selection, as any paste.
      draft.text.value = area.value.slice(0, area.selectionStart) + area.value.slice(area.selectionEnd);
      append(more);
    },
    clear: () => {
      draft.clear();
      list.clear();
      file.forget();
    },
  };
}

/** The box that takes dropped files. */
function DropZone(props: {
  box: RefObject<HTMLDivElement | null>;
  isOver: Signal<boolean>;
  onFile: (file: File) => unknown;
  children: ComponentChildren;
}) {
  const { box, isOver } = props;
  return (
    <div
      ref={box}
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
        void props.onFile(dropped);
      }}
    >
      {props.children}
    </div>
  );
}

/** Whether the chosen country's code was added. */
function isLocal({ id, given }: Person): boolean {
  const digits = digitsOf(id);
  return digits !== undefined && !asciiDigits(given).replace(/\D/g, "").includes(digits);
}

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
