// The page of results, and the facets of the list of all stories. The address bar holds the state.
const FACETS = "kind region country level topic needs year language".split(" ");
// Stories shown at first, and more each time.
const SIZE = 24;
// Times as many at most, whatever the address says.
const MOST = 50;

function results(root, box, input) {
  const { asker, button, format, make, particulars, text } = showcaseBox;
  const filters = root.querySelector(".browse");
  const [summary] = filters.children;
  const answer = root.querySelector(".answer");
  const [count, pages, list, more] = answer.children;
  const chips = root.querySelector(".chosen");
  // The list that serves without the script.
  const made = document.getElementById("_made");
  const { title } = document;
  // Every value of a facet that has been unfolded.
  const options = [];
  // The facets, once they have been asked for.
  let panel;
  let counts;
  // As in the address: the words, the values chosen, how often more was asked for.
  let state;
  // The address that this step of the history began with.
  let step;
  // Where to scroll to once the answer is there; -1: nowhere.
  let top = -1;
  let settling, scrolling;

  const isActive = () => input || FACETS.some((name) => state.has(name));
  const shown = () => Math.min(Math.max(parseInt(state.get("page")) || 1, 1), MOST);
  const address = () => `${location.pathname}?${state}`.replace(/\?$/, "");

  function read() {
    state = new URLSearchParams(location.search);
    step = address();
    if (input) input.value = state.get("q") ?? "";
  }

  // Change a part of the state; without values it goes.
  function put(name, values) {
    state.delete(name);
    for (const value of values) state.append(name, value);
    if (name !== "page") state.delete("page");
  }

  // Put what has been typed into the address of this step of the history.
  function settle(at = address()) {
    clearTimeout(settling);
    history.replaceState(history.state, "", at);
  }

  // Make the state a new step of the history, and show it.
  function push() {
    if (address() !== step) history.pushState(null, "", address());
    step = address();
    render();
  }

  function toggle(name, code) {
    settle();
    const codes = state.getAll(name);
    const others = codes.filter((other) => other !== code);
    put(name, others.length < codes.length ? others : [...codes, code]);
    push();
  }

  const { now, stop } = asker(box, root.querySelector("[role=status]"), count, input ?? summary, {
    async ask(engine) {
      const chosen = {};
      for (const name of FACETS) if (state.has(name)) chosen[name] = state.getAll(name);
      const [found, facets] = await Promise.all([
        engine.search(state.get("q") ?? "", {
          count: isActive() ? shown() * SIZE : 0, chosen, withCounts: filters.open,
        }),
        isActive() || filters.open ? engine.facets() : [],
      ]);
      return { ...found, facets };
    },
    show(engine, found, told) {
      counts = found.counts ?? counts;
      if (found.counts && !panel) {
        panel = make("div", { class: "facets" }, ...found.facets.map(fold));
        filters.replaceChildren(summary, panel);
      }
      tally();
      mention(found.facets);
      swap();
      count.textContent = told;
      pages.replaceChildren(...found.pages.map(({ url, label, type }) =>
        make("li", {}, make("a", { href: url }, label), " ", make("small", {}, type))));
      list.replaceChildren(...found.results.map((story) => make("li", { class: "entry" },
        make("h2", {}, text("a", found, story, story.title, {
          href: story.url, hreflang: story.language,
        })),
        particulars("p", story, story.place, story.country),
        text("p", found, story, story.summary, { class: "entry-summary" }))));
      more.hidden = found.results.length >= found.total || shown() === MOST;
      scroll();
    },
    fail() {
      for (const part of [pages, list]) part.replaceChildren();
      more.hidden = true;
      answer.hidden = false;
    },
  });

  function render() {
    document.title = [state.get("q"), title].filter(Boolean).join(" · ");
    if (isActive() || filters.open) return now();
    stop();
    mention([]);
    swap();
    scroll();
  }

  function scroll() {
    if (top >= 0) scrollTo({ top, behavior: "instant" });
    top = -1;
  }

  // Show the answer in the place of the list that serves without the script, or that again.
  function swap() {
    answer.hidden = !isActive();
    if (made) made.hidden = !answer.hidden;
  }

  // A facet; its values are made when it is opened.
  function fold({ name, label, values }) {
    const group = make("div", { role: "group", "aria-label": label });
    const facet = make("details", {}, make("summary", {}, label), group);
    facet.ontoggle = () => {
      if (!group.firstChild) group.append(...values.map((value) => option(name, value)));
      tally();
    };
    facet.open = name === "kind" || state.has(name);
    return facet;
  }

  function option(name, { code, label: said }) {
    const check = make("input", { type: "checkbox" });
    const number = make("span", { class: "count" });
    const label = make("label", {}, check, make("span", {}, said), number);
    check.onchange = () => toggle(name, code);
    options.push({ name, code, check, number, label });
    return label;
  }

  function tally() {
    for (const { name, code, check, number, label } of options) {
      const many = counts[name][code] ?? 0;
      check.checked = state.getAll(name).includes(code);
      number.textContent = format(many);
      label.hidden = !many && !check.checked && check !== document.activeElement;
    }
  }

  // List what is chosen, each with a button that takes it back.
  function mention(facets) {
    const { remove, clear } = chips.dataset;
    const taken = facets.flatMap(({ name, values }) => state.getAll(name).map((code) => {
      const label = values.find((value) => value.code === code)?.label ?? code;
      return button(label, () => {
        // The button pressed goes away.
        summary.focus();
        toggle(name, code);
      }, { "aria-label": remove.replace("%(label)s", label), "data-code": code });
    }));
    if (taken.length) {
      taken.push(button(clear, () => {
        summary.focus();
        settle();
        FACETS.forEach((name) => put(name, []));
        push();
      }));
    }
    chips.replaceChildren(...taken.map((chip) => make("li", {}, chip)));
  }

  more.firstElementChild.onclick = async () => {
    const { length } = list.children;
    put("page", [shown() + 1]);
    settle();
    await now();
    list.children[length]?.querySelector("a").focus();
  };

  if (input) {
    const type = () => put("q", [input.value.trim()].filter(Boolean));
    input.oninput = () => {
      type();
      now();
      clearTimeout(settling);
      settling = setTimeout(settle, 600);
    };
    box.onsubmit = (event) => {
      event.preventDefault();
      type();
      // What was typed has replaced this step's address, which returns.
      settle(step);
      push();
    };
  }
  summary.onclick = () => {
    if (!filters.open) setTimeout(render);
  };
  addEventListener("popstate", (event) => {
    clearTimeout(settling);
    clearTimeout(scrolling);
    top = event.state ?? 0;
    read();
    render();
  });
  addEventListener("scroll", () => {
    clearTimeout(scrolling);
    scrolling = setTimeout(() => history.replaceState(scrollY, ""), 150);
  });

  read();
  if (isActive()) {
    history.scrollRestoration = "manual";
    top = history.state ?? -1;
    filters.hidden = false;
    filters.open = input && matchMedia("(min-width: 60rem)").matches;
    swap();
    render();
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector(".results");
  const large = document.querySelector(".large");
  if (root) results(root, large ?? document.querySelector(".search"), large?.elements.q);
});
