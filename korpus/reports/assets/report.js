"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);
  const make = (tag, text = "", name = "") => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  const said = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const count = (number) => number.toLocaleString("en");

  // Once: when an element comes near the window, when there is time, or before the page is printed.
  const waiting = new Set();
  function whenNear(element, act) {
    const now = () => {
      if (!waiting.delete(now) || !element.isConnected) return;
      near.disconnect();
      act(element);
    };
    waiting.add(now);
    const near = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) now();
    }, { rootMargin: "400px" });
    near.observe(element);
  }
  function goOn() {
    const [next] = waiting;
    if (!next) return;
    next();
    (window.requestIdleCallback ?? setTimeout)(goOn);
  }
  window.addEventListener("load", () => setTimeout(goOn, 500));
  window.addEventListener("beforeprint", () => [...waiting].forEach((now) => now()));

  // Charts: each is drawn when it comes near the window, or is shown.
  const started = {};
  function draw(name) {
    return (started[name] ||= start(name));
  }
  async function put(name, rows) {
    if (!started[name]) data.charts[name].data.values = rows;
    const view = await draw(name);
    const step = data.charts[name].usermeta?.step;
    if (step) view.height(Math.max(1, rows.length) * step);
    await view.data("rows", rows).runAsync();
  }
  async function start(name) {
    const place = one(`[data-chart="${name}"]`);
    const spec = data.charts[name];
    const mode = spec.$schema === "vega" ? "vega" : "vega-lite";
    // A hidden panel, which is printed too, is as wide as the one that is shown.
    const width = Math.floor(place.clientWidth || (place.closest(".tabs") ?? document.body).clientWidth);
    const own = mode === "vega" ? { ...spec, width } : { width: "container", ...spec };
    delete own.$schema;
    if (spec.usermeta?.step) own.height = Math.max(1, spec.data.values.length) * spec.usermeta.step;
    if (mode === "vega-lite") own.autosize = { type: "fit-x", contains: "padding" };
    const config = mode === "vega" ? {} : { ...data.config, aria: false };
    const embedded = await vegaEmbed(place, own, {
      mode, config, logLevel: 1, ast: true, renderer: "svg", actions: false, defaultStyle: false, theme: undefined,
      tooltip: { disableDefaultStyle: true },
    });
    one("svg", place).setAttribute("aria-hidden", "true"); // the place has the role and the label
    return embedded.view;
  }
  // Those without rows get them from what is chosen.
  const isFull = (name) => Array.isArray(data.charts[name].data) || data.charts[name].data.values.length > 0;
  all("[data-chart]").forEach((place) => whenNear(place, () => isFull(place.dataset.chart) && draw(place.dataset.chart)));

  // Tables as files. Spreadsheets take what begins with = + - @ for a formula: ' before it makes it text.
  function save(name, lines) {
    const armed = /^[=+\-@\t\r\n＝＋－＠]/, plain = (text) => (armed.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text);
    const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const rows = lines.map((line) => line.map((text) => cell(plain(text))).join(",")).join("\r\n");
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([`\ufeff${rows}\r\n`], { type: "text/csv" }));
    link.download = `${name}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
  for (const button of all("[data-save]")) {
    button.addEventListener("click", () => {
      const rows = [...one("table", button.parentElement).rows];
      save(button.closest("section").id, rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
    });
  }

  // Tabs, by arrow keys too.
  for (const tabs of all("[data-tabs]")) {
    const buttons = all('[role="tab"]', tabs);
    const choose = (chosen) => {
      for (const button of buttons) {
        const on = button === chosen;
        button.setAttribute("aria-selected", on);
        button.tabIndex = on ? 0 : -1;
        document.getElementById(button.getAttribute("aria-controls")).hidden = !on;
      }
      chosen.focus();
    };
    buttons.forEach((button, place) => {
      button.addEventListener("click", () => choose(button));
      button.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) choose(buttons[(place + step + buttons.length) % buttons.length]);
      });
    });
  }

  // Where the reader is.
  const links = new Map(all(".contents a").map((link) => [link.hash.slice(1), link]));
  const reading = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      links.forEach((link) => link.removeAttribute("aria-current"));
      const link = links.get(entry.target.id);
      link?.setAttribute("aria-current", "true");
      if (link) one(".contents").scrollLeft = link.offsetLeft - 40; // where the list is a strip
    }
  }, { rootMargin: "-20% 0px -70%" });
  all("main > section").forEach((section) => reading.observe(section));

  const documents = data.documents;
  const rowOf = new Map(documents.number.map((number, row) => [number, row]));
  const metaOf = (row) =>
    [documents.id[row], ...Object.values(documents.extra).map((values) => values[row])].filter(Boolean).join(" · ");
  function marked(text, wanted) {
    const found = document.createDocumentFragment();
    const low = text.toLowerCase();
    let at = 0;
    for (let next; wanted && (next = low.indexOf(wanted, at)) >= 0; at = next + wanted.length) {
      found.append(text.slice(at, next), make("mark", text.slice(next, next + wanted.length)));
    }
    found.append(text.slice(at));
    return found;
  }

  // Topics: the map, the slider of relevance, the documents.
  const topics = data.sections.topics;
  if (topics) {
    const root = document.getElementById("topics");
    const slider = document.getElementById("relevance");
    const buttons = all("[data-topic]", root);
    let chosen = 0;
    const terms = () => {
      const weight = Number(slider.value);
      const score = ([, inside, all]) => weight * Math.log(inside) + (1 - weight) * Math.log(inside / all);
      return topics.terms[chosen]
        .slice()
        .sort((a, b) => score(b) - score(a))
        .slice(0, topics.shown)
        .map(([term, , , inside, all]) => ({ term, inside, all }));
    };
    async function show() {
      one("[data-lambda]", root).textContent = Number(slider.value).toFixed(1);
      const shown = terms();
      one("[data-terms]", root).replaceChildren(...shown.map(({ term, inside, all }) => {
        const where = topics.spread[term].map(([topic, percent]) => `${buttons[topic].textContent} ${percent}%`).join(", ");
        const line = make("tr");
        line.append(make("td", term), ...[count(Math.round(inside)), count(Math.round(all)), where].map((text) => make("td", text, "number")));
        return line;
      }));
      await put("topic-terms", shown);
    }
    // The map with the areas of a term's topics, or of all words.
    const points = data.charts["topic-map"].data.values;
    let over;
    async function spread(term) {
      if (term === over) return;
      over = term;
      one("[data-spread]", root).textContent = term ? said(topics.text.spread, { word: term }) : "";
      const percents = term && new Map(topics.spread[term]);
      const rows = percents ? points.map((row) => ({ ...row, area: topics.largest * (percents.get(row.topic) ?? 0) / 100 })) : points;
      const map = await draw("topic-map");
      await map.data("rows", rows).runAsync();
    }
    async function choose(topic) {
      chosen = topic;
      buttons.forEach((button) => button.setAttribute("aria-pressed", Number(button.dataset.topic) === topic));
      all("[data-topic-name]", root).forEach((place) => { place.textContent = buttons[topic].textContent; });
      const list = one("[data-typical]", root);
      list.replaceChildren(...topics.typical[topic].map(([number, share]) => {
        const row = rowOf.get(number);
        const item = make("li");
        const percent = `${(100 * share).toFixed(0)}%`;
        item.append(make("span", documents.text[row]), make("span", `${metaOf(row)} · ${said(topics.text.share, { percent })}`, "meta"));
        return item;
      }));
      if (!list.children.length) list.append(make("li", topics.text.none));
      const map = await draw("topic-map");
      await map.signal("chosen", topic).runAsync();
      await show();
    }
    slider.addEventListener("input", show);
    buttons.forEach((button) => button.addEventListener("click", () => choose(Number(button.dataset.topic))));
    whenNear(root, () => {
      draw("topic-map").then((view) => view.addEventListener("click", (_, item) => {
        if (item?.datum?.topic !== undefined) choose(item.datum.topic);
      }));
      choose(0).then(() => draw("topic-terms")).then((view) => {
        view.addEventListener("pointerover", (_, item) => spread(item?.datum?.term));
        view.addEventListener("pointerout", () => spread());
      });
    });
  }

  // A field that looks words up when one is chosen from the list, by Enter, or as it is typed.
  function lookUp(root, known, unknown, asTyped, found) {
    const field = one("input", root);
    const place = one("[data-said]", root);
    const look = (complain) => {
      const word = field.value.trim();
      const is = Object.hasOwn(known, word);
      place.textContent = word && !is && complain ? said(unknown, { word }) : "";
      if (is) found(word, field);
    };
    field.addEventListener("input", (event) => {
      const isChosen = !event.inputType || event.inputType === "insertReplacementText";
      if (asTyped || isChosen) look(false);
    });
    one("form", root).addEventListener("submit", (event) => {
      event.preventDefault();
      look(true);
    });
  }

  // Words over time.
  const trends = data.sections.trends;
  if (trends) {
    const root = document.getElementById("trends");
    const shown = [...trends.first];
    // The end of each line has its name, at a place apart from the other names.
    function named(rows) {
      const ends = new Map(rows.filter((row) => row.share !== null).map((row) => [row.word, row]));
      const order = [...ends.values()].sort((a, b) => b.share - a.share);
      const most = Math.max(...rows.map((row) => row.share)), apart = trends.apart * most;
      const places = order.map((row) => row.share);
      for (let n = 1; n < places.length; n += 1) places[n] = Math.min(places[n], places[n - 1] - apart);
      for (let n = places.length - 1, low = 0; n >= 0; n -= 1, low += apart) places[n] = Math.max(places[n], low);
      order.forEach((row, n) => Object.assign(row, { at: places[n], label: row.word.length > 6 ? `${row.word.slice(0, 5)}…` : row.word }));
      return rows;
    }
    const show = async () => {
      one("[data-chips]", root).replaceChildren(...shown.map((word, place) => {
        const item = make("li");
        const button = make("button", word, `chip c${place + 1}`);
        button.setAttribute("aria-label", said(trends.text.remove, { word }));
        button.addEventListener("click", () => {
          shown.splice(shown.indexOf(word), 1);
          show();
        });
        item.append(button);
        return item;
      }));
      const rows = shown.flatMap((word) => trends.words[word].map((count, place) => ({
        word, count, period: trends.periods[place], share: trends.totals[place] ? count / trends.totals[place] : null,
      })));
      await put("trends", named(rows));
    };
    lookUp(root, trends.words, trends.text.unknown, false, (word, field) => {
      if (!shown.includes(word)) shown.push(word);
      if (shown.length > 8) shown.shift();
      field.value = "";
      show();
    });
    whenNear(root, show);
  }

  // Neighbours of a word.
  const neighbours = data.sections.neighbours;
  if (neighbours) {
    const root = document.getElementById("neighbours");
    const show = async (word) => {
      all("[data-word]", root).forEach((place) => { place.textContent = word; });
      for (const [name, known] of [["neighbours", neighbours.together], ["alike", neighbours.alike]]) {
        if (!data.charts[name]) continue;
        const rows = (known[word] ?? []).map(([other, value, both]) => ({ word: other, value, label: both === null ? value.toFixed(2) : count(both) }));
        await put(name, rows);
      }
    };
    lookUp(root, neighbours.together, neighbours.text.unknown, true, show);
    whenNear(root, () => show(neighbours.first));
  }

  // The network: buttons to zoom.
  for (const button of all("[data-zoom]")) {
    button.addEventListener("click", async () => {
      const view = await draw("network");
      const factor = Number(button.dataset.zoom);
      if (!factor) view.signal("panx", 0).signal("pany", 0);
      view.signal("zoom", factor ? Math.min(6, Math.max(0.5, view.signal("zoom") * factor)) : 1);
      await view.runAsync();
    });
  }

  // The concordance.
  const concordance = data.sections.concordance;
  if (concordance) {
    const root = document.getElementById("concordance");
    const field = document.getElementById("concordance-search");
    const order = document.getElementById("concordance-sort");
    const most = 200, context = 36;
    const low = documents.text.map((text) => text.toLowerCase());
    const show = () => {
      const wanted = field.value.trim().toLowerCase();
      const lines = [];
      let places = 0, found = 0;
      for (let row = 0; wanted && row < low.length; row += 1) {
        let at = low[row].indexOf(wanted);
        if (at >= 0) found += 1;
        for (; at >= 0; at = low[row].indexOf(wanted, at + wanted.length)) {
          places += 1;
          const end = at + wanted.length, text = documents.text[row];
          lines.push([row, text.slice(Math.max(0, at - context), at), text.slice(at, end), text.slice(end, end + context)]);
        }
      }
      const reversed = (text) => [...text].reverse().join("");
      if (order.value === "right") lines.sort((a, b) => a[3].trim().localeCompare(b[3].trim()));
      if (order.value === "left") lines.sort((a, b) => reversed(a[1].trim()).localeCompare(reversed(b[1].trim())));
      one("[data-rows]", root).replaceChildren(...lines.slice(0, most).map(([row, before, word, after]) => {
        const line = make("tr");
        const middle = make("td");
        middle.append(make("mark", word));
        line.append(make("td", before), middle, make("td", after), make("td", metaOf(row), "meta"));
        return line;
      }));
      const texts = concordance.text;
      const message = !places ? texts.none : places > most ? texts.first : texts.found;
      one("[data-said]", root).textContent = wanted ? said(message, { n: count(places), m: count(found), shown: most }) : "";
    };
    field.addEventListener("input", show);
    order.addEventListener("change", show);
    whenNear(root, show);
  }

  // The table of documents.
  const table = data.sections.documents;
  if (table) {
    const root = document.getElementById("documents");
    const size = 25;
    const columns = { id: documents.id, ...documents.extra, text: documents.text };
    const low = documents.text.map((text, row) => `${text}\n${metaOf(row)}`.toLowerCase());
    const natural = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    let rows = documents.id.map((_, row) => row), page = 0, sorted = "", way = 1, wanted = "";
    const head = one("[data-columns]", root);
    const titles = table.titles;
    for (const name of Object.keys(columns)) {
      const cell = make("th");
      const button = make("button", titles[name] ?? name);
      cell.scope = "col";
      cell.append(button);
      button.addEventListener("click", () => {
        way = sorted === name ? -way : 1;
        sorted = name;
        all("th", head).forEach((other) => other.removeAttribute("aria-sort"));
        cell.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
        show();
      });
      head.append(cell);
    }
    function show(first = 0) {
      page = first;
      rows = documents.id.map((_, row) => row).filter((row) => !wanted || low[row].includes(wanted));
      if (sorted) rows.sort((a, b) => way * natural(columns[sorted][a], columns[sorted][b]));
      paint();
    }
    function paint() {
      const shown = rows.slice(page * size, (page + 1) * size);
      one("[data-rows]", root).replaceChildren(...shown.map((row) => {
        const line = make("tr");
        for (const [name, values] of Object.entries(columns)) {
          const cell = make("td");
          cell.append(name === "text" ? marked(values[row], wanted) : values[row]);
          if (name !== "text" && values[row].length < 18) cell.className = "short";
          line.append(cell);
        }
        return line;
      }));
      const last = Math.min(rows.length, (page + 1) * size);
      one("[data-count]", root).textContent = rows.length ? said(table.text.found, { n: count(rows.length) }) : table.text.none;
      one("[data-page]", root).textContent = said(table.text.page, { from: count(rows.length && page * size + 1), to: count(last), n: count(rows.length) });
      one("[data-previous]", root).disabled = !page;
      one("[data-next]", root).disabled = last >= rows.length;
    }
    one("[data-previous]", root).addEventListener("click", () => { page -= 1; paint(); });
    one("[data-save-all]", root).addEventListener("click", () => {
      const lines = rows.map((row) => Object.values(columns).map((values) => String(values[row])));
      save("documents", [Object.keys(columns), ...lines]);
    });
    one("[data-next]", root).addEventListener("click", () => { page += 1; paint(); });
    document.getElementById("documents-search").addEventListener("input", (event) => {
      wanted = event.target.value.trim().toLowerCase();
      show();
    });
    show();
  }
})();
