// The search of a briefing: reads the files below search/ that the site was built with, and shows what it finds.
// No server, no third party, no other script. How the files are laid out is told in src/pages/search/mod.rs, how
// texts are cut into words in src/ground/token.rs; both must change together with this file.

const MAX_LETTERS = 24;
const MAX_WORDS = 12;
const PAGE = 10;

// Words

/** The stretches of a text that can hold words: what lies between the ASCII signs and the general punctuation. */
const PIECE = /[0-9A-Za-z\u0080-\u1fff\u200b-\u200d\u2060\u2070-\u{10ffff}]+/gu;
const DROPPED = /[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200d\u2060\u20e3\ufe00-\ufe0f\ufeff]/gu;
const SPELLED = { ß: "ss", æ: "ae", œ: "oe", þ: "th", ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ı: "i", ς: "σ" };
/** Scripts that are written without spaces. */
const UNSPACED =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
/** Letters, figures and the marks that belong to them: in many scripts vowels are marks. */
const LETTER = /[\p{Alphabetic}\p{N}\p{M}]/u;

/** A text without case and diacritics. */
export function fold(text) {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .normalize("NFKD")
    .replace(DROPPED, "")
    .normalize("NFKC")
    .replace(/[ßæœþøłđðħıς]/gu, (letter) => SPELLED[letter]);
}

/** The words of a text with their places: {word, start, end}. */
export function places(text) {
  const found = [];
  for (const match of text.matchAll(PIECE)) {
    const [piece] = match;
    const [start, end] = [match.index, match.index + piece.length];
    const letters = [...fold(piece)];
    const isBeside = /['’]$/u.test(text.slice(0, start)) || /^['’]/u.test(text.slice(end));
    if (letters.length === 1 && isBeside) {
      continue;
    }
    let run = [];
    const flush = () => {
      if (run.length > 0 && UNSPACED.test(run[0])) {
        const count = Math.max(1, run.length - 1);
        for (let at = 0; at < count; at += 1) {
          found.push({ word: run.slice(at, at + 2).join(""), start, end });
        }
      } else if (run.length > 0) {
        found.push({ word: run.slice(0, MAX_LETTERS).join(""), start, end });
      }
      run = [];
    };
    for (const letter of letters) {
      if (!LETTER.test(letter)) {
        flush();
        continue;
      }
      if (run.length > 0 && UNSPACED.test(run[0]) !== UNSPACED.test(letter)) {
        flush();
      }
      run.push(letter);
    }
    flush();
  }
  return found;
}

/** The words of a text. */
export function words(text) {
  return places(text).map((place) => place.word);
}

// Files

/** The part in which a word stands, of so many. */
export function partOf(word, parts) {
  const letters = [...word];
  const beginning = letters.slice(0, UNSPACED.test(letters[0] ?? "") ? 1 : 2).join("");
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(beginning)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0) % parts;
}

const VALUES = new Uint8Array(128);
[..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"].forEach((digit, value) => {
  VALUES[digit.charCodeAt(0)] = value;
});

/** Ascending numbers, from distances in digits of five bits. */
export function numbers(digits) {
  const all = [];
  let [next, distance, weight] = [0, 0, 1];
  for (let at = 0; at < digits.length; at += 1) {
    const value = VALUES[digits.charCodeAt(at) & 127];
    distance += (value & 31) * weight;
    weight *= 32;
    if (value < 32) {
      next += distance;
      all.push(next);
      [next, distance, weight] = [next + 1, 0, 1];
    }
  }
  return all;
}

/** The lines of a sorted text that begin with a word: calls `take` with the fields of each. */
function linesOf(text, word, isWhole, take) {
  const wanted = isWhole ? `\n${word}\t` : `\n${word}`;
  let at = text.indexOf(wanted);
  while (at >= 0 && text.startsWith(wanted, at)) {
    const end = text.indexOf("\n", at + 1);
    take(text.slice(at + 1, end).split("\t"));
    at = end;
  }
}

