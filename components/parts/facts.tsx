import { Fragment } from "preact";

/** Facts in a line, separated by dots; wrapped lines never end in one. */
export function Facts({ facts }: { facts: (string | undefined)[] }) {
  return (
    <span class="facts-line">
      <span>
        {facts.map((fact) =>
          fact ? (
            <Fragment key={fact}>
              <span>{fact}</span>{" "}
            </Fragment>
          ) : null,
        )}
      </span>
    </span>
  );
}
