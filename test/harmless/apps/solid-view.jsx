import { For, Index, Show, createSignal } from "solid-js";
import { Portal } from "solid-js/web";
import { INITIAL } from "../state.js";

/** The state that is shown, and what shows another. */
export const [state, show] = createSignal(INITIAL);

export function View() {
  return (
    <main>
      <input id="field" />
      <p id="counter">
        Join {state().first} - closes in {state().seconds} s <b>today</b>
      </p>
      <p id="parts">
        Seats: {state().first} left <b>{state().seconds}</b>
        {state().note}
      </p>
      <p id="anchor">
        {state().before}Join <a href={state().first}>the group</a> and be nice ({state().seconds})
      </p>
      <Show when={state().isShown}>
        <p id="toggled">Now open: {state().second} today</p>
      </Show>
      <p id="inline">Maybe {state().isShown ? state().second : "closed"} today</p>
      <Show
        when={state().kind === "a"}
        fallback={
          <div>
            B: <a href={state().second}>join</a>
          </div>
        }
      >
        <p>A: {state().first}</p>
      </Show>
      <Show when={state().generation} keyed>
        {() => <section>Fresh {state().second} text</section>}
      </Show>
      <ul>
        <For each={state().items}>
          {({ name, link, seats }) => (
            <li>
              <a href={link}>{name}</a> or {link} ({seats} seats)
            </li>
          )}
        </For>
      </ul>
      <ol>
        <Index each={state().items}>
          {(item) => (
            <li>
              {item().name}: {item().link} now
            </li>
          )}
        </Index>
      </ol>
      <div id="fragments">
        <For each={state().items}>
          {({ name, link }) => (
            <>
              {name} {link}
              <br />
            </>
          )}
        </For>
      </div>
      <div id="html" innerHTML={state().html} />
      <Show when={state().isOpen}>
        <Portal>
          <p>Dialog: {state().second} here</p>
        </Portal>
      </Show>
    </main>
  );
}
