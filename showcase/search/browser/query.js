// A query: what it asks for, which documents answer it, and in what order.
import { analyse } from "./analysis.js";
import { IMPACT, each } from "./postings.js";

const QUOTED = /["“”„«»](.+?)["“”„«»]/g;
const WEIGHTY = 3;

// What a query says: its words in order, which of them stand in quotes, the phrases' terms, and
// whether the last word may be unfinished.
export function parsed(query) {
  const phrases = [];
  const rest = query.replace(QUOTED, (_, text) => {
    phrases.push(analyse(text, true));
    return " ";
  });
  const loose = analyse(rest, true);
  const quoted = new Set(phrases.flat());
  const terms = [...new Set([...quoted, ...loose])];
  const unfinished = /[\p{L}\p{N}\p{M}]$/u.test(query) ? loose[loose.length - 1] : "";
  const words = terms.map((term) => ({
    term,
    quoted: quoted.has(term),
    prefix: term === unfinished && !quoted.has(term),
  }));
  return { words, phrases: phrases.filter((phrase) => phrase.length) };
}

// The documents that have all words, those that have any, and all scores: BM25 over the weighted
// frequency that levels stand for (Robertson and Zaragoza 2009, The Probabilistic Relevance
// Framework, section 3). `part` is 0 for stories and 1 for pages.
export function scored(words, count, part) {
  const score = new Float32Array(count);
  const has = new Uint8Array(count);
  let wanted = 0;
  for (const word of words) {
    const best = new Float32Array(count);
    let any = 0;
    let exact = 0;
    for (const [, quality, lists] of word.matches) {
      each(lists.split("!")[part] || "", (document, level) => {
        if (word.quoted && !part && level < WEIGHTY) return;
        if (!best[document]) any++;
        if (quality === 1) exact++;
        best[document] = Math.max(best[document], quality * IMPACT[level]);
      });
    }
    const frequency = exact || any;
    const rarity = Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
    const required = !word.common || part;
    if (required) wanted++;
    for (let document = 0; document < count; document++) {
      if (best[document]) {
        score[document] += rarity * best[document];
        if (required) has[document]++;
      }
    }
  }
  const any = [];
  for (let document = 0; document < count; document++) if (has[document]) any.push(document);
  return { score, any, all: any.filter((document) => has[document] === wanted) };
}

// The `most` documents with the highest scores, best first; of equals the later one. Only those
// are put in order.
export function best(documents, score, most) {
  const scores = Float32Array.from(documents, (document) => score[document]).sort();
  const least = scores.at(-most) || 0;
  return documents
    .filter((document) => score[document] >= least)
    .sort((a, b) => score[b] - score[a] || b - a)
    .slice(0, most);
}

// Whether texts hold a phrase: its terms one after the other.
export function holds(texts, phrase) {
  const wanted = ` ${phrase.join(" ")} `;
  return texts.some((text) => ` ${analyse(text, true).join(" ")} `.includes(wanted));
}

// The pieces of a text, those that stand for one of the terms marked.
export function marked(text, terms) {
  const pieces = [];
  const add = (piece, mark) => {
    const last = pieces[pieces.length - 1];
    if (last && last[1] === mark) last[0] += piece;
    else if (piece) pieces.push([piece, mark]);
  };
  for (const piece of text.split(/([\p{L}\p{N}\p{M}'’]+)/u)) {
    const found = analyse(piece);
    if (!found.some((term) => terms.has(term))) add(piece, false);
    else if (found.length > 2) spread([...piece], terms).forEach(([letter, mark]) => add(letter, mark));
    else add(piece, true);
  }
  return pieces;
}

// In a script without spaces the terms are pairs of letters.
function spread(letters, terms) {
  const isPair = (n) => analyse(letters.slice(n, n + 2).join("")).some((term) => terms.has(term));
  return letters.map((letter, n) => [letter, isPair(n) || (n > 0 && isPair(n - 1))]);
}
