// Small help while filling in a form. Without it every form works, with one more page now and then.

const each = (root, selector, act) => {
  if (root.matches?.(selector)) act(root);
  root.querySelectorAll(selector).forEach(act);
};

function enhance(root) {
  each(root, ".field textarea", (area) => grow(area));
  each(root, "[data-counter]", (counter) => count(counter));
  each(root, "[data-show-password]", (button) => (button.hidden = false));
  each(root, "[data-chip-search]", (box) => (box.hidden = false));
  each(root, "[data-date-pick]", addDatePicker);
}

document.addEventListener("input", (event) => {
  const { target } = event;
  if (target.matches("textarea")) {
    grow(target);
    const counter = target.id && document.querySelector(`[data-counter="${CSS.escape(target.id)}"]`);
    if (counter) count(counter);
  }
  if (target.matches("[data-chip-filter]")) filterChips(target);
});

// Rows instead of a height: no style attribute.
function grow(area) {
  area.rows = Math.min(area.rows, Number(area.dataset.rows ??= area.rows));
  while (area.scrollHeight > area.clientHeight && area.rows < 24) area.rows += 1;
}

function count(counter) {
  const area = document.getElementById(counter.dataset.counter);
  if (!area) return;
  const longest = Number(counter.dataset.longest);
  const used = area.value.length;
  counter.textContent = counter.dataset.text.replace("{n}", used).replace("{max}", longest);
  counter.classList.toggle("is-over", used > longest);
  // Said aloud only near the end, not at every letter.
  if (used > longest * 0.9) counter.setAttribute("role", "status");
  else counter.removeAttribute("role");
}

// "slaap" also finds "slapen", "mannen" also "man": without accents and with doubled letters taken once.
const plain = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase().replace(/(\p{L})\1/gu, "$1");

function filterChips(search) {
  const group = document.getElementById(search.dataset.chipFilter);
  const words = plain(search.value).split(/\s+/).filter(Boolean);
  let heading = null;
  let found = 0;
  for (const item of group.children) {
    if (item.matches(".choice-group")) {
      heading = item;
      heading.hidden = true;
      continue;
    }
    const input = item.querySelector("input");
    const text = plain(`${item.textContent} ${input.dataset.keywords ?? ""}`);
    const fits = words.every((word) => text.includes(word));
    item.hidden = !fits && !input.checked;
    if (!item.hidden && heading) heading.hidden = false;
    if (fits) found += 1;
  }
  const none = group.parentElement.querySelector("[data-chip-none]");
  if (none) none.hidden = found > 0;
}

// Enter in the search box takes the first chip that fits; it never sends the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-chip-filter]")) return;
  event.preventDefault();
  if (!event.target.value.trim()) return;
  const group = document.getElementById(event.target.dataset.chipFilter);
  const first = [...group.querySelectorAll(".choice:not([hidden]) input:not(:checked)")][0];
  first?.click();
  first?.focus();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-show-password]");
  if (!button) return;
  const input = document.getElementById(button.dataset.showPassword);
  const word = button.querySelector("span");
  const showing = input.type === "text";
  button.dataset.showLabel ??= word.textContent;
  input.type = showing ? "password" : "text";
  word.textContent = showing ? button.dataset.showLabel : button.dataset.hideLabel;
  button.setAttribute("aria-pressed", String(!showing));
});

// A calendar beside the typed date; typing stays the first way.
function addDatePicker(place) {
  const typed = document.getElementById(place.dataset.datePick);
  if (!typed || place.querySelector("input")) return;
  const picker = document.createElement("input");
  picker.type = "date";
  picker.setAttribute("aria-label", place.dataset.label);
  const read = () => {
    const [, day, month, year] = typed.value.trim().match(/^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/) ?? [];
    picker.value = year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
  };
  picker.addEventListener("pointerdown", read);
  picker.addEventListener("focus", read);
  picker.addEventListener("click", () => {
    try {
      picker.showPicker?.();
    } catch {
      // An older browser opens it by itself.
    }
  });
  picker.addEventListener("change", () => {
    if (!picker.value) return;
    const [year, month, day] = picker.value.split("-").map(Number);
    typed.value = `${day}-${month}-${year}`;
    typed.dispatchEvent(new Event("input", { bubbles: true }));
    typed.dispatchEvent(new Event("change", { bubbles: true }));
  });
  place.append(picker);
  place.hidden = false;
}

// A second click within five seconds is the same click. Buttons stay enabled: a disabled one sends no value.
const sentAt = new WeakMap();
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    const now = Date.now();
    if (now - (sentAt.get(form) ?? 0) < 5000) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sentAt.set(form, now);
    form.setAttribute("aria-busy", "true");
    setTimeout(() => form.removeAttribute("aria-busy"), 5000);
  },
  true,
);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) {
    sentAt.delete(form);
    form.removeAttribute("aria-busy");
  }
});
// An answer that stays on this page (htmx) frees the form at once.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) {
    sentAt.delete(form);
    form.removeAttribute("aria-busy");
  }
});

document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
enhance(document);
