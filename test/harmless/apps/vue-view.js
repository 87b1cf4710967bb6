import { createApp, createSSRApp, shallowRef } from "vue";
import { INITIAL } from "../state.js";

const template = `<main>
  <input id="field">
  <p id="counter">Join {{ state.first }} - closes in {{ state.seconds }} s <b>today</b></p>
  <p id="parts">Seats: {{ state.first }} left <b>{{ state.seconds }}</b>{{ state.note }}</p>
  <p id="anchor">{{ state.before }}Join <a :href="state.first">the group</a> and be nice ({{ state.seconds }})</p>
  <p v-if="state.isShown" id="toggled">Now open: {{ state.second }} today</p>
  <p id="inline">Maybe <template v-if="state.isShown">{{ state.second }}</template><template v-else>closed</template> today</p>
  <p v-if="state.kind === 'a'">A: {{ state.first }}</p>
  <div v-else>B: <a :href="state.second">join</a></div>
  <section :key="state.generation">Fresh {{ state.second }} text</section>
  <ul><li v-for="{ id, name, link, seats } in state.items" :key="id"><a :href="link">{{ name }}</a> or {{ link }} ({{ seats }} seats)</li></ul>
  <ol><li v-for="{ name, link } in state.items">{{ name }}: {{ link }} now</li></ol>
  <div id="fragments"><template v-for="{ id, name, link } in state.items" :key="id">{{ name }} {{ link }}<br></template></div>
  <div id="html" v-html="state.html"></div>
  <Teleport v-if="state.isOpen" to="body"><p>Dialog: {{ state.second }} here</p></Teleport>
</main>`;

/** The app, and what shows another state in it. */
export function create(isHydrated) {
  const state = shallowRef(INITIAL);
  const app = (isHydrated ? createSSRApp : createApp)({ template, setup: () => ({ state }) });
  return { app, show: (next) => (state.value = next) };
}
