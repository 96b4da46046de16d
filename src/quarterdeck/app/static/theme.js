// Runs before the first paint: the theme chosen here, or the system's; a phone page is dark at night.
(() => {
  const root = document.documentElement;
  const night = () => { const hour = new Date().getHours(); return hour >= 21 || hour < 7; };
  let choice = "system";
  try { choice = localStorage.getItem("qd-theme") || "system"; } catch { /* storage is off: follow the system */ }
  if (choice === "light" || choice === "dark") root.dataset.theme = choice;
  else if ("night" in root.dataset && night()) root.dataset.theme = "dark";
  try { if (localStorage.getItem("qd-keys") === "off") root.dataset.keys = "off"; } catch { /* the same */ }
})();
