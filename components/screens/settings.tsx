import { useSignal } from "@preact/signals";
import { Plus } from "lucide";
import type { ComponentChildren } from "preact";
import browser from "webextension-polyfill";
import { hostPattern, readAddress } from "../../lib/shared/address";
import type { Failure, Reply } from "../../lib/shared/failure";
import { locale, t } from "../../lib/shared/i18n";
import type { Connection, Pace } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { useShell } from "../models/shell";
import { Button } from "../parts/button";
import { Confirm, Dialog } from "../parts/dialog";
import { Check, Field, Select } from "../parts/field";
import { FailureNotice, Notice, Tag, failureText } from "../parts/notice";
import { Dialects, NewPassphrase, Protections } from "./connect";

/** Connections, protection, page actions, defaults, data: everything that is chosen once. */
export function Settings() {
  const { settings, go } = useShell();
  const failure = useSignal<Failure | undefined>(undefined);
  const done = useSignal("");
  /** Runs a command and shows its failure at the top of the screen. */
  const run = async (reply: Promise<Reply<unknown>>, words = "") => {
    const answer = await reply;
    failure.value = answer.ok ? undefined : answer.failure;
    done.value = answer.ok ? words : "";
    return answer.ok;
  };
  return (
    <div class="screen sections" style={{ gap: "24px" }}>
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      {done.value ? <Notice tone="good">{done.value}</Notice> : null}
      <Connections run={run} />
      <Protection run={run} />
      <Section title={t("settings_pages")}>
        <Check
          label={t("settings_page_on")}
          hint={t("settings_page_hint")}
          isOn={settings.value.isPageOn}
          onChange={(isPageOn) => run(send("saveSettings", { isPageOn }))}
        />
        {settings.value.pausedSites.length > 0 ? (
          <div class="stack tight">
            <h3>{t("settings_paused")}</h3>
            <ul class="divided">
              {settings.value.pausedSites.map((origin) => (
                <li class="row" key={origin}>
                  <span class="grow clip">{origin}</span>
                  <Button kind="quiet" onPress={() => run(send("pauseSite", { origin, isPaused: false }))}>
                    {t("settings_resume_site")}
                  </Button>
                </li>
              ))}
            </ul>
          </div>
        ) : null}
      </Section>
      <Section title={t("settings_people")}>
        <CountrySelect />
        <Select
          label={t("settings_pace")}
          hint={t("settings_pace_hint")}
          value={settings.value.pace}
          onChange={(pace: Pace) => run(send("saveSettings", { pace }))}
          options={[
            { value: "careful", label: t("pace_careful") },
            { value: "fast", label: t("pace_fast") },
          ]}
        />
      </Section>
      <Section title={t("settings_keys")}>
        <p class="muted">{t("settings_keys_text")}</p>
        <ul class="stack tight small">
          {(
            [
              ["/", t("keys_search")],
              ["↑ ↓", t("keys_rows")],
              ["Enter", t("keys_open")],
              ["Esc", t("action_back")],
              ["n", t("title_create")],
              ["j", t("title_join")],
            ] as const
          ).map(([key, words]) => (
            <li class="row" key={key}>
              <kbd>{key}</kbd>
              {words}
            </li>
          ))}
        </ul>
        <div>
          <Button onPress={openShortcuts}>{t("settings_shortcuts")}</Button>
        </div>
      </Section>
      <Data run={run} />
      <Section title={t("settings_about")}>
        <p class="muted">{t("settings_about_text")}</p>
        <p class="small muted">
          {t("extension_name")} {browser.runtime.getManifest().version} ·{" "}
          <a
            href="#/welcome"
            onClick={(event) => {
              event.preventDefault();
              go("/welcome");
            }}
          >
            {t("settings_welcome")}
          </a>
        </p>
      </Section>
    </div>
  );
}

