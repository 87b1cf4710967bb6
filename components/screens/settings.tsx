import { useSignal } from "@preact/signals";
import browser from "webextension-polyfill";
import type { Failure } from "../../lib/shared/failure";
import { t } from "../../lib/shared/i18n";
import type { Pace } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { useCountry } from "../models/country";
import { useShell } from "../models/shell";
import { PageAccess } from "../parts/page-access";
import { Button } from "../parts/button";
import { CountrySelect } from "../parts/country";
import { Check } from "../parts/field";
import { Select } from "../parts/select";
import { KeyList } from "../parts/keys";
import { FailureNotice } from "../parts/failure-notice";
import { Notice } from "../parts/notice";
import { Company } from "./settings/company";
import { Connections } from "./settings/connections";
import { Data } from "./settings/data";
import { Protection } from "./settings/protection";
import { Section, type Run } from "./settings/section";

/** Connections, protection, page actions, defaults and data. */
export function Settings() {
  const { settings, go } = useShell();
  const country = useCountry();
  const failure = useSignal<Failure | undefined>(undefined);
  const done = useSignal("");
  const run: Run = async (reply, words = "") => {
    const answer = await reply;
    failure.value = answer.ok ? undefined : answer.failure;
    done.value = answer.ok ? words : "";
    return answer.ok;
  };
  return (
    <div class="screen sections">
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      {done.value ? <Notice tone="good">{done.value}</Notice> : null}
      <Company />
      <Connections run={run} />
      <Protection run={run} />
      <Section title={t("settings_pages")}>
        <PageAccess />
        <Check
          label={t("settings_page_on")}
          hint={t("settings_page_hint")}
          isOn={settings.value.isPageOn}
          isSet={settings.value.policy?.pageActions === false}
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
        <CountrySelect
          country={country}
          label={t("settings_country")}
          hint={t("settings_country_hint")}
          none={t("settings_country_none")}
        />
        <Select
          label={t("settings_pace")}
          hint={`${t(settings.value.pace === "careful" ? "plan_careful_hint" : "plan_fast_hint")} ${t("settings_pace_hint")}`}
          value={settings.value.pace}
          isSet={settings.value.policy?.maxPace === "careful"}
          onChange={(pace: Pace) => run(send("saveSettings", { pace }))}
          options={[
            { value: "careful", label: t("plan_careful") },
            { value: "fast", label: t("plan_fast") },
          ]}
        />
      </Section>
      <Section title={t("settings_keys")}>
        <p class="muted">{t("settings_keys_text")}</p>
        <KeyList />
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
          </a>{" "}
          ·{" "}
          <a href="/third-party.txt" target="_blank">
            {t("settings_third_party")}
          </a>
        </p>
      </Section>
    </div>
  );
}

/** Firefox has a call for its shortcuts page and refuses the address; Chrome only has the address. */
function openShortcuts(): Promise<unknown> {
  const commands = browser.commands as typeof browser.commands & { openShortcutSettings?: () => Promise<void> };
  return commands.openShortcutSettings?.() ?? browser.tabs.create({ url: "chrome://extensions/shortcuts" });
}
