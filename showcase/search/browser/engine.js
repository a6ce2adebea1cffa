// The engine: loads what a query needs, and no more, and answers it.
import { each, numbers } from "./postings.js";
import { best, holds, marked, parsed, scored } from "./query.js";
import { Directory, expanded, misspelt } from "./words.js";

const ENOUGH = 3;
const PHRASES_LOOKED_AT = 64;
const CARDS = 8;
const PAGE_CARDS = 64;
const PAGES_SHOWN = 3;

export async function open(manifest, root) {
  return new Engine(await get(manifest), manifest.replace(/[^/]*$/, ""), root);
}

async function get(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(address);
  return answer.json();
}

class Engine {
  constructor(manifest, folder, root) {
    Object.assign(this, { manifest, folder, root });
    this.words = manifest.words;
    this.loaded = {};
    this.common = new Set(manifest.common.split(" "));
    const shared = (part, shape) => (name) => this.load(`${root}search/${part}/${name}.json`, shape);
    this.source = {
      terms: new Directory(manifest.terms),
      endings: new Directory(manifest.endings),
      shard: shared("terms", (lists) => ({ lists, keys: Object.keys(lists) })),
      ending: shared("endings", (words) => words.split(" ")),
    };
    this.own = new Uint8Array(manifest.stories).fill(manifest.own ? 0 : 1);
    if (manifest.own !== "!") each(manifest.own, (story) => (this.own[story] = 1));
  }

  // The JSON at an address, once; a failure is forgotten, so that asking again tries again.
  load(address, shape = (data) => data) {
    const { loaded } = this;
    const forget = (error) => {
      delete loaded[address];
      throw error;
    };
    return (loaded[address] ??= get(address).then(shape).catch(forget));
  }

  async search(query, { first = 0, count = 10, chosen = {}, withCounts = false } = {}) {
    const { words, phrases } = parsed(query);
    const columns = withCounts || Object.keys(chosen).length ? await this.columns() : null;
    const fits = (story, but) =>
      Object.entries(chosen).every(
        ([name, codes]) => name === but || columns[name][story].some((code) => codes.includes(code)),
      );
    const found = words.length ? await this.found(words) : this.everything();
    let cut = words.some((word) => word.cut);
    let { stories, score } = found;
    if (phrases.length) {
      cut = cut || stories.length > PHRASES_LOOKED_AT;
      stories = await this.phrased(best(stories, score, PHRASES_LOOKED_AT), phrases);
    }
    const all = stories.filter((story) => fits(story));
    const terms = new Set(words.flatMap((word) => word.matches.map(([term]) => term)));
    const [results, pages] = await Promise.all([
      Promise.all(best(all, score, first + count).slice(first).map((story) => this.card(story))),
      Promise.all(found.pages.map((page) => this.pageCard(page))),
    ]);
    return {
      total: all.length,
      atLeast: cut,
      some: found.some,
      pages,
      results,
      counts: withCounts ? this.counts(columns, stories, fits) : null,
      mark: (text) => marked(text, terms),
    };
  }

  // Newest first.
  everything() {
    const stories = Array.from({ length: this.manifest.stories }, (_, n) => n);
    return { stories, score: stories, pages: [], some: false };
  }

  // The stories and pages that answer words, best first. All words are wanted; a word that is in
  // no story may be a typo, and when too few stories have all the words every word may be one.
  async found(words) {
    const telling = words.some((word) => !this.common.has(word.term));
    for (const word of words) word.common = telling && this.common.has(word.term);
    await Promise.all(
      words.map(async (word) => {
        Object.assign(word, await expanded(this.source, word.term, word.prefix));
        if (!word.matches.length) await this.doubt(word);
      }),
    );
    let ranking = this.ranked(words);
    if (!ranking.full) {
      await Promise.all(words.map((word) => this.doubt(word)));
      ranking = this.ranked(words);
    }
    return { ...ranking, pages: telling ? this.leading(words) : [] };
  }

  async doubt(word) {
    if (word.doubted || word.quoted) return;
    word.doubted = true;
    const known = new Set(word.matches.map(([term]) => term));
    const more = await misspelt(this.source, word.term, word.prefix);
    word.matches.push(...more.filter(([term]) => !known.has(term)));
  }

  ranked(words) {
    const { score, all, any } = scored(words, this.manifest.stories, 0);
    const full = all.length;
    const enough = full >= ENOUGH || (full && words.some((word) => word.quoted));
    if (!enough) all.forEach((story) => (score[story] += 2000));
    any.forEach((story) => (score[story] += this.own[story] * 1000));
    const stories = enough ? all : any;
    return { stories, score, full, some: stories.length > full };
  }

  leading(words) {
    const { score, all } = scored(words, this.manifest.pages, 1);
    return all.sort((a, b) => score[b] - score[a]).slice(0, PAGES_SHOWN);
  }

  async phrased(stories, phrases) {
    const cards = await Promise.all(stories.map((story) => this.card(story)));
    return stories.filter((_, n) => {
      const { title, summary, place } = cards[n];
      return phrases.every((phrase) => holds([title, summary, place], phrase));
    });
  }

  // --- cards

  async block(part, names, size, number) {
    const block = Math.floor(number / size);
    const name = names.slice(block * 4, block * 4 + 4);
    const cards = await this.load(`${this.folder}${part}/${block}-${name}.json`);
    return cards[number % size];
  }

  async card(story) {
    const { words } = this;
    const [url, title, summary, kind, place, country, year, language] = await this.block(
      "cards", this.manifest.cards, CARDS, story,
    );
    const [languageName, direction] = words.languages[language] || ["", ""];
    return {
      title, summary, kind, place, country, year, language, languageName, direction,
      url: this.root + url, kindLabel: words.kinds[kind],
    };
  }

  async pageCard(page) {
    const [url, label, sort] = await this.block("pages", this.manifest.pageCards, PAGE_CARDS, page);
    return { url: this.root + url, label, type: this.words.types[sort] };
  }

  // --- facets

  // The facets by name: for each story, the codes that it has.
  columns() {
    return this.load(`${this.root}search/facets/${this.manifest.facets}.json`, (data) => {
      for (const name in data) {
        const { values, of } = data[name];
        data[name] = of.split(" ").map((text) => {
          const codes = [];
          numbers(text, (number) => codes.push(values[number]));
          return codes;
        });
      }
      return data;
    });
  }

  async facets() {
    const labels = await this.load(`${this.folder}labels/${this.manifest.labels}.json`);
    return labels.map(([name, label, values]) => ({
      name, label, values: values.map(([code, text]) => ({ code, label: text })),
    }));
  }

  counts(columns, stories, fits) {
    const counts = {};
    for (const name in columns) {
      const count = (counts[name] = {});
      for (const story of stories) {
        if (!fits(story, name)) continue;
        for (const code of columns[name][story]) count[code] = (count[code] || 0) + 1;
      }
    }
    return counts;
  }
}
