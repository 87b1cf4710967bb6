import { Check, CircleAlert, Copy } from "lucide";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/shared/i18n";
import { Button, type ButtonProps } from "./button";

/** Copies a text and confirms it for two seconds. */
export function CopyButton(props: { text: string; label: string; kind?: ButtonProps["kind"]; isIcon?: boolean }) {
  const { text, label, kind, isIcon } = props;
  const state = useSignal<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state.value === "idle") return undefined;
    const timer = setTimeout(() => (state.value = "idle"), 2000);
    return () => clearTimeout(timer);
  }, [state.value]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => (state.value = "copied"),
      () => (state.value = "refused"),
    );
  const words = { idle: label, copied: t("action_copied"), refused: t("action_copy_refused") };
  const icon = { idle: Copy, copied: Check, refused: CircleAlert }[state.value];
  return (
    <>
      <Button kind={kind} icon={icon} label={isIcon ? words[state.value] : undefined} onPress={copy}>
        {isIcon ? undefined : words[state.value]}
      </Button>
      <span class="visually-hidden" role="status">
        {state.value === "idle" ? "" : words[state.value]}
      </span>
    </>
  );
}
