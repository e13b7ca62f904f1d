/* The keyboard map. Everything it does can be done without it: it moves the focus and
   presses what is on the page already. What a key means stands in the markup:
   data-row, data-open, data-select, data-judge, data-key; data-key-own: this key has a meaning of
   its own on this page. */
(() => {
  "use strict";

  const SWITCH = "tipline.keys";
  const SECOND_KEY_MS = 1500;
  const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
  const dialog = document.getElementById("keys");
  let first = "";
  let timer = 0;
  let before = null;
  let awaited = "";

  /* What is folded away may have a place on the page and still take no focus. */
  const visible = (node) => node.getClientRects().length > 0 && node.checkVisibility?.() !== false && !node.disabled;
  /* A folded navigation is no part of what one works on: its keys lead there all the same. */
  const folded = (node) => node.matches(".nav-more details:not([open]) a");
  const all = (selector, root = document) => [...root.querySelectorAll(selector)].filter((node) => visible(node) || folded(node));
  const rows = () => all("[data-row]");
  const currentRow = () => document.querySelector("[data-row][aria-current=true]");
  const keysAreOn = () => { try { return localStorage.getItem(SWITCH) !== "off"; } catch { return true; } };

  function makeCurrent(row) {
    const old = currentRow();
    if (old === row) return;
    if (old) old.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    row.dispatchEvent(new CustomEvent("look:row", { bubbles: true }));
  }

  function step(by) {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(currentRow());
    const next = list[at < 0 ? 0 : Math.min(Math.max(at + by, 0), list.length - 1)];
    (next.querySelector("[data-open]") || next).focus();
    makeCurrent(next);
  }

  /* The current row's own button comes first, then the pane's, then the page's. Of several parts
     that are folded the next one that is folded still. */
  function holder(keys, root = null) {
    const selector = `[data-key="${CSS.escape(keys)}"]`;
    const places = root ? [root] : [currentRow(), document.getElementById("pane"), document];
    for (const place of places) {
      const found = place ? all(selector, place) : [];
      if (found.length) return found.find((node) => !node.matches("details[open]")) || found[0];
    }
    return null;
  }

  /* While the pane still shows the row before, its keys would act on that one: they wait. */
  function isBehind(node) {
    const shown = node.closest("#pane")?.querySelector("[data-pane-of]");
    return Boolean(shown && currentRow() && shown.dataset.paneOf !== currentRow().id);
  }

  /* What answers to an earlier key has not come yet: a form that is replaced now answers nowhere. */
  const isBusy = (node) => Boolean(node.closest("#pane")?.querySelector(".htmx-request"));

  function awaitPane(key) {
    awaited = key;
    currentRow().dispatchEvent(new CustomEvent("look:row", { bubbles: true }));
  }

  function pressAwaited() {
    const key = awaited;
    awaited = "";
    if (key) handle(key);
  }

  function press(node) {
    if (node.matches("details")) { node.open = true; (node.querySelector("[data-first-field]") || node.querySelector("summary")).focus(); return; }
    const field = node.matches(TYPING) ? node : node.querySelector(TYPING);
    if (field) { field.focus(); if (field.select) field.select(); return; }
    node.click();
  }

  function judge() {
    const next = all("[data-judge]:not([data-judged])");
    const at = next.indexOf(document.activeElement.closest("[data-judge]"));
    const group = next[(at + 1) % (next.length || 1)];
    if (group) group.focus();
  }

  const fixed = {
    j: () => step(1),
    k: () => step(-1),
    m: judge,
    "?": () => showKeys(),
    x: () => { const box = currentRow()?.querySelector("[data-select]"); if (box) box.click(); },
    Enter: () => { if (document.activeElement === document.body) currentRow()?.querySelector("[data-open]")?.click(); },
  };

  function handle(key) {
    const group = document.activeElement.closest("[data-judge]");
    const found = (group && holder(key, group)) || holder(key);
    const needsGroup = "yns".includes(key) && found?.closest("[data-judge]") && !group;
    if (found && !needsGroup) { if (isBusy(found)) awaited = key; else if (isBehind(found)) awaitPane(key); else press(found); return true; }
    if (fixed[key]) { fixed[key](); return key !== "Enter"; }
    return false;
  }

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const typing = event.target.closest?.(TYPING);
    if (event.key === "Escape") { if (typing) { typing.blur(); (currentRow()?.querySelector("[data-open]") || document.body).focus(); } return; }
    if (typing || dialog?.open || (!keysAreOn() && event.key !== "?")) return;
    awaited = "";
    const two = first ? `${first} ${event.key}` : "";
    forget();
    if (two && handle(two)) { event.preventDefault(); return; }
    if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) { wait(event.key); event.preventDefault(); return; }
    if (handle(event.key)) event.preventDefault();
  }

  /* A link that is drawn and announced as a button answers to the space bar as one. */
  function onSpace(event) {
    const link = event.key === " " && event.target.closest?.("a[role=button]");
    if (link) { event.preventDefault(); link.click(); }
  }

  function wait(key) { first = key; timer = setTimeout(forget, SECOND_KEY_MS); }
  function forget() { first = ""; clearTimeout(timer); }

  /* The dialog shows only what is on this page. */
  function showKeys() {
    if (!dialog || dialog.open) return;
    const there = {
      rows: rows().length > 0,
      select: all("[data-select]").length > 0,
      judge: all("[data-judge]").length > 0,
    };
    for (const line of dialog.querySelectorAll("[data-for]")) line.hidden = !there[line.dataset.for];
    for (const line of dialog.querySelectorAll("[data-for-key]")) {
      const there = holder(line.dataset.forKey);
      line.hidden = !there || "keyOwn" in there.dataset; // what it means on this page only is told below
    }
    addOthers(dialog.querySelector("dl"));
    dialog.querySelector("[data-keys-on]").checked = keysAreOn();
    before = document.activeElement;
    dialog.showModal();
    dialog.querySelector("[data-first]").focus();
  }

  function addOthers(list) {
    for (const line of list.querySelectorAll("[data-other]")) line.remove();
    const known = new Set([...list.querySelectorAll("[data-for-key]:not([hidden])")].map((line) => line.dataset.forKey));
    for (const node of all("[data-key]")) {
      const { key, keyWords } = node.dataset;
      if (known.has(key) || node.closest("[data-judge]")) continue;
      known.add(key);
      list.append(line(key, wordsOf(node, keyWords)));
    }
  }

  function wordsOf(node, given) {
    const named = given || node.querySelector(":scope > [data-key-words]")?.dataset.keyWords || node.getAttribute("aria-label");
    if (named) return named;
    const copy = node.cloneNode(true);  // the key stands before the words already
    for (const mark of copy.querySelectorAll("kbd, .key")) mark.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  function line(keys, words) {
    const box = document.createElement("div");
    box.dataset.other = "";
    const term = document.createElement("dt");
    for (const key of keys.split(" ")) { const mark = document.createElement("kbd"); mark.textContent = key; term.append(mark, " "); }
    const meaning = document.createElement("dd");
    meaning.textContent = words;
    box.append(term, meaning);
    return box;
  }

  function remember(event) {
    try { if (event.target.checked) localStorage.removeItem(SWITCH); else localStorage.setItem(SWITCH, "off"); } catch { /* private mode: the choice lasts for this page */ }
  }

  /* After a part of the page was replaced, the focus returns to where it was. */
  let place = null;
  function keepPlace() {
    const node = document.activeElement;
    place = { id: node.id, row: node.closest("[data-row]")?.id, key: node.dataset.key, current: currentRow()?.id };
  }
  function returnToPlace() {
    const row = place?.current && document.getElementById(place.current);
    if (row && !currentRow()) row.setAttribute("aria-current", "true");
    if (!place || document.activeElement !== document.body) return;
    const target = (place.id && document.getElementById(place.id))
      || (place.row && document.getElementById(place.row)?.querySelector("[data-open]"))
      || (place.key && holder(place.key)) || row?.querySelector("[data-open]");
    // What was folded again is reached by what unfolds it.
    if (target) (visible(target) ? target : target.closest("details")?.querySelector("summary") || target).focus();
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("keydown", onSpace);
  document.addEventListener("focusin", (event) => { const row = event.target.closest?.("[data-row]"); if (row) makeCurrent(row); });
  document.addEventListener("click", (event) => { awaited = ""; const row = event.target.closest?.("[data-row]"); if (row) makeCurrent(row); });
  document.addEventListener("htmx:beforeSwap", keepPlace);
  document.addEventListener("htmx:afterSettle", () => { returnToPlace(); pressAwaited(); });
  if (dialog) {
    dialog.addEventListener("close", () => { if (before?.isConnected) before.focus(); });
    dialog.querySelector("[data-keys-on]").addEventListener("change", remember);
    for (const opener of document.querySelectorAll("[data-keys-open]")) {
      opener.hidden = !document.querySelector("[data-key], [data-row], [data-judge]");
      opener.addEventListener("click", showKeys);
    }
  }
  document.querySelector("[data-focus]")?.focus();
})();
