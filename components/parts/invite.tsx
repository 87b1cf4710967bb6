import { t } from "../../lib/shared/i18n";
import type { Group, KnownInvite } from "../../lib/shared/model";
import { readKnown } from "../../lib/store/read-invites";
import { useLive } from "../models/live";
import { useShell } from "../models/shell";
import { Tag } from "./notice";

/** Returns what the current connection knows of these codes. */
export function useKnownInvites(codes: string[]): Map<string, { known?: KnownInvite; group?: Group }> {
  const { connection } = useShell();
  const id = connection.value?.id ?? "";
  const found = useLive(["invites", "groups"], (store) => readKnown(store, id, codes), [id, codes.join()]);
  return found.value ?? new Map();
}

/** An invite's state as a tag; empty if new. */
export function InviteState({ known }: { known?: KnownInvite }) {
  if (!known) return null;
  if (known.state === "ours") return <Tag tone="good">{t("invite_ours")}</Tag>;
  if (known.state === "pending") {
    return <Tag tone="warn">{known.reason === "not-seen" ? t("invite_asked") : t("invite_pending")}</Tag>;
  }
  if (known.state === "refused") return <Tag tone="bad">{t("invite_refused")}</Tag>;
  return <Tag>{t("invite_seen")}</Tag>;
}
