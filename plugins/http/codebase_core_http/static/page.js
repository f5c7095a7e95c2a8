// What the page can do beyond reading: search as one types, keys, ranges of lines. Without it every link and form works.
"use strict";

const PAUSE_MS = 120;
const JOBS_AGAIN_MS = 2000;
const TOAST_MS = 1800;

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

let toastTimer = 0;
function say(text) {
  const toast = $("#said");
  toast.textContent = text;
  toast.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => toast.classList.remove("shown"), TOAST_MS);
}

// Search as one types: one request at a time, the one before is given up.
function searchAsOneTypes(form) {
  const results = $("#results");
  let timer = 0;
  let running = null;
  let shown = location.search;

  const query = () => {
    const asked = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim()) asked.append(name, value.trim());
    return asked.size ? `?${asked}` : "";
  };

  async function ask(enter) {
    clearTimeout(timer);
    const wanted = query();
    if (wanted === shown && !running) return;
    if (running) running.abort();
    const asking = (running = new AbortController());
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.results + wanted, { signal: asking.signal, headers: { accept: "text/html" } });
      if (answer.redirected) return location.assign(`/${wanted}`);
      const html = await answer.text();
      if (asking.signal.aborted) return;
      const page = new DOMParser().parseFromString(html, "text/html");
      results.replaceChildren(...page.body.childNodes);
      history[enter ? "pushState" : "replaceState"](null, "", `/${wanted}`);
      document.title = `${$("#q").value.trim() || "Search"} · codebase-core`;
      shown = wanted;
    } catch (error) {
      if (error.name !== "AbortError") say("The server does not answer");
    } finally {
      if (running === asking) {
        running = null;
        results.removeAttribute("aria-busy");
      }
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS, false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(true);
  });
  addEventListener("popstate", () => location.reload());
}

// Lines of a file: a click marks one, a click with Shift a range; the address follows.
function markLines(code) {
  const lines = $$(".line", code);
  let first = Number(new URLSearchParams(location.search).get("lines")?.split("-")[0]) || 0;
  code.addEventListener("click", (event) => {
    const number = event.target.closest("a.num");
    if (!number || event.ctrlKey || event.metaKey || event.button) return;
    event.preventDefault();
    const line = Number(number.dataset.no);
    const from = event.shiftKey && first ? Math.min(first, line) : line;
    const to = event.shiftKey && first ? Math.max(first, line) : line;
    if (!event.shiftKey) first = line;
    lines.forEach((each, index) => each.classList.toggle("marked", index + 1 >= from && index + 1 <= to));
    const range = from === to ? `${from}` : `${from}-${to}`;
    history.replaceState(null, "", `${code.dataset.link}?lines=${range}#L${from}`);
  });
}

// Keys
function selected() {
  return document.activeElement?.closest?.(".hit") ?? null;
}

function step(by) {
  const hits = $$(".hit");
  if (!hits.length) return;
  const at = hits.indexOf(selected());
  const next = hits[at < 0 ? (by > 0 ? 0 : hits.length - 1) : Math.min(hits.length - 1, Math.max(0, at + by))];
  $("a.open", next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

async function copyAddress() {
  const address = selected() ? $("a.open", selected()).href : location.href;
  try {
    await navigator.clipboard.writeText(address);
    say("Address copied");
  } catch {
    say(address);
  }
}

function toSearch() {
  const box = $("#q") ?? $(".quick input[type=search]");
  box?.focus();
  box?.select();
}

const KEYS = {
  "/": toSearch,
  j: () => step(1),
  k: () => step(-1),
  o: () => selected() && window.open($("a.open", selected()).href, "_blank", "noopener"),
  y: copyAddress,
  "?": () => $("#keys").showModal(),
};

addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (typing) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

// Jobs that run: look again.
async function followJobs() {
  const answer = await fetch("/jobs", { headers: { accept: "text/html" } });
  const jobs = $("#jobs", new DOMParser().parseFromString(await answer.text(), "text/html"));
  if (!jobs) return;
  $("#jobs").replaceWith(jobs);
  if (jobs.dataset.refresh) setTimeout(followJobs, JOBS_AGAIN_MS);
}

if ($("form[data-results]")) searchAsOneTypes($("form[data-results]"));
if ($(".code[data-link]")) markLines($(".code[data-link]"));
if ($("#jobs[data-refresh]")) setTimeout(followJobs, JOBS_AGAIN_MS);