type Run = (reply: Promise<Reply<unknown>>, words?: string) => Promise<boolean>;

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="stack" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Connections({ run }: { run: Run }) {
  const { connections, connection, go } = useShell();
  const asked = useSignal<{ what: "forget" | "key" | "edit"; connection: Connection } | undefined>(undefined);
  const close = () => (asked.value = undefined);
  return (
    <Section title={t("settings_connections")}>
      <ul class="stack">
        {connections.value?.map((one) => (
          <li class="card stack" style={{ gap: "10px" }} key={one.id}>
            <div class="row">
              <span class="grow">
                <strong class="clip" style={{ display: "block" }}>
                  <bdi>{one.isSandbox ? t("settings_sandbox") : one.name}</bdi>
                </strong>
                <span class="clip small muted" style={{ display: "block" }}>
                  {one.isSandbox
                    ? t("settings_sandbox_text")
                    : `${one.origin.replace("https://", "")} · ${one.instance} · …${one.keyTail}`}
                </span>
              </span>
              {one.id === connection.value?.id ? <Tag tone="brand">{t("settings_in_use")}</Tag> : null}
            </div>
            {one.trouble ? (
              <Notice tone="warn" title={failureText({ code: one.trouble }).sentence}>
                {failureText({ code: one.trouble }).next}
              </Notice>
            ) : null}
            <div class="row wrap">
              {one.id === connection.value?.id ? null : (
                <Button onPress={() => run(send("useConnection", { id: one.id }))}>{t("settings_use")}</Button>
              )}
              {one.isSandbox ? null : (
                <>
                  <Button kind="quiet" onPress={() => (asked.value = { what: "edit", connection: one })}>
                    {t("settings_edit")}
                  </Button>
                  <Button kind="quiet" onPress={() => (asked.value = { what: "key", connection: one })}>
                    {t("settings_new_key")}
                  </Button>
                </>
              )}
              <Button kind="quiet" class="bad" onPress={() => (asked.value = { what: "forget", connection: one })}>
                {t("settings_forget")}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <div>
        <Button icon={Plus} onPress={() => go("/connect")}>
          {t("settings_add")}
        </Button>
      </div>
      {asked.value?.what === "forget" ? (
        <Confirm
          title={t(
            "settings_forget_title",
            asked.value.connection.isSandbox ? t("settings_sandbox") : asked.value.connection.name,
          )}
          action={t("settings_forget")}
          isDanger
          onClose={close}
          onConfirm={() => {
            const { id } = asked.value?.connection ?? { id: "" };
            close();
            void run(send("forgetConnection", { id }));
          }}
        >
          <p>{t("settings_forget_text")}</p>
        </Confirm>
      ) : null}
      {asked.value?.what === "key" ? <KeyDialog connection={asked.value.connection} onClose={close} /> : null}
      {asked.value?.what === "edit" ? <EditDialog connection={asked.value.connection} onClose={close} /> : null}
    </Section>
  );
}

/** A new key for a connection; a new address always needs the key again, because a key is bound to its address. */
function KeyDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const key = useSignal("");
  const address = useSignal(connection.origin);
  const failure = useSignal<Failure | undefined>(undefined);
  const isBusy = useSignal(false);
  const save = async () => {
    const origin = readAddress(address.value);
    const asked = origin === undefined ? undefined : browser.permissions.request({ origins: [hostPattern(origin)] });
    isBusy.value = true;
    const isAllowed = await (asked ?? Promise.resolve(true)).catch(() => false);
    const reply: Reply<void> = isAllowed
      ? await send("replaceKey", { id: connection.id, key: key.value.trim(), origin: address.value.trim() })
      : { ok: false, failure: { code: "no-permission" } };
    isBusy.value = false;
    if (reply.ok) onClose();
    else failure.value = reply.failure;
  };
  return (
    <Dialog title={t("settings_new_key")} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field
          label={t("connect_address")}
          value={address.value}
          onInput={(text) => (address.value = text)}
          input={{ inputmode: "url", dir: "ltr" }}
        />
        <Field
          label={t("connect_key")}
          value={key.value}
          onInput={(text) => (key.value = text)}
          input={{ type: "password", autocomplete: "off", required: true, autofocus: true, dir: "ltr" }}
        />
        {failure.value ? <FailureNotice failure={failure.value} /> : null}
        <div class="row end">
          <Button onPress={onClose}>{t("action_cancel")}</Button>
          <Button type="submit" kind="primary" isBusy={isBusy.value} isOff={key.value.trim() === ""}>
            {t("action_save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function EditDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const name = useSignal(connection.name);
  const dialect = useSignal(connection.dialect);
  const number = useSignal(connection.ownNumber?.split("@", 1)[0] ?? "");
  const failure = useSignal<Failure | undefined>(undefined);
  const save = async () => {
    const digits = number.value.replace(/\D/g, "");
    const reply = await send("editConnection", {
      id: connection.id,
      name: name.value.trim() || connection.instance,
      dialect: dialect.value,
      ownNumber: digits ? `${digits}@s.whatsapp.net` : null,
    });
    if (reply.ok) onClose();
    else failure.value = reply.failure;
  };
  return (
    <Dialog title={t("settings_edit")} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Field label={t("settings_name")} value={name.value} onInput={(text) => (name.value = text)} />
        <Field
          label={t("settings_number")}
          hint={t("settings_number_hint")}
          isOptional
          value={number.value}
          onInput={(text) => (number.value = text)}
          input={{ inputmode: "numeric", placeholder: "919876543210", dir: "ltr" }}
        />
        <Dialects value={dialect.value} onChange={(value) => (dialect.value = value)} />
        {failure.value ? <FailureNotice failure={failure.value} /> : null}
        <div class="row end">
          <Button onPress={onClose}>{t("action_cancel")}</Button>
          <Button type="submit" kind="primary">
            {t("action_save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Protection({ run }: { run: Run }) {
  const { settings } = useShell();
  const mode = useSignal(settings.value.protection);
  const passphrase = useSignal("");
  const isChanging = useSignal(false);
  const names = { passphrase: t("protect_passphrase"), session: t("protect_session"), none: t("protect_none") };
  return (
    <Section title={t("settings_protection")}>
      <p class="row wrap">
        <span class="grow">{names[settings.value.protection]}</span>
        <Button
          onPress={() => {
            mode.value = settings.value.protection;
            isChanging.value = true;
          }}
        >
          {t("action_change")}
        </Button>
      </p>
      <Select
        label={t("settings_lock_after")}
        value={String(settings.value.lockAfter)}
        onChange={(minutes: string) => run(send("saveSettings", { lockAfter: Number(minutes) }))}
        options={[0, 5, 15, 30, 60, 240].map((minutes) => ({
          value: String(minutes),
          label:
            minutes === 0
              ? t("settings_lock_never")
              : new Intl.NumberFormat(locale(), { style: "unit", unit: "minute", unitDisplay: "long" }).format(minutes),
        }))}
      />
      {isChanging.value ? (
        <Dialog title={t("settings_protection")} onClose={() => (isChanging.value = false)}>
          <form
            class="stack"
            onSubmit={(event) => {
              event.preventDefault();
              const change = {
                protection: mode.value,
                passphrase: mode.value === "passphrase" ? passphrase.value : undefined,
              };
              void run(send("setProtection", change), t("settings_protection_done")).then(() => {
                isChanging.value = false;
                passphrase.value = "";
              });
            }}
          >
            <Protections value={mode.value} onChange={(value) => (mode.value = value)} />
            {mode.value === "passphrase" ? (
              <NewPassphrase value={passphrase.value} onInput={(text) => (passphrase.value = text)} />
            ) : (
              <Notice tone="warn">{t("settings_protection_old")}</Notice>
            )}
            <div class="row end">
              <Button onPress={() => (isChanging.value = false)}>{t("action_cancel")}</Button>
              <Button type="submit" kind="primary">
                {t("action_save")}
              </Button>
            </div>
          </form>
        </Dialog>
      ) : null}
    </Section>
  );
}

function Data({ run }: { run: Run }) {
  const withPeople = useSignal(false);
  const asked = useSignal<"history" | "everything" | undefined>(undefined);
  const exportData = async () => {
    const reply = await send("exportData", { withPeople: withPeople.value });
    if (!reply.ok) return run(Promise.resolve(reply));
    const url = URL.createObjectURL(new Blob([reply.value.json], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = "wappfy-groups.json";
    link.click();
    URL.revokeObjectURL(url);
    return true;
  };
  const importData = async (file: File | undefined) => {
    if (file) await run(send("importData", { json: await file.text() }), t("settings_import_done"));
  };
  return (
    <Section title={t("settings_data")}>
      <p class="muted">{t("settings_data_text")}</p>
      <Check
        label={t("settings_export_people")}
        isOn={withPeople.value}
        onChange={(isOn) => (withPeople.value = isOn)}
      />
      <div class="row wrap">
        <Button onPress={exportData}>{t("settings_export")}</Button>
        <label class="button">
          {t("settings_import")}
          <input
            class="visually-hidden"
            type="file"
            accept="application/json,.json"
            onChange={(event) => void importData(event.currentTarget.files?.[0])}
          />
        </label>
      </div>
      <div class="row wrap">
        <Button kind="quiet" class="bad" onPress={() => (asked.value = "history")}>
          {t("settings_erase")}
        </Button>
        <Button kind="quiet" class="bad" onPress={() => (asked.value = "everything")}>
          {t("settings_forget_all")}
        </Button>
      </div>
      {asked.value ? (
        <Confirm
          title={asked.value === "history" ? t("settings_erase") : t("settings_forget_all")}
          action={asked.value === "history" ? t("settings_erase") : t("settings_forget_all")}
          isDanger
          onClose={() => (asked.value = undefined)}
          onConfirm={() => {
            const what = asked.value;
            asked.value = undefined;
            void (what === "history"
              ? run(send("eraseHistory", {}), t("settings_erase_done"))
              : run(send("forgetEverything")));
          }}
        >
          <p>{asked.value === "history" ? t("settings_erase_text") : t("unlock_forget_text")}</p>
        </Confirm>
      ) : null}
    </Section>
  );
}

/** The country of numbers that are typed without one. */
export function CountrySelect() {
  const { settings } = useShell();
  const names = new Intl.DisplayNames(locale(), { type: "region" });
  const countries =
    "AE AR AT AU BD BE BR CA CH CL CN CO DE DK EC EG ES FI FR GB GH GR HK ID IE IL IN IT JP KE KR KW LK MA MX MY NG NL NO NP NZ OM PE PH PK PL PT QA RO SA SE SG TH TN TR TZ UA UG US VE VN ZA"
      .split(" ")
      .map((code) => ({ value: code, label: names.of(code) ?? code }))
      .toSorted((a, b) => a.label.localeCompare(b.label, locale()));
  return (
    <Select
      label={t("settings_country")}
      hint={t("settings_country_hint")}
      value={settings.value.country ?? ""}
      onChange={(code: string) => send("saveSettings", { country: code || null })}
      options={[{ value: "", label: t("settings_country_none") }, ...countries]}
    />
  );
}

/** Firefox has a call for its shortcuts page and refuses its address; Chrome has the address alone. */
function openShortcuts(): Promise<unknown> {
  const commands = browser.commands as typeof browser.commands & { openShortcutSettings?: () => Promise<void> };
  return commands.openShortcutSettings?.() ?? browser.tabs.create({ url: "chrome://extensions/shortcuts" });
}
