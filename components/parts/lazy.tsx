import { useSignal } from "@preact/signals";
import type { ComponentChild, ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Skeleton } from "./progress";

/** Loads a screen when needed, keeping the popup small; shows `waiting` until then. */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: () => ComponentChild = () => <Skeleton rows={4} />,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Lazy(props: Props) {
    const screen = useSignal(loaded);
    useEffect(() => {
      if (screen.peek()) return;
      // Our own chunk cannot be missing; an update reloads the page.
      void load().then((component) => {
        loaded = component;
        screen.value = component;
      });
    }, []);
    const Screen = screen.value;
    return Screen ? <Screen {...props} /> : waiting();
  };
}

/** As `lazy`, but empty until loaded. */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  return lazy(load, () => null);
}
