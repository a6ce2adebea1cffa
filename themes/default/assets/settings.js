// What the reader has set, kept in this browser alone: the colour scheme and the key that leads to
// the search. Runs before the first paint, so that no page shows in another scheme first.
{
  const { dataset } = document.documentElement;

  // Set or, without a value, forget. A browser that keeps nothing forgets with the page.
  const keep = (name, value) => {
    if (value) dataset[name] = value;
    else delete dataset[name];
    try {
      if (value) localStorage[`atlas-${name}`] = value;
      else localStorage.removeItem(`atlas-${name}`);
    } catch {}
  };

  try {
    for (const name of ["scheme", "slash"]) {
      const kept = localStorage[`atlas-${name}`];
      if (kept) dataset[name] = kept;
    }
  } catch {}

  // The browser's own bars follow: of the two colours for them, the light one is the first.
  const tint = () => document.querySelectorAll("[name=theme-color]").forEach((meta, n) => {
    const own = ["light", "dark"][n];
    const always = dataset.scheme === own ? "all" : "not all";
    meta.setAttribute("media", dataset.scheme ? always : `(prefers-color-scheme: ${own})`);
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (dataset.scheme) tint();
    const form = document.querySelector(".settings");
    if (!form) return;
    const { scheme, slash } = form.elements;
    scheme.value = dataset.scheme ?? "";
    slash.checked = !dataset.slash;
    form.hidden = false;
    form.onchange = () => {
      keep("scheme", scheme.value);
      tint();
      keep("slash", slash.checked ? "" : "off");
    };
  });

  document.addEventListener("keydown", (event) => {
    const isChord = event.altKey || event.ctrlKey || event.metaKey || event.isComposing;
    const isTyping = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
    const input = document.querySelector(".search input");
    if (event.key !== "/" || dataset.slash || isChord || isTyping || !input) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}
