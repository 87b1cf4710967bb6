import { useSignal } from "@preact/signals";
import { X } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { number, t } from "../../../lib/shared/i18n";
import { send } from "../../../lib/shared/send";
import { useShell } from "../../models/shell";
import { Button } from "../../parts/button";
import { InfoDialog } from "../../parts/dialog";
import { FirstStepList, useFirstSteps } from "../../parts/first-steps";
import "./notes.css";

/** A line above the list: first steps after installation, news after an update. */
export function Notes() {
  const { guide, news } = useShell().settings.value;
  if (guide !== undefined) return <FirstSteps />;
  return news === undefined ? null : <News version={news} />;
}

function FirstSteps() {
  const steps = useFirstSteps();
  const done = steps?.filter(({ isDone }) => isDone).length ?? 0;
  const isOver = steps?.length === done;
  const end = () => send("saveSettings", { guide: null });
  useEffect(() => {
    if (isOver) void end();
  }, [isOver]);
  if (!steps || isOver) return null;
  return (
    <Note line={t("steps_line", number(done), number(steps.length))} title={t("steps_title")} onEnd={end}>
      <FirstStepList steps={steps} />
    </Note>
  );
}

const NEWS = ["news_1", "news_2", "news_3", "news_4", "news_5"] as const;

function News({ version }: { version: string }) {
  const title = t("news_title", version);
  return (
    <Note line={title} title={title} onEnd={() => send("saveSettings", { news: null })}>
      <ul class="bullets">
        {NEWS.map((key) => (
          <li key={key}>{t(key)}</li>
        ))}
      </ul>
    </Note>
  );
}

function Note(props: { line: string; title: string; onEnd: () => Promise<unknown>; children: ComponentChildren }) {
  const isOpen = useSignal(false);
  return (
    <div class="sample">
      <Button kind="quiet" onPress={() => (isOpen.value = true)}>
        {props.line}
      </Button>
      <Button icon={X} label={t("job_put_away")} onPress={props.onEnd} />
      {isOpen.value ? (
        <InfoDialog
          title={props.title}
          actions={
            <Button kind="quiet" onPress={props.onEnd}>
              {t("job_put_away")}
            </Button>
          }
          onClose={() => (isOpen.value = false)}
        >
          {props.children}
        </InfoDialog>
      ) : null}
    </div>
  );
}
