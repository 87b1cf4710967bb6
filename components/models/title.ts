import { useEffect } from "preact/hooks";
import { t, type MessageKey } from "../../lib/shared/i18n";
import { readGroup } from "../../lib/store/read";
import { useLive } from "./live";
import { useShell, type Route } from "./shell";

/** Returns a route's title, or a group's name, and sets the window's. */
export function useTitle({ name, id }: Route): string {
  const { connection } = useShell();
  const account = connection.value?.id ?? "";
  const isGroup = name === "group" && id !== undefined;
  const read = useLive(
    ["groups"],
    async (store) => (isGroup ? { id, name: (await readGroup(store, account, id))?.name } : undefined),
    [account, isGroup, id],
  );
  const title = (read.value?.id === id && read.value?.name) || t(`title_${name}` as MessageKey);
  useEffect(() => {
    document.title = `${title} · ${t("extension_name")}`;
  }, [title]);
  return title;
}
