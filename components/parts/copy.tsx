import { Check, Copy } from "lucide";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/shared/i18n";
import { Button, type ButtonProps } from "./button";

/** Copies a text and says so for two seconds. */
export function CopyButton({ text, label, kind }: { text: string; label: string; kind?: ButtonProps["kind"] }) {
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
  return (
    <>
      <Button kind={kind} icon={state.value === "copied" ? Check : Copy} onPress={copy}>
        {words[state.value]}
      </Button>
      <span class="visually-hidden" role="status">
        {state.value === "idle" ? "" : words[state.value]}
      </span>
    </>
  );
}
