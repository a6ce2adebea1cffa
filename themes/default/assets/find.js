// Find one like mine: the stories nearest to the answers of a form, each with its reasons.
{
  const { button, make, open, particulars, text } = showcaseBox;
  const { dataset: box } = document.querySelector(".search");
  const form = document.querySelector(".find");
  const place = document.querySelector(".nearest");
  const { dataset: words } = place;
  const [heading, status, list, more] = place.children;
  const { lang } = document.documentElement;
  const SIZE = 12;
  // Times as many at most, whatever the address says.
  const MOST = 20;
  // What else is there where this is.
  const BRINGS = {
    "one-computer": ["electricity"],
    "a-device-each": ["electricity", "one-computer"],
  };
  // Levels that a story for all ages has something for.
  const AGES = ["early-years", "primary", "secondary"];
  // Of two stories, the one that has more of these is nearer. A level alone outweighs a subject
  // alone, which outweighs any place; two of them outweigh one.
  const POINTS = { level: 7, about: 6, country: 5, ages: 4, neighbour: 4, subregion: 3, region: 1 };

  let state;
  let opening;
  let turn = 0;

  const said = (label, value) => words[label].replace(/%\(\w+\)s/, () => value);
  const labelled = (name, code) =>
    form.elements[name].querySelector(`[value="${CSS.escape(code)}"]`)?.textContent ?? code;
  // The answers as words within a sentence.
  const listed = (codes) => new Intl.ListFormat(lang).format(codes.map((code) => {
    const label = form.querySelector(`[name=have][value="${code}"]`).parentNode.textContent.trim();
    return label[0].toLocaleLowerCase(lang) + label.slice(1);
  }));

  // What the form says.
  const answers = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => value));

  // Put what the address says into the form, which knows what can be an answer.
  function read() {
    const given = new URLSearchParams(location.search);
    for (const field of form.elements) {
      const { name, type, value } = field;
      if (type === "checkbox") field.checked = given.getAll(name).includes(value);
      else if (name) {
        field.value = given.get(name) ?? "";
        if (field.selectedIndex < 0) field.selectedIndex = 0;
      }
    }
    state = answers();
    if (`${state}`) state.set("page", Math.min(Math.max(parseInt(given.get("page")) || 1, 1), MOST));
  }

  async function load() {
    const engine = await open(box);
    const [columns, data] = await Promise.all([engine.columns(), engine.load(form.dataset.near)]);
    return { engine, columns, data };
  }

  // Every story, the nearest first. One that needs what is not there comes after all that do not.
  function ranked({ engine, columns, data }) {
    const [level, about, country] = ["level", "about", "country"].map((name) => state.get(name));
    const have = state.getAll("have");
    const owned = new Set(["nothing", ...have.flatMap((need) => [need, ...(BRINGS[need] ?? [])])]);
    const [region, subregion, ...neighbours] = data.near[country]?.split(" ") ?? [];
    const teaching = new Set();
    let last = 0;
    for (const step of data.subjects[about] ?? []) teaching.add((last += step));
    const near = (other) => {
      if (other === country) return "country";
      if (neighbours.includes(other)) return "neighbour";
      const [itsRegion, itsSubregion] = data.near[other]?.split(" ") ?? [];
      if (subregion && itsSubregion === subregion) return "subregion";
      return region && itsRegion === region && "region";
    };

    const judged = columns.level.map((levels, story) => {
      const [its] = levels;
      const needs = columns.needs[story];
      const lacks = have.length ? needs.filter((need) => !owned.has(need)) : [];
      const shared = [
        its === level ? "level" : its === "all-through" && AGES.includes(level) && "ages",
        (teaching.has(story) || columns.topic[story].includes(about)) && "about",
        near(columns.country[story][0]),
      ].filter(Boolean);
      const points = shared.reduce((sum, name) => sum + POINTS[name], 0);
      return { story, needs, lacks, shared, points, own: engine.own[story] };
    });
    return judged.sort((a, b) =>
      !!a.lacks.length - !!b.lacks.length || b.points - a.points || b.own - a.own || b.story - a.story);
  }

  function reasons({ needs, lacks, shared }) {
    const found = shared.map((name) => (state.has(name) ? said(name, labelled(name, state.get(name))) : words[name]));
    if (!state.has("have") || !needs.length) return found;
    if (lacks.length) return [...found, said("lacking", listed(lacks))];
    return [...found, needs[0] === "nothing" ? words.free : said("enough", listed(needs))];
  }

  function row(story, why) {
    const plain = { mark: (piece) => [[piece]] };
    return make("li", { class: "entry" },
      make("h3", {}, text("a", plain, story, story.title, { href: story.url, hreflang: story.language })),
      particulars("p", story, story.place, story.country),
      make("p", { class: "entry-reason" }, why.join(" · ")),
      text("p", plain, story, story.summary, { class: "entry-summary" }));
  }

  async function show() {
    const mine = ++turn;
    const size = SIZE * (state.get("page") ?? 1);
    const isAsked = `${state}`;
    status.textContent = "";
    for (const part of [heading, list, more]) part.hidden = !isAsked;
    if (!isAsked) return;
    try {
      const known = await (opening ??= load());
      const order = ranked(known);
      const shown = order.slice(0, size);
      const cards = await Promise.all(shown.map(({ story }) => known.engine.card(story)));
      if (mine !== turn) return;
      list.replaceChildren(...cards.map((card, n) => row(card, reasons(shown[n]))));
      more.hidden = size >= Math.min(order.length, SIZE * MOST);
    } catch {
      opening = undefined;
      if (mine !== turn) return;
      list.replaceChildren();
      more.hidden = true;
      status.replaceChildren(`${box.failed} `, button(box.again, show));
    }
  }

  form.onsubmit = async (event) => {
    event.preventDefault();
    state = answers();
    const address = `${location.pathname}?${state}`.replace(/\?$/, "");
    if (address !== location.pathname + location.search) history.pushState(null, "", address);
    await show();
    if (`${state}`) heading.focus();
    else status.textContent = words.none;
  };
  more.firstElementChild.onclick = async () => {
    const { length } = list.children;
    state.set("page", length / SIZE + 1);
    history.replaceState(null, "", `?${state}`);
    await show();
    list.children[length]?.querySelector("a").focus();
  };
  addEventListener("popstate", () => {
    read();
    show();
  });
  read();
  show();
}