/** How many files are fetched at once: HTTP/1 has six connections, of which one is left for what is shown. */
function atOnce() {
  const [page] = performance.getEntriesByType("navigation");
  return /^h[23]/u.test(page?.nextHopProtocol ?? "") ? 24 : 5;
}

/** The files of the index. Each is fetched once. */
class Files {
  constructor(home, index) {
    this.home = home;
    this.index = index;
    this.kept = new Map();
    this.pages = new Map();
    this.hasFailed = false;
  }

  /** The text of a file. What cannot be fetched is empty, and can be asked for again. */
  text(path, priority = "high") {
    if (!this.kept.has(path)) {
      // Revalidated: the files of two states of a site do not fit together.
      const fetched = fetch(`${this.home}${path}`, { cache: "no-cache", priority })
        .then((response) => (response.ok ? response.text() : Promise.reject(new Error(String(response.status)))))
        .catch(() => {
          this.hasFailed = true;
          this.kept.delete(path);
          return "";
        });
      this.kept.set(path, fetched);
    }
    return this.kept.get(path);
  }

  /** The HTML of a page of the site, kept for the time that somebody types. */
  page(address) {
    if (!this.pages.has(address)) {
      const fetched = fetch(address).then(
        (response) => (response.ok ? response.text() : ""),
        () => "",
      );
      this.pages.set(address, fetched);
    }
    return this.pages.get(address);
  }

  /** A part of the headlines and names: its terms, and its words. */
  async titles(word) {
    const text = await this.text(`search/titles/${partOf(word, this.index.titles)}.txt`);
    const head = text.indexOf("\n");
    const count = Number(text.slice(0, Math.max(head, 0)));
    const terms = [];
    let at = head;
    for (let number = 0; number < count; number += 1) {
      const end = text.indexOf("\n", at + 1);
      const [taxonomy, slug, hasPage, name, ticker, articles] = text.slice(at + 1, end).split("\t");
      terms.push({ taxonomy, slug, hasPage: hasPage === "1", name, ticker, articles });
      at = end;
    }
    return { terms, words: text.slice(Math.max(at, 0)) };
  }

  /** A part of the texts of a segment. */
  async texts({ name, parts }, word) {
    return `\n${await this.text(`search/texts/${name}/${partOf(word, parts)}.txt`, "low")}`;
  }

  /** What results show of an article: by its number. */
  async record(number) {
    const { shift, block, segments } = this.index;
    const place = number % shift;
    const name = segments[Math.floor(number / shift)]?.name ?? "";
    const text = await this.text(`search/records/${name}/${Math.floor(place / block)}.txt`);
    const [url, day, date, companies, title, description] = (text.split("\n")[place % block] ?? "").split("\t");
    return title === undefined ? null : { number, url, day, date, companies, title, description };
  }

  /** The numbers of the articles of a stretch of days: the first, and the one behind the last. */
  async between(from, until) {
    const range = [0, Infinity];
    if (!from && !until) {
      return range;
    }
    const { shift, segments } = this.index;
    let [segment, place] = [0, 0];
    let isBefore = true;
    for (const line of (await this.text("search/days.txt")).split("\n")) {
      const [day, count] = line.split("\t");
      while (segment < segments.length && place >= segments[segment].articles) {
        place -= segments[segment].articles;
        segment += 1;
      }
      const number = segment * shift + place;
      if (isBefore && (!day || day >= from)) {
        range[0] = number;
        isBefore = false;
      }
      if (!day || (until && day > until)) {
        range[1] = day ? number : Infinity;
        break;
      }
      place += Number(count);
    }
    return range;
  }
}

// Finding

/** How much it counts where a word stands, when it is whole and when it is the beginning of one. */
const HEADLINE = [8, 5];
const TERM = { companies: [6, 4], topics: [4, 3] };
const OTHER_TERM = [3, 2];

