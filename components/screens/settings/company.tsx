import { t } from "../../../lib/shared/i18n";
import { useShell } from "../../models/shell";
import { Notice } from "../../parts/notice";
import { minutesText } from "./protection";
import { Section } from "./section";

/** The company's rules, a sentence each; empty without a policy. */
export function Company() {
  const { policy } = useShell().settings.value;
  if (!policy) return null;
  const rules = [
    policy.gateway === undefined ? "" : t("policy_gateway", policy.gateway),
    policy.allowedHosts === undefined ? "" : t("policy_hosts", policy.allowedHosts.join(", ")),
    policy.instance === undefined ? "" : t("policy_instance", policy.instance),
    policy.requirePassphrase ? t("policy_passphrase") : "",
    policy.lockAfter === undefined ? "" : t("policy_lock", minutesText(policy.lockAfter)),
    policy.pageActions === false ? t("policy_pages") : "",
    policy.maxPace === "careful" ? t("policy_pace") : "",
    policy.sandbox === false ? t("policy_sandbox") : "",
  ].filter((rule) => rule !== "");
  return (
    <Section title={t("policy_title")}>
      {rules.length > 0 ? (
        <ul class="divided">
          {rules.map((rule) => (
            <li class="padded" key={rule}>
              {rule}
            </li>
          ))}
        </ul>
      ) : null}
      {policy.wrong?.map((name) => (
        <Notice tone="warn" key={name}>
          {t("policy_wrong", name)}
        </Notice>
      ))}
    </Section>
  );
}
