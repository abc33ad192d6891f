// Keeps what is typed into <form data-autosave="url">: 800 ms after the last key the form goes to that address.
// Answer: {"saved_at": "14:32", "version": 3, "refused": ["field"]}. Nothing is kept in the browser.
// A field "turn" counts what this screen sent, so that a save that was on its way for long writes over no later one.

const WAIT = 800;
const RETRY = [3, 6, 12, 30, 60];

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
    this.dirty = false;
    this.running = null;
    this.failures = 0;
    this.leaving = false;
    form.addEventListener("input", (event) => this.changed(event));
    form.addEventListener("change", (event) => this.changed(event));
  }

  changed({ target }) {
    if (!target.name || target.type === "file") return;
    this.dirty = true;
    this.later(WAIT);
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  count() {
    const field = this.form.elements.namedItem("turn");
    if (field) field.value = Number(field.value) + 1;
  }

  body() {
    this.count();
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") data.append(name, value);
    return data;
  }

  save() {
    if (this.running) return this.running;
    if (!this.dirty || this.leaving || this.conflict) return Promise.resolve();
    this.dirty = false;
    this.running = this.send().finally(() => {
      this.running = null;
      if (this.dirty && !this.failures) this.later(WAIT);
    });
    return this.running;
  }

  async send() {
    let answer;
    try {
      answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        body: this.body(),
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout?.(15_000),
      });
    } catch {
      return this.failed();
    }
    if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") return this.signedOut();
    if (answer.status === 409) return this.conflicted(await answer.json().catch(() => ({})));
    if (!answer.ok) return this.failed();
    this.kept(await answer.json().catch(() => ({})));
  }

  kept({ saved_at: savedAt, version, refused = [] }) {
    this.failures = 0;
    const field = this.form.elements.namedItem("version");
    if (field && version !== undefined) field.value = version;
    document.dispatchEvent(new Event("request-done"));
    if (refused.length) this.say(`${this.text("refused")} ${refused.map((name) => this.label(name)).join(", ")}`, true);
    else if (savedAt) this.say(`${this.text("saved")} ${savedAt}`);
  }

  failed() {
    this.dirty = true;
    const wait = RETRY[Math.min(this.failures, RETRY.length - 1)];
    this.failures += 1;
    this.say(this.text("failed"), true);
    this.later(wait * 1000);
  }

  // Another screen wrote too, or this cannot be kept now. The button of the form shows what there is to do.
  conflicted({ error = "" }) {
    this.conflict = true;
    this.say(`${error} ${this.text("conflict")}`.trim(), true);
  }

  signedOut() {
    this.dirty = true;
    this.failures += 1;
    this.signedOff = true;
    const link = document.createElement("a");
    link.href = this.status?.dataset.signInUrl ?? "/";
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = this.text("signIn");
    this.say(`${this.text("signedOut")} `, true, link);
  }

  // Signed in again in another tab: the form needs the new token first.
  async returned() {
    if (this.signedOff) {
      const token = await freshToken();
      if (!token) return;
      this.signedOff = false;
      const field = this.form.elements.namedItem("csrfmiddlewaretoken");
      if (field) field.value = token;
    }
    if (this.dirty) this.save();
  }

  text(name) {
    return this.status?.dataset[name] ?? "";
  }

  label(name) {
    const found = this.form.elements.namedItem(name);
    const field = (found instanceof RadioNodeList ? found[0] : found)?.closest(".field");
    const label = field?.querySelector("legend, label")?.firstChild?.textContent.trim();
    return label || name;
  }

  say(text, failed = false, extra = null) {
    if (!this.status) return;
    this.status.classList.toggle("is-failed", failed);
    if (this.status.textContent !== text || extra) this.status.replaceChildren(text, ...(extra ? [extra] : []));
  }
}

async function freshToken() {
  try {
    const answer = await fetch(document.body.dataset.keepaliveUrl, { redirect: "manual", headers: { Accept: "application/json" } });
    const { csrf_token: token } = answer.ok ? await answer.json() : {};
    if (token) {
      document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
      document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => (input.value = token));
    }
    return token;
  } catch {
    return null;
  }
}

const kept = [...document.querySelectorAll("form[data-autosave]")].map((form) => new Autosave(form));

if (kept.length) {
  // A save on its way ends before the form is sent, so that the version fits. Before the guard against double sending.
  addEventListener(
    "submit",
    (event) => {
      const autosave = kept.find(({ form }) => form === event.target);
      if (!autosave) return;
      clearTimeout(autosave.timer);
      if (autosave.running) {
        event.preventDefault();
        event.stopImmediatePropagation();
        const { submitter } = event;
        const patience = new Promise((done) => setTimeout(done, 3000));
        Promise.race([autosave.running, patience]).then(() => {
          autosave.running = null;
          autosave.form.requestSubmit(submitter);
        });
        return;
      }
      autosave.leaving = true;
      autosave.count();
      setTimeout(() => (autosave.leaving = false), 8000);
    },
    true,
  );
  addEventListener("online", () => kept.forEach((autosave) => autosave.returned()));
  document.addEventListener("visibilitychange", () =>
    kept.forEach((autosave) => (document.visibilityState === "hidden" ? autosave.save() : autosave.returned())),
  );
  addEventListener("pagehide", () => {
    for (const autosave of kept) {
      if (autosave.dirty && !autosave.leaving && !autosave.conflict) {
        navigator.sendBeacon?.(autosave.form.dataset.autosave, autosave.body());
      }
    }
  });
  addEventListener("beforeunload", (event) => {
    if (kept.some(({ dirty, failures, leaving }) => dirty && failures && !leaving)) event.preventDefault();
  });
}
