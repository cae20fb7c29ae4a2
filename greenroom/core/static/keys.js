// The command palette and the keys. Without this file the rail's line leads to a search page that does the same.
(() => {
  const byId = (id) => document.getElementById(id);
  const palette = byId("palette");
  const keys = byId("keys");
  if (!palette) return; // a page without a rail
  const input = byId("palette-q");
  const found = byId("palette-found");
  const options = () => [...found.querySelectorAll("[role=option]")];
  const chosen = () => found.querySelector("[aria-selected=true]");

  function open() {
    if (palette.open) return;
    keys.close();
    input.value = "";
    found.replaceChildren();
    palette.showModal();
    input.focus();
    htmx.trigger(input, "fill");
  }

  // The focus stays in the field; the field says which option is chosen.
  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function go(inNewTab) {
    const option = chosen();
    if (option?.href && inNewTab) window.open(option.href, "_blank", "noopener");
    else option?.click();
  }

  // Who types faster than the answer comes means the answer to all of it.
  let waiting;
  const isAnswered = () => found.querySelector("[data-asked]")?.dataset.asked === input.value.trim();

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== found) return;
    byId("palette-said").textContent = found.querySelector("[data-asked]").textContent;
    input.setAttribute("aria-expanded", options().length > 0);
    choose(options()[0]);
    if (waiting && isAnswered()) go(waiting.inNewTab);
    waiting = undefined;
  });

  input.addEventListener("keydown", (event) => {
    const all = options();
    const place = all.indexOf(chosen());
    const moves = { ArrowDown: place + 1, ArrowUp: place - 1 };
    if (event.key in moves && all.length) {
      event.preventDefault();
      choose(all[(moves[event.key] + all.length) % all.length]);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      const inNewTab = event.ctrlKey || event.metaKey;
      if (isAnswered()) go(inNewTab);
      else waiting = { inNewTab };
    }
  });
  found.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && !event.ctrlKey && !event.metaKey && !event.shiftKey) palette.close();
  });
  found.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== chosen()) choose(option);
  });

  // Keys without Ctrl can be switched off: who dictates types by accident.
  const toggle = byId("keys-on");
  toggle.checked = localStorage.getItem("keys") !== "off";
  toggle.addEventListener("change", () => localStorage.setItem("keys", toggle.checked ? "on" : "off"));

  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  function walk(step) {
    const rows = [...document.querySelectorAll("main tbody tr")].filter((row) => row.querySelector("a[href]"));
    const here = rows.indexOf(document.activeElement.closest("tr"));
    const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
    (rows[next]?.querySelector("th a[href]") ?? rows[next]?.querySelector("a[href]"))?.focus();
  }
  function search() {
    const field = document.querySelector("main input[type=search]");
    if (field) field.focus();
    else open();
  }
  const single = { "/": search, "?": () => keys.open || keys.showModal(), j: () => walk(1), k: () => walk(-1) };

  let before = "";
  let since = 0;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
      return;
    }
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target);
    if (busy || !toggle.checked || palette.open) return;
    const line = before && event.timeStamp - since < 1200 && document.querySelector(`[data-keys="${before} ${CSS.escape(event.key)}"]`);
    before = "";
    if (line) {
      event.preventDefault();
      line.click();
    } else if (event.key === "g") {
      before = "g";
      since = event.timeStamp;
    } else if (single[event.key] && (!keys.open || event.key === "?")) {
      event.preventDefault();
      single[event.key]();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]")) return;
    event.preventDefault();
    byId("rail").hidePopover();
    open();
  });
})();
