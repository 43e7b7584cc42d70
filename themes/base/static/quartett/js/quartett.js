// Small help for pages that work without it: focus on faults, no double submit, live parts, clocks, colours.

const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.defaultPrevented) return;
  // After the browser has collected the form, or the button's own name and value would be missing.
  setTimeout(() => {
    button.disabled = true;
    if (button.dataset.sending) button.textContent = button.dataset.sending;
  });
});
// A page out of the back cache comes with its buttons as they were left.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("button[disabled]")) button.disabled = false;
});

// A file field in the page's language: the browser's own speaks the browser's.
for (const own of document.querySelectorAll("[data-own-file]")) {
  const input = own.control, name = own.querySelector("[data-file-name]");
  const none = name.textContent;
  input.classList.add("visually-hidden");
  own.hidden = false;
  input.addEventListener("change", () => { name.textContent = [...input.files].map((file) => file.name).join(", ") || none; });
}

// Live parts ask every five seconds while somebody looks, and never while somebody types in them.
const LIVE_MS = 5000, STALE_MS = 30000;
let heard = Date.now();
const edited = (part) => [...part.querySelectorAll("form")].some((form) => form.matches(":focus-within") || form.dataset.edited);
document.addEventListener("input", (event) => { if (event.target.form) event.target.form.dataset.edited = "yes"; });
function tick() {
  for (const part of document.querySelectorAll("[data-live]")) {
    if (document.visibilityState === "visible" && !edited(part)) part.dispatchEvent(new CustomEvent("live"));
  }
  const clock = document.querySelector("[data-live-clock]");
  if (!clock) return;
  const isPaused = [...document.querySelectorAll("[data-live]")].some(edited);
  const isStale = !isPaused && Date.now() - heard > STALE_MS;
  clock.classList.toggle("stale", isStale);
  if (isStale) clock.querySelector("[data-live-words]").textContent = clock.dataset.stale;
}
if (document.querySelector("[data-live]")) setInterval(tick, LIVE_MS);
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  heard = Date.now();
  const time = document.querySelector("[data-live-clock] time");
  if (time) time.textContent = new Date().toLocaleTimeString("de", { hour12: false });
});

// A countdown to a moment: hours and minutes.
function count() {
  for (const clock of document.querySelectorAll("[data-until]")) {
    const minutes = Math.max(0, Math.floor((Date.parse(clock.dataset.until) - Date.now()) / 60000));
    clock.textContent = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")} h`;
  }
}
count();
setInterval(count, 20000);

const root = document.documentElement;
const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
for (const button of document.querySelectorAll("[data-theme-switch]")) {
  const name = () => { button.textContent = isDark() ? button.dataset.light : button.dataset.dark; };
  button.hidden = false;
  name();
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
    name();
  });
}
