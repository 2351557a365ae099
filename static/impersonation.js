// The time that is left to act for a client, each second; and the words of what is locked for who does.
// Without it the banner says until when.
"use strict";

(() => {
  const MINUTE = 60;
  const ends = new WeakMap(); // of each banner, as the one before is replaced with every part of the page
  let before = Infinity;

  function secondsLeft(banner) {
    if (!ends.has(banner)) ends.set(banner, Date.now() + Number(banner.dataset.left) * 1000);
    return Math.max(0, Math.ceil((ends.get(banner) - Date.now()) / 1000));
  }

  // Twice in all: a clock that is read out each second would be the only thing one hears.
  function announce(banner, left) {
    const [five, one] = banner.dataset.said.split("|");
    for (const [minutes, text] of [[5, five], [1, one], [0, banner.dataset.over]]) {
      if (before > minutes * MINUTE && before !== Infinity && left <= minutes * MINUTE) {
        document.getElementById("announcements").textContent = text;
      }
    }
    before = left;
  }

  function tick() {
    const banner = document.getElementById("impersonation");
    if (!banner) return;
    const left = secondsLeft(banner), clock = banner.querySelector("[data-countdown]");
    const time = `${Math.floor(left / MINUTE)}:${String(left % MINUTE).padStart(2, "0")}`;
    clock.textContent = left ? clock.dataset.countdown.replace("{}", time) : banner.dataset.over;
    banner.classList.toggle("is-over", left === 0);
    const extend = document.getElementById("impersonation-extend");
    if (extend) extend.hidden = left > 10 * MINUTE || left === 0;
    announce(banner, left);
  }

  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:oobAfterSwap", tick);

  // The server says where the words of a refusal go; htmx would not show any.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 403 && event.detail.xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  });
})();
