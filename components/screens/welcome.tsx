import { useSignal } from "@preact/signals";
import { CircleCheckBig, EyeOff, KeyRound, MousePointerClick, PartyPopper } from "lucide";
import browser from "webextension-polyfill";
import { t } from "../../lib/shared/i18n";
import { useShell } from "../models/shell";
import { FirstStepList, useFirstSteps } from "../parts/first-steps";
import { PageAccess } from "../parts/page-access";
import { Icon } from "../parts/icon";
import { Empty } from "../parts/empty";
import { ConnectForm, SampleGroups } from "./connect";
import "./welcome.css";

const points = [
  { icon: CircleCheckBig, title: "welcome_proof", text: "welcome_proof_text" },
  { icon: MousePointerClick, title: "welcome_page", text: "welcome_page_text" },
  { icon: EyeOff, title: "welcome_reads", text: "welcome_reads_text" },
  { icon: KeyRound, title: "welcome_key", text: "welcome_key_text" },
] as const;

/** Shown after installation: what the extension does and reads, and how to start. */
export function Welcome() {
  const { connection } = useShell();
  const isDone = useSignal(false);
  const steps = useFirstSteps();
  const done = () => (isDone.value = true);
  return (
    <main class="welcome">
      <p class="head">
        <img src="/icon/48.png" width="32" height="32" alt="" />
        {t("extension_name")}
      </p>
      <div class="stack loose">
        <div class="stack">
          <h1>{t("welcome_title")}</h1>
          <p class="lead">{t("welcome_lead")}</p>
        </div>
        <ul class="points">
          {points.map(({ icon, title, text }) => (
            <li key={title}>
              <Icon icon={icon} size={20} />
              <span>
                <strong>{t(title)}</strong>
                <span class="muted">{t(text)}</span>
              </span>
            </li>
          ))}
        </ul>
      </div>
      <PageAccess />
      {isDone.value || connection.value ? (
        <div class="card" tabIndex={-1} autofocus>
          <Empty
            icon={PartyPopper}
            title={t("welcome_done")}
            actions={
              <a class="button primary" href={browser.runtime.getURL("app.html")}>
                {t("welcome_open")}
              </a>
            }
          >
            {t("welcome_done_text")}
          </Empty>
          {steps ? <FirstStepList steps={steps} /> : null}
          {steps?.every(({ to }) => to !== undefined) ? <p class="small muted">{t("welcome_pin")}</p> : null}
        </div>
      ) : (
        <div class="stack">
          <div class="card">
            <h2>{t("welcome_connect")}</h2>
            <ConnectForm onDone={done} />
          </div>
          <SampleGroups onDone={done} />
        </div>
      )}
    </main>
  );
}
