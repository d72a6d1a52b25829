/* The panel on the right, without leaving the list: <a data-panel href> opens it, its forms are sent from it,
   <a data-close>, Escape and the back button close it. A panel of class "hold" closes by its own buttons alone; who
   listens to "panel-close" may say no. And forms of one switch: <form data-quiet="id of what changes">. */
{
  const { say, load, swap, action } = window.keyward;
  const slot = document.getElementById("panel-slot");
  const now = () => document.getElementById("panel");
  const listOf = (panel) => new URL(panel.dataset.panelOf || "/console", location.href);
  const title = document.title;
  /* What opened the panel: found again by its address, because the list may be made anew meanwhile. */
  let opener = null;
  let leaving = false;

  const changed = (field) => {
    if (field.type === "hidden" || field.type === "search" || !field.name) return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) {
      const options = [...field.options];
      const given = options.some((option) => option.defaultSelected);
      return given ? options.some((option) => option.selected !== option.defaultSelected) : field.selectedIndex > 0;
    }
    return field.defaultValue !== undefined && field.value !== field.defaultValue;
  };
  const isDirty = (panel) => panel.dataset.dirty === "true"
    || [...panel.querySelectorAll("form:not([data-clean])")].some((form) => [...form.elements].some(changed));
  const mayClose = (panel) => {
    if (!panel.dispatchEvent(new CustomEvent("panel-close", { bubbles: true, cancelable: true }))) return false;
    return !isDirty(panel) || window.confirm("Close this and lose what you typed?");
  };
  const focusIn = (panel) => {
    const wanted = panel.querySelector("[data-focus]") ?? panel.querySelector("[aria-invalid='true']") ?? panel.querySelector("#panel-title");
    if (!wanted) return;
    if (!wanted.matches("a[href], button, input, select, textarea, [tabindex]")) wanted.tabIndex = -1;
    wanted.focus();
  };
  const put = (panel) => {
    slot.replaceChildren(document.adoptNode(panel));
    document.dispatchEvent(new CustomEvent("swapped", { detail: panel }));
    const heading = panel.querySelector("#panel-title")?.textContent.trim();
    if (heading) document.title = `${heading} · ${title}`;
    focusIn(panel);
  };
  const remove = () => {
    slot.replaceChildren();
    document.title = title;
    const back = opener && document.querySelector(`a[href="${CSS.escape(opener)}"]`);
    (back ?? document.querySelector("main h1[tabindex], main"))?.focus();
    opener = null;
  };
  const close = () => {
    const panel = now();
    if (!panel || !mayClose(panel)) return;
    if (history.state?.panel === "pushed") { delete panel.dataset.dirty; panel.dataset.closing = "true"; history.back(); return; }
    const list = listOf(panel);
    remove();
    /* A list that was filtered meanwhile says so in the address already. */
    if (location.pathname !== list.pathname) history.replaceState(null, "", list.href);
  };
  /* Opens what lies there, beside the list that it belongs to; anything else is gone to. */
  const open = async (url, way) => {
    slot.setAttribute("aria-busy", "true");
    try {
      const { page, url: at, status } = await load(url);
      const panel = page.getElementById("panel");
      const list = now() ? listOf(now()).pathname : location.pathname;
      if (!panel || status >= 400 || (way !== "again" && listOf(panel).pathname !== list)) {
        leaving = true;
        location.assign(at);
        return;
      }
      if (way === "push") {
        const inside = now() !== null;
        if (inside) history.replaceState(history.state, "", at);
        else history.pushState({ panel: "pushed" }, "", at);
      }
      opener ??= location.pathname + location.search;
      put(panel);
    } catch { leaving = true; location.assign(url); } finally { slot.removeAttribute("aria-busy"); }
  };

  /* What leaves a list says which one, and comes back to it as it was found. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#results tbody a");
    const here = document.querySelector("#sw [name=back]")?.value;
    if (!link || !here?.includes("?") || /\/(copy|audit)$/.test(link.pathname)) return;
    link.setAttribute("href", link.pathname + "?" + new URLSearchParams({ back: here }));
  }, true);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-panel], [data-panel] a[aria-labelledby], #panel a[data-close]");
    if (!link || !slot) return;
    event.preventDefault();
    if (link.matches("[data-close]")) { close(); return; }
    const panel = now();
    if (panel && !mayClose(panel)) return;
    if (!slot.contains(link)) opener = link.getAttribute("href");
    open(link.href, "push");
  });
  document.addEventListener("keydown", (event) => {
    const panel = now();
    if (event.key !== "Escape" || event.defaultPrevented || !panel || panel.classList.contains("hold")) return;
    if (document.querySelector("details[data-menu][open], dialog[open]")) return;
    event.preventDefault();
    close();
  });
  let shown = location.href;
  const note = () => { shown = location.href; };
  document.addEventListener("swapped", () => window.setTimeout(note, 0));
  window.addEventListener("popstate", () => {
    const panel = now();
    if (history.state?.panel) { open(location.href, "again"); return; }
    if (!panel) return;
    if (panel.dataset.closing !== "true" && !mayClose(panel)) {
      history.pushState({ panel: "pushed" }, "", shown);
      return;
    }
    remove();
  });
  window.addEventListener("beforeunload", (event) => {
    const panel = now();
    if (!leaving && panel && isDirty(panel)) event.preventDefault();
  });

  /* What went wrong, above the form or the list; what was typed stays. */
  const complain = (above, text) => {
    above.querySelector(":scope > [data-complaint]")?.remove();
    const box = document.createElement("p");
    box.className = "notice bad";
    box.dataset.complaint = "";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    box.textContent = text;
    above.prepend(box);
    box.focus();
  };
  const said = (page) => {
    const words = [page.querySelector("main h1")?.textContent, page.querySelector("main p")?.textContent];
    return words.filter(Boolean).join(". ").trim() || "This did not work. Try again.";
  };
  const unreachable = "The service could not be reached. Nothing was lost: try again.";
  const over = "Your session has ended. Copy what you typed, then sign in again in another tab.";
  const sent = (form, submitter) => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form, submitter)) data.append(name, value);
    const url = submitter?.hasAttribute("formaction") ? submitter.formAction : action(form);
    return load(url, { method: "POST", body: data });
  };

  /* A form in the panel. Led elsewhere, the browser goes there; else the answer is the panel anew. */
  const send = async (form, submitter) => {
    form.setAttribute("aria-busy", "true");
    try {
      const { page, url, redirected, status, ended } = await sent(form, submitter);
      if (ended) { complain(form, over); return; }
      const panel = page.getElementById("panel");
      if (redirected && status < 400) { leaving = true; location.assign(url); return; }
      if (panel) {
        if (status >= 400 && !form.matches("[data-clean]")) panel.dataset.dirty = "true";
        put(panel);
        return;
      }
      if (status >= 400 || !swap(page, "main")) { complain(form, said(page)); return; }
      slot.replaceChildren();
      document.title = page.title;
      const heading = document.querySelector("main h1");
      if (heading) { heading.tabIndex = -1; heading.focus(); }
    } catch { complain(form, unreachable); } finally { form.removeAttribute("aria-busy"); }
  };
  /* A switch: the list as it is afterwards takes the place of the list. */
  const flip = async (form, submitter) => {
    /* The form itself is not seen. */
    const list = document.getElementById(form.dataset.quiet) ?? form;
    form.setAttribute("aria-busy", "true");
    try {
      const { page, status, url, ended } = await sent(form, submitter);
      if (ended) { leaving = true; location.assign(url); return; }
      if (status >= 400) { complain(list, said(page)); return; }
      if (!swap(page, form.dataset.quiet)) { leaving = true; location.assign(url); return; }
      const words = page.querySelector("main > .notice.good")?.textContent.trim();
      if (words) say(words);
    } catch { complain(list, unreachable); } finally { form.removeAttribute("aria-busy"); }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    const way = form.dataset.quiet ? flip : form.closest("#panel") && !("plain" in form.dataset) ? send : null;
    if (!way) { leaving = true; return; }
    event.preventDefault();
    /* While another choice is on its way, the form is not yet that of what is chosen. */
    if (form.getAttribute("aria-busy") !== "true" && !form.closest("#panel[aria-busy='true']")) way(form, event.submitter);
  });

  /* <input data-sets="when=later">: what is typed there is chosen by that; another choice empties it. */
  document.addEventListener("input", (event) => {
    const { target } = event;
    for (const field of target.form?.querySelectorAll("[data-sets]") ?? []) {
      const [name, value] = field.dataset.sets.split("=");
      if (target === field && field.value)
        for (const choice of target.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) choice.checked = choice.value === value;
      else if (target.name === name && target.value !== value) field.value = "";
    }
  });

  /* A page that came with its panel, or with something that wants to be seen first. */
  const first = document.querySelector("#panel") ?? document.querySelector("main [data-focus]");
  if (first?.id === "panel") { opener = location.pathname + location.search; focusIn(first); }
  else first?.focus();
}
