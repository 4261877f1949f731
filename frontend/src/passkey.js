// Passkeys: <form data-passkey="create|get|sign-in"> asks the browser, fills `credential` and goes on its way.
// What is asked for stands in the page as #passkey-wish; the sign-in page fetches it when somebody wants it.
import { words } from "./messages.js";

const bytes = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function creation(wish) {
  const { publicKey } = wish;
  return {
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: named(publicKey.excludeCredentials),
    },
  };
}

function request(wish) {
  const { publicKey } = wish;
  return {
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: named(publicKey.allowCredentials),
    },
  };
}

function answer(credential) {
  const { response } = credential;
  const told = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    told.attestationObject = text(response.attestationObject);
    told.transports = response.getTransports?.() ?? [];
  } else {
    told.authenticatorData = text(response.authenticatorData);
    told.signature = text(response.signature);
    told.userHandle = response.userHandle ? text(response.userHandle) : null;
  }
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: told,
  };
}

async function wishOf(form) {
  if (form.dataset.passkey === "sign-in") {
    const asked = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!asked.ok) {
      throw new Error(`${asked.status}`);
    }
    return (await asked.json()).request_options;
  }
  return JSON.parse(document.getElementById("passkey-wish").textContent);
}

// With the box ticked the key must remember whose it is and ask for finger or PIN, to open the door by itself.
function aloneToo(form, options) {
  if (form.elements.passwordless?.checked) {
    options.publicKey.authenticatorSelection = {
      ...options.publicKey.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    };
  }
  return options;
}

async function ask(form) {
  const shown = form.querySelector("[data-passkey-error]");
  const button = form.querySelector("button");
  shown.hidden = true;
  button.disabled = true;
  try {
    const wish = await wishOf(form);
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create(aloneToo(form, creation(wish)))
        : await navigator.credentials.get(request(wish));
    form.elements.credential.value = JSON.stringify(answer(credential));
    form.submit();
  } catch (error) {
    shown.textContent = words(error.name === "InvalidStateError" ? "passkeyKnown" : "passkeyFailed");
    shown.hidden = false;
    button.disabled = false;
  }
}

export function startPasskey() {
  const isOffered = Boolean(window.PublicKeyCredential);
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (form.dataset.passkey === "sign-in") {
      form.hidden = !isOffered;
    } else if (!isOffered) {
      const shown = form.querySelector("[data-passkey-error]");
      shown.textContent = words("passkeyMissing");
      shown.hidden = false;
      form.querySelector("button").disabled = true;
    }
  }
  document.addEventListener("submit", (event) => {
    if (event.target.matches?.("form[data-passkey]")) {
      event.preventDefault();
      ask(event.target);
    }
  });
}
