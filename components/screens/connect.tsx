import { useModel } from "@preact/signals";
import { FlaskConical } from "lucide";
import { useEffect, useMemo } from "preact/hooks";
import { joined, t } from "../../lib/shared/i18n";
import type { Auth, Dialect, Policy } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { useCommand } from "../models/command";
import { ConnectModel, DEFAULT_ORIGIN, isBadKey } from "../models/connect";
import { isAtPassphrase, useAskedProtection } from "../models/protection";
import { goFromHere, useShell } from "../models/shell";
import { Button } from "../parts/button";
import { Choice, Field } from "../parts/field";
import { Select } from "../parts/select";
import { LocalHttp } from "../parts/local-http";
import { KeyProtection } from "../parts/key-protection";
import { LookAlike } from "../parts/look-alike";
import { FailureNotice } from "../parts/failure-notice";
import { Notice } from "../parts/notice";
import { Form } from "../parts/form";
import { SecretField } from "../parts/secret-field";

/** Connects by key or to sample groups, then calls `onDone`. */
export function Connect(props: { onDone?: () => void }) {
  const shell = useShell();
  // The gateway's answer takes its time.
  const go = useMemo(() => goFromHere(shell), [shell]);
  const done = props.onDone ?? (() => go("/groups"));
  return (
    <div class="screen">
      <ConnectForm onDone={done} />
      <SampleGroups onDone={done} />
    </div>
  );
}

/** "Try with sample groups": the sandbox, without a key. */
export function SampleGroups({ onDone }: { onDone: () => void }) {
  const { settings } = useShell();
  const { isBusy, failure, run } = useCommand();
  const start = async () => {
    if ((await run(() => send("addSandbox")))?.ok) onDone();
  };
  if (settings.value.policy?.sandbox === false) return null;
  return (
    <section class="card stack close">
      <h2>{t("connect_sample_title")}</h2>
      <p class="muted">{t("connect_sample_text")}</p>
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      <div>
        <Button icon={FlaskConical} isBusy={isBusy.value} onPress={start}>
          {t("connect_sample")}
        </Button>
      </div>
    </section>
  );
}

type Model = InstanceType<typeof ConnectModel>;

/** Key, then instance and protection. */
export function ConnectForm({ onDone }: { onDone: () => void }) {
  const { settings } = useShell();
  const model = useModel(ConnectModel);
  const { gateway, instance: only } = settings.value.policy ?? {};
  useEffect(() => {
    if (gateway !== undefined) model.address.value = gateway;
    if (only !== undefined) model.instance.value = only;
  }, [model, gateway, only]);
  return model.step.value === "key" ? <KeyStep model={model} /> : <InstanceStep model={model} onDone={onDone} />;
}

/** The key, and another gateway if wanted, proved first. */
function KeyStep({ model }: { model: Model }) {
  const { instance: only } = useShell().settings.value.policy ?? {};
  const isOff = model.key.value.trim() === "" || isBadKey(model.key.value);
  return (
    <Form class="stack" onSubmit={() => (isOff ? undefined : model.prove(only))}>
      <p class="muted">{t("connect_key_text")}</p>
      <SecretField
        label={t("connect_key")}
        value={model.key.value}
        onInput={model.change(model.key)}
        error={isBadKey(model.key.value) ? t("connect_key_bad") : undefined}
        show={t("connect_key_show")}
        hide={t("connect_key_hide")}
        input={{
          autocomplete: "off",
          spellcheck: false,
          required: true,
          placeholder: "wappfy_sk_…",
          dir: "ltr",
        }}
      />
      <GatewayChoice model={model} />
      {model.failure.value ? <FailureNotice failure={model.failure.value} address={model.address.value} /> : null}
      <Button type="submit" kind="primary" isWide isBusy={model.isBusy.value} isOff={isOff}>
        {t("connect_continue")}
      </Button>
      <p class="small muted">{t("connect_key_advice")}</p>
    </Form>
  );
}

