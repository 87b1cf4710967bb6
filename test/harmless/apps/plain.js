import { link } from "../state.js";

/** A page without a framework, which writes to its own nodes in every way that there is. */

document.querySelector("#root").innerHTML = `<main>
  <input id="field">
  <p id="counter">Join ${link(1)} - closes in 30 s</p>
  <p id="parts">Seats: ${link(1)} left 30</p>
  <p id="anchor">Join <a href="${link(1)}">the group</a> and be nice (30)</p>
  <ul>${[1, 2, 3, 4].map((n) => `<li>${n}: ${link(n)} now</li>`).join("")}</ul>
  <pre id="pre">one ${link(1)}\ntwo ${link(2)}\nthree ${link(3)}</pre>
  <textarea id="area">Join ${link(1)} today</textarea>
  <div id="scroller" style="height: 60px; overflow: auto"><p style="margin-top: 90px">Deep ${link(5)} down</p></div>
</main>`;

const find = (selector) => document.querySelector(selector);
const text = (selector) => find(selector).firstChild;
const items = () => [...document.querySelectorAll("li")];

const steps = {
  "count down by data": () => (text("#counter").data = `Join ${link(1)} - closes in 29 s`),
  "count down by textContent": () => (find("#counter").textContent = `Join ${link(1)} - closes in 28 s`),
  "count down by innerText": () => (find("#counter").innerText = `Join ${link(1)} - closes in 27 s`),
  "count down by replaceData": () => text("#counter").replaceData(text("#counter").length - 4, 2, "26"),
  "append data": () => text("#parts").appendData(" and more"),
  "insert data in front": () => text("#parts").insertData(0, "Hello. "),
  "delete data": () => text("#parts").deleteData(0, 7),
  "split a text": () => text("#parts").splitText(20),
  "write its second part": () => (find("#parts").childNodes[1].data = " gone"),
  normalize: () => document.body.normalize(),
  "read the last child": () => (find("#parts").lastChild.data += "!"),
  "append a node": () => find("#anchor").append(" See you."),
  "move behind the link": () => find("#anchor a").after(find("#anchor").lastChild),
  "next sibling": () => (find("#anchor a").nextSibling.data = " See you soon."),
  "count the children": () => (find("#field").value = `${find("#anchor").childNodes.length} nodes`),
  "wrap in bold": () => {
    const bold = document.createElement("b");
    text("#counter").before(bold);
    bold.append(bold.nextSibling);
  },
  "surround a range": () => {
    const range = new Range();
    range.setStart(text("#pre"), 2);
    range.setEnd(text("#pre"), text("#pre").data.indexOf("\n"));
    range.surroundContents(document.createElement("mark"));
  },
  "replace by HTML": () => (find("#pre").innerHTML = find("#pre").innerHTML),
  "reverse the list": () => find("ul").replaceChildren(...items().toReversed()),
  "move the first to the end": () => find("ul").append(items()[0]),
  "swap by insertBefore": () => find("ul").insertBefore(items()[2], items()[0]),
  "clone the list": () => find("ul").replaceWith(find("ul").cloneNode(true)),
  "remove an item": () => items()[1].remove(),
  "move a fragment": () => {
    const fragment = document.createDocumentFragment();
    fragment.append(...find("#parts").childNodes);
    find("#anchor").append(fragment);
  },
  "scroll a box": () => find("#scroller").scrollTo(0, 60),
  "hide and show": () => (find("#counter").hidden = true),
  "show again": () => (find("#counter").hidden = false),
  "rewrite the body": () => (document.body.innerHTML = `<p id="counter">New ${link(8)} page</p><input id="field">`),
};

globalThis.app = { steps: Object.keys(steps), run: (n) => void Object.values(steps)[n]() };
globalThis.isStarted = true;