/** Where a word stands in headlines and names: articles with what that counts for, and terms. */
async function inTitles(files, word) {
  const part = await files.titles(word);
  const articles = new Map();
  const terms = new Map();
  const add = (number, counts) => {
    if ((articles.get(number) ?? 0) < counts) {
      articles.set(number, counts);
    }
  };
  linesOf(part.words, word, [...word].length < 2 && !UNSPACED.test(word), ([found, own, refs]) => {
    const kind = found === word ? 0 : 1;
    numbers(own).forEach((number) => add(number, HEADLINE[kind]));
    for (const term of numbers(refs).map((place) => part.terms[place])) {
      const counts = (TERM[term.taxonomy] ?? OTHER_TERM)[kind];
      term.numbers ??= numbers(term.articles);
      term.numbers.forEach((number) => add(number, counts));
      const key = `${term.taxonomy}/${term.slug}`;
      if ((terms.get(key)?.counts ?? 0) < counts) {
        terms.set(key, { ...term, counts });
      }
    }
  });
  return { articles, terms };
}

/** Those of the first map that all others have too, with the sum of what they count. */
function common(maps, sum) {
  const [first, ...others] = [...maps].sort((one, other) => one.size - other.size);
  const found = new Map();
  for (const key of first?.keys() ?? []) {
    if (others.every((other) => other.has(key))) {
      found.set(key, sum(maps.map((map) => map.get(key))));
    }
  }
  return found;
}

const total = (counts) => counts.reduce((sum, count) => sum + count, 0);

/** The articles of a term that readers chose by one of its names; `null` where they chose none. */
async function ofTerm(files, taxonomy, name) {
  const wanted = words(name);
  if (wanted.length === 0) {
    return null;
  }
  const found = await Promise.all(wanted.map((word) => inTitles(files, word)));
  const terms = common(
    found.map((one) => one.terms),
    (all) => ({ ...all[0], counts: total(all.map((term) => term.counts)) }),
  );
  const own = [...terms.values()].filter((term) => term.taxonomy === taxonomy);
  const isNamed = (term) => words(term.name).join(" ") === wanted.join(" ");
  own.sort(
    (one, other) =>
      isNamed(other) - isNamed(one) || other.counts - one.counts || other.numbers.length - one.numbers.length,
  );
  return new Set(own[0]?.numbers ?? []);
}

/** What a reader asks for. */
class Query {
  constructor(fields) {
    const get = (name) => (fields.get(name) ?? "").trim();
    this.text = get("q");
    // Of a ticker, the exchange before its colon says nothing that the index knows.
    const sought = this.text.replace(/(^|\s)\p{L}{2,6}:(?=[\p{L}\p{N}])/gu, "$1");
    this.words = [...new Set(words(sought))].slice(0, MAX_WORDS);
    this.company = get("companies");
    this.topic = get("topics");
    this.from = get("from");
    this.until = get("until");
    this.isNarrowed = Boolean(this.company || this.topic || this.from || this.until);
  }

  get isEmpty() {
    return this.words.length === 0 && !this.isNarrowed;
  }

  /** Whether all that was typed is one letter, of which no index is kept. */
  get isShort() {
    return !this.isNarrowed && this.words.every((word) => [...word].length < 2 && !UNSPACED.test(word));
  }
}

/**
 * Finds articles: yields {results, terms, until, isDone} again and again. Results are numbers, those that are
 * found by their headlines and names first, then, as the segments are read from the newest back, the others.
 */
