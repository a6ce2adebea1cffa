// Keeping a country for reading offline, and the page of all that is kept.
(() => {
  if (!globalThis.showcaseOffline) return;
  const { root, own, isSaving, register, names } = showcaseOffline;
  const PAGES = `${own}pages`;
  const KEPT = `${own}kept `;
  // Where a cache of a kept country says when it was filled and how large it is.
  const NOTE = "?kept";
  const DAY = 24 * 60 * 60 * 1000;
  // Requests at once.
  const LANES = 4;
  const language = document.documentElement.lang;

  for (const box of document.querySelectorAll(".offline")) country(box);
  for (const box of document.querySelectorAll(".kept")) list(box);

  const format = (number, style) =>
    new Intl.NumberFormat(`${language}-u-nu-latn`, style).format(number);

  function inWords(bytes) {
    const isLarge = bytes >= 1e6;
    const unit = isLarge ? "megabyte" : "kilobyte";
    const number = isLarge ? bytes / 1e6 : Math.ceil(bytes / 1e3);
    return format(number, { style: "unit", unit, maximumFractionDigits: 1 });
  }

  const say = (text, values) => text.replace(/%\((\w+)\)s/g, (mark, name) => values[name]);

  // --- a country

  function country(box) {
    const { page, stop, remove, started, progress, kept, removed, full, failed } = box.dataset;
    const [button, status, amount] = box.children;
    const offer = button.textContent;
    const name = KEPT + page;
    // Stops the keeping that is under way.
    let way;

    async function show() {
      const note = await noted(name);
      button.textContent = note ? remove : offer;
      status.textContent = note ? say(kept, { size: inWords(note.size) }) : "";
      box.classList.add("ready");
      return note;
    }

    async function start() {
      way = new AbortController();
      button.textContent = stop;
      status.textContent = started;
      let told = "";
      try {
        await register();
        // May the browser not throw it away when it needs room.
        navigator.storage?.persist?.();
        await keep(page, way.signal, (done, total, size) => {
          const values = { done: format(done), total: format(total), size: inWords(size) };
          amount.textContent = say(progress, values);
        });
      } catch ({ name: reason }) {
        await caches.delete(name);
        if (reason !== "AbortError") told = reason === "QuotaExceededError" ? full : failed;
      }
      way = undefined;
      amount.textContent = "";
      await show();
      if (told) status.textContent = told;
    }

    button.onclick = async () => {
      if (way) way.abort();
      else if (button.textContent === offer) start();
      else {
        await caches.delete(name);
        await show();
        status.textContent = removed;
      }
    };
    // A kept country is brought up to date with its page, once a day.
    show().then((note) => {
      if (note && !isSaving && Date.now() - note.at > DAY) keep(page).then(show).catch(() => {});
    });
  }

  // Put all pages of a country, the stories that they list and their smallest pictures into a
  // cache of its own, and take out what is no longer among them.
  async function keep(start, signal, tell = () => {}) {
    const cache = await caches.open(KEPT + start);
    const wanted = new Set([start]);
    const waiting = [start];
    let size = 0;
    let done = 0;

    function want(address) {
      const { origin, pathname } = new URL(address, location);
      if (origin !== location.origin || !pathname.startsWith(root) || wanted.has(pathname)) return;
      wanted.add(pathname);
      waiting.push(pathname);
    }

    async function fetched(path) {
      const answer = await fetch(path, { cache: "no-cache", signal });
      if (!answer.ok || answer.redirected) throw new Error(path);
      const body = await answer.blob();
      size += body.size;
      if (path.endsWith("/")) {
        const found = new DOMParser().parseFromString(await body.text(), "text/html");
        for (const link of found.querySelectorAll("[data-keep] a")) want(link.getAttribute("href"));
        for (const picture of found.querySelectorAll("main img")) want(smallest(picture));
      }
      await cache.put(path, new Response(body, answer));
      tell(++done, wanted.size, size);
    }

    while (waiting.length) await Promise.all(waiting.splice(0, LANES).map(fetched));
    const read = await caches.open(PAGES);
    await Promise.all([...wanted].map((path) => read.delete(path)));
    const kept = await cache.keys();
    const gone = kept.filter(({ url }) => !wanted.has(new URL(url).pathname));
    await Promise.all(gone.map((request) => cache.delete(request)));
    await cache.put(start + NOTE, new Response(JSON.stringify({ at: Date.now(), size })));
  }

  // WebP, because every browser with a service worker reads it.
  function smallest(image) {
    const sources = image.closest("picture")?.querySelectorAll("source") ?? [];
    const sizes = [...sources]
      .flatMap((source) => source.srcset.split(/,\s+/).map((part) => part.trim().split(" ")))
      .filter(([address]) => address.endsWith(".webp"))
      .sort(([, one], [, other]) => parseInt(one) - parseInt(other));
    return sizes[0]?.[0] ?? image.getAttribute("src");
  }

  // What the cache of a kept country says of itself; nothing while it is not yet full.
  async function noted(name) {
    if (!(await caches.has(name))) return undefined;
    const note = await (await caches.open(name)).match(name.slice(KEPT.length) + NOTE);
    return note?.json();
  }

  // --- all that is kept

  async function list(box) {
    const { page, remove, again } = box.dataset;
    const [notice, , , status, countries, pages, all] = box.children;
    // Shown in the place of another page, which may be reached again.
    if (location.pathname !== page) {
      notice.hidden = false;
      notice.append(" ", button(again, () => location.reload()));
    }

    async function show() {
      const kept = [];
      for (const name of await names()) {
        if (!name.startsWith(KEPT)) continue;
        const link = await titled(await caches.open(name), name.slice(KEPT.length));
        const note = await noted(name);
        const drop = button(say(remove, { label: link.textContent }), async () => {
          await caches.delete(name);
          await changed();
        });
        kept.push([link, note ? ` ${inWords(note.size)} ` : " ", drop]);
      }
      const cache = await caches.open(PAGES);
      const read = (await cache.keys()).reverse().map(({ url }) => titled(cache, url));
      fill(countries, kept);
      fill(pages, (await Promise.all(read)).map((link) => [link]));
      const isEmpty = countries.hidden && pages.hidden;
      status.textContent = isEmpty ? status.dataset.none : "";
      all.hidden = isEmpty;
    }

    async function changed() {
      await show();
      const { none, removed } = status.dataset;
      status.textContent = all.hidden ? `${removed} ${none}` : removed;
      status.tabIndex = -1;
      status.focus();
    }

    all.firstElementChild.onclick = async () => {
      // The shell stays: it holds what every page needs, and nothing of what was read.
      const read = (await names()).filter((name) => !name.startsWith(`${own}shell `));
      await Promise.all(read.map((name) => caches.delete(name)));
      await changed();
    };
    await show();
  }

  function fill(section, rows) {
    section.hidden = !rows.length;
    section.querySelector("ul").replaceChildren(...rows.map((row) => {
      const item = document.createElement("li");
      item.append(...row);
      return item;
    }));
  }

  // A link to a kept page, by its own title, in its own language.
  async function titled(cache, address) {
    const text = (await (await cache.match(address, { ignoreVary: true }))?.text()) ?? "";
    const head = new DOMParser().parseFromString(text.split("</title>")[0], "text/html");
    const { lang, dir } = head.documentElement;
    const label = head.title.replace(/ · [^·]*$/, "") || new URL(address, location).pathname;
    return Object.assign(document.createElement("a"), { href: address, textContent: label, lang, dir });
  }

  function button(label, onclick) {
    const made = document.createElement("button");
    return Object.assign(made, { type: "button", className: "button", textContent: label, onclick });
  }
})();
