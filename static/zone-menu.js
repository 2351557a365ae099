// A context menu for what is marked data-menu="id of its <details>": opened by the right mouse button, the Menu key,
// Shift+F10, a long press or its own button. Without this script the button unfolds a plain list.
"use strict";

(() => {
  const LONG_PRESS = 500; // ms, as phones have it
  const SLIP = 10; // px that a resting finger may move
  let opener = null; // what had the focus before, and gets it back
  let press = null;
  let lifting = false; // the finger of a long press is to leave the menu that it opened

  const menuOf = (element) => document.getElementById(element.closest("[data-menu]")?.dataset.menu ?? "");
  const items = (menu) => [...menu.querySelectorAll("li > a")];
  const openMenu = () => document.querySelector(".context-menu[open]");

  function prepare(menu) {
    const list = menu.querySelector("ul");
    if (list.getAttribute("role")) return;
    menu.querySelector("summary").setAttribute("aria-haspopup", "menu");
    list.setAttribute("role", "menu");
    for (const item of items(menu)) {
      item.setAttribute("role", "menuitem");
      item.tabIndex = -1;
      item.parentElement.setAttribute("role", "none");
    }
  }

  function close({ refocus }) {
    const menu = openMenu();
    if (!menu) return;
    menu.open = false;
    if (refocus) (opener?.isConnected ? opener : menu.querySelector("summary")).focus();
    opener = null;
  }

  // At the pointer where there is one, and never beyond the window's edge; else below its button. It scrolls with its row.
  function place(menu, point) {
    const list = menu.querySelector("ul");
    list.classList.toggle("at-pointer", Boolean(point));
    list.style.left = list.style.top = "";
    if (!point) return;
    const around = menu.getBoundingClientRect();
    const { width, height } = list.getBoundingClientRect();
    list.style.left = `${Math.max(8, Math.min(point.x, innerWidth - width - 8)) - around.left}px`;
    list.style.top = `${Math.max(8, Math.min(point.y, innerHeight - height - 8)) - around.top}px`;
  }

  function open(menu, point, from) {
    close({ refocus: false });
    opener = from;
    prepare(menu);
    menu.open = true;
    place(menu, point);
    items(menu)[0].focus();
  }

  function move(menu, key) {
    const all = items(menu);
    const here = all.indexOf(document.activeElement);
    const next = { ArrowDown: here + 1, ArrowUp: here < 0 ? -1 : here - 1, Home: 0, End: -1 }[key];
    all.at(next % all.length).focus();
  }

  // ── The ways to open it ───────────────────────────────────────────────────────────────────
  document.addEventListener("contextmenu", (event) => {
    const menu = menuOf(event.target);
    if (!menu || event.target.closest(".context-menu")) return;
    event.preventDefault();
    const byKey = event.clientX === 0 && event.clientY === 0;
    open(menu, byKey ? null : { x: event.clientX, y: event.clientY }, document.activeElement);
  });

  document.addEventListener("keydown", (event) => {
    const menu = openMenu();
    if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      const wanted = menuOf(event.target);
      if (!wanted) return;
      event.preventDefault();
      open(wanted, null, document.activeElement);
    } else if (menu && event.key === "Escape") {
      event.preventDefault();
      close({ refocus: true });
    } else if (menu && menu.contains(event.target) && ["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) {
      event.preventDefault();
      move(menu, event.key);
    } else if (menu && event.key === "Tab") {
      close({ refocus: true });
    }
  });

  document.addEventListener("click", (event) => {
    const summary = event.target.closest(".context-menu > summary");
    if (!summary) {
      if (!lifting && !event.target.closest(".context-menu")) close({ refocus: false });
      lifting = false;
      return;
    }
    event.preventDefault();
    if (summary.parentElement.open) close({ refocus: true });
    else open(summary.parentElement, null, summary);
  });

  // iOS sends no contextmenu event for a long press.
  function forget() {
    clearTimeout(press?.timer);
    press = null;
  }

  document.addEventListener("pointerdown", (event) => {
    forget();
    lifting = false;
    const menu = event.pointerType === "touch" ? menuOf(event.target) : null;
    if (!menu || event.target.closest(".context-menu")) return;
    const point = { x: event.clientX, y: event.clientY };
    const opens = () => {
      lifting = true;
      open(menu, point, document.activeElement);
    };
    press = { point, timer: setTimeout(opens, LONG_PRESS) };
  });
  document.addEventListener("pointermove", (event) => {
    if (press && Math.hypot(event.clientX - press.point.x, event.clientY - press.point.y) > SLIP) forget();
  });
  for (const type of ["pointerup", "pointercancel"]) document.addEventListener(type, forget);
})();
