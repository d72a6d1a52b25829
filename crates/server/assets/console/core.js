"use strict";
/* What every page has: announcements, the end of the session, filters that answer as one types, menus. All of it
   only makes quick what forms and links do anyhow. */
{
  /* A script of ours by its file, and no other. */
  const address = (file) => (/^[a-z]+-[0-9a-f]+\.js$/.test(file) ? "/console/assets/" + file : "");
  const rules = { createHTML: (text) => text, createScriptURL: address };
  const trusted = window.trustedTypes?.createPolicy("keyward", rules) ?? rules;
  /* A page of our own, read but not run. */
  const parse = (text) => new DOMParser().parseFromString(trusted.createHTML(text), "text/html");
  const say = (text) => {
    const live = document.getElementById("live");
    if (!live) return;
    live.textContent = "";
    window.setTimeout(() => { live.textContent = text; }, 50);
  };
  /* When the session ends, as the newest page said: each request puts that off. */
  const session = { ends: 0, skew: 0, extendable: false };
  const renewed = ({ ends, now, extendable }) => {
    if (!ends) return;
    session.skew = Date.now() - Number(now);
    session.ends = Number(ends) + session.skew;
    session.extendable = extendable === "true";
  };
  /* Fetches a page; resolves to its document and where it came from. Led to the sign-in, the browser goes there; but
     whoever sent a form keeps what they typed, and is told. */
  const load = async (url, options = {}) => {
    const answer = await fetch(url, { credentials: "same-origin", redirect: "follow", ...options });
    const ended = new URL(answer.url).pathname === "/console/sign-in";
    if (ended && options.method !== "POST") {
      window.location.assign(answer.url);
      return new Promise(() => {});
    }
    const page = parse(await answer.text());
    renewed(page.body.dataset);
    return { page, url: answer.url, redirected: answer.redirected, status: answer.status, ended };
  };
  /* Puts the part of this id of another page in the place of ours; focus stays where it was. */
  const swap = (page, id) => {
    const before = document.getElementById(id);
    const after = page.getElementById(id);
    if (!before || !after) return false;
    const held = before.contains(document.activeElement) ? document.activeElement : null;
    before.replaceWith(document.adoptNode(after));
    if (held) {
      const label = held.getAttribute("aria-label");
      const same = held.id ? document.getElementById(held.id)
        : label ? after.querySelector(`${held.localName}[aria-label="${CSS.escape(label)}"]`) : null;
      same?.focus();
    }
    document.dispatchEvent(new CustomEvent("swapped", { detail: after }));
    return true;
  };
  /* Where a form goes. A field may be called "action": then the property is that field. */
  const action = (form) => new URL(form.getAttribute("action") ?? "", window.location.href).href;
  window.keyward = Object.freeze({ say, load, swap, parse, action });

  /* Filters: <form data-live="results" method="get">. */
  let asked = 0;
  const filter = async (form) => {
    /* What does not fit stays out of the address: it may be a secret in the place of an id. */
    if (!form.checkValidity()) return;
    const turn = ++asked;
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value !== "") data.append(name, value);
    const query = data.toString();
    const url = action(form).split("?")[0] + (query ? "?" + query : "");
    const results = document.getElementById(form.dataset.live);
    results?.setAttribute("aria-busy", "true");
    try {
      const { page } = await load(url);
      if (turn !== asked) return;
      if (!swap(page, form.dataset.live)) { window.location.assign(url); return; }
      for (const part of document.querySelectorAll("[data-too]")) if (part !== document.activeElement) swap(page, part.id);
      history.replaceState(null, "", url);
      const count = document.getElementById(form.dataset.live)?.dataset.count;
      if (count) say(count);
    } catch { form.submit(); }
  };
  let timer = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.dataset.live) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => filter(form), event.target.type === "search" ? 250 : 0);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.live || event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    window.clearTimeout(timer);
    filter(event.target);
  });
  for (const apply of document.querySelectorAll("[data-without-script]")) apply.hidden = true;

  /* The way past the menu leaves no trace in the address: coming back to it from a panel would take the focus there. */
  document.querySelector("a.skip")?.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main").focus();
  });

  /* Menus close on Escape and on a click outside. On a narrow screen the navigation starts closed. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });
  const nav = document.querySelector("details[data-nav]");
  if (nav) {
    const narrow = window.matchMedia("(max-width: 60rem)");
    const set = () => { nav.open = !narrow.matches; };
    narrow.addEventListener("change", set);
    set();
  }

  /* The exact instant, in the zone of whoever reads, too. */
  const local = (root) => {
    for (const time of root.querySelectorAll("time[data-exact]:not([data-local])")) {
      time.dataset.local = "";
      const at = new Date(time.getAttribute("datetime"));
      if (Number.isNaN(at.valueOf())) continue;
      const here = at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });
      time.dataset.exact += "\n" + here;
      for (const shown of document.querySelectorAll(`[data-local-of="${time.id}"]`)) shown.textContent = here;
    }
  };
  local(document);
  document.addEventListener("swapped", (event) => local(event.detail.parentNode ?? document));

  /* What few pages need comes when something for it is there: secrets, and what is copied. */
  const later = () => {
    const file = document.body.dataset.later;
    if (!file || document.getElementById("later") || !document.querySelector("[data-secret-page],[data-copy-from],[data-seen],[data-choose],[data-plain],[data-key-form],[data-fault]")) return;
    const script = document.createElement("script");
    Object.assign(script, { id: "later", type: "module", nonce: document.querySelector("script[nonce]").nonce });
    script.src = trusted.createScriptURL(file);
    document.head.append(script);
  };
  later();
  document.addEventListener("swapped", later);

  /* Five minutes before the session ends the page says so. */
  const body = document.body;
  const box = document.getElementById("session-end");
  renewed(body.dataset);
  if (box && session.ends) {
    const words = document.createElement("span");
    const stay = document.createElement("button");
    stay.type = "button";
    stay.textContent = "Stay signed in";
    /* It is an alert: what stands there already is not said again. */
    const tell = (text, extendable) => {
      if (words.textContent !== text) words.textContent = text;
      if (!words.isConnected) box.replaceChildren(words);
      if (!extendable) stay.remove();
      else if (!stay.isConnected) box.append(stay);
      box.hidden = false;
    };
    const look = () => {
      const left = session.ends - Date.now();
      if (left > 300000) { box.hidden = true; return; }
      if (left <= 0) { tell("Your session has ended. Copy what you typed, then sign in again.", false); return; }
      const minutes = Math.max(1, Math.round(left / 60000));
      tell(`Your session ends in ${minutes} ${minutes === 1 ? "minute" : "minutes"}. What you typed stays on the page. `, session.extendable);
    };
    stay.addEventListener("click", async () => {
      try {
        const form = new URLSearchParams({ token: body.dataset.token });
        const answer = await fetch("/console/extend", { method: "POST", body: form, credentials: "same-origin" });
        const [until, more] = (await answer.text()).split(" ");
        if (!answer.ok || answer.redirected || !Number(until)) throw new Error("over");
        session.ends = Number(until) + session.skew;
        session.extendable = more === "true";
        box.hidden = true;
        say("Your session goes on.");
      } catch { session.ends = 0; look(); }
    });
    window.setInterval(look, 5000);
    look();
  }
}
