// A word of a query to the index's terms: itself, what it begins, what it may be a typo of.

// As many as the prefix has letters: few letters will soon be more.
const SHARDS_OF_A_PREFIX = 6;
const SHARDS_OF_A_TYPO = 4;
const TERMS_OF_A_TYPO = 8;

const PREFIX = 0.6;
const TYPO = [0, 0.5, 0.3];

// The number of edits (a transposition is one) from `word` to `term`, or to a beginning of `term`;
// more than `most` when there are more. Optimal string alignment: Boytsov (2011), Indexing methods
// for approximate dictionary searching, section 2.
export function distance(word, term, most, beginning = false) {
  const width = word.length;
  if (term.length < width - most || (!beginning && term.length > width + most)) return most + 1;
  let before = [];
  let last = [];
  let row = Array.from({ length: width + 1 }, (_, n) => n);
  let best = width;
  for (let t = 1; t <= term.length && t <= width + most; t++) {
    [before, last, row] = [last, row, [t]];
    let least = t;
    for (let w = 1; w <= width; w++) {
      const same = word[w - 1] === term[t - 1];
      let edits = Math.min(last[w] + 1, row[w - 1] + 1, last[w - 1] + (same ? 0 : 1));
      if (t > 1 && w > 1 && word[w - 1] === term[t - 2] && word[w - 2] === term[t - 1]) {
        edits = Math.min(edits, before[w - 2] + 1);
      }
      row.push(edits);
      if (edits < least) least = edits;
    }
    best = Math.min(best, row[width]);
    if (least > most) return beginning ? best : most + 1;
  }
  return beginning ? best : row[width];
}

// A directory of shards: where each starts, in the order of UTF-16 units, and its file's name.
export class Directory {
  constructor({ starts, names }) {
    this.starts = starts.split(" ");
    this.names = this.starts.map((_, n) => names.slice(n * 6, n * 6 + 6));
  }

  place(term) {
    let low = 0;
    let high = this.starts.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= term) low = middle;
      else high = middle;
    }
    return low;
  }

  // The names of the shards of all terms that begin with `prefix`, at most `most`.
  namesOf(prefix, most) {
    const first = this.place(prefix);
    const last = this.place(prefix + "\uffff");
    return { names: this.names.slice(first, Math.min(last + 1, first + most)), cut: last - first >= most };
  }
}

// The terms that a word stands for: `{matches: [[term, quality, lists]], cut}`, `lists` as a shard
// has them. `cut` says that there may be more.
export async function expanded(source, word, prefix) {
  const { names, cut } = source.terms.namesOf(word, prefix ? Math.min(word.length, SHARDS_OF_A_PREFIX) : 1);
  const matches = [];
  for (const shard of await Promise.all(names.map(source.shard))) {
    if (Object.hasOwn(shard.lists, word)) matches.push([word, 1, shard.lists[word]]);
    for (const term of prefix ? shard.keys : []) {
      if (term.startsWith(word) && term !== word) matches.push([term, PREFIX, shard.lists[term]]);
    }
  }
  return { matches, cut: prefix && cut };
}

// The terms that a word may be a typo of: one edit from four letters on, two from eight. One edit
// leaves the first half or the second half of a word whole (in a short one also a swap in its
// middle, which is tried by itself), so the terms with that beginning and those with that ending
// are looked through.
export async function misspelt(source, word, prefix) {
  if (word.length < 4) return [];
  const most = word.length < 8 ? 1 : 2;
  const half = Math.ceil(word.length / 2);
  const tail = word.length > 5 ? word.slice((word.length >> 1) + 1) : word.slice(-2);
  const backwards = [...tail].reverse().join("");
  const some = (directory, start, load) =>
    Promise.all(directory.namesOf(start, SHARDS_OF_A_TYPO).names.map(load));
  const [heads, tails, swapped] = await Promise.all([
    some(source.terms, word.slice(0, half), source.shard),
    some(source.endings, backwards, source.ending),
    word.length > 5 ? { matches: [] } : expanded(source, swap(word, half - 1), false),
  ]);
  const found = new Map(swapped.matches.map(([term]) => [term, 1]));
  const look = (term, beginning) => {
    const edits = distance(word, term, most, beginning);
    if (edits && edits <= most) found.set(term, Math.min(edits, found.get(term) || 9));
  };
  for (const shard of heads) for (const term of shard.keys) look(term, prefix);
  for (const words of tails) for (const term of words) look(term, false);
  const nearest = [...found].sort((a, b) => a[1] - b[1]).slice(0, TERMS_OF_A_TYPO);
  const lists = await Promise.all(nearest.map(([term]) => expanded(source, term, false)));
  return lists.flatMap(({ matches }, n) =>
    matches.map(([term, , list]) => [term, TYPO[nearest[n][1]], list]),
  );
}

function swap(word, at) {
  return word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
}
