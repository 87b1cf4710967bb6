import { Search } from "lucide";
import { Icon } from "./icon";

/** Follows the first letter typed; until then the page, like the placeholder. */
export const directionOf = (value: string) => (value ? ("auto" as const) : undefined);

/** A search box, focused by `/`. Esc clears it before leaving the screen. */
export function SearchField(props: {
  label: string;
  placeholder?: string;
  value: string;
  onInput: (value: string) => unknown;
  onEnter?: () => unknown;
  /** The agent came here to search. */
  isFirst?: boolean;
}) {
  return (
    <div class="search">
      <Icon icon={Search} size={16} />
      <input
        class="input"
        type="search"
        data-search
        dir={directionOf(props.value)}
        autofocus={props.isFirst}
        aria-label={props.label}
        placeholder={props.placeholder ?? props.label}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          // Searching inside a form must not send it.
          if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            props.onEnter?.();
          }
          if (event.key === "Escape" && props.value !== "") {
            event.preventDefault();
            event.stopPropagation();
            props.onInput("");
          }
        }}
      />
    </div>
  );
}
