import { useSignal } from "@preact/signals";
import { Plus } from "lucide";
import { fail } from "../../../lib/shared/failure";
import { t } from "../../../lib/shared/i18n";
import type { Connection, Protection } from "../../../lib/shared/model";
import { send } from "../../../lib/shared/send";
import { useCommand } from "../../models/command";
import { proveKey, requestHost } from "../../models/connect";
import { givenProtection, isAtPassphrase, useAskedProtection } from "../../models/protection";
import { useShell } from "../../models/shell";
import { GatewayAccess } from "../../parts/access";
import { Button } from "../../parts/button";
import { Confirm, FormDialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { KeyProtection } from "../../parts/key-protection";
import { LocalHttp } from "../../parts/local-http";
import { LookAlike } from "../../parts/look-alike";
import { Notice, Tag, failureText } from "../../parts/notice";
import { Dialects } from "../connect";
import { Section, type Run } from "./section";

/** Chooses, edits and forgets connections. */
export function Connections({ run }: { run: Run }) {
  const { connections, connection, go } = useShell();
  const asked = useSignal<{ what: "forget" | "key" | "edit"; connection: Connection } | undefined>(undefined);
  const close = () => (asked.value = undefined);
  return (
    <Section title={t("settings_connections")}>
      <ul class="stack">
        {connections.value?.map((one) => (
          <li class="card stack" key={one.id}>
            <div class="row">
              <span class="grow">
                <strong class="clip block">
                  <bdi>{one.isSandbox ? t("settings_sandbox") : one.name}</bdi>
                </strong>
                <span class="clip small muted block">
                  {one.isSandbox ? (
                    t("settings_sandbox_text")
                  ) : (
                    <bdi>{`${one.origin.replace("https://", "")} · ${one.instance} · …${one.keyTail}`}</bdi>
                  )}
                </span>
              </span>
              {one.id === connection.value?.id ? <Tag tone="brand">{t("settings_in_use")}</Tag> : null}
            </div>
            {one.trouble ? (
              <Notice tone="warn" title={failureText({ code: one.trouble }).sentence}>
                <p>{failureText({ code: one.trouble }).next}</p>
                {one.trouble === "no-permission" ? <GatewayAccess address={one.origin} /> : null}
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
          isFinal
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

/** Replaces the key, also to change the address, to which keys are bound. */
function KeyDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const key = useSignal("");
  const address = useSignal(connection.origin);
  const fields = { protection: useSignal<Protection>("passphrase"), passphrase: useSignal("") };
  const asked = useAskedProtection();
  const { isBusy, failure, run, reset } = useCommand();
  const replace = async () => {
    const requested = requestHost(address.value);
    const isAllowed = await (requested ?? Promise.resolve(true)).catch(() => false);
    if (!isAllowed) return fail("no-permission");
    const { id, instance, auth, dialect } = connection;
    const given = { key: key.value.trim(), origin: address.value.trim() };
    // Proved first: this drops the old key and, for a new address, everything read.
    const proof = await proveKey({ ...given, auth, dialect }, instance);
    return proof.ok ? send("replaceKey", { id, ...given, ...givenProtection(asked, fields) }) : proof;
  };
  const save = async () => {
    if ((await run(replace))?.ok) onClose();
  };
  return (
    <FormDialog
      title={t("settings_new_key")}
      failure={isAtPassphrase(failure.value, asked, fields) ? undefined : failure.value}
      address={address.value}
      isBusy={isBusy.value}
      isOff={key.value.trim() === ""}
      onSend={save}
      onClose={onClose}
    >
      <Field
        label={t("connect_address")}
        value={address.value}
        onInput={(text) => (address.value = text)}
        input={{ inputmode: "url", dir: "ltr" }}
      />
      <LookAlike address={address.value} />
      <LocalHttp address={address.value} />
      <Field
        label={t("connect_key")}
        value={key.value}
        onInput={(text) => (key.value = text)}
        input={{ type: "password", autocomplete: "off", required: true, autofocus: true, dir: "ltr" }}
      />
      <KeyProtection
        asked={asked}
        fields={fields}
        failure={failure.value}
        onChange={(field) => (value) => {
          field.value = value;
          reset();
        }}
      />
    </FormDialog>
  );
}

function EditDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const name = useSignal(connection.name);
  const dialect = useSignal(connection.dialect);
  const before = connection.ownNumber?.split("@", 1)[0] ?? "";
  const number = useSignal(before);
  const { isBusy, failure, run } = useCommand();
  const save = async () => {
    const digits = number.value.replace(/\D/g, "");
    // A job may have learnt the number since, so only edits are sent.
    const change = {
      id: connection.id,
      ...(name.value === connection.name ? {} : { name: name.value.trim() || connection.instance }),
      ...(dialect.value === connection.dialect ? {} : { dialect: dialect.value }),
      ...(number.value === before ? {} : { ownNumber: digits ? `${digits}@s.whatsapp.net` : null }),
    };
    if ((await run(() => send("editConnection", change)))?.ok) onClose();
  };
  return (
    <FormDialog
      title={t("settings_edit")}
      failure={failure.value}
      isBusy={isBusy.value}
      onSend={save}
      onClose={onClose}
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
    </FormDialog>
  );
}
