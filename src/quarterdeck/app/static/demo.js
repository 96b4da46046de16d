// The demo tells its story while it happens: both halves are asked for twice a second and replaced only when they changed.
"use strict";
const seen = new Map();
const without = (html) => html.replace(/\d\d:\d\d/, "");
async function look(part) {
  const answer = await fetch(part.dataset.demo, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const html = await answer.text();
  if (without(html) === seen.get(part)) return;
  const first = !seen.has(part);
  seen.set(part, without(html));
  if (first && part.dataset.demo.endsWith("phone")) return;
  part.innerHTML = html;
  if (window.htmx) window.htmx.process(part);
}
for (const part of document.querySelectorAll("[data-demo]")) setInterval(() => look(part).catch(() => {}), 500);
