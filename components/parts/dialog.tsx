import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { Failure } from "../../lib/shared/failure";
import { t } from "../../lib/shared/i18n";
import { isWord } from "../../lib/shared/text";
import { Button } from "./button";
import { Field } from "./field";
import { FailureNotice } from "./failure-notice";
import { Form } from "./form";
import "./dialog.css";

/** A modal dialog, closed by Esc but no stray click beside it; returns the focus. */
export function Dialog(props: { title: string; children: ComponentChildren; onClose: () => unknown }) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // A plain effect cleans up after the dialog is gone: too late to return the focus.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      class="dialog"
      ref={ref}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
      // Must not send the form around the dialog.
      onSubmit={(event) => event.stopPropagation()}
    >
      <div class="stack">
        <h2 id={id}>{props.title}</h2>
        {props.children}
      </div>
    </dialog>
  );
}

/** A dialog to read (focus starts on Close) or, with `isChoice`, to choose in (on the first choice). */
export function InfoDialog(props: {
  title: string;
  isChoice?: boolean;
  /** Beside the Close button. */
  actions?: ComponentChildren;
  children: ComponentChildren;
  onClose: () => unknown;
}) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      {props.children}
      <div class="row end">
        {props.actions}
        <Button
          kind={props.isChoice ? "primary" : undefined}
          attributes={{ autofocus: !props.isChoice }}
          onPress={props.onClose}
        >
          {t("action_close")}
        </Button>
      </div>
    </Dialog>
  );
}

/** Asks before an action; focus starts on the harmless choice. */
export function Confirm(props: {
  title: string;
  action: string;
  /** Instead of "Cancel", where that could mean the action. */
  keep?: string;
  children?: ComponentChildren;
  /** Irreversible: confirmed by a typed word, never stray keys or clicks. */
  isFinal?: boolean;
  onConfirm: () => unknown;
  onClose: () => unknown;
}) {
  const typed = useSignal("");
  const word = t("final_word");
  // "DELETE" for keyboards without the language's letters.
  const isOff = props.isFinal === true && !isWord(typed.value, word, "DELETE");
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      {props.children}
      <Form
        class="answer"
        onSubmit={() => {
          if (!isOff) props.onConfirm();
        }}
      >
        {props.isFinal ? (
          <Field
            label={t("final_type", word)}
            value={typed.value}
            onInput={(text) => (typed.value = text)}
            input={{ autocomplete: "off", autofocus: true, spellcheck: false }}
          />
        ) : null}
        <div class="row end">
          <Button onPress={props.onClose} attributes={{ autofocus: !props.isFinal }}>
            {props.keep ?? t("action_cancel")}
          </Button>
          <Button type="submit" kind="danger" isOff={isOff}>
            {props.action}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

/** A form to send or leave; failures keep the input. */
export function FormDialog(props: {
  title: string;
  failure?: Failure;
  /** The form's gateway. */
  address?: string;
  isBusy?: boolean;
  isOff?: boolean;
  action?: string;
  isDanger?: boolean;
  children: ComponentChildren;
  onSend: () => unknown;
  onClose: () => unknown;
}) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <Form
        class="stack"
        onSubmit={() => {
          if (!props.isBusy && !props.isOff) void props.onSend();
        }}
      >
        {props.children}
        {props.failure ? <FailureNotice failure={props.failure} address={props.address} /> : null}
        <div class="row end">
          <Button onPress={props.onClose}>{t("action_cancel")}</Button>
          <Button type="submit" kind={props.isDanger ? "danger" : "primary"} isBusy={props.isBusy} isOff={props.isOff}>
            {props.action ?? t("action_save")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
