/* Check-in on the guest list, also without a connection: what cannot be sent is kept on this phone and sent later.
   Without this script each button sends its form and the page comes back. */

const KEPT = "check-ins";
const SETTLED = [404, 409];
const list = document.querySelector("[data-check-ins]");
const kept = () => JSON.parse(localStorage.getItem(KEPT) || "[]");
const keep = (all) => localStorage.setItem(KEPT, JSON.stringify(all));
let isSending = false;

function say(form, text) {
  const place = form.querySelector("[data-said]");
  place.textContent = text;
  form.querySelector("button[data-arrive]")?.remove();
}

function count() {
  const waiting = kept().length;
  const place = document.querySelector("[data-kept]");
  place.hidden = waiting === 0;
  place.querySelector("[data-count]").textContent = waiting;
}

async function send(one) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ csrfmiddlewaretoken: token, at: one.at });
  const answer = await fetch(one.url, { method: "POST", body });
  const listed = new URL(one.url, location).pathname.replace(/guests\/[^/]+\/$/, "");
  const isDone = answer.ok && new URL(answer.url).pathname === listed;
  /* Back on the list of the guest's event it is done; a guest who is gone or has no seat stays out. All else, the sign-in for one, can wait. */
  if (!isDone && !SETTLED.includes(answer.status)) throw new Error(answer.status);
}

async function flush() {
  if (isSending) return;
  isSending = true;
  try {
    for (let [one, ...rest] = kept(); one; [one, ...rest] = kept()) {
      await send(one);
      keep(rest);
      const form = list.querySelector(`form[action="${one.url}"]`);
      if (form) say(form, list.dataset.done);
    }
  } catch {
    /* Still away: the next try is when the browser is back, or at the next guest. */
  } finally {
    isSending = false;
    count();
  }
}

list?.addEventListener("submit", (event) => {
  if (!event.submitter?.matches("[data-arrive]")) return;
  event.preventDefault();
  const form = event.target;
  keep([...kept(), { url: form.getAttribute("action"), at: new Date().toISOString() }]);
  say(form, list.dataset.kept);
  count();
  flush();
});
if (list) {
  for (const one of kept()) {
    const form = list.querySelector(`form[action="${one.url}"]`);
    if (form) say(form, list.dataset.kept);
  }
  count();
  flush();
  addEventListener("online", flush);
}