export async function* find(files, query) {
  const [range, ...chosen] = await Promise.all([
    files.between(query.from, query.until),
    ofTerm(files, "companies", query.company),
    ofTerm(files, "topics", query.topic),
  ]);
  const isWanted = (number) =>
    number >= range[0] && number < range[1] && chosen.every((own) => own === null || own.has(number));
  const titles = await Promise.all(query.words.map((word) => inTitles(files, word)));
  const byTitle = common(
    titles.map((one) => one.articles),
    total,
  );
  const terms = common(
    titles.map((one) => one.terms),
    (all) => ({ ...all[0], counts: total(all.map((term) => term.counts)) }),
  );
  const { shift, segments } = files.index;
  if (query.words.length === 0) {
    // Only narrowed down: everything there is, the newest first.
    for (let segment = segments.length - 1; segment >= 0; segment -= 1) {
      for (let place = segments[segment].articles - 1; place >= 0; place -= 1) {
        byTitle.set(segment * shift + place, 0);
      }
    }
  }
  const results = [...byTitle.keys()].filter(isWanted);
  results.sort((one, other) => byTitle.get(other) - byTitle.get(one) || other - one);
  const known = new Set(results);
  const found = { results, terms: [...terms.values()], inText: new Set(), until: "", isDone: false };
  if (query.words.length > 0) {
    yield found;
    for (let segment = segments.length - 1; segment >= 0; segment -= 1) {
      const [first, behind] = [segment * shift, (segment + 1) * shift];
      const isOutside = first >= range[1] || behind <= range[0];
      if (isOutside || chosen.some((own) => own !== null && ![...own].some((number) => number >= first && number < behind))) {
        continue;
      }
      // The next ones are on their way while this one is read; many of them where headlines said little.
      const ahead = results.length < PAGE ? atOnce() : 2;
      for (const next of segments.slice(Math.max(0, segment - ahead), segment).reverse()) {
        query.words.forEach((word) => void files.texts(next, word));
      }
      const sets = await Promise.all(query.words.map((word) => inSegment(files, segments[segment], word)));
      const maps = sets.map((places, at) => {
        const all = new Map(places.map((place) => [first + place, 1]));
        for (const [number, counts] of titles[at].articles) {
          if (number >= first && number < behind) {
            all.set(number, counts);
          }
        }
        return all;
      });
      const fresh = common(maps, total);
      const own = [...fresh.keys()].filter((number) => isWanted(number) && !known.has(number));
      own.sort((one, other) => other - one);
      for (const number of own) {
        results.push(number);
        found.inText.add(number);
      }
      found.until = segments[segment].name;
      yield found;
    }
  }
  found.isDone = true;
  yield found;
}

/** The places of the articles of a segment with a word in their texts. */
async function inSegment(files, segment, word) {
  const all = new Set();
  // The beginning of a word must say something, or it stands in every text.
  const isWhole = [...word].length < 3 && !UNSPACED.test(word);
  linesOf(await files.texts(segment, word), word, isWhole, ([, own]) => {
    numbers(own).forEach((place) => all.add(place));
  });
  return [...all];
}

// Showing

/** A text with the words that were looked for marked. */
function marked(text, wanted) {
  const parts = document.createDocumentFragment();
  let at = 0;
  const add = (start, end) => {
    const mark = document.createElement("mark");
    mark.textContent = text.slice(start, end);
    parts.append(text.slice(at, start), mark);
    at = end;
  };
  for (const { word, start, end } of places(text)) {
    if (start < at) {
      continue;
    }
    const hit = wanted.find((own) => word === own || ([...own].length > 1 && word.startsWith(own)));
    if (hit === undefined) {
      continue;
    }
    if (!UNSPACED.test(hit)) {
      add(start, end);
      continue;
    }
    // A piece of a script without spaces holds many words: mark the letters alone.
    const inside = text.slice(start, end).indexOf(hit);
    if (inside >= 0) {
      add(start + inside, start + inside + hit.length);
    }
  }
  parts.append(text.slice(at));
  return parts;
}

/** The stretch of a text around the first place where a word stands. */
function passage(text, wanted) {
  const flat = text.replace(/\s+/gu, " ").trim();
  const hit = places(flat).find(({ word }) => wanted.some((own) => word.startsWith(own)));
  if (!hit) {
    return "";
  }
  const start = hit.start < 90 ? 0 : flat.indexOf(" ", hit.start - 90) + 1;
  const end = flat.length < hit.end + 130 ? flat.length : flat.lastIndexOf(" ", hit.end + 130);
  return `${start > 0 ? "… " : ""}${flat.slice(start, end)}${end < flat.length ? " …" : ""}`;
}

/** The first day of a segment, by its name: 2025, 2025-h2, 2025-q3, 2025-07 or 2025-07-2. */
export function firstDay(name) {
  const [, year, kind, number] = /^(-?\d+)(?:-([hq]?)(\d+))?/u.exec(name);
  const months = { h: 6, q: 3 }[kind] ?? 1;
  return new Date(Date.UTC(Number(year), (Number(number ?? 1) - 1) * months));
}

