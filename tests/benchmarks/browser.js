// What the search benchmark does in the page; each function is called by name with one argument.
globalThis.bench = {
  // The addresses of the first ten results of every query, through our engine.
  async oursRanked({ manifest, root, language, queries }) {
    const engine = await showcaseSearch.open(manifest, root, language);
    const ranked = [];
    for (const query of queries) {
      const { results } = await engine.search(query, { count: 10 });
      ranked.push(results.map((result) => result.url));
    }
    return ranked;
  },

  async pagefindRanked({ queries }) {
    const pagefind = await bench.pagefind();
    const ranked = [];
    for (const query of queries) {
      const { results } = await pagefind.search(query);
      const shown = await Promise.all(results.slice(0, 10).map((result) => result.data()));
      ranked.push(shown.map((result) => result.url));
    }
    return ranked;
  },

  async pagefind() {
    const pagefind = await import("/pagefind/pagefind.js");
    await pagefind.init();
    return pagefind;
  },

  // From nothing to as many results as our list shows.
  async pagefindFirst({ query, shown }) {
    const pagefind = await bench.pagefind();
    const { results } = await pagefind.search(query);
    return (await Promise.all(results.slice(0, shown).map((result) => result.data()))).length;
  },

  // Milliseconds from the call to the data of what is shown.
  async pagefindTimes({ queries, shown }) {
    const pagefind = await bench.pagefind();
    const times = [];
    for (const query of queries) {
      const started = performance.now();
      const { results } = await pagefind.search(query);
      await Promise.all(results.slice(0, shown).map((result) => result.data()));
      times.push(performance.now() - started);
    }
    return times;
  },

  box: () => document.querySelector("header form[role=search] input[name=q]"),

  stories() {
    const list = document.getElementById(bench.box().getAttribute("aria-controls"));
    const options = list && !list.hidden ? [...list.querySelectorAll("[role=option]")] : [];
    const isStory = (option) => option.matches(STORY) || option.querySelector(STORY);
    return options.filter(isStory).length;
  },

  type(text) {
    const box = bench.box();
    box.value = text;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  },

  // Milliseconds from a query's last key to the frame after the list changed, for each query; null
  // where it did not within five seconds. All but the last letter was typed before and has rested.
  async oursTimes({ queries }) {
    bench.box().focus();
    const times = [];
    for (const query of queries) {
      bench.type(query.slice(0, -1));
      await bench.rest();
      const changed = bench.changed();
      const started = performance.now();
      bench.type(query);
      times.push((await changed) ? performance.now() - started : null);
    }
    return times;
  },

  // True once the list has changed and the frame with it was painted, false after five seconds.
  changed() {
    return new Promise((done) => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => done(true);
      const watch = new MutationObserver(() => {
        if (!bench.stories()) return;
        watch.disconnect();
        requestAnimationFrame(() => painted.port2.postMessage(0));
      });
      const list = document.getElementById(bench.box().getAttribute("aria-controls"));
      watch.observe(list, { childList: true, subtree: true });
      setTimeout(() => {
        watch.disconnect();
        done(false);
      }, 5000);
    });
  },

  // Until the page has been still for half a second.
  rest() {
    return new Promise((done) => {
      let timer = setTimeout(finish, 500);
      const watch = new MutationObserver(() => {
        clearTimeout(timer);
        timer = setTimeout(finish, 500);
      });
      watch.observe(document.body, { childList: true, subtree: true });
      function finish() {
        watch.disconnect();
        done();
      }
    });
  },
};
const STORY = 'a[href*="/stories/"]';
