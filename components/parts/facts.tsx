import { Fragment } from "preact";

/** Facts in a line, with dots between; a wrapped line never ends in a dot. */
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
