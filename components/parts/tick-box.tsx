import { useRef } from "preact/hooks";

/** The box of a row, which shows `isOn` whatever a press did. `onTick`: with `isRange`, ticks all from the last one. */
export function TickBox(props: {
  isOn: boolean;
  isStop?: boolean;
  /** Its accessible name, without a label around it that has words. */
  label?: string;
  onTick: (isRange: boolean) => unknown;
}) {
  const isRange = useRef(false);
  return (
    <input
      type="checkbox"
      class="tick"
      tabIndex={props.isStop ? 0 : -1}
      checked={props.isOn}
      aria-label={props.label}
      onClick={(event) => (isRange.current = event.shiftKey)}
      onChange={(event) => {
        // The browser has turned it: a press that changes nothing draws nothing.
        event.currentTarget.checked = props.isOn;
        props.onTick(isRange.current);
      }}
    />
  );
}
