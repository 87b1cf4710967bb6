import { plural } from "../i18n";
import { isGroupId } from "../ids";
import { JOB_LIMITS } from "../model/step";
import { afresh, CAREFUL, type Kind, newStep } from "./kind";
import type { InputOf } from "./inputs";

/** Sends a message to chats, one step each. */
export const send: Kind<InputOf<"send">> = {
  target: "chat",
  interval: { careful: CAREFUL },
  title: (count) => plural("job_title_send", count),
  undo: (count) => plural("undo_send", count),
  count: ({ chats }) => chats.length,
  isSound: ({ chats, texts }) => texts === undefined || texts.length === chats.length,
  isTooLarge: ({ chats }) => chats.length > JOB_LIMITS.chats,
  isSingle: ({ chats }) => chats.length === 1,
  groups: ({ chats }) => [...new Set(chats.filter(isGroupId))],
  targets: ({ chats }) => chats,
  // A person may be invited to two groups, with a text each.
  steps: ({ chats, texts }) => (texts ? chats : [...new Set(chats)]).map((chat) => newStep(chat)),
  verdicts: () => ["sent", "not-sent"],
  tally: (steps) => ({ messages: steps.length }),
  retry: (input, failed) => ({
    input: {
      ...input,
      chats: failed.map(({ target }) => target),
      texts: input.texts && failed.map(({ index }) => input.texts?.[index] ?? input.text),
    },
    steps: afresh(failed),
  }),
  reasons: {
    "group-gone": { sentence: "reason_no_chat", next: "reason_no_chat_next" },
    "not-admin": { sentence: "reason_admins_write", next: "reason_admins_write_next" },
    invalid: { sentence: "reason_bad_message", next: "reason_bad_message_next" },
  },
};
