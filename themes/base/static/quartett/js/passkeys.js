// Passkeys: hands the server's options to the browser and the browser's answer back in the form's hidden field.
// A form says what it wants: data-passkey="create" or "get", and data-options (JSON) or data-options-url.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return (await answer.json()).request_options.publicKey;
}

function answerOf(credential, ...names) {
  const response = {};
  for (const name of names) if (credential.response[name]) response[name] = text(credential.response[name]);
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function create(form) {
  const options = await optionsOf(form);
  const alone = form.elements.passwordless?.checked ?? false;
  const selection = { ...options.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone };
  if (alone) selection.userVerification = "required";
  const credential = await navigator.credentials.create({ publicKey: {
    ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials), authenticatorSelection: selection,
  } });
  const answer = answerOf(credential, "clientDataJSON", "attestationObject");
  answer.response.transports = credential.response.getTransports?.() ?? [];
  return answer;
}

async function get(form) {
  const options = await optionsOf(form);
  const credential = await navigator.credentials.get({ publicKey: {
    ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials),
  } });
  return answerOf(credential, "clientDataJSON", "authenticatorData", "signature", "userHandle");
}

function prepare(form) {
  const button = form.querySelector("[data-passkey-button]");
  const fault = form.querySelector("[data-passkey-fault]");
  button.hidden = false;
  form.querySelector("[data-passkey-missing]")?.remove();
  const part = form.closest("[data-passkey-part]");
  if (part) part.hidden = false;
  // Enter in a field must start the ceremony, not send the form without an answer.
  form.addEventListener("submit", (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    button.click();
  });
  button.addEventListener("click", async () => {
    if (!form.reportValidity()) return;
    fault.hidden = true;
    button.disabled = true;
    try {
      const answer = await (form.dataset.passkey === "create" ? create(form) : get(form));
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch {
      // The person closed the browser's window, or the device has no passkey for this host.
      fault.hidden = false;
      button.disabled = false;
    }
  });
}

if (window.PublicKeyCredential) for (const form of document.querySelectorAll("form[data-passkey]")) prepare(form);
