// The search box: an ARIA combobox over the stories. First what it shares with results.js.
const language = document.documentElement.lang;
const plurals = new Intl.PluralRules(language);
const { format } = new Intl.NumberFormat(`${language}-u-nu-latn`);
let opening;

// Set attributes, but for those without a value.
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value) element.setAttribute(name, value);
  }
  return element;
}

// Make an element; strings among its children go in as text.
function make(name, attributes, ...children) {
  const element = set(document.createElement(name), attributes);
  element.append(...children);
  return element;
}

// Load the engine once; after a failure the next call tries again.
function open({ engine, index, root }) {
  const loading = globalThis.showcaseSearch
    ? Promise.resolve()
    : new Promise((onload, onerror) => {
        document.head.append(Object.assign(make("script", { src: engine }), { onload, onerror }));
      });
  return loading.then(() => showcaseSearch.open(index, root, language));
}

// A story's title or summary, with the words found marked.
const text = (name, { mark }, { language: lang, direction: dir }, said, attributes) =>
  make(name, { lang, dir, ...attributes }, ...mark(said).map(([piece, isMatch]) =>
    isMatch ? make("mark", {}, piece) : piece));

// Kind, places and year of a story.
const particulars = (name, { kind, kindLabel, year, languageName }, ...places) =>
  make(name, { class: "entry-place" },
    make("span", { class: `kind kind-${kind}` }, kindLabel),
    " ",
    ...places.flatMap((place) => [make("bdi", {}, place), " · "]),
    `${year} `,
    languageName && make("span", { class: "tag" }, languageName));

// How many stories were found, in words.
function counted({ words }, { total, atLeast, some }) {
  if (!total) return `${words.none} ${words.advice}`;
  const forms = atLeast ? words.atLeast : words.stories;
  const count = (forms[plurals.select(total)] ?? forms.other).replace("%(number)s", format(total));
  return some ? `${count} · ${words.some}` : count;
}

// What asks the engine, and shows the answer to the newest question alone. A failure goes into
// `note`, with a button that tries again and leaves the focus at `home`; the count is said once
// nothing new has come for a while.
function asker(box, status, note, home, { ask, show, fail }) {
  const { failed, again } = box.dataset;
  let turn = 0;
  let saying;

  function stop() {
    turn++;
    say("");
  }

  function say(told) {
    clearTimeout(saying);
    status.textContent = "";
    saying = setTimeout(() => (status.textContent = told), 600);
  }

  async function now() {
    stop();
    const mine = turn;
    const isOld = () => mine !== turn;
    let told = failed;
    try {
      opening ??= open(box.dataset);
      const engine = await opening;
      if (isOld()) return;
      const found = await ask(engine);
      if (isOld()) return;
      told = counted(engine, found);
      show(engine, found, told);
    } catch {
      opening = undefined;
      if (isOld()) return;
      fail();
      note.replaceChildren(`${failed} `, button(again, retry));
    }
    say(told);
  }

  const retry = () => {
    home.focus();
    now();
  };
  return { now, stop };
}

function button(label, onclick, attributes) {
  const made = make("button", { type: "button", class: "button", ...attributes }, label);
  return Object.assign(made, { onclick });
}

globalThis.showcaseBox = { asker, button, format, make, open, particulars, plurals, text };

// Whether a key belongs to a shortcut of somebody else, or to a letter being composed.
const isChord = (event) => event.altKey || event.ctrlKey || event.metaKey || event.isComposing;

function combobox(box) {
  const input = box.elements.q;
  const panel = box.querySelector(".found");
  const [list, note] = panel.children;
  let options = [];
  // The option that Enter opens; -1: the text itself.
  let active = -1;

  function activate(position) {
    options[active]?.setAttribute("aria-selected", "false");
    active = position;
    const option = options[active];
    input.removeAttribute("aria-activedescendant");
    if (!option) return;
    input.setAttribute("aria-activedescendant", option.id);
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
  }

  // Show options and, below them, a note; without either the list is closed.
  function unfold(offered, noted) {
    activate(-1);
    options = offered;
    list.replaceChildren(...options);
    list.hidden = !options.length;
    note.textContent = noted;
    panel.hidden = noted === undefined;
    input.setAttribute("aria-expanded", !list.hidden);
  }

  const close = () => {
    stop();
    unfold([]);
  };

  const { now, stop } = asker(box, box.querySelector("[role=status]"), note, input, {
    ask: (engine) => engine.search(input.value, { count: 6 }),
    show(engine, found, told) {
      const { pages, results, total, some } = found;
      const offered = [];
      const offer = (href, head, more) => offered.push(make("a", {
        role: "option", id: `_found-${offered.length}`, tabindex: -1, "aria-selected": "false", href,
      }, head, " ", more));
      const lead = (href, label, more) => offer(href, make("b", {}, label), make("small", {}, more));
      for (const { url, label, type } of pages) lead(url, label, type);
      for (const story of results) {
        const about = particulars("small", story, story.country);
        offer(story.url, text("span", found, story, story.title), about);
      }
      const query = encodeURIComponent(input.value.trim());
      if (total) lead(`${box.action}?q=${query}`, engine.words.all, told);
      unfold(offered, total ? "" : told);
    },
    fail: () => unfold([], ""),
  });

  set(input, { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id });
  unfold([]);
  // Should it fail, the first answer tries again and says so.
  input.onfocus = () => (opening ??= open(box.dataset)).catch(() => (opening = undefined));
  const seek = (when) => (input.value.trim() ? when() : close());
  input.oninput = () => seek(now);
  input.onkeydown = (event) => {
    const { key } = event;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (isChord(event)) return;
    if (step && panel.hidden) seek(now);
    else if (step) {
      // The text is one of them, between the last option and the first.
      const stops = options.length + 1;
      activate(((active + stops + 1 + step) % stops) - 1);
    } else if (key === "Enter" && active >= 0) options[active].click();
    else if (key === "Escape") {
      if (panel.hidden && !input.value) input.blur();
      if (panel.hidden) input.value = "";
      close();
    } else {
      if (key !== "Shift") activate(-1);
      return;
    }
    event.preventDefault();
  };
  // The focus stays in the box.
  panel.onmousedown = (event) => event.preventDefault();
  box.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget !== input && !panel.contains(relatedTarget)) close();
  });
}

for (const box of document.querySelectorAll(".search:not(.large)")) combobox(box);
