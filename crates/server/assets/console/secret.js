/* A secret that is shown once: masked, shown, copied, and gone when the page is left. It is kept in no storage,
   in no address and in no history; while this page stands, in one variable. */
{
  const MASK = "•".repeat(24);
  /* Whether the clipboard said so; nothing is called copied that is not. */
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { return false; }
  };
  /* Within double quotes of a shell. */
  const quoted = (text) => text.replace(/[\\"$`!]/g, (c) => (c === "!" ? "\"'!'\"" : "\\" + c));
  const line = (name, text) => (/^[\w.:+/=@-]+$/.test(text) ? `${name}=${text}` : `${name}='${text.replaceAll("'", "'\\''")}'`);

  const begin = (root) => {
    const page = root.querySelector?.("[data-secret-page]:not([data-begun])");
    if (!page) return;
    page.dataset.begun = "";
    const at = page.querySelector("[data-secret-text]");
    const said = page.querySelector("[data-secret-said]");
    const show = page.querySelector("[data-secret-show]");
    const done = page.querySelector("[data-stored]");
    const stored = page.querySelector("#stored");
    const curl = page.querySelector("[data-secret-curl]")?.textContent ?? "";
    const env = page.querySelector("[data-secret-env]")?.dataset.secretEnv ?? "API_KEY";
    const called = page.querySelector("#secret-label")?.textContent ?? "key";
    let secret = at.textContent.trim();
    let guarded = page.hasAttribute("data-guard");
    let leaving = false;
    at.textContent = MASK;

    const set = (shown) => {
      at.textContent = shown ? secret : MASK;
      show.setAttribute("aria-pressed", String(shown));
      show.setAttribute("aria-label", `${shown ? "Hide" : "Show"} the ${called}`);
      show.querySelector("span").textContent = shown ? "Hide" : "Show";
    };
    for (const hidden of page.querySelectorAll("[data-secret-show],[data-secret-copy],[data-secret-more]")) hidden.hidden = false;
    show.addEventListener("click", () => set(show.getAttribute("aria-pressed") !== "true"));
    const as = {
      text: () => secret,
      curl: () => curl.replaceAll("$" + env, () => quoted(secret)),
      env: () => line(env, secret),
    };
    const words = { text: `The ${called} is copied.`, curl: "Copied as a call of curl.", env: "Copied as a line of .env." };
    page.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-secret-copy]");
      if (!button) return;
      if (await copy(as[button.dataset.secretCopy]())) {
        said.textContent = words[button.dataset.secretCopy];
        return;
      }
      set(true);
      getSelection().selectAllChildren(at);
      said.textContent = "The browser did not let us copy. It is shown and marked above: press Ctrl+C, or Cmd+C on a Mac.";
    });

    /* What goes on needs the tick; leaving without it asks. */
    const needs = page.querySelectorAll("[data-needs-stored]");
    const tick = () => { for (const button of needs) button.disabled = !stored.checked; };
    if (stored) {
      stored.checked = false;
      stored.addEventListener("change", tick);
      tick();
    }
    done?.addEventListener("submit", () => { leaving = true; });
    window.addEventListener("beforeunload", (event) => {
      if (guarded && !leaving) event.preventDefault();
    });
    window.addEventListener("pagehide", () => {
      secret = "";
      guarded = false;
      page.replaceChildren("The page was left, and what it showed is gone.");
    });
  };
  begin(document);
  document.addEventListener("swapped", () => begin(document));

  /* <button data-copy-from="#id">: the text of that part. */
  const offer = () => {
    for (const button of document.querySelectorAll("[data-copy-from][hidden]")) button.hidden = false;
  };
  offer();
  document.addEventListener("swapped", offer);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy-from]");
    const from = button && document.querySelector(button.dataset.copyFrom);
    if (!from) return;
    if (await copy(from.value ?? from.textContent.trim())) {
      window.keyward.say("Copied.");
      return;
    }
    getSelection().selectAllChildren(from);
    window.keyward.say("The browser did not let us copy. The text is marked: press Ctrl+C, or Cmd+C on a Mac.");
  });

  /* "First request seen": asked for while somebody waits, ten minutes at most. */
  const wait = async (at) => {
    at.dataset.waits = "";
    const words = at.querySelector("span");
    const none = words.textContent;
    words.textContent = `${none} The first one shows here within about a minute.`;
    for (let turn = 0; turn < 150 && at.isConnected; turn++) {
      await new Promise((next) => { window.setTimeout(next, turn < 30 ? 2000 : 5000); });
      try {
        const answer = await fetch(at.dataset.seen, { credentials: "same-origin", redirect: "error" });
        if (!answer.ok) break;
        const text = await answer.text();
        if (text === "") continue;
        words.textContent = text;
        at.classList.add("is-seen");
        at.querySelector("use")?.setAttribute("href", "#i-check");
        return;
      } catch { break; }
    }
    words.textContent = none;
  };
  const watch = () => { for (const at of document.querySelectorAll("[data-seen]:not([data-waits])")) wait(at); };
  watch();
  document.addEventListener("swapped", watch);
}
