// Rows by keyboard: from a box with data-rows="id" the arrow down leads into that list's [data-row-link]s, arrows move
// between them, Enter opens one as any link. Without a script the Tab key does the same.
"use strict";

(() => {
  const box = () => document.querySelector("[data-rows]");

  function links() {
    return [...document.getElementById(box()?.dataset.rows)?.querySelectorAll("[data-row-link]") ?? []];
  }

  // Where the focus goes from `from`; nowhere when the key is none of ours.
  function successor(from, key) {
    const rows = links();
    const at = rows.indexOf(from);
    if (from.matches("[data-rows]")) return key === "ArrowDown" ? rows[0] : undefined;
    if (at < 0) return undefined;
    const ways = { ArrowDown: rows[at + 1] ?? rows[at], ArrowUp: rows[at - 1] ?? box(), Home: rows[0], End: rows.at(-1), Escape: box() };
    return ways[key];
  }

  document.addEventListener("keydown", (event) => {
    const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing;
    if (event.defaultPrevented || modified || !(event.target instanceof Element)) return;
    const next = successor(event.target, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
})();
