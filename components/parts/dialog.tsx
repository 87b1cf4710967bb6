import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { Failure } from "../../lib/shared/failure";
import { t } from "../../lib/shared/i18n";
import { isWord } from "../../lib/shared/text";
import { Button } from "./button";
import { Field } from "./field";
import { FailureNotice } from "./notice";
import { Form } from "./form";

/** A modal dialog. Esc closes it, a click beside it does not, so that a stray one loses nothing; the focus goes back. */
export function Dialog(props: { title: string; children: ComponentChildren; onClose: () => unknown }) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Not a plain effect: those are undone after the dialog has gone from the page, too late to give the focus back.
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
      // A form in a dialog must not send the form in which the dialog stands.
      onSubmit={(event) => event.stopPropagation()}
    >
      <div class="stack">
        <h2 id={id}>{props.title}</h2>
        {props.children}
      </div>
    </dialog>
  );
}

/** A question that names what will happen. The focus starts on what does no harm. */
export function Confirm(props: {
  title: string;
  action: string;
  /** What leaves things as they are, where "Cancel" could be taken for the action. */
  keep?: string;
  children?: ComponentChildren;
  /** Nothing brings back what is lost: a word must be typed first, which no hammered key and no stray click does. */
  isFinal?: boolean;
  onConfirm: () => unknown;
  onClose: () => unknown;
}) {
  const typed = useSignal("");
  const word = t("final_word");
  // Not every keyboard has the letters of the language.
  const isOff = props.isFinal === true && !isWord(typed.value, word, "DELETE");
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      {props.children}
      <Form
        class="stack"
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

/** A form to be saved or left. A failure stands above the buttons, and what was typed stays. */
export function FormDialog(props: {
  title: string;
  failure?: Failure;
  /** Of the gateway that the form is about. */
  address?: string;
  isBusy?: boolean;
  isOff?: boolean;
  children: ComponentChildren;
  onSave: () => Promise<unknown>;
  onClose: () => unknown;
}) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <Form
        class="stack"
        onSubmit={() => {
          if (!props.isBusy && !props.isOff) void props.onSave();
        }}
      >
        {props.children}
        {props.failure ? <FailureNotice failure={props.failure} address={props.address} /> : null}
        <div class="row end">
          <Button onPress={props.onClose}>{t("action_cancel")}</Button>
          <Button type="submit" kind="primary" isBusy={props.isBusy} isOff={props.isOff}>
            {t("action_save")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
