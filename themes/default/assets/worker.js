// The service worker of a site: what was read stays readable. sw.js sets `site` and loads this.
const { root, shell, offline } = site;
// Other sites may live below other paths of the same host, and share its storage.
const own = `showcase ${root} `;
// A cache is named by what is in it: another style sheet or script makes another shell.
const SHELL = `${own}shell ${shell.join(" ")}`;
const PAGES = `${own}pages`;
const PIECES = `${own}pieces`;
// How many are kept of what was not asked to be kept.
const MOST = { [PAGES]: 200, [PIECES]: 500 };
// Milliseconds to wait for the network where there is a copy.
const PATIENCE = 3000;
const DAY = 24 * 60 * 60 * 1000;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { method, headers, mode, cache, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || headers.has("range")) return;
  if (origin !== location.origin || !pathname.startsWith(root)) return;
  const isPage = mode === "navigate";
  // What is asked for past all caches is on its way to a kept country.
  if (!isPage && cache === "no-cache") return;
  const path = pathname.slice(root.length);
  const address = origin + pathname;
  if (isPage || /(^|\/)(search\/index\.json)?$/.test(path)) event.respondWith(newest(event, address));
  else if (/^(assets|pictures)\/|(^|\/)search\/.*\.json$/.test(path)) {
    event.respondWith(lasting(event, address));
  }
});

async function install() {
  await (await caches.open(SHELL)).addAll(shell);
  const open = await clients.matchAll({ includeUncontrolled: true });
  await Promise.all(open.map(({ url }) => keepOfflinePage(new URL(url).pathname)));
  await skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(`${own}shell `) && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
  await clients.claim();
}

// A page or the manifest of search: from the network, or the copy where that fails or is slow.
async function newest(event, address) {
  const asked = ask(event);
  event.waitUntil(asked.then((answer) => keep(address, answer.clone())).catch(() => {}));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const answer = await Promise.race([asked, late]).catch(() => {});
  if (answer && answer.status < 500) return answer;
  const copy = await found(address);
  if (copy) return copy;
  try {
    return await asked;
  } catch (error) {
    if (event.request.mode !== "navigate") throw error;
    return offlinePage(new URL(address).pathname);
  }
}

async function ask(event) {
  return (await event.preloadResponse) || fetch(event.request);
}

// A file whose address changes with its bytes.
async function lasting(event, address) {
  const copy = await found(address);
  if (copy) return copy;
  const answer = await fetch(event.request).catch(() => {});
  if (!answer?.ok) return (await relative(address)) || answer || Response.error();
  event.waitUntil(keep(address, answer.clone()).catch(() => {}));
  return answer;
}

async function keep(address, answer) {
  const { pathname } = new URL(address);
  const isHtml = answer.headers.get("content-type")?.startsWith("text/html");
  const isAsset = pathname.startsWith(`${root}assets/`);
  const isOffline = offline.includes(pathname);
  const name = isOffline || isAsset ? SHELL : isHtml ? PAGES : PIECES;
  const isKnown = isHtml || isAsset || /\/(search|pictures)\//.test(pathname);
  if (name === SHELL && !(await isCurrent())) return;
  const cache = await caches.open(name);
  if (answer.status === 404 || answer.status === 410) await cache.delete(address);
  // A redirected answer may not be given for a page.
  if (!answer.ok || answer.type !== "basic" || answer.redirected || !isKnown) return;
  // The newest stands last.
  await cache.delete(address);
  await cache.put(address, answer);
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, -MOST[name] || 0).map((request) => cache.delete(request)));
  if (isHtml) await keepOfflinePage(pathname);
}

// A newer worker has deleted the shell of the older; to open it would make it again.
const isCurrent = () => caches.has(SHELL);

// The copy of an address. What was read last stands before what was kept with a country.
async function found(address) {
  for (const name of await names()) {
    const copy = await (await caches.open(name)).match(address, { ignoreVary: true });
    if (copy) return copy;
  }
}

const names = async () =>
  (await caches.keys()).filter((name) => name.startsWith(own)).sort().reverse();

// The same asset of another version, or the same picture in another size: better than none.
async function relative(address) {
  const sought = family(address);
  for (const name of sought === address ? [] : await names()) {
    const cache = await caches.open(name);
    const other = (await cache.keys()).find(({ url }) => family(url) === sought);
    if (other) return cache.match(other);
  }
}

const family = (address) =>
  address
    .replace(/(\/assets\/[^.]*)\.\w+\./, "$1.")
    .replace(/(\/pictures\/\w+)[-.].*/, "$1");

// --- the page shown in the place of one that is not kept

// The offline pages, that of the path's language first.
const offlinePages = (path) => {
  const home = (page) => page.replace(/offline\/$/, "");
  const fits = offline.filter((page) => path.startsWith(home(page)));
  return [...fits.sort((one, other) => other.length - one.length), ...offline];
};

async function offlinePage(path) {
  const cache = await caches.open(SHELL);
  for (const page of offlinePages(path)) {
    const copy = await cache.match(page, { ignoreVary: true });
    if (copy) return new Response(copy.body, { status: 503, headers: copy.headers });
  }
  return Response.error();
}

// Only the languages that somebody reads here are fetched, and again once a day at most.
async function keepOfflinePage(path) {
  const [page] = offlinePages(path);
  if (!(await isCurrent())) return;
  const cache = await caches.open(SHELL);
  const copy = await cache.match(page, { ignoreVary: true });
  if (copy && Date.now() - Date.parse(copy.headers.get("date")) < DAY) return;
  const answer = await fetch(page, { cache: "no-cache" });
  if (answer.ok && !answer.redirected) await cache.put(page, answer);
}