/** The page of the search. */
class Page {
  constructor(form) {
    const { index, words: own } = JSON.parse(document.getElementById("brief-search-index").textContent);
    this.form = form;
    this.words = own;
    this.files = new Files(form.dataset.home, index);
    this.status = document.getElementById("brief-status");
    this.terms = document.getElementById("brief-terms");
    this.results = document.getElementById("brief-results");
    this.more = document.getElementById("brief-more");
    this.turn = 0;
    this.showing = Promise.resolve();
    this.shown = 0;
    this.wanted = PAGE;
    const language = form.dataset.language;
    this.number = new Intl.NumberFormat(language);
    this.month = new Intl.DateTimeFormat(language, { timeZone: "UTC", year: "numeric", month: "long" });
    this.read(new URLSearchParams(location.search));
    form.addEventListener("input", (event) => {
      void this.suggest(event.target);
      void this.search();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.search();
    });
    this.more.addEventListener("click", () => this.showMore());
    document.addEventListener("keydown", (event) => this.move(event));
    window.addEventListener("popstate", () => {
      this.read(new URLSearchParams(location.search));
      void this.search();
    });
    void this.search();
  }

  /** Fills the form from an address. */
  read(address) {
    for (const field of this.form.querySelectorAll("input")) {
      field.value = address.get(field.name) ?? "";
    }
    if (["companies", "topics", "from", "until"].some((name) => address.get(name))) {
      this.form.querySelector("details").open = true;
    }
  }

