// Added by the preview server to every page: reloads it when it changes, and shows content errors.
(() => {
  const built = document.currentScript.dataset.build;
  const source = new EventSource("/_showcase/events");
  let overlay = null;

  const clear = () => {
    overlay?.remove();
    overlay = null;
  };

  const show = (text) => {
    clear();
    overlay = document.createElement("dialog");
    overlay.id = "showcase-overlay";
    overlay.setAttribute("aria-label", "Problems in the content");
    const heading = document.createElement("strong");
    heading.textContent = "The content has errors; this is the last good page.";
    const list = document.createElement("pre");
    list.textContent = text;
    const close = document.createElement("button");
    close.textContent = "Close";
    close.addEventListener("click", clear);
    overlay.append(heading, list, close);
    overlay.dir = "ltr";
    overlay.style.cssText =
      "position:fixed;inset:auto 0 0 0;z-index:99;box-sizing:border-box;width:100%;max-width:none;" +
      "max-height:60vh;overflow:auto;margin:0;padding:1rem 1.5rem;border:0;" +
      "border-top:4px solid #c33;background:#1b1b1b;color:#fff;font:14px/1.5 monospace";
    list.style.whiteSpace = "pre-wrap";
    document.body.append(overlay);
    overlay.show();
  };

  source.addEventListener("state", (event) => {
    const state = JSON.parse(event.data);
    const here = decodeURI(location.pathname);
    if (state.build !== built && (state.all || state.changed.includes(here))) {
      location.reload();
    } else if (state.problems) {
      show(state.problems);
    } else {
      clear();
    }
  });
})();
