// Posting lists and numbers as showcase/search/postings.py writes them.

// What a level stands for: the weights w of LEVELS there, saturated as w / (w + 6).
export const IMPACT = [0, 1, 2, 3, 5, 8, 12, 18, 28].map((weight) => weight / (weight + 6));

// Calls `visit` with every number that a text holds, each of which ends itself.
export function numbers(text, visit) {
  let value = 0;
  for (let n = 0; n < text.length; n++) {
    const digit = text.charCodeAt(n);
    if (digit > 92) value = value * 34 + digit - 93;
    else {
      visit(value * 57 + digit - 35);
      value = 0;
    }
  }
}

// Calls `visit(document, level)` for every posting of a list.
export function each(list, visit) {
  let document = -1;
  numbers(list, (value) => {
    document += (value >> 3) + 1;
    visit(document, (value & 7) + 1);
  });
}
