// Brings the page of a run up to date: asks for what is new, puts changed parts in their places and appends to the log.
// What was unfolded stays unfolded, what was scrolled stays where it was. The server escapes all text; nothing here builds HTML.
"use strict";
(() => {
  const page = document.querySelector("[data-live]");
  if (!page) return;
  const FULL_EVERY = 20; // Questions between two looks at everything: what changed without an event shows up then.
  const LONGEST_PAUSE = 30; // Seconds between questions while the server does not answer.
  const MOST_LINES = 600; // Of the log on one page; what is older is a link away.
  const log = page.querySelector("#events");
  let after = Number(page.dataset.number);
  let again = Number(page.dataset.again);
  let asked = 0;
  let failures = 0;

  const parts = () => [...page.querySelectorAll("[data-part]")];

  function question() {
    const query = new URLSearchParams({ after: String(after), have: parts().map((part) => part.dataset.digest).join(",") });
    if (page.dataset.agent) query.set("agent", page.dataset.agent);
    asked += 1;
    if (asked % FULL_EVERY === 0) query.set("all", "1");
    return `${page.dataset.live}?${query}`;
  }

  function replace(part, news) {
    const open = new Set([...part.querySelectorAll("details[open]")].map((fold) => fold.id));
    const scrolled = [...part.querySelectorAll("[id]")].filter((one) => one.scrollTop || one.scrollLeft);
    const places = scrolled.map((one) => [one.id, one.scrollTop, one.scrollLeft]);
    const summary = part.contains(document.activeElement) ? document.activeElement.closest("[id]") : null;
    part.innerHTML = news.html;
    part.dataset.digest = news.digest;
    for (const fold of part.querySelectorAll("details")) if (open.has(fold.id)) fold.open = true;
    for (const [id, top, left] of places) {
      const one = document.getElementById(id);
      if (one) [one.scrollTop, one.scrollLeft] = [top, left];
    }
    if (summary && part !== summary) {
      const again = document.getElementById(summary.id);
      const target = again && again.tagName === "DETAILS" ? again.querySelector("summary") : again;
      if (target) target.focus({ preventScroll: true });
    }
  }

  function append(html) {
    if (!html.trim()) return;
    log.insertAdjacentHTML("beforeend", html);
    while (log.children.length > MOST_LINES && !log.firstElementChild.contains(document.activeElement)) log.firstElementChild.remove();
  }

  function take(news) {
    for (const part of parts()) if (news.parts[part.dataset.part]) replace(part, news.parts[part.dataset.part]);
    append(news.log);
    const said = page.querySelector("#said");
    if (news.said && said.textContent !== news.said) said.textContent = news.said;
    after = news.number;
    again = news.again;
  }

  function stop() {
    page.querySelector("#lost").hidden = false;
  }

  async function ask() {
    if (document.hidden) return wait(again);
    try {
      const answer = await fetch(question(), { credentials: "same-origin", redirect: "error" });
      if (answer.status === 404) return stop();
      if (!answer.ok) throw new Error(String(answer.status));
      take(await answer.json());
      failures = 0;
    } catch {
      failures += 1;
    }
    if (again) wait(failures ? Math.min(again * 2 ** failures, LONGEST_PAUSE) : again);
  }

  function wait(seconds) {
    setTimeout(ask, seconds * 1000);
  }

  function duration(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    if (whole < 60) return `${whole} s`;
    if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
    return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  }

  setInterval(() => {
    const worked = page.querySelector("[data-worked]");
    if (!worked) return;
    worked.dataset.worked = String(Number(worked.dataset.worked) + 1);
    worked.textContent = duration(Number(worked.dataset.worked));
  }, 1000);
  wait(again);
})();
