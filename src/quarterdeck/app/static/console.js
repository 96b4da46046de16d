// The console's own behaviour: time, live updates, keys, the palette, forms in place. Everything works without it, slower.
(() => {
  const root = document.documentElement;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const kept = { get: (k) => { try { return localStorage.getItem(k); } catch { return null; } }, set: (k, v) => { try { localStorage.setItem(k, v); } catch { /* storage is off */ } } };
  const say = (text) => { const place = $("#say"); if (place) place.textContent = text; };

  /* Time. The server's clock rules; the browser only counts on from it. Same words as app/words.py. */
  const skew = Number(root.dataset.now || Date.now()) - Date.now();
  const now = () => Date.now() + skew;
  let utc = kept.get("qd-utc") === "yes";
  const span = (s) => {
    const m = Math.floor(s / 60), h = Math.floor(s / 3600), d = Math.floor(s / 86400);
    if (s < 60) return `${s} s`;
    if (m < 60) return `${m} min`;
    if (h < 24) return m % 60 ? `${h} h ${m % 60} min` : `${h} h`;
    return d < 14 && h % 24 ? `${d} d ${h % 24} h` : d < 730 ? `${d} d` : `${Math.floor(d / 365)} y`;
  };
  const zone = () => utc ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const shown = (at, form) => new Intl.DateTimeFormat("en-GB", { timeZone: zone(), ...form }).format(at).replace(",", "");
  const DAY = { weekday: "short", day: "numeric", month: "short" }, HOUR = { hour: "2-digit", minute: "2-digit" };
  const dayOf = (at) => shown(at, Math.abs(at - now()) > 300 * 86400000 ? { ...DAY, year: "numeric" } : DAY);
  const write = (el, text) => { if (el.textContent !== text) el.textContent = text; };
  const tick = (from = document) => {
    const moment = now();
    for (const el of $$("time[datetime]", from)) {
      const at = Date.parse(el.getAttribute("datetime")), s = Math.floor(Math.abs(at - moment) / 1000), ahead = at > moment;
      const { ago, clock, due, elapsed } = el.dataset;
      if (ago !== undefined) write(el, s < 5 ? "just now" : ahead ? `in ${span(s)}` : `${span(s)} ago`);
      if (elapsed !== undefined) write(el, span(s));
      if (due !== undefined) { write(el, ahead ? `in ${span(s)}` : `overdue ${span(s)}`); el.classList.toggle("late", !ahead); }
      if (clock !== undefined) {
        const hour = shown(at, { ...HOUR, ...(clock === "s" && { second: "2-digit" }) });
        write(el, clock === "t" || shown(at, DAY) === shown(moment, DAY) ? hour : `${dayOf(at)} ${hour}`);
      }
      el.title = shown(at, { ...DAY, year: "numeric", ...HOUR, second: "2-digit", timeZoneName: "short" });
    }
  };
  /* A story names the day where it changes; which day that is depends on the zone it is read in. */
  const days = (from) => {
    for (const story of from.matches?.(".story") ? [from] : $$(".story", from)) {
      let last = "";
      for (const row of [...story.children]) {
        if (row.matches(".day")) { row.remove(); continue; }
        const time = $("time[datetime]", row), name = time && dayOf(Date.parse(time.getAttribute("datetime")));
        if (!name || name === last) continue;
        const head = document.createElement("li"), word = document.createElement("span");
        head.className = "day"; word.textContent = last = name; head.append(word); row.before(head);
      }
    }
  };
  const nameZone = () => {
    for (const el of $$("[data-zone]")) el.textContent = zone();
    for (const el of $$("[data-utc]")) { el.hidden = !utc && Intl.DateTimeFormat().resolvedOptions().timeZone === "UTC"; el.textContent = utc ? "show local time" : "show UTC"; }
  };
  setInterval(tick, 1000);

  /* Copying a time copies the instant; copying a command copies the command. */
  document.addEventListener("click", async (event) => {
    const from = event.target.closest("[data-copy]");
    if (!from) return;
    try { await navigator.clipboard.writeText(from.dataset.copy); say("Copied."); from.setAttribute("aria-label", "Copied"); } catch { say("Not copied: the browser did not allow it."); }
  });

  /* Swapping: what is typed, focused or unfolded stays; rows that changed are marked for a moment. */
  const words = (row) => { const copy = row.cloneNode(true); $$("time, [data-still]", copy).forEach((el) => el.remove()); return copy.textContent.replace(/\s+/g, " "); };
  const look = (from) => new Map($$("[data-row]", from).map((row) => [row.dataset.row, words(row)]));
  /* The version that an author began from (data-seen) stays for as long as there is unsaved text of theirs. */
  const unsaved = (form) => [...(form?.elements ?? [])].some((el) => el.type !== "hidden" && el.defaultValue !== undefined && el.value !== el.defaultValue);
  const begun = (from) => $$("[data-seen]", from).filter((el) => unsaved(el.form)).map((el) => [el.id, el.value]);
  const morph = async (target, text, select, anew = false) => {
    const before = look(target), id = target.id, from = anew ? [] : begun(target);
    await htmx.swap({ target, text, swap: "outerMorph", select, sourceElement: target, transition: false });
    for (const [seen, value] of from) { const el = document.getElementById(seen); if (el) el.value = value; }
    const after = (id && document.getElementById(id)) || target;
    for (const row of $$("[data-row]", after)) {
      if (before.get(row.dataset.row) === words(row)) continue;
      row.setAttribute("data-changed", "");
      setTimeout(() => row.removeAttribute("data-changed"), 4000);
    }
    tick(after); days(after);
    return after;
  };
  const refresh = async (el) => {
    if (el.dataset.asking) { el.dataset.again = "yes"; return; }
    el.dataset.asking = "yes";
    try {
      const answer = await fetch(el.dataset.src, { headers: { "HX-Request": "true", Accept: "text/html" } });
      if (answer.ok && !answer.redirected) await morph(el, await answer.text(), el.id ? `#${CSS.escape(el.id)}` : undefined);
    } catch { /* the connection state says it; the next change asks again */ }
    const place = el.isConnected ? el : el.id && document.getElementById(el.id);
    if (!place) return;
    delete place.dataset.asking;
    if (place.dataset.again) { delete place.dataset.again; refresh(place); }
  };

  /* Live: the server names the streams that moved; the places that show them ask for themselves anew. */
  const light = (state, text) => { for (const el of $$("[data-live-state]")) { el.dataset.state = state; write(el.firstElementChild, text); } };
  const moved = (streams) => { for (const el of $$("[data-live][data-src]")) if (el.dataset.live.split(/\s+/).some((name) => streams.includes(name) || (name.endsWith("/*") && streams.some((s) => s.startsWith(name.slice(0, -1)))))) refresh(el); };
  const listen = () => {
    const live = new EventSource("/live");
    live.onopen = () => light("live", "live");
    live.onerror = () => { light("reconnecting", "reconnecting…"); if (live.readyState === EventSource.CLOSED) setTimeout(listen, 5000); };
    live.addEventListener("changed", (event) => moved(JSON.parse(event.data)));
    live.addEventListener("missed", () => $$("[data-live][data-src]").forEach(refresh));
    live.addEventListener("alarm", (event) => {
      const { number, title, severity, drill } = JSON.parse(event.data);
      if (location.pathname === `/incidents/${number}`) return;
      const bar = document.createElement("div"), link = document.createElement("a"), close = document.createElement("button");
      bar.className = "alarm"; bar.append(`${drill ? "DRILL " : ""}${severity}: ${title}`, link, close);
      link.href = `/incidents/${number}`; link.textContent = `Open incident ${number}`;
      close.type = "button"; close.textContent = "Dismiss"; close.onclick = () => bar.remove();
      $("#alarms").append(bar);
    });
    addEventListener("pagehide", () => live.close(), { once: true });
  };

  /* Forms in place: sent without leaving the page, so nothing typed elsewhere is lost; errors say what was kept. */
  const flash = (text, kind, errors = []) => {
    const place = $("#flashes"), box = document.createElement("div"), body = document.createElement("div"), close = document.createElement("button");
    box.className = `flash ${kind}`; box.setAttribute("role", kind === "bad" ? "alert" : "status");
    body.textContent = text; close.type = "button"; close.textContent = "✕"; close.setAttribute("aria-label", "Dismiss"); close.onclick = () => box.remove();
    if (errors.length) { const list = document.createElement("ul"); for (const error of errors) list.append(Object.assign(document.createElement("li"), { textContent: error })); body.append(list); }
    box.append(body, close); place.replaceChildren(box);
    if (kind !== "bad") setTimeout(() => box.remove(), 6000);
  };
  const problem = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html"), place = $("[data-detail]", page);
    return { detail: place && $("p", place)?.textContent, errors: place ? $$("ul li", place).map((li) => li.textContent) : [] };
  };
  /* Who works by keys goes on where they were: at the fold that closed, or in the part of the page the form stood in. */
  const stay = (fold, part) => {
    if (document.activeElement !== document.body && visible(document.activeElement)) return;
    const place = [fold && $("summary", fold), part, $("#main")].find((el) => el?.isConnected && visible(el));
    if (!place.matches("summary")) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target, pressed = event.submitter;
    if (form.method !== "post" || form.dataset.plain !== undefined || !$("#main")?.contains(form)) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes"; pressed?.setAttribute("aria-busy", "true");
    const face = pressed && ($("span", pressed) || pressed), label = face?.textContent;
    if (face) face.textContent = "Sending…";
    let rest = () => { delete form.dataset.sent; pressed?.removeAttribute("aria-busy"); if (face) face.textContent = label; };
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, pressed)), headers: { Accept: "text/html" } });
      const text = await answer.text(), here = new URL(answer.url).pathname === location.pathname;
      if (!answer.ok && $("#main [data-instead]", new DOMParser().parseFromString(text, "text/html"))) { rest(); rest = () => {}; await morph($("#main"), text, "#main", true); $("#main").focus(); return; }
      if (!answer.ok) { const { detail, errors } = problem(text); flash(`Not saved. ${detail || "The server refused it."} Your text is still here.`, "bad", errors); return; }
      if (!here) { location.assign(answer.url); return; }
      rest(); rest = () => {};
      if (answer.redirected) form.reset();
      const onward = form.dataset.onward, deed = form.getAttribute("action"), fold = form.closest("details"), part = form.closest("section[id], [data-row]");
      form.closest("details.fold")?.removeAttribute("open");
      await morph($("#main"), text, "#main");
      // The button may have become another one: whoever presses Enter twice has not asked for that.
      if (document.activeElement?.form === form && form.getAttribute("action") !== deed) document.activeElement.blur();
      if (onward && $(onward)) { scrollTo({ top: 0 }); $(onward).tabIndex = -1; $(onward).focus({ preventScroll: true }); } else stay(fold, part);
      say("Saved.");
    } catch { flash("Not saved: the server cannot be reached. Your text is still here.", "bad"); } finally { rest(); }
  });

  /* Dialogs and the palette. */
  const visible = (el) => el.checkVisibility?.({ visibilityProperty: true }) ?? el.offsetParent !== null;
  const name = (el) => (el.getAttribute("aria-label") || el.querySelector("span")?.textContent || el.textContent).trim();
  const open = (id) => { const dialog = document.getElementById(id); if (!dialog || dialog.open) return; dialog.showModal(); if (id === "palette") { const box = $("input", dialog); box.value = ""; box.focus(); offer(""); } };
  const doables = () => $$("[data-key]").filter((el) => !el.closest("dialog") && (visible(el) || el.closest("nav")) && !el.matches("[data-opens], [disabled]"));
  const offer = async (query) => {
    const found = $("#palette-found"), low = query.trim().toLowerCase(), rows = [];
    for (const el of doables()) {
      const text = name(el);
      if (!text || !text.toLowerCase().includes(low)) continue;
      const row = document.createElement("button"), note = document.createElement("span");
      row.type = "button"; row.role = "option"; row.textContent = el.closest("nav") ? `Go to ${text}` : text;
      note.className = "note"; note.textContent = el.dataset.key; row.append(note);
      row.onclick = () => { $("#palette").close(); press(el); };
      rows.push(row);
    }
    found.replaceChildren(...rows);
    choose(0);
    if (low.length < 2) return;
    try {
      const answer = await fetch(`/search?q=${encodeURIComponent(query)}`, { headers: { "HX-Request": "true", Accept: "text/html" } });
      if (!answer.ok || $("#palette-q").value !== query) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      found.replaceChildren(...$$("[role=option], h3, p", page.body), ...rows);
      choose(0);
    } catch { /* what can be done here is offered still */ }
  };
  const options = () => $$("#palette-found [role=option]");
  const choose = (index) => options().forEach((row, i, all) => { const on = i === (index + all.length) % all.length; row.id = `found-${i}`; row.tabIndex = -1; row.setAttribute("aria-selected", on); if (on) { row.scrollIntoView({ block: "nearest" }); $("#palette-q").setAttribute("aria-activedescendant", row.id); } });
  let typing;
  document.addEventListener("input", (event) => { if (event.target.id === "palette-q") { clearTimeout(typing); typing = setTimeout(() => offer(event.target.value), 80); } });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener && document.getElementById(opener.dataset.opens)) { event.preventDefault(); open(opener.dataset.opens); }
    if (event.target.matches("dialog") || event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("focusin", (event) => { for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false; });

  /* Keys. A key presses a button that is on the screen; they can be switched off. */
  const press = (el) => { if (el.matches("textarea, input:not([type=checkbox]), select")) { el.closest("details")?.setAttribute("open", ""); el.focus(); } else { el.click(); if (el.matches("summary")) $("input:not([type=hidden]), select, textarea, button", el.parentElement)?.focus(); } };
  const step = (by) => {
    const rows = $$("[data-row]").filter((row) => visible(row) && $("a[href], button", row)), at = rows.findIndex((row) => row.hasAttribute("data-here"));
    if (!rows.length) return;
    rows[at]?.removeAttribute("data-here");
    const row = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by))];
    row.setAttribute("data-here", "");
    ($("a.cover", row) || $("a[href], button", row)).focus();
    row.scrollIntoView({ block: "nearest" });
  };
  let lead = "", leading;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open("palette"); return; }
    if (event.target.id === "palette-q") {
      const at = options().findIndex((row) => row.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(at + (event.key === "ArrowDown" ? 1 : -1)); }
      if (event.key === "Enter" && at >= 0) { event.preventDefault(); options()[at].click(); }
      return;
    }
    if (event.key === "Escape") for (const menu of $$("details.menu[open]")) { menu.open = false; $("summary", menu).focus(); }
    const typingHere = event.target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (typingHere && event.key === "Escape") event.target.blur();
    if (typingHere || event.ctrlKey || event.metaKey || event.altKey || root.dataset.keys === "off" || $("dialog[open]")) return;
    if (event.key === "j" || event.key === "k") { step(event.key === "j" ? 1 : -1); return; }
    const key = lead ? `${lead} ${event.key}` : event.key;
    const el = $$(`[data-key="${CSS.escape(key)}"]`).find((found) => visible(found) || found.closest("nav"));
    lead = "";
    if (el) { event.preventDefault(); press(el); return; }
    if ($(`[data-key^="${CSS.escape(event.key)} "]`)) { lead = event.key; clearTimeout(leading); leading = setTimeout(() => { lead = ""; }, 1200); }
  });

  /* Choices kept in this browser. */
  const paint = () => { for (const el of $$("[data-theme-set]")) el.setAttribute("aria-pressed", String((kept.get("qd-theme") || "system") === el.dataset.themeSet)); };
  document.addEventListener("click", (event) => {
    const theme = event.target.closest("[data-theme-set]")?.dataset.themeSet;
    if (theme) { kept.set("qd-theme", theme); if (theme === "system") delete root.dataset.theme; else root.dataset.theme = theme; paint(); }
    if (event.target.closest("[data-utc]")) { utc = !utc; kept.set("qd-utc", utc ? "yes" : "no"); nameZone(); tick(); days(document); }
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys-switch]")) return;
    if (event.target.checked) delete root.dataset.keys; else root.dataset.keys = "off";
    kept.set("qd-keys", event.target.checked ? "on" : "off");
    for (const box of $$("[data-keys-switch]")) box.checked = event.target.checked;
  });

  for (const box of $$("[data-keys-switch]")) box.checked = root.dataset.keys !== "off";
  paint(); nameZone(); tick(); days(document);
  if ($("[data-live-state]")) listen();
})();
