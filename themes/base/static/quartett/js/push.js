// Switches push on for this device: asks the person, subscribes at the browser's push service, and sends what it
// answers in the form's hidden fields.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
const sameKey = (buffer, key) => buffer && String(new Uint8Array(buffer)) === String(key);

async function subscribe(registration, key) {
  const known = await registration.pushManager.getSubscription();
  // A subscription that was made for another key can never be sent to again.
  if (known && !sameKey(known.options.applicationServerKey, key)) await known.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function prepare(form) {
  const part = (name) => form.querySelector(`[data-push-${name}]`);
  const button = part("button");
  const key = bytes(form.dataset.key);
  const registration = await navigator.serviceWorker.ready;
  part("missing").hidden = true;
  const known = await registration.pushManager.getSubscription();
  const here = known && document.querySelector(`[data-push-device="${CSS.escape(known.endpoint)}"]`);
  if (here) {
    here.querySelector("[data-push-here]").hidden = false;
    part("done").hidden = false;
    return;
  }
  part("denied").hidden = Notification.permission !== "denied";
  button.hidden = Notification.permission === "denied";
  button.addEventListener("click", async () => {
    button.disabled = true;
    part("fault").hidden = true;
    if (await Notification.requestPermission() !== "granted") {
      part("denied").hidden = false;
      button.disabled = false;
      return;
    }
    try {
      const { endpoint, keys } = (await subscribe(registration, key)).toJSON();
      form.elements.endpoint.value = endpoint;
      form.elements.p256dh.value = keys.p256dh;
      form.elements.auth.value = keys.auth;
      form.submit();
    } catch {
      // The browser could not reach its push service.
      part("fault").hidden = false;
      button.disabled = false;
    }
  });
}

const form = document.querySelector("form[data-push]");
if (form && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) prepare(form);
