// Passkeys: the browser's own dialogue needs a script. Without it the buttons stay hidden and the other ways remain.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (list) => (list ?? []).map((item) => ({ ...item, id: toBytes(item.id) }));

async function create({ publicKey }) {
  const { user, excludeCredentials, authenticatorSelection } = publicKey;
  const credential = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      user: { ...user, id: toBytes(user.id) },
      excludeCredentials: withBytes(excludeCredentials),
      // One that works without a password: kept on the device, behind its own lock.
      authenticatorSelection: {
        ...authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
    },
  });
  const { clientDataJSON, attestationObject } = credential.response;
  return {
    ...common(credential),
    response: {
      clientDataJSON: toText(clientDataJSON),
      attestationObject: toText(attestationObject),
      transports: credential.response.getTransports?.() ?? [],
    },
  };
}

async function get({ publicKey }) {
  const credential = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      allowCredentials: withBytes(publicKey.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return {
    ...common(credential),
    response: {
      clientDataJSON: toText(clientDataJSON),
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: toText(userHandle),
    },
  };
}

const common = (credential) => ({
  id: credential.id,
  rawId: toText(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment,
  clientExtensionResults: credential.getClientExtensionResults(),
});

async function optionsOf(form) {
  const here = form.querySelector("script[type='application/json']");
  if (here) return JSON.parse(here.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function send(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const options = await optionsOf(form);
    const credential = form.dataset.passkey === "create" ? await create(options.creation_options) : await get(options.request_options);
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch {
    // Closed, too late, or no passkey for this site here: nothing happened, and another way is on the same page.
    failed.hidden = false;
  }
}

// A passkey belongs to a name; there is none for a bare number such as 127.0.0.1.
const hasName = !/^[\d.]+$|^\[/.test(location.hostname);

if (window.PublicKeyCredential && hasName) {
  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    document.querySelectorAll("[data-passkey-missing]").forEach((text) => (text.hidden = true));
    // In the capture phase and stopped: the guard against double clicks counts only what is really sent.
    form.addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        send(form);
      },
      true,
    );
  }
}
