// Runs the published engine over a built site's files: queries in, answers out, both as JSON.
import { existsSync, readFileSync } from "fs";
import { gzipSync } from "zlib";

const { folder, engine, language, root, queries } = JSON.parse(readFileSync(0, "utf8"));
let loaded = [];
globalThis.fetch = async (address) => {
  const file = folder + "/" + address.slice(root.length);
  if (!existsSync(file)) return { ok: false, status: 404 };
  const data = readFileSync(file);
  loaded.push([address, gzipSync(data, { level: 9 }).length]);
  return { ok: true, json: async () => JSON.parse(data) };
};
(0, eval)(readFileSync(engine, "utf8"));
const manifest = `${root}${language === "en" ? "" : language + "/"}search/index.json`;
const opened = await globalThis.showcaseSearch.open(manifest, root, language);
const answers = [];
for (const [query, options] of queries) {
  loaded = [];
  const { mark, ...answer } = await opened.search(query, options);
  const marks = answer.results.map((card) => mark(card.title).filter((x) => x[1]).map((x) => x[0]));
  answers.push({ ...answer, marks, loaded });
}
console.log(JSON.stringify({ answers, facets: await opened.facets() }));
