import { ArrowLeft, ListChecks, ListX, LogOut, PanelRight, Send, SquareArrowOutUpRight, type IconNode } from "lucide";
import { h } from "preact";

/** Icons that point along the line of text: they point the other way where words are read from right to left. */
const POINTING = new Set<IconNode>([ArrowLeft, ListChecks, ListX, LogOut, PanelRight, Send, SquareArrowOutUpRight]);

/** A lucide icon as inline SVG. Decorative unless `label` is given. `size` is in CSS pixels. */
export function Icon({
  icon,
  size = 18,
  label,
  class: name,
}: {
  icon: IconNode;
  size?: number;
  label?: string;
  class?: string;
}) {
  return (
    <svg
      class={name}
      data-points={POINTING.has(icon) || undefined}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : "true"}
    >
      {icon.map(([tag, attributes], index) => h(tag, { key: index, ...attributes }))}
    </svg>
  );
}
