import { Fragment } from "react";
import { createPortal } from "react-dom";

export function View({ state }) {
  const { seconds, before, first, second, note, isShown, kind, generation, isOpen, html, items } = state;
  return (
    <main>
      <input id="field" />
      <p id="counter">
        {`Join ${first} - closes in ${seconds} s`} <b>today</b>
      </p>
      <p id="parts">
        Seats: {first} left {seconds}
        {note}
      </p>
      <p id="anchor">
        {before}Join <a href={first}>the group</a> and be nice ({seconds})
      </p>
      {isShown && <p id="toggled">Now open: {second} today</p>}
      <p id="inline">Maybe {isShown ? second : "closed"} today</p>
      {kind === "a" ? (
        <p>A: {first}</p>
      ) : (
        <div>
          B: <a href={second}>join</a>
        </div>
      )}
      <section key={generation}>Fresh {second} text</section>
      <ul>
        {items.map(({ id, name, link, seats }) => (
          <li key={id}>
            <a href={link}>{name}</a> or {link} ({seats} seats)
          </li>
        ))}
      </ul>
      <ol>
        {items.map(({ name, link }, n) => (
          <li key={n}>
            {name}: {link} now
          </li>
        ))}
      </ol>
      <div id="fragments">
        {items.map(({ id, name, link }) => (
          <Fragment key={id}>
            {name} {link}
            <br />
          </Fragment>
        ))}
      </div>
      <div id="html" dangerouslySetInnerHTML={{ __html: html }} />
      {isOpen && createPortal(<p>Dialog: {second} here</p>, document.body)}
    </main>
  );
}

/** The whole document, as a framework that owns it draws it. */
export function Page({ state, script }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <title>page</title>
        <link rel="icon" href="data:," />
      </head>
      <body>
        <View state={state} />
        <script type="module" src={script} />
      </body>
    </html>
  );
}
