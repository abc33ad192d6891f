// What every page has: menus, copying, printing, undo, lists by keyboard, the error summary, the end of a session.
// Nothing here is needed to use a page. Texts come from the page, so that they are translated with it.

const each = (root, selector, act) => {
  if (root.matches?.(selector)) act(root);
  root.querySelectorAll(selector).forEach(act);
};

// Controls that need a script are hidden until it is here.
function enhance(root) {
  each(root, "[data-print], [data-copy]", (button) => (button.hidden = false));
  each(root, "[data-undo-seconds]", startUndoTimer);
  each(root, "[data-error-summary]", (summary) => summary.focus());
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(target)) menu.open = false;
  });
  if (target.closest("[data-print]")) window.print();
  const copy = target.closest("[data-copy]");
  if (copy) copyText(copy);
  const link = target.closest("[data-error-summary] a[href^='#']");
  if (link) {
    const field = document.getElementById(link.hash.slice(1));
    if (field) {
      event.preventDefault();
      (field.closest(".field") ?? field).scrollIntoView({ block: "start" });
      field.focus({ preventScroll: true });
    }
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.activeElement?.closest("details[open]:is([data-menu], .nav-toggle)");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
});

async function copyText(button) {
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
  } catch {
    // Without a safe connection browsers know only the old way.
    getSelection().selectAllChildren(source);
    if (!document.execCommand("copy")) return;
  }
  const word = button.querySelector("span");
  const before = word.textContent;
  word.setAttribute("role", "status");
  word.textContent = button.dataset.copied;
  setTimeout(() => (word.textContent = before), 4000);
}

// The button goes when taking back is no longer possible; never while somebody is reaching for it.
function startUndoTimer(notice) {
  let left = Number(notice.dataset.undoSeconds);
  const timer = setInterval(() => {
    if (notice.matches(":hover, :focus-within")) return;
    left -= 1;
    if (left <= 0) {
      clearInterval(timer);
      notice.querySelector("form")?.remove();
    }
  }, 1000);
}

// j and k walk along a list, only while the focus is in it (other keys stay free for speech and screen readers).
document.addEventListener("keydown", (event) => {
  if (!["j", "k"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  const list = event.target.closest?.("[data-rows]");
  if (!list || event.target.matches("input, textarea, select")) return;
  const links = [...list.querySelectorAll("[data-row-link]")];
  const row = event.target.closest("li");
  const now = links.findIndex((link) => row?.contains(link));
  const next = links[now + (event.key === "j" ? 1 : -1)];
  if (next) {
    event.preventDefault();
    next.focus();
    next.closest("li").scrollIntoView({ block: "nearest" });
  }
});

// The end of a session. The server counts from the last request; so do we, over all tabs together.
const idleSeconds = Number(document.body.dataset.idleSeconds);
const keepaliveUrl = document.body.dataset.keepaliveUrl;
const idleNotice = document.querySelector("[data-idle-notice]");

if (idleSeconds && keepaliveUrl && idleNotice) {
  const warnBefore = 120;
  const show = (selector, visible) => (idleNotice.querySelector(selector).hidden = !visible);
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  let lastRequest = Date.now();
  let lastInput = 0;
  let over = false;

  const alive = (tell = true) => {
    lastRequest = Date.now();
    over = false;
    idleNotice.hidden = true;
    if (tell) channel?.postMessage("alive");
  };
  const end = () => {
    over = true;
    idleNotice.hidden = false;
    show("[data-idle-ask]", false);
    show("[data-idle-failed]", false);
    show("[data-idle-over]", true);
  };
  const stay = async () => {
    show("[data-idle-failed]", false);
    try {
      const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
      const answer = await fetch(keepaliveUrl, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" });
      if (answer.ok) alive();
      else if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") end();
      else show("[data-idle-failed]", true);
    } catch {
      show("[data-idle-failed]", true);
    }
  };
  const look = () => {
    if (over) return;
    const quiet = (Date.now() - lastRequest) / 1000;
    if (quiet >= idleSeconds) end();
    else if (quiet >= idleSeconds - warnBefore && idleNotice.hidden) {
      // Somebody who is typing is there.
      if (Date.now() - lastInput < 300_000) stay();
      else {
        show("[data-idle-ask]", true);
        show("[data-idle-over]", false);
        idleNotice.hidden = false;
      }
    }
  };

  channel?.addEventListener("message", () => alive(false));
  alive();
  document.addEventListener("input", () => (lastInput = Date.now()), { passive: true });
  document.addEventListener("request-done", () => alive());
  document.body.addEventListener("htmx:afterOnLoad", () => alive());
  idleNotice.querySelector("[data-idle-stay]").addEventListener("click", stay);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  setInterval(look, 10_000);
}

document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
enhance(document);
