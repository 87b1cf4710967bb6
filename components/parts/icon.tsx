import {
  ArrowLeft,
  ChevronRight,
  ListChecks,
  ListX,
  LogOut,
  PanelRight,
  Send,
  SquareArrowOutUpRight,
  type IconNode,
} from "lucide";
import { h } from "preact";

const POINTING = new Set<IconNode>([
  ArrowLeft,
  ChevronRight,
  ListChecks,
  ListX,
  LogOut,
  PanelRight,
  Send,
  SquareArrowOutUpRight,
]);

/** A Lucide icon as inline SVG, decorative unless labelled. `size` in CSS px. */
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
