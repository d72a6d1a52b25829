/* What is wrong with a form leads to its field. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-fault]");
  const name = link?.hash.slice(1);
  const at = name && (document.getElementById(name) ?? document.getElementById(`${name}-fault`));
  if (!at) return;
  event.preventDefault();
  for (let more = at.closest("details"); more; more = more.parentElement.closest("details")) more.open = true;
  const field = at.matches("fieldset") ? at.querySelector("input") ?? at : at;
  if (field.tabIndex < 0 && !field.matches("input, select, textarea")) field.tabIndex = -1;
  field.focus();
});
/* The form of a key: its type decides what is asked, entries are checked as they are typed, and an instant is said in
   the zone of whoever types it, too. */
{
  const { load } = window.keyward;
  const textOf = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked : field.value);
  const given = (field) => (field.type === "checkbox" || field.type === "radio" ? field.defaultChecked : field.defaultValue);
  /* Of a form that was refused everything that stands in it was typed. */
  const typed = (form) => [...form?.elements ?? []].filter((field) =>
    field.name && !["hidden", "submit", "select-one"].includes(field.type)
    && (form.closest("#panel")?.dataset.dirty === "true" ? textOf(field) !== "" : textOf(field) !== given(field)));
  const fill = (form, fields) => {
    for (const field of fields) {
      const alike = [...form?.elements ?? []].filter((other) => other.name === field.name && other.type === field.type);
      const other = field.type === "checkbox" || field.type === "radio" ? alike.find((one) => one.value === field.value) : alike[0];
      if (!other) continue;
      if ("checked" in field && other.type !== "textarea" && typeof textOf(field) === "boolean") other.checked = field.checked;
      else other.value = field.value;
    }
  };
  /* What keeps what was typed when the choice above it changes. */
  const KEPT = "form[data-key-form], form[data-kept]";
  let asked = 0;
  /* The form of what is chosen takes the place of the form. What was typed and the focus stay, wherever it is by then. */
  const choose = async (form) => {
    const turn = ++asked;
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value !== "") query.append(name, value);
    const url = `${form.getAttribute("action")}?${query}`;
    const before = form.closest("#panel");
    before.setAttribute("aria-busy", "true");
    try {
      const { page } = await load(url);
      const panel = page.getElementById("panel");
      if (turn !== asked || !before.isConnected) return;
      if (!panel) { window.location.assign(url); return; }
      const held = before.contains(document.activeElement) ? document.activeElement : null;
      const caret = held?.tagName === "TEXTAREA" || held?.type === "text" ? [held.selectionStart, held.selectionEnd] : null;
      const fields = typed(before.querySelector(KEPT));
      before.replaceWith(document.adoptNode(panel));
      fill(panel.querySelector(KEPT), fields);
      history.replaceState(history.state, "", url);
      document.dispatchEvent(new CustomEvent("swapped", { detail: panel }));
      const same = held?.id ? document.getElementById(held.id) : held && panel.querySelector("#panel-title");
      same?.focus();
      if (caret) same?.setSelectionRange(...caret);
      window.keyward.say("The form has changed with the choice.");
    } catch { form.submit(); }
  };
  /* By keys one goes through the choices, and each is a change: the one on which one rests counts. */
  const REST = 600;
  let pressed = 0;
  let resting = 0;
  let waits = null;
  const rest = () => {
    window.clearTimeout(resting);
    const form = waits;
    waits = null;
    if (form?.isConnected) choose(form);
  };
  const wait = () => {
    window.clearTimeout(resting);
    resting = window.setTimeout(rest, REST);
  };
  const choosing = (event) => event.target.closest?.("form[data-choose] select")?.form;
  document.addEventListener("keydown", (event) => {
    if (!choosing(event)) return;
    pressed = event.key === "Enter" ? 0 : Date.now();
    if (waits && event.key === "Enter") rest();
    else if (waits) wait();
  });
  document.addEventListener("focusout", (event) => { if (waits && choosing(event)) rest(); });
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-choose]");
    if (!form) return;
    waits = form;
    if (event.target.matches("select") && Date.now() - pressed < REST) wait();
    else rest();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-choose]")) return;
    event.preventDefault();
  });
  /* What was chosen before this script had come. */
  for (const select of document.querySelectorAll("form[data-choose] select")) {
    const given = [...select.options].findIndex((option) => option.defaultSelected);
    if (select.selectedIndex !== Math.max(given, 0)) { choose(select.form); break; }
  }

  const kinds = { origins: "origin", addresses: "address", methods: "method", paths: "path", permissions: "permission" };
  const known = new Map();
  const ask = async (kind, entry) => {
    const key = kind + " " + entry;
    if (!known.has(key)) {
      const answer = await fetch("/console/keys/entry?" + new URLSearchParams({ kind, entry }), { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) return null;
      known.set(key, await answer.text());
    }
    return known.get(key);
  };
  const check = async (field) => {
    const kind = kinds[field.id];
    const entries = [...new Set(field.value.split("\n").map((line) => line.trim()).filter(Boolean))].slice(0, 20);
    const text = field.value;
    const said = [];
    try {
      for (const entry of entries) said.push([entry, await ask(kind, entry)]);
    } catch { return; }
    if (field.value !== text || !field.isConnected) return;
    let list = field.parentElement.querySelector("ul.checked");
    if (!list) {
      list = document.createElement("ul");
      list.className = "checked";
      list.setAttribute("aria-live", "polite");
      field.after(list);
    }
    list.replaceChildren(...said.filter(([, words]) => words).map(([entry, words]) => {
      const item = document.createElement("li");
      const good = words.startsWith("good ");
      item.className = good ? "is-good" : "is-bad";
      item.textContent = good ? `✓ ${words.slice(5)}` : `✗ ${entry}: ${words.slice(4)}`;
      return item;
    }));
  };
  let timer = 0;
  const zone = (root) => {
    const form = root.closest?.("form[data-key-form]") ?? root.querySelector?.("form[data-key-form]");
    const at = form?.querySelector("[data-local-time]");
    if (!at) return;
    const life = form.querySelector("input[name='life']:checked");
    const iso = life?.value === "date" ? form.elements.expires.value + "Z" : life?.dataset.until;
    const instant = new Date(iso ?? "");
    const isUtc = new Intl.DateTimeFormat().resolvedOptions().timeZone === "UTC";
    at.textContent = Number.isNaN(instant.valueOf()) || isUtc ? ""
      : `Here that is ${instant.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" })}.`;
  };
  document.addEventListener("input", (event) => {
    const field = event.target;
    const form = field.form;
    if (!form?.matches("form[data-key-form]")) return;
    if (field.tagName === "TEXTAREA" && kinds[field.id]) {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => check(field), 400);
    }
    if (field.name === "life" || field.name === "expires") zone(form);
  });
  zone(document);
  document.addEventListener("swapped", () => zone(document));

  /* A form whose answer shows a secret is sent once, however often one presses. */
  let sent = null;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-plain]")) return;
    if (sent === form) { event.preventDefault(); return; }
    sent = form;
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => { sent?.removeAttribute("aria-busy"); sent = null; });
}
