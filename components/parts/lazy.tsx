import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Skeleton } from "./progress";

/** A screen whose code is read when it is first needed, so that the popup's first load stays small. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  return function Lazy(props: Props) {
    const screen = useSignal<ComponentType<Props> | undefined>(undefined);
    useEffect(() => {
      // A chunk of our own package cannot be missing; after an update the page is reloaded by the browser.
      void load().then((component) => (screen.value = component));
    }, []);
    const Screen = screen.value;
    return Screen ? <Screen {...props} /> : <Skeleton rows={4} />;
  };
}
