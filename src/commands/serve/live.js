// The script that `brief serve` adds to pages. It keeps a page as its sources are, shows what is wrong
// with them, and opens the editor. No build contains it.
//
// Every page carries the number of the change it was made after (`data-build`) and the mark of its own
// bytes (`data-page`). Each message of the server names the number of the last change and the marks of
// pages that are probably open. A page is fetched again if its mark is another one, or if nothing is
// known of it. So it does not matter which messages a page has missed.
(() => {
  "use strict";

  const tag = document.currentScript;
  const base = tag.dataset.base;
  const token = tag.dataset.token;
  const name = `brief ${base}`;
  let build = tag.dataset.build;
  let mark = tag.dataset.page;

  // Elements that are not the page's: they take no part in a comparison.
  const host = document.createElement("brief-live");
  const leaving = new WeakSet();
  // The address that an element had before it got one that no cache knows.
  const addresses = new WeakMap();

  const isOwn = (node) => node === host || leaving.has(node);
  const isScript = (node) => node.nodeName === "SCRIPT" && (node.getAttribute("src") ?? "").endsWith("_brief/live.js");

  // ---- The page's own address, as the server writes it.

  const place = (address) => {
    const url = new URL(address, location.href);
    if (url.origin !== location.origin || !url.pathname.startsWith(base)) return null;
    try {
      return `/${decodeURIComponent(url.pathname.slice(base.length)).normalize()}`.replace(/\/index\.html$/, "/");
    } catch {
      return null;
    }
  };
  const own = () => place(location.href);

  // ---- News: one stream for all tabs, since a browser opens few connections to one host.

  const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
  let stream = null;
  let last = null;
  let joined = null;
  let release = null;
  let lost = 0;

  const hear = (state) => {
    const [run, number] = build.split("-");
    const [newRun, newNumber] = state.build.split("-");
    const isNews = state.build !== build;
    const hasMissed = run !== newRun || Number(newNumber) !== Number(number) + 1;
    build = state.build;
    show(state);
    if (!isNews) return;
    freshen(hasMissed ? null : state.assets);
    if (state.open[own()] !== mark) refresh();
  };

  const say = (message) => {
    if ("state" in message) last = message.state;
    act(message);
    channel?.postMessage(message);
  };

  const act = (message) => {
    if ("state" in message) hear(message.state);
    if ("connected" in message) connection(message.connected);
    if ("asks" in message && last) channel.postMessage({ state: last });
  };

  const listen = () => {
    if (stream || (navigator.locks && !joined)) return;
    stream = new EventSource(`${base}_brief/events`);
    stream.onopen = () => {
      clearTimeout(lost);
      lost = 0;
      say({ connected: true });
    };
    stream.onmessage = (event) => say({ state: JSON.parse(event.data) });
    stream.onerror = () => {
      lost ||= setTimeout(() => say({ connected: false }), 2000);
      // A browser gives up where the answer is an error.
      if (stream?.readyState === EventSource.CLOSED) {
        stream = null;
        setTimeout(listen, 1000);
      }
    };
  };

  const leave = () => {
    joined?.abort();
    joined = null;
    release?.();
    release = null;
    stream?.close();
    stream = null;
  };

  // Whoever holds the lock listens for all. Without locks (they need a secure address) every tab that
  // is seen listens for itself.
  const join = () => {
    if (navigator.locks && channel) {
      if (joined) return;
      joined = new AbortController();
      const hold = () => {
        listen();
        return new Promise((resolve) => (release = resolve));
      };
      navigator.locks.request(name, { signal: joined.signal }, hold).catch(() => {
        // It was left before its turn came.
      });
      channel.postMessage({ asks: true });
    } else if (document.visibilityState === "visible") {
      listen();
    }
  };

  // ---- Refreshing: one fetch at a time, and another one if there was news meanwhile.

  let isBusy = false;
  let isAgain = false;

  const refresh = async () => {
    isAgain = true;
    if (isBusy) return;
    isBusy = true;
    try {
      while (isAgain) {
        isAgain = false;
        await load();
      }
    } catch {
      // The server is gone; when it is back it says so.
    } finally {
      isBusy = false;
    }
  };

  const load = async () => {
    const answer = await fetch(location.href, { cache: "no-store", headers: { "If-None-Match": `W/"${mark}"` } });
    if (answer.status === 304) return;
    if (answer.redirected) return location.replace(answer.url + location.hash);
    if (!answer.headers.get("Content-Type")?.startsWith("text/html")) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const script = [...page.scripts].find(isScript);
    if (!script) return;
    mark = script.dataset.page;
    if (sources(page) !== sources(document)) return location.reload();
    follow(page);
    about(script.dataset);
  };

  const sources = (page) =>
    [...page.querySelectorAll("script[src]")]
      .filter((script) => !isScript(script))
      .map((script) => addresses.get(script) ?? script.getAttribute("src"))
      .join("\n");

  // ---- Morphing: the page becomes another one, and whatever is the same in both stays the very same
  // node, with its focus, selection, scroll position and state.

  const follow = (page) => {
    const anchor = anchored();
    const before = anchor?.getBoundingClientRect().top;
    // The browser's own correction would come on top of this one.
    const calm = new CSSStyleSheet();
    calm.replaceSync("html, body { overflow-anchor: none !important; scroll-behavior: auto !important }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, calm];
    morph(document.documentElement, page.documentElement);
    if (anchor?.isConnected && scrollY > 0) {
      const moved = anchor.getBoundingClientRect().top - before;
      if (moved) scrollBy(0, moved);
    }
    requestAnimationFrame(() => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== calm);
    });
  };

  // The first element in sight that begins in sight: what is read.
  const anchored = () => {
    if (scrollY === 0) return null;
    const root = document.querySelector("main") ?? document.body;
    for (const element of root.querySelectorAll("h1, h2, h3, h4, p, li, figure, table, pre, blockquote, img, details")) {
      const { top, height } = element.getBoundingClientRect();
      if (height > 0 && top >= 0) return element;
    }
    return null;
  };

  const address = (element, attribute) =>
    attribute === "href" || attribute === "src" ? (addresses.get(element) ?? element.getAttribute(attribute)) : element.getAttribute(attribute);

  const morph = (now, next) => {
    if (now.nodeType !== Node.ELEMENT_NODE) {
      if (now.data !== next.data) replace(now, next.data);
      return;
    }
    for (const { name, value } of [...next.attributes]) {
      if (address(now, name) !== value) {
        addresses.delete(now);
        now.setAttribute(name, value);
      }
    }
    for (const { name } of [...now.attributes]) {
      // Whoever opened a part of the page wants it open.
      if (!next.hasAttribute(name) && !(name === "open" && /^(DETAILS|DIALOG)$/.test(now.nodeName))) now.removeAttribute(name);
    }
    children(now, next);
  };

  // Replaces only the part of a text that differs, so that a selection around it holds.
  const replace = (node, text) => {
    const known = node.data;
    let start = 0;
    const least = Math.min(known.length, text.length);
    while (start < least && known[start] === text[start]) start++;
    let end = 0;
    while (end < least - start && known[known.length - 1 - end] === text[text.length - 1 - end]) end++;
    node.replaceData(start, known.length - end - start, text.slice(start, text.length - end));
  };

  const children = (now, next) => {
    const old = [...now.childNodes].filter((node) => !isOwn(node));
    const fresh = [...next.childNodes];
    let start = 0;
    while (start < old.length && start < fresh.length && isSame(old[start], fresh[start])) meet(old[start], fresh[start++]);
    let end = 0;
    const rest = Math.min(old.length, fresh.length) - start;
    while (end < rest && isSame(old[old.length - 1 - end], fresh[fresh.length - 1 - end])) {
      meet(old[old.length - 1 - end], fresh[fresh.length - 1 - end]);
      end++;
    }
    const gap = old.slice(start, old.length - end);
    const filling = fresh.slice(start, fresh.length - end);
    const behind = old[old.length - end] ?? null;
    let from = 0;
    let to = 0;
    for (const [index, other] of [...common(gap, filling), [gap.length, filling.length]]) {
      fill(now, gap.slice(from, index), filling.slice(to, other), gap[index] ?? behind);
      if (index < gap.length) meet(gap[index], filling[other]);
      from = index + 1;
      to = other + 1;
    }
  };

  // Nodes that are the same in both, or have the same id.
  const isSame = (one, other) => {
    if (one.nodeName !== other.nodeName) return false;
    if (one.nodeType !== Node.ELEMENT_NODE) return one.data === other.data;
    if (isScript(one) || one.nodeName === "HEAD" || one.nodeName === "BODY") return true;
    if (one.id || other.id) return one.id === other.id;
    return one.isEqualNode(other) || (addresses.has(one) && isAlike(one, other));
  };

  // Whether they differ in nothing but the address that was made fresh.
  const isAlike = (one, other) => {
    const plain = one.cloneNode(true);
    plain.setAttribute(plain.hasAttribute("href") ? "href" : "src", addresses.get(one));
    return plain.isEqualNode(other);
  };

  // What is the same may still differ inside, where it is known by its id.
  const meet = (one, other) => {
    if (one.nodeType === Node.ELEMENT_NODE && !one.isEqualNode(other)) morph(one, other);
  };

  // The longest list of pairs that are the same and stand in the same order in both.
  const common = (old, fresh) => {
    if (old.length * fresh.length > 250000) return [];
    const length = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
    const same = old.map((one) => fresh.map((other) => isSame(one, other)));
    for (let i = old.length - 1; i >= 0; i--) {
      for (let j = fresh.length - 1; j >= 0; j--) {
        length[i][j] = same[i][j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
      }
    }
    const pairs = [];
    for (let i = 0, j = 0; i < old.length && j < fresh.length; ) {
      if (same[i][j]) pairs.push([i++, j++]);
      else if (length[i + 1][j] >= length[i][j + 1]) i++;
      else j++;
    }
    return pairs;
  };

  // Between two pairs nothing is the same: nodes of one kind become each other, in their order.
  const fill = (parent, old, fresh, behind) => {
    let at = 0;
    for (const node of fresh) {
      const isKin = (one) => one.nodeName === node.nodeName && !one.id && !node.id;
      const found = old.slice(at).findIndex(isKin);
      if (found < 0) {
        parent.insertBefore(document.importNode(node, true), old[at] ?? behind);
        continue;
      }
      for (const gone of old.slice(at, at + found)) gone.remove();
      at += found + 1;
      morph(old[at - 1], node);
    }
    for (const gone of old.slice(at)) gone.remove();
  };

  // ---- Files that are no pages: styles and pictures are exchanged in place.

  const freshen = (assets) => {
    const isMeant = (path) => path !== null && (assets === null || assets.includes(path));
    const scripts = [...document.querySelectorAll("script[src]")].filter((script) => !isScript(script));
    if (assets && scripts.some((script) => isMeant(place(script.src)))) return location.reload();
    const links = [...document.querySelectorAll('link[rel~="stylesheet"]')].filter((link) => !leaving.has(link));
    const paths = links.map((link) => place(link.href));
    // A style that no link names is reached through another one.
    const isHidden = assets?.some((path) => path.endsWith(".css") && !paths.includes(path));
    links.forEach((link, index) => {
      if (paths[index] !== null && (isHidden || isMeant(paths[index]))) exchange(link);
    });
    if (assets === null) return;
    for (const image of document.querySelectorAll("img[src], source[src]")) {
      if (isMeant(place(image.src))) {
        addresses.set(image, addresses.get(image) ?? image.getAttribute("src"));
        image.src = fresh(addresses.get(image));
      }
    }
    for (const image of document.querySelectorAll("[srcset]")) {
      const parts = image.srcset.split(",").map((part) => part.trim().split(/\s+/));
      if (parts.some(([path]) => isMeant(place(path)))) {
        image.srcset = parts.map(([path, ...size]) => [fresh(path), ...size].join(" ")).join(", ");
      }
    }
  };

  const fresh = (path) => {
    const url = new URL(path, location.href);
    url.searchParams.set("brief", build);
    return url.href;
  };

  // The old style goes when the new one is there, so that the page is never without.
  const exchange = (link) => {
    const next = link.cloneNode();
    addresses.set(next, addresses.get(link) ?? link.getAttribute("href"));
    next.href = fresh(addresses.get(next));
    next.onload = next.onerror = () => link.remove();
    leaving.add(link);
    link.after(next);
  };

  // ---- What is shown beside the page, in a tree of its own that the page's styles do not reach.

  const shadow = host.attachShadow({ mode: "open" });
  const make = (kind, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(kind), properties);
    element.append(...inside);
    return element;
  };
  const note = make("p", { className: "note", role: "status", hidden: true });
  const held = make("p", { className: "note held", hidden: true });
  const tools = make("div", { className: "tools" });
  const editor = make("button", { type: "button", className: "edit", textContent: "Edit this page", hidden: true });
  const counter = make("button", { type: "button", className: "counter", hidden: true });
  const panel = make("section", { className: "panel", hidden: true });
  const announcement = make("p", { className: "announcement" });
  announcement.setAttribute("role", "alert");
  panel.setAttribute("aria-label", "Problems");
  panel.tabIndex = -1;
  tools.append(counter, editor);
  shadow.append(make("link", { rel: "stylesheet", href: `${base}_brief/live.css` }), held, note, tools, announcement, panel);

  const edit = async (button, path, line) => {
    const body = new URLSearchParams({ path, ...(line ? { line } : {}) });
    let why = "brief serve does not answer";
    try {
      const answer = await fetch(`${base}_brief/edit`, { method: "POST", headers: { "X-Brief-Token": token }, body });
      why = answer.ok ? "" : await answer.text();
    } catch {
      // Said below.
    }
    button.nextElementSibling?.matches(".why") && button.nextElementSibling.remove();
    if (why) button.after(make("span", { className: "why", role: "status", textContent: why.trim() }));
  };

  const about = (data) => {
    editor.hidden = !data.source;
    editor.title = data.source ?? "";
    editor.onclick = () => edit(editor, data.source);
    held.hidden = !data.held;
    if (data.held) {
      const close = make("button", { type: "button", textContent: "Hide", onclick: () => (held.hidden = true) });
      const text = data.held === "draft" ? "Draft: readers do not see this page." : `Readers do not see this page: ${data.held}.`;
      held.replaceChildren(make("span", { textContent: text }), close);
    }
  };

  const connection = (isThere) => {
    note.hidden = isThere;
    note.textContent = isThere ? "" : "brief serve does not answer; this page is as it was last.";
  };

  // ---- Problems.

  let shown = "";
  let dismissed = "";
  let asked = 0;

  const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

  const show = async (state) => {
    const number = ++asked;
    if (state.errors + state.warnings === 0) return clear();
    let found;
    try {
      found = await (await fetch(`${base}_brief/problems`, { cache: "no-store" })).json();
    } catch {
      return;
    }
    if (number !== asked) return;
    if (found.errors + found.warnings === 0) return clear();
    const key = found.items.map((item) => item.text).join("\n");
    counter.textContent = found.errors ? counted(found.errors, "error") : counted(found.warnings, "warning");
    counter.classList.toggle("bad", found.errors > 0);
    counter.hidden = false;
    if (key === shown) return;
    shown = key;
    panel.replaceChildren(heading(found), ...found.items.map(problem));
    const isOpen = found.errors > 0 && key !== dismissed;
    panel.hidden = !isOpen;
    if (isOpen) announcement.textContent = `${counted(found.errors, "error")}: ${found.items[0].message}`;
  };

  const clear = () => {
    shown = dismissed = "";
    panel.hidden = counter.hidden = true;
    panel.replaceChildren();
    announcement.textContent = "";
  };

  const heading = (found) => {
    const words = [];
    if (found.errors) words.push(counted(found.errors, "error"));
    if (found.warnings) words.push(counted(found.warnings, "warning"));
    const hide = make("button", { type: "button", className: "hide", textContent: "Hide", title: "Escape", onclick: dismiss });
    return make("header", {}, make("h2", { textContent: words.join(", ") }), hide);
  };

  const problem = (item) => {
    const where = [item.file, item.line, item.column].filter((part) => part !== null && part !== undefined).join(":");
    const article = make("article", { className: item.severity });
    article.append(make("h3", { textContent: item.message }));
    if (where) {
      const line = make("p", { className: "where" }, make("code", { textContent: where }));
      const button = make("button", { type: "button", textContent: "Edit" });
      button.title = item.file;
      button.onclick = () => edit(button, item.file, item.line);
      if (!item.file.startsWith("(built-in)")) line.append(button);
      article.append(line);
    }
    // The message and the help stand above and below, where they are wrapped.
    const lines = item.text.trimEnd().split("\n").slice(1).filter((line) => !line.startsWith("help: "));
    if (lines.length) {
      const text = make("pre", { textContent: lines.join("\n") });
      text.tabIndex = 0;
      text.setAttribute("aria-label", "Source");
      article.append(text);
    }
    article.append(...item.help.map((help) => make("p", { className: "help", textContent: help })));
    return article;
  };

  const dismiss = () => {
    dismissed = shown;
    panel.hidden = true;
    announcement.textContent = "";
  };

  counter.onclick = () => {
    panel.hidden = !panel.hidden;
    if (!panel.hidden) panel.focus();
  };
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) dismiss();
  });

  // ---- Beginning, and coming back.

  const begin = () => {
    document.documentElement.append(host);
    about(tag.dataset);
    if (channel) channel.onmessage = (event) => act(event.data);
    join();
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      // A laptop may have slept, a tab may have been frozen.
      refresh();
      join();
    } else if (!navigator.locks) {
      leave();
    }
  });
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      refresh();
      join();
    }
  });

  begin();
})();
