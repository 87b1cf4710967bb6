import { useSignal } from "@preact/signals";
import { Circle, CircleCheck } from "lucide";
import { useEffect } from "preact/hooks";
import browser, { type Storage } from "webextension-polyfill";
import { t } from "../../lib/shared/i18n";
import { PAGE_LIST } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { useShell } from "../models/shell";
import "./first-steps.css";
import { Icon } from "./icon";

interface FirstStep {
  label: string;
  /** Route; undefined for the browser's toolbar. */
  to?: string;
  isDone: boolean;
}

/** "unknown" where the browser does not tell. */
async function readPinned(): Promise<boolean | "unknown"> {
  try {
    return (await browser.action.getUserSettings()).isOnToolbar ?? "unknown";
  } catch {
    return "unknown";
  }
}

/** Reads all tabs' page lists by name: the whole session would include the unlocked key. */
async function readLists(): Promise<unknown[]> {
  const tabs = await browser.tabs.query({});
  return Object.values(await browser.storage.session.get(tabs.map(({ id }) => `${PAGE_LIST}${id}`)));
}

/** Returns the first steps, done once proved, without unprovable ones; undefined until known. */
export function useFirstSteps(): FirstStep[] | undefined {
  const { connection, settings } = useShell();
  const isPinned = useSignal<boolean | "unknown" | undefined>(undefined);
  const { guide, country } = settings.value;
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      isPinned.value = await readPinned();
    };
    void read();
    addEventListener("focus", () => void read(), { signal: stop.signal });
    return () => stop.abort();
  }, []);
  useEffect(() => {
    if (guide !== "new") return undefined;
    const note = (lists: unknown[]) => {
      const hasMet = lists.some((list) => (list as PageInvites | undefined)?.invites?.length);
      if (hasMet) void send("saveSettings", { guide: "met" });
    };
    const changed = (changes: Record<string, Storage.StorageChange>) =>
      note(Object.entries(changes).map(([key, { newValue }]) => (key.startsWith(PAGE_LIST) ? newValue : undefined)));
    // Without access to the lists, the step stays open.
    readLists().then(note, () => undefined);
    browser.storage.session.onChanged.addListener(changed);
    return () => browser.storage.session.onChanged.removeListener(changed);
  }, [guide]);
  if (isPinned.value === undefined) return undefined;
  const own = connection.value?.isSandbox ? undefined : connection.value;
  const pin = { label: t("welcome_pin"), isDone: isPinned.value === true };
  return [
    { label: t("welcome_connect"), to: "/connect", isDone: own !== undefined },
    ...(own ? [{ label: t("steps_number"), to: "/settings", isDone: own.ownNumber !== undefined }] : []),
    { label: t("steps_country"), to: "/settings", isDone: country !== undefined },
    ...(isPinned.value === "unknown" ? [] : [pin]),
    { label: t("steps_page"), to: "/page", isDone: guide === "met" },
  ];
}

interface PageInvites {
  invites?: unknown[];
}

/** The first steps: ticked if done, else links. */
export function FirstStepList({ steps }: { steps: FirstStep[] }) {
  return (
    <ul class="first-steps">
      {steps.map(({ label, to, isDone }) => (
        <li key={label} class={isDone ? "done" : undefined}>
          <Icon icon={isDone ? CircleCheck : Circle} label={isDone ? t("job_state_done") : undefined} />
          {to === undefined || isDone ? <span>{label}</span> : <a href={`#${to}`}>{label}</a>}
        </li>
      ))}
    </ul>
  );
}
