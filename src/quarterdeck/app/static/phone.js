// The phone page: times that tick, and an answer that says "sending…" until the server has it.
(() => {
  const skew = Number(document.documentElement.dataset.now || Date.now()) - Date.now();
  const span = (s) => s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min` : `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
  const left = (s) => s < 600 ? `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}` : span(s);
  const tick = () => {
    const now = Date.now() + skew;
    for (const el of document.querySelectorAll("time[datetime]")) {
      const at = Date.parse(el.getAttribute("datetime"));
      const s = Math.floor(Math.abs(at - now) / 1000);
      if (el.hasAttribute("data-ago")) el.textContent = s < 5 ? "just now" : at > now ? `in ${span(s)}` : `${span(s)} ago`;
      if (el.hasAttribute("data-clock")) el.textContent = new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: el.dataset.clock === "s" ? "2-digit" : undefined });
      if (el.hasAttribute("data-due")) { el.textContent = at > now ? `in ${left(s)}` : `overdue ${span(s)}`; el.classList.toggle("late", at <= now); }
    }
  };
  tick();
  setInterval(tick, 1000);
  document.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = "yes";
    if (pressed) { pressed.setAttribute("aria-busy", "true"); (pressed.querySelector("span") || pressed).textContent = "Sending…"; }
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
