import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { send } from "../../lib/shared/send";
import { useShell } from "./shell";

/** The default country of numbers, and how to choose another. */
export interface Country {
  code: string | undefined;
  choose: (code: string | undefined) => Promise<void>;
}

/** Returns the default country, a setting. A choice counts at once; one that cannot be saved is taken back. */
export function useCountry(): Country {
  const { settings } = useShell();
  const ahead = useSignal<{ code: string | undefined; isSaved: boolean } | undefined>(undefined);
  useEffect(() => {
    // The settings may be of another window by now.
    if (ahead.peek()?.isSaved) ahead.value = undefined;
  }, [settings.value]);
  return {
    code: ahead.value ? ahead.value.code : settings.value.country,
    choose: async (code) => {
      const mine = { code, isSaved: false };
      ahead.value = mine;
      const reply = await send("saveSettings", { country: code ?? null });
      if (ahead.peek() !== mine) return;
      ahead.value = !reply.ok || settings.peek().country === code ? undefined : { code, isSaved: true };
    },
  };
}
