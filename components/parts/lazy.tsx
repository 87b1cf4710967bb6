import { useSignal } from "@preact/signals";
import type { ComponentChild, ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Skeleton } from "./progress";

/**
 * A screen whose code is read when it is first needed, so that the popup's first load stays small. Until it is there,
 * `waiting` is shown.
 */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: () => ComponentChild = () => <Skeleton rows={4} />,
): ComponentType<Props> {
  return function Lazy(props: Props) {
    const screen = useSignal<ComponentType<Props> | undefined>(undefined);
    useEffect(() => {
      // A chunk of our own package cannot be missing; after an update the page is reloaded by the browser.
      void load().then((component) => (screen.value = component));
    }, []);
    const Screen = screen.value;
    return Screen ? <Screen {...props} /> : waiting();
  };
}

/** The same for a part of a screen, in whose place there is nothing until then. */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  return lazy(load, () => null);
}