function GatewayChoice({ model }: { model: Model }) {
  const { settings } = useShell();
  const { gateway, allowedHosts } = settings.value.policy ?? {};
  return (
    <details class="stack">
      <summary class="small">{t("connect_more")}</summary>
      <div class="stack below">
        <Field
          label={t("connect_address")}
          hint={addressHint(settings.value.policy)}
          value={model.address.value}
          onInput={(text) => (model.address.value = text)}
          input={{
            type: "text",
            inputmode: "url",
            spellcheck: false,
            dir: "ltr",
            disabled: gateway !== undefined && allowedHosts === undefined,
          }}
        />
        <LookAlike address={model.address.value} />
        <LocalHttp address={model.address.value} />
        <Dialects value={model.dialect.value} onChange={(dialect) => (model.dialect.value = dialect)} />
        <Select
          label={t("connect_auth")}
          value={model.auth.value}
          onChange={(auth: Auth) => (model.auth.value = auth)}
          options={[
            { value: "api-key", label: "X-Api-Key" },
            { value: "bearer", label: "Authorization: Bearer" },
          ]}
        />
      </div>
    </details>
  );
}

function addressHint({ gateway, allowedHosts }: Policy = {}): string {
  if (allowedHosts)
    return t("policy_hosts", [...(gateway ? [new URL(gateway).hostname] : []), ...allowedHosts].join(", "));
  return gateway === undefined ? t("connect_address_hint", DEFAULT_ORIGIN) : t("policy_set");
}

function InstanceStep({ model, onDone }: { model: Model; onDone: () => void }) {
  const asked = useAskedProtection();
  return (
    <Form
      class="stack"
      onSubmit={() => {
        void model.save(asked).then((connection) => {
          if (connection) onDone();
        });
      }}
    >
      {model.instances.value ? <Notice tone="good">{t("connect_key_works")}</Notice> : null}
      <InstanceChoice model={model} />
      {model.instances.value?.find(({ id }) => id === model.instance.value)?.number === undefined ? (
        <Field
          label={t("settings_number")}
          hint={t("settings_number_hint")}
          isOptional
          value={model.number.value}
          onInput={(text) => (model.number.value = text)}
          input={{ inputmode: "numeric", autocomplete: "off", placeholder: "919876543210", dir: "ltr" }}
        />
      ) : null}
      <KeyProtection asked={asked} fields={model} failure={model.failure.value} onChange={model.change} />
      {model.failure.value && !isAtPassphrase(model.failure.value, asked, model) ? (
        <FailureNotice failure={model.failure.value} address={model.address.value} />
      ) : null}
      <div class="row">
        <Button onPress={() => (model.step.value = "key")}>{t("action_back")}</Button>
        <Button
          type="submit"
          kind="primary"
          class="grow"
          isBusy={model.isBusy.value}
          isOff={model.instance.value.trim() === ""}
        >
          {t("connect_save")}
        </Button>
      </div>
    </Form>
  );
}

function InstanceChoice({ model }: { model: Model }) {
  const { instance: only } = useShell().settings.value.policy ?? {};
  return model.instances.value?.length ? (
    <Choice
      label={t("connect_instance_choose")}
      value={model.instance.value}
      onChange={(id: string) => (model.instance.value = id)}
      options={model.instances.value.map(({ id, name, status }) => ({
        value: id,
        label: name || id,
        hint: status && status !== "connected" ? joined([id, t("connect_instance_status", status)]) : id,
        isOff: only !== undefined && id !== only,
      }))}
    />
  ) : (
    <Field
      label={t("connect_instance")}
      hint={only === undefined ? t("connect_instance_hint") : t("policy_set")}
      value={model.instance.value}
      onInput={(text) => (model.instance.value = text)}
      input={{
        spellcheck: false,
        autocomplete: "off",
        required: true,
        placeholder: "inst_…",
        dir: "ltr",
        disabled: only !== undefined,
      }}
    />
  );
}

/** Which dialect the gateway speaks. */
export function Dialects({ value, onChange }: { value: Dialect; onChange: (dialect: Dialect) => void }) {
  return (
    <Select
      label={t("connect_dialect")}
      hint={t("connect_dialect_hint")}
      value={value}
      onChange={onChange}
      options={[
        { value: "guide", label: t("connect_dialect_guide") },
        { value: "reference", label: t("connect_dialect_reference") },
      ]}
    />
  );
}
