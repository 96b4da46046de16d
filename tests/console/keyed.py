"""What somebody who has only keys meets on a page: what they cannot reach, cannot see, or cannot leave."""

from playwright.sync_api import Page

MOST = 300
"""Stops of Tab on one page; more are a trap."""


def unreachable(page: Page) -> list[str]:
    """Everything on a page that keys cannot reach or show, folds opened: read in one go, the focus on each in turn.

    The first Tab leads to the link past the frame, unless the page begins in a field. Since the last thing pressed was
    a key, a focus that is set afterwards is shown as one that came by key.
    """
    page.keyboard.press("Tab")
    return list(page.evaluate(ON_PAGE + UNREACHABLE))


def walk(page: Page) -> list[str]:
    """Tab pressed from the top until the page is left: every stop, in the order of the page, each in sight."""
    page.evaluate(ON_PAGE + START)
    faults: list[str] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        met = page.evaluate(ON_PAGE + STOP)
        if met is None:
            return [*faults, *page.evaluate(ON_PAGE + LEFT_OUT)]
        if met:
            faults.append(met)
    return [*faults, "Tab never leaves the page"]


def folds(page: Page) -> list[str]:
    """Every fold and menu opens by Enter and closes by Space; a menu closes by Escape, and when the focus goes on."""
    faults = []
    for at in range(page.evaluate(ON_PAGE + "(window.folds = stops().filter((el) => el.matches('summary'))).length")):
        fold = f"window.folds[{at}]"
        if not page.evaluate(
            f"{fold}.isConnected && seen({fold}) && ({fold}.parentElement.open = false, {fold}.focus(), true)"
        ):
            continue
        seen = []
        menu = page.evaluate(f"{fold}.parentElement.matches('.menu')")
        for key in ("Enter", "Escape", "Enter", "Shift+Tab") if menu else ("Enter", "Space"):
            page.keyboard.press(key)
            seen.append(page.evaluate(f"{fold}.parentElement.open"))
        if seen != ([True, False, True, False] if menu else [True, False]):
            faults.append(f"{seen}: " + page.evaluate(f"{fold}.outerHTML.slice(0, 140)"))
    return faults


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until the focus is on what is called so, by its words or its id; it is in sight at every stop."""
    for _ in range(most):
        page.keyboard.press("Tab")
        fault = page.evaluate(SEEN)
        assert not fault, fault
        if page.evaluate("document.activeElement.id") == name or named(page).startswith(name):
            return
    raise AssertionError(f"{most} tabs, and no “{name}”")


def named(page: Page) -> str:
    """The words on what has the focus."""
    return str(page.evaluate("(document.activeElement.innerText || '').trim()"))


SEEN = """() => {
  const el = document.activeElement, box = el.getBoundingClientRect(), style = getComputedStyle(el);
  if (el === document.body) return 'nothing has the focus';
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  const inside = el.closest('.palette');
  if (!ring && !inside) return 'no ring: ' + el.outerHTML.slice(0, 120);
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 12));
  const bar = top && top.closest('.top, .deckbar');
  return bar && !bar.contains(el) ? 'under the bar: ' + el.outerHTML.slice(0, 120) : '';
}"""
ON_PAGE = """(() => {
  window.said = (el) => el.outerHTML.replace(/\\s+/g, ' ').slice(0, 140);
  window.seen = (el) => el.checkVisibility({visibilityProperty: true}) && !el.closest('dialog:not([open])');
  window.stops = () => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [contenteditable], [tabindex]'
  )].filter((el) => seen(el) && !el.disabled && el.tabIndex >= 0);
})();
"""
"""`stops()`: what Tab should stop at, in the order of the page."""
UNREACHABLE = """(() => {
  const place = (el) => el.getClientRects()[0] || el.getBoundingClientRect();
  const lies = (el) => getComputedStyle(el).position === 'static';
  const fixed = (el) => el && el.id !== 'main' && (!lies(el) || fixed(el.parentElement));
  const faults = [], skip = document.querySelector('.skip');
  if (skip && document.activeElement !== skip && !document.querySelector('[autofocus]'))
    faults.push('the first Tab leads past the way past: ' + said(document.activeElement));
  if (skip && !document.querySelector(skip.hash)?.hasAttribute('tabindex')) faults.push('the way past leads nowhere');
  const inside = stops().filter((el) => el.closest('#main') && !fixed(el));
  inside.slice(1).forEach((el, i) => {
    const from = place(inside[i]), to = place(el), level = Math.abs(from.top - to.top) < 4;
    const up = to.bottom < from.top - 4 && to.left < from.right - 4;
    if (up || (level && to.left < from.left - 4)) faults.push('goes back: ' + said(el));
  });
  for (const fold of document.querySelectorAll('details')) fold.open = true;
  const all = stops();
  for (const el of document.querySelectorAll(
    'a, button, input:not([type=hidden]), select, textarea, summary, [onclick], [role=button], [role=link]'
  )) if (seen(el) && !el.disabled && !el.ariaHidden && !all.includes(el)) faults.push('not for keys: ' + said(el));
  for (const el of document.querySelectorAll('body *')) {
    const wide = el.scrollWidth > el.clientWidth + 1, high = el.scrollHeight > el.clientHeight + 1;
    if ((!wide && !high) || el.matches('textarea, select') || !seen(el)) continue;
    const style = getComputedStyle(el), moves = (how) => how === 'auto' || how === 'scroll';
    const moved = (wide && moves(style.overflowX)) || (high && moves(style.overflowY));
    if (moved && !all.some((one) => el.contains(one))) faults.push('scrolled by hand only: ' + said(el));
  }
  const look = (el) => {
    const style = getComputedStyle(el), clear = style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 1;
    return clear ? style.boxShadow : style.outline + style.boxShadow;
  };
  for (const el of all) {
    if (el.tabIndex > 0) faults.push('out of order: ' + said(el));
    document.activeElement.blur();
    el.closest('details.menu')?.setAttribute('open', '');  // it closed when the focus left it
    const before = look(el);
    el.focus({preventScroll: true});
    if (document.activeElement !== el) faults.push('takes no focus: ' + said(el));
    else if (look(el) === before) faults.push('no ring: ' + said(el));
  }
  return faults;
})()"""
START = """(() => {
  document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex');
  scrollTo(0, 0);
  window.met = [];
})()"""
STOP = """(() => {
  const el = document.activeElement, box = el.getClientRects()[0] || el.getBoundingClientRect();
  if (el === document.body || (met.length > 1 && el === met[0])) return null;
  if (met.at(-1) !== el && met.includes(el)) return 'again: ' + said(el);
  if (met.at(-1) !== el) met.push(el);
  const away = box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth;
  if (away) return 'out of sight: ' + said(el);
  const x = Math.max(0, box.left) + Math.min(box.width, innerWidth) / 2;
  const y = Math.max(0, box.top) + Math.min(box.height / 2, 12);
  const top = document.elementFromPoint(Math.min(x, innerWidth - 1), Math.min(y, innerHeight - 1));
  if (!top || el.contains(top) || top.contains(el) || el.closest('label')?.contains(top)) return '';
  return top.closest('.top, .deckbar, .nav, .sheet, .save') ? 'covered: ' + said(el) : '';
})()"""
"""`null` where the page is left; a field of a date has several stops, which are one."""
LEFT_OUT = """(() => {
  const all = stops(), order = met.map((el) => all.indexOf(el)).filter((at) => at >= 0), faults = [];
  order.forEach((at, i) => { if (i && at < order[i - 1]) faults.push('out of order: ' + said(all[at])); });
  const chosen = (el) => el.type === 'radio' && met.some((one) => one.name === el.name && one.form === el.form);
  const begins = document.querySelector('[autofocus]') ? order[0] : 0;
  const missed = all.filter((el, at) => at >= begins && !met.includes(el) && !chosen(el));
  return [...faults, ...missed.map((el) => 'left out by Tab: ' + said(el))];
})()"""
