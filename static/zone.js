// What pages gain from a script: the chosen theme, shown secrets, copying, and manners for htmx.
// Every page works without it. Listeners sit on the document, so swapped-in parts need no set-up.
"use strict";

(() => {
  const root = document.documentElement;
  root.classList.add("js");

  // ── Theme: system, light or dark ──────────────────────────────────────────────────────────
  function rememberedTheme() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // Storage refused by the browser: the system decides.
    }
  }

  function showTheme(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }

  function chooseTheme(theme) {
    showTheme(theme);
    try {
      if (theme === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      return; // It holds for this page only.
    }
  }

  showTheme(rememberedTheme());

  // ── Words for screen readers, and for trouble on the way ─────────────────────────────────
  const announced = new Map();

  function announce(text) {
    const region = document.getElementById("announcements");
    region.textContent = "";
    setTimeout(() => { region.textContent = text; }, 100); // An unchanged text would not be read again.
  }

  // A polled part comes back every second; only what has changed in it is worth saying.
  function collectAnnouncements() {
    const news = [];
    for (const element of document.querySelectorAll("[data-announce]")) {
      const text = element.dataset.announce;
      if (announced.get(element.id) !== text) news.push(text);
      announced.set(element.id, text);
    }
    return news.join(". ");
  }

  function showTrouble(kind) {
    const region = document.getElementById("trouble");
    const text = kind ? region.dataset[kind] : "";
    if (region.textContent !== text) region.textContent = text;
  }

  // ── Secrets ──────────────────────────────────────────────────────────────────────────────
  function setReveal(button, visible) {
    document.getElementById(button.dataset.reveal).type = visible ? "text" : "password";
    button.firstElementChild.textContent = visible ? button.dataset.hide : button.dataset.show;
  }

  function toggleReveal(button) {
    const visible = document.getElementById(button.dataset.reveal).type === "password";
    setReveal(button, visible);
    announce(visible ? button.dataset.shown : button.dataset.hidden);
  }

  function warnOfCapsLock(event) {
    if (!(event.target instanceof Element) || !event.target.matches("[data-secret]")) return;
    const warning = event.target.closest(".field").querySelector("[data-caps-lock]");
    const on = event.type !== "focusout" && Boolean(event.getModifierState?.("CapsLock"));
    if (on && warning.hidden) announce(warning.textContent);
    warning.hidden = !on;
  }

  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 2500);
      announce(button.dataset.copied);
    } catch {
      getSelection().selectAllChildren(source);
      document.getElementById("trouble").textContent = button.dataset.notCopied;
    }
  }

  // ── Focus: never lost by a swap, never stolen by a poll ──────────────────────────────────
  const focusBefore = new WeakMap();

  function focusOn(element) {
    if (!element) return;
    if (element.tabIndex < 0) element.tabIndex = -1;
    element.focus();
  }

  // What had the focus when the request left, if the focus has gone since. A disabled button loses it, too.
  function lostFocus(xhr) {
    const before = focusBefore.get(xhr);
    return document.activeElement === document.body && before !== document.body ? before : null;
  }

  function settleFocus({ xhr, target, requestConfig }) {
    const area = (target.id && document.getElementById(target.id)) || target;
    const summary = area.querySelector("#error-summary");
    if (summary && requestConfig.elt.matches("form, button")) return focusOn(summary);
    const before = lostFocus(xhr);
    if (!before || before.isConnected) return undefined;
    const successor = before.id && document.getElementById(before.id);
    return focusOn(successor || area.querySelector("h1, h2, h3") || area);
  }

  // ── Listeners ────────────────────────────────────────────────────────────────────────────
  document.addEventListener("DOMContentLoaded", () => {
    const themeSwitch = document.querySelector("[data-theme-switch]");
    themeSwitch.value = root.dataset.theme || "system";
    themeSwitch.addEventListener("change", () => chooseTheme(themeSwitch.value));
    document.getElementById("error-summary")?.focus();
    collectAnnouncements();
  });

  document.addEventListener("click", (event) => {
    const reveal = event.target.closest("[data-reveal]");
    if (reveal) toggleReveal(reveal);
    const copying = event.target.closest("[data-copy]");
    if (copying) copy(copying);
  });

  // A shown secret goes back to dots before it is sent, or the browser would remember it as plain text.
  document.addEventListener("submit", (event) => {
    for (const button of event.target.querySelectorAll("[data-reveal]")) setReveal(button, false);
  }, true);

  // A form that makes one thing is sent once; the server would recognise its repeat as well.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-once]")) return;
    if (event.target.dataset.once === "sent") event.preventDefault();
    event.target.dataset.once = "sent";
  });

  for (const type of ["keydown", "keyup", "focusout"]) document.addEventListener(type, warnOfCapsLock);

  // On a shared computer the Back button must not bring a signed-out page from memory.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    focusBefore.set(event.detail.xhr, document.activeElement);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const before = lostFocus(event.detail.xhr);
    if (before?.isConnected) before.focus();
    if (event.detail.successful) showTrouble(null);
  });
  document.addEventListener("htmx:responseError", () => showTrouble("failed"));
  for (const type of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(type, () => showTrouble("offline"));
  document.addEventListener("htmx:afterSettle", (event) => {
    settleFocus(event.detail);
    const news = collectAnnouncements();
    if (news) announce(news);
  });
})();
