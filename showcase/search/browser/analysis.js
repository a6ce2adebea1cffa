// Text to search terms, exactly as showcase/search/analysis.py: shared vectors hold the two equal.

const LETTERS = {
  ß: "ss", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", æ: "ae", œ: "oe",
  ħ: "h", ŧ: "t", ŋ: "n", ə: "e", ɛ: "e", ɔ: "o", ɓ: "b", ɗ: "d", ɖ: "d",
  ƙ: "k", ƴ: "y", ƒ: "f", ʋ: "v", ɣ: "g", ς: "σ",
  ى: "ي", ی: "ي", ک: "ك", ة: "ه", ٱ: "ا", ـ: "",
  "’": "'", "‘": "'", ʻ: "'", ʼ: "'", ʽ: "'", "`": "'",
};
for (const zero of [0x660, 0x6f0, 0x966]) {
  for (let n = 0; n < 10; n++) LETTERS[String.fromCodePoint(zero + n)] = String(n);
}
const MAPPED = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");

// Scripts written without spaces.
const UNSPACED =
  "々〇\\u3041-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff" +
  "\\u{20000}-\\u{3ffff}\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff";
const WORD = new RegExp(`[${UNSPACED}]+|(?:(?![${UNSPACED}])[\\p{L}\\p{N}]|')+`, "gu");
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");
const ARTICLE = /^ال(?=[\p{L}\p{N}]{3})/u;

export function folded(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(MAPPED, (letter) => LETTERS[letter]);
}

export function analyse(text, query = false) {
  const terms = [];
  for (const word of folded(text).match(WORD) || []) {
    if (word.includes("'")) terms.push(...parted(word, query));
    else if (IS_UNSPACED.test(word)) terms.push(...bigrams([...word]));
    else terms.push(word.replace(ARTICLE, ""));
  }
  return terms;
}

function bigrams(letters) {
  if (letters.length === 1) return letters;
  return letters.slice(1).map((letter, n) => letters[n] + letter);
}

function parted(word, query) {
  const parts = word.split("'").filter(Boolean);
  const long = parts.filter((part) => [...part].length > 1);
  if (parts.length < 2) return parts;
  return query && long.length ? long : [...long, parts.join("")];
}
