import { firstNames } from "../../lib/shared/first-names";
import { plural, t } from "../../lib/shared/i18n";
import type { SavedSet } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { useGone } from "../models/group-rows";
import { Button } from "./button";
import { Notice } from "./notice";

const NAMED = 3;

/** Names chosen groups no longer in the list (`useGone`); a press drops them. */
export function GoneGroups(props: {
  chosen: ReadonlySet<string>;
  gone: ReadonlyMap<string, string>;
  onChange: (left: ReadonlySet<string>) => unknown;
  /** The set that they are in. */
  set?: string;
}) {
  const { gone, set } = props;
  if (gone.size === 0) return null;
  const left = new Set([...props.chosen].filter((id) => !gone.has(id)));
  const names = firstNames([...gone.values()], NAMED);
  return (
    <Notice tone="warn">
      <p>{set === undefined ? plural("chosen_gone", gone.size, names) : plural("set_gone", gone.size, names)}</p>
      <div class="row">
        <Button kind="quiet" onPress={() => props.onChange(left)}>
          {set === undefined ? t("chosen_gone_leave") : left.size > 0 ? t("set_gone_leave") : t("set_forget", set)}
        </Button>
      </div>
    </Notice>
  );
}

/** Does the same for a saved set, saved without them; an emptied set is forgotten. */
export function GoneOfSet({ set }: { set: SavedSet & { kind: "groups" } }) {
  const { kind, name, groups } = set;
  const chosen = new Set(groups);
  const gone = useGone(chosen);
  const save = (left: ReadonlySet<string>) =>
    left.size > 0 ? send("saveSet", { kind, name, groups: [...left] }) : send("forgetSet", { kind, name });
  return <GoneGroups chosen={chosen} gone={gone} onChange={save} set={name} />;
}