  /** Down and up lead from the field through the results and back. */
  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const field = this.form.elements.q;
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) {
      return;
    }
    const links = [field, ...this.terms.querySelectorAll("a"), ...this.results.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (at >= 0 && links[at + step]) {
      event.preventDefault();
      links[at + step].focus();
    }
  }

  /** Offers the names of companies or topics that begin as what was typed. */
  async suggest(field) {
    const names = field.list;
    const typed = words(field.value ?? "");
    if (!names || typed.length === 0) {
      return;
    }
    const found = await Promise.all(typed.map((word) => inTitles(this.files, word)));
    const terms = common(
      found.map((one) => one.terms),
      (all) => all[0],
    );
    const own = [...terms.values()].filter((term) => term.taxonomy === field.name);
    own.sort((one, other) => other.numbers.length - one.numbers.length);
    names.replaceChildren(
      ...own.slice(0, 12).map((term) => {
        const option = document.createElement("option");
        option.value = term.name;
        return option;
      }),
    );
  }

  /** Looks for what stands in the form. A later search ends an earlier one. */
  async search() {
    this.turn += 1;
    const turn = this.turn;
    const fields = new FormData(this.form);
    const query = new Query(fields);
    const address = new URLSearchParams([...fields].filter(([, value]) => value !== ""));
    history.replaceState(null, "", address.size > 0 ? `?${address}` : location.pathname);
    this.query = query;
    this.wanted = PAGE;
    this.shown = 0;
    this.found = null;
    this.files.hasFailed = false;
    if (query.isEmpty || query.isShort) {
      this.clear(query.isEmpty ? "" : this.words.short);
      return;
    }
    const search = find(this.files, query);
    for await (const found of search) {
      if (turn !== this.turn) {
        return;
      }
      const isFirst = this.found === null;
      this.found = found;
      await this.show(turn, isFirst);
      // Enough to read; the older texts are fetched when they are asked for.
      while (turn === this.turn && !found.isDone && found.results.length > this.wanted + PAGE) {
        await new Promise((wake) => {
          this.wake = wake;
        });
      }
      if (turn !== this.turn) {
        return;
      }
    }
  }

  clear(message) {
    this.status.textContent = message;
    this.terms.hidden = true;
    this.results.hidden = true;
    this.more.hidden = true;
    this.terms.replaceChildren();
    this.results.replaceChildren();
  }

  showMore() {
    const first = this.shown;
    this.wanted += PAGE;
    void this.show(this.turn, false).then(() => {
      this.results.querySelectorAll("a")[first]?.focus();
    });
    this.wake?.();
  }

  /** Shows what was found so far, after what is being shown. */
  show(turn, isFirst) {
    this.showing = this.showing.then(() => (turn === this.turn ? this.showFound(turn, isFirst) : null));
    return this.showing;
  }

  async showFound(turn, isFirst) {
    const { results, terms, inText } = this.found;
    if (isFirst) {
      this.terms.replaceChildren(...this.termItems(terms));
      this.terms.hidden = this.terms.children.length === 0;
      if (results.length === 0) {
        this.results.replaceChildren();
      }
    }
    // All are on their way at once; each is shown as soon as those above it are.
    const records = results.slice(this.shown, this.wanted).map((number) => this.files.record(number));
    for (const coming of records) {
      const record = await coming;
      if (turn !== this.turn) {
        return;
      }
      if (this.shown === 0) {
        this.results.replaceChildren();
      }
      this.shown += 1;
      if (record !== null) {
        this.results.append(this.item(record, inText.has(record.number)));
      }
      this.results.hidden = this.results.children.length === 0;
    }
    this.results.hidden = this.results.children.length === 0;
    const { results: all, until, isDone } = this.found;
    this.more.hidden = all.length <= this.shown;
    this.tell(all.length, until, isDone);
  }

  tell(count, until, isDone) {
    const isRest = !isDone && count <= this.wanted + PAGE;
    let message = this.words.found;
    if (this.files.hasFailed) {
      message = this.words.failed;
    } else if (isRest) {
      message = until === "" ? "" : this.words.reading;
    } else if (count === 0 && this.terms.hidden) {
      message = this.words.nothing;
    }
    const counted = `${this.number.format(count)}${isDone ? "" : "+"}`;
    const date = until === "" ? "" : this.month.format(firstDay(until));
    this.status.textContent = message.replace("{number}", isRest ? this.number.format(count) : counted).replace("{date}", date);
  }

  termItems(terms) {
    const own = terms.filter((term) => term.hasPage);
    own.sort((one, other) => other.counts - one.counts || other.numbers.length - one.numbers.length);
    return own.slice(0, 8).map((term) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${this.files.home}${encodeURI(`${term.taxonomy}/${term.slug}/`)}`;
      link.append(marked(term.name, this.query.words));
      item.append(link);
      if (term.ticker) {
        const ticker = document.createElement("span");
        ticker.className = "ticker";
        ticker.append(marked(term.ticker, this.query.words));
        item.append(" ", ticker);
      }
      const count = document.createElement("span");
      count.className = "count";
      count.textContent = this.number.format(term.numbers.length);
      item.append(" ", count);
      return item;
    });
  }

  item(record, isInText) {
    const item = document.createElement("li");
    item.className = "line";
    const link = document.createElement("a");
    link.href = `${this.files.home}${record.url}`;
    link.append(marked(record.title, this.query.words));
    const facts = document.createElement("p");
    facts.className = "meta";
    const time = document.createElement("time");
    time.dateTime = record.day;
    time.textContent = record.date;
    facts.append(time);
    if (record.companies) {
      facts.append(" · ", marked(record.companies, this.query.words));
    }
    const summary = document.createElement("p");
    summary.append(marked(record.description, this.query.words));
    item.append(link, facts, summary);
    if (isInText) {
      void this.quote(link.href, summary);
    }
    return item;
  }

  /** Shows the passage of an article in which the words stand, in place of its summary. */
  async quote(address, summary) {
    const own = this.query.words;
    const page = await this.files.page(address);
    const text = new DOMParser().parseFromString(page, "text/html").querySelector("main .text")?.textContent ?? "";
    // A word that the summary does not hold is the one that the reader wants to see.
    const known = new Set(words(summary.textContent));
    const fresh = own.filter((word) => !known.has(word));
    const quoted = passage(text, fresh.length > 0 ? fresh : own);
    if (quoted !== "") {
      summary.replaceChildren(marked(quoted, own));
    }
  }
}

if (typeof document !== "undefined") {
  const form = document.getElementById("brief-search");
  if (form) {
    form.page = new Page(form);
  }
}
