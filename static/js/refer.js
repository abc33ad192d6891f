// Helps while referring: reads a pasted HIS line here in the browser, takes over what is known, asks again when needed.
// The line itself never leaves this page. The rules are those of referrals/his.py.

const form = document.querySelector("form[data-refer]");
const PREFIXES = new Set(
  "van de der den het 't ’t 'd d' ter ten te in op aan bij uit onder over voor vom von zu zur du des del della di da dos la le les el al ben bin abu ibn".split(" "),
);
const DATE = /\b\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d{2}\b|\b\d{1,2} [a-z]{3,9} (?:19|20)\d{2}\b/i;
const POSTCODE = /\b[1-9]\d{3} ?[A-Z]{2}\b/;
const PHONE = /(?<!\d)(?:\+\d{2}|00\d{2}|0)(?:[\s()-]*\d){8,10}(?!\d)/;
const FEMALE = /\(v\)|\bmevr(?:ouw)?\b|\bmw\b|\bvrouw\b|[,;\s]v(?=[,;\s]|$)/i;
const MALE = /\(m\)|\bdhr\b|\bheer\b|\bman\b|[,;\s]m(?=[,;\s]|$)/i;
const LABELS =
  /\([^)]*\)|(?<!\p{L})(?:naam|patiënt|patient|geboren|geb|geboortedatum|mevr|mevrouw|mw|dhr|de heer|heer|tel|adres|bsn|nr)(?!\p{L})[.:]*|[,;\s](?:v|m)(?=[,;\s]|$)/giu;

function readLine(line) {
  let text = line.split(/\s+/).join(" ").trim().slice(0, 500);
  const found = {};
  let end = text.length;
  for (const [name, pattern] of [
    ["birth_date", DATE],
    ["postcode", POSTCODE],
    ["phone", PHONE],
  ]) {
    const match = text.match(pattern);
    if (!match) continue;
    found[name] = match[0].trim();
    end = Math.min(end, match.index);
    text = text.slice(0, match.index) + " ".repeat(match[0].length) + text.slice(match.index + match[0].length);
  }
  const head = text.slice(0, end);
  if (FEMALE.test(head)) found.sex = "f";
  else if (MALE.test(head)) found.sex = "m";
  return { ...found, ...names(head) };
}

function names(head) {
  const trim = (text) => text.replace(/^[ ,;:|-]+|[ ,;:|-]+$/g, "");
  const text = trim(trim(` ${head} `.replace(LABELS, " ").split(/\s+/).join(" ")).split(/\d|[;|]/)[0]);
  if (!text) return {};
  const isPrefix = (word) => PREFIXES.has(word.toLowerCase());
  let given;
  let family;
  if (text.includes(",")) {
    const [last, ...rest] = text.split(",");
    const words = rest.join(",").trim().split(" ").filter(Boolean);
    given = words.filter((word) => !isPrefix(word)).join(" ");
    family = [...words.filter(isPrefix), last.trim()].join(" ");
  } else {
    const words = text.split(" ");
    const prefix = words.findIndex((word, index) => index > 0 && isPrefix(word));
    const at = words.length === 1 ? 0 : prefix > 0 ? prefix : words.length - 1;
    given = words.slice(0, at).join(" ");
    family = words.slice(at).join(" ");
  }
  return Object.fromEntries(Object.entries({ given_name: given, family_name: family }).filter(([, value]) => value));
}

function fill(name, value) {
  const field = form.elements.namedItem(name);
  if (!field) return;
  if (field instanceof RadioNodeList) {
    const choice = [...field].find((radio) => radio.value === value);
    if (!choice) return;
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

if (form) {
  const area = form.querySelector("[data-his-line]");
  const said = form.querySelector("[data-his-found]");
  form.querySelectorAll("[data-his-button], [data-known-button]").forEach((button) => (button.hidden = true));
  // Without a name it is part of no request, the autosave included.
  area.removeAttribute("name");
  area.addEventListener("input", (event) => {
    event.stopPropagation();
    if (area.value.trim().length < 6) return;
    const found = readLine(area.value);
    if (!found.family_name && !found.birth_date) {
      said.textContent = said.dataset.nothing;
      return;
    }
    for (const [name, value] of Object.entries(found)) fill(name, value);
    said.textContent = said.dataset.found;
    // The line may hold a BSN: it does not stay on the screen either.
    area.value = "";
  });

  // The same person as before: what is known is filled in where nothing was typed.
  form.addEventListener("change", ({ target }) => {
    if (target.name !== "known" || target.value === "new") return;
    for (const name of ["phone", "postcode"]) {
      const field = form.elements.namedItem(name);
      if (field && !field.value.trim() && target.dataset[name]) fill(name, target.dataset[name]);
    }
  });
}
