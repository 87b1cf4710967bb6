/** A text that screen readers hear when it changes. While it counts, they hear `meanwhile` instead, once. */
export function Counter({ text, meanwhile }: { text: string; meanwhile?: string }) {
  return (
    <span class="grow">
      {meanwhile === undefined ? null : text}
      <span role="status" class={meanwhile === undefined ? undefined : "visually-hidden"}>
        {meanwhile ?? text}
      </span>
    </span>
  );
}
