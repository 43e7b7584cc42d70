// Sends a call of the reference with the reader's key, to this host alone, and shows what is answered.
const key = document.querySelector("#reference-key");

const addressOf = (form) => {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const input of form.querySelectorAll("[data-in=path]")) {
    path = path.replace(`{${input.name}}`, encodeURIComponent(input.value.trim()));
  }
  for (const input of form.querySelectorAll("[data-in=query]")) {
    if (input.value.trim()) query.set(input.name, input.value.trim());
  }
  return query.size ? `${path}?${query}` : path;
};

const send = async (form) => {
  const method = form.dataset.call;
  const body = form.querySelector("[data-in=body]")?.value;
  const headers = { Authorization: `Bearer ${key.value.trim()}` };
  if (method !== "GET") headers["Idempotency-Key"] = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(addressOf(form), { method, headers, body, credentials: "omit" });
  const text = await answer.text();
  try {
    return `${answer.status}\n${JSON.stringify(JSON.parse(text), null, 2)}`;
  } catch {
    return `${answer.status}\n${text}`;
  }
};

document.querySelector("[data-key]").hidden = false;
for (const form of document.querySelectorAll("[data-call]")) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const shown = form.querySelector("[data-answer]");
    const button = form.querySelector("button");
    button.disabled = true;
    shown.hidden = false;
    shown.textContent = "…";
    try {
      shown.textContent = await send(form);
    } catch (error) {
      shown.textContent = String(error);
    }
    button.disabled = false;
  });
}
