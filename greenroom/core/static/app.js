// Draws charts, opens what floats, remembers the theme. Every page works without it.
(() => {
  const root = document.documentElement;
  const here = document.currentScript.src;
  const near = (name) => new URL(name, here).href;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Charts: a Vega-Lite spec in data-chart. The bundle is fetched only by a page that has one.
  let bundle, themes;
  const script = (src) =>
    new Promise((resolve, reject) => {
      const tag = Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject });
      document.head.append(tag);
    });
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  // Numbers and days on the axes as the page's language writes them; English is Vega's own.
  function words() {
    const lang = root.lang;
    if (lang === "en") return {};
    const part = (type) => new Intl.NumberFormat(lang).formatToParts(12345.6).find((one) => one.type === type).value;
    const name = (field, style, day) => new Intl.DateTimeFormat(lang, { [field]: style, timeZone: "UTC" }).format(day);
    const months = (style) => [...Array(12).keys()].map((n) => name("month", style, Date.UTC(2026, n, 1)));
    const days = (style) => [...Array(7).keys()].map((n) => name("weekday", style, Date.UTC(2026, 1, 1 + n)));
    return {
      formatLocale: { decimal: part("decimal"), thousands: part("group"), grouping: [3], currency: ["", ""] },
      timeFormatLocale: {
        dateTime: "%A, %e. %B %Y, %X", date: "%d.%m.%Y", time: "%H:%M:%S", periods: ["AM", "PM"],
        days: days("long"), shortDays: days("short"), months: months("long"), shortMonths: months("short"),
      },
    };
  }
  async function draw(within = document) {
    const places = all("[data-chart]", within);
    if (!places.length) return;
    bundle ??= script(near("vega.js"));
    themes ??= fetch(near("vega-theme.json")).then((answer) => answer.json());
    await bundle;
    const config = (await themes)[isDark() ? "dark" : "light"];
    for (const place of places) {
      const spec = { width: "container", ...JSON.parse(place.dataset.chart) };
      place.view?.finalize();
      // ast: the expression interpreter, so that the page needs no eval. No styles are injected: ours has them.
      const drawn = await window.vegaEmbed(place, spec, {
        ...words(), ast: true, actions: false, config, defaultStyle: false, mode: "vega-lite", renderer: "svg",
        tooltip: { disableDefaultStyle: true, theme: "greenroom" },
      });
      place.view = drawn.view;
      place.dataset.drawn = config.background;
    }
  }
  document.addEventListener("DOMContentLoaded", () => draw());

  // On a narrow screen the tabs scroll sideways: begin at the one that is open.
  document.addEventListener("DOMContentLoaded", () => {
    for (const tab of all(".tabs [aria-current]")) {
      const bar = tab.closest(".tabs");
      bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());

  // Theme: the form posts without script; here the page changes in place and the cookie follows.
  const modes = ["system", "light", "dark"];
  function paint(mode) {
    if (mode === "system") delete root.dataset.theme;
    else root.dataset.theme = mode;
    for (const name of all("[data-theme-name]")) name.textContent = name.dataset[mode];
    for (const button of all("[data-theme-form] button")) button.value = modes[(modes.indexOf(mode) + 1) % 3];
    draw();
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-theme-form]")) return;
    event.preventDefault();
    const data = new FormData(event.target, event.submitter);
    fetch(event.target.action, { method: "POST", body: data, redirect: "manual" });
    paint(data.get("theme"));
  });

  // What htmx brings into the popover or the dialog is shown at once.
  let opener;
  document.addEventListener("htmx:beforeRequest", (event) => (opener = event.detail.elt));
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    draw(target);
    if (target.id === "prov") {
      for (const bulb of all(".prov")) bulb.style.anchorName = "";
      opener.style.anchorName = "--prov";
      target.style.positionAnchor = "--prov";
      target.showPopover({ source: opener });
    }
    if (target.id === "dialog" && !target.open) target.showModal();
    if (target.id === "dialog") target.querySelector("[aria-invalid], input:not([type=hidden])")?.focus();
  });
  // A page that could not be fetched is opened instead: its own address says what is wrong.
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.elt.href) location.assign(event.detail.elt.href);
  });

  document.addEventListener("click", (event) => {
    const hit = event.target.closest("[data-dialog], [data-close], [data-close-toast], [data-copy], [data-reveal]");
    if (!hit) return;
    if (hit.dataset.dialog) {
      const dialog = document.getElementById(hit.dataset.dialog);
      if (!dialog) return; // the link leads to the page instead
      event.preventDefault();
      dialog.showModal();
    }
    if (hit.matches("[data-close]")) {
      event.preventDefault();
      hit.closest("dialog").close();
    }
    if (hit.matches("[data-close-toast]")) hit.closest(".toast").remove();
    if (hit.matches("[data-copy]")) copy(hit);
    if (hit.matches("[data-reveal]")) {
      const input = hit.parentElement.querySelector("input");
      input.type = input.type === "password" ? "text" : "password";
      hit.setAttribute("aria-pressed", input.type === "text");
    }
  });

  // One box that ticks all boxes of a name: <input data-tick-all="row">.
  document.addEventListener("change", (event) => {
    const name = event.target.dataset.tickAll;
    if (name) for (const box of all(`[name="${name}"]`)) box.checked = event.target.checked;
  });

  // A number that says how many lines of a list are wanted: <input type="number" data-counts="id of the list">.
  const count = (input) => {
    const wanted = Number(input.value) || Infinity;
    all("li", document.getElementById(input.dataset.counts)).forEach((line, place) => (line.hidden = place >= wanted));
  };
  document.addEventListener("input", (event) => event.target.dataset.counts && count(event.target));
  for (const told of ["DOMContentLoaded", "htmx:afterSwap"])
    document.addEventListener(told, () => all("[data-counts]").forEach(count));

  async function copy(button) {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent.trim());
    toast(document.getElementById("toasts").dataset.copied);
  }
  function toast(text) {
    const line = Object.assign(document.createElement("div"), { className: "toast" });
    line.append(Object.assign(document.createElement("strong"), { textContent: text }));
    document.getElementById("toasts").append(line);
    setTimeout(() => line.remove(), 2500);
  }
})();
