// Reading offline, on every page: registers the service worker, and keeps a first visit's page.
(() => {
  const { root, worker } = document.currentScript.dataset;
  const workers = navigator.serviceWorker;
  if (!workers || !globalThis.caches || location.protocol === "file:") return;

  // Other sites may live below other paths of the same host, and share its storage.
  const own = `showcase ${root} `;
  const isSaving = navigator.connection?.saveData;
  const isFirst = !workers.controller;
  let registering;

  if (!worker) forget();
  // Somebody who saves data has to ask for it.
  else if (!isSaving) addEventListener("load", () => register().then(keepThis).catch(() => {}));
  globalThis.showcaseOffline = { root, own, isSaving, register, names };

  // A site without a worker, such as a preview, is not answered by one from before at its address.
  // That one may still keep the page that it gave last: the next page deletes it.
  async function forget() {
    const old = await workers.getRegistration(root);
    if (old?.scope === new URL(root, location).href) await old.unregister();
    await Promise.all((await names()).map((name) => caches.delete(name)));
  }

  // The site's caches.
  async function names() {
    return (await caches.keys()).filter((name) => name.startsWith(own));
  }

  // Resolves once the worker does its work; after a failure the next call tries again.
  function register() {
    registering ??= workers.register(worker, { updateViaCache: "none" }).then(
      ({ active, waiting, installing }) => active || new Promise((resolve, reject) => {
        const coming = waiting || installing;
        coming.onstatechange = () => {
          if (coming.state === "activated") resolve();
          if (coming.state === "redundant") reject(new Error(worker));
        };
      }),
    );
    registering.catch(() => (registering = undefined));
    return registering;
  }

  // The page of a first visit came before there was a worker to keep it.
  async function keepThis() {
    if (!isFirst) return;
    if (!workers.controller) {
      await new Promise((resolve) => workers.addEventListener("controllerchange", resolve));
    }
    const { href, origin } = location;
    const pictures = [...document.images].map((image) => image.complete && image.currentSrc);
    for (const address of new Set([href, ...pictures])) {
      if (address && new URL(address).origin === origin) await fetch(address);
    }
  }
})();
