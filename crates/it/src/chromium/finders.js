// What a person calls a thing on a page, and where it is: names as assistive technology has them, near enough.
const squeezed = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const textOf = (ids) => ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
const labelOf = (e) => [...(e.labels ?? [])].map((label) => {
  const copy = label.cloneNode(true);
  for (const inner of copy.querySelectorAll("input, select, textarea, .soft, .hint")) inner.remove();
  return copy.textContent;
}).join(" ");
const nameOf = (e) => squeezed(
  e.getAttribute("aria-label")
  || (e.hasAttribute("aria-labelledby") && textOf(e.getAttribute("aria-labelledby")))
  || labelOf(e)
  || e.innerText
  || e.textContent
  || e.value
  || e.title,
);
const isShown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: false })
  && (e.getClientRects().length > 0);
const PRESSED = "a[href], button, summary, input[type=submit], [role=button], [role=switch], [role=tab]";
const FILLED = "input:not([type=hidden]):not([type=submit]), textarea, select";
const roots = (scope) => (scope ? [...document.querySelectorAll(scope)] : [document]);
// The first thing of this kind that is called so: exactly, or else whose name begins so, or holds it.
const find = (kinds, name, scope) => {
  const all = roots(scope).flatMap((root) => [...root.querySelectorAll(kinds)]).filter((e) => isShown(e) || e.closest("[role=switch], .tick, .toggle"));
  return all.find((e) => nameOf(e) === name) ?? all.find((e) => nameOf(e).startsWith(name))
    ?? all.find((e) => nameOf(e).includes(name)) ?? null;
};
