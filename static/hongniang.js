// What pages gain when scripts run: nothing here is needed to read, fill or send anything.

const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

/* 需求体检: counts the gaps while someone writes; the server counts again on sending. */
function checkup(panel) {
  const form = document.querySelector("[data-form]");
  const list = panel.querySelector(".asks");
  if (!form || !list) return;
  const filled = (id) => {
    const place = document.getElementById(id);
    if (!place) return false;
    const inputs = place.matches("input, select, textarea") ? [place] : [...place.querySelectorAll("input, select, textarea")];
    return inputs.some((input) => (/checkbox|radio/.test(input.type) ? input.checked : input.value.trim() !== ""));
  };
  const listed = new Map([...list.children].map((line) => [line.dataset.ask, line]));
  // An ask that is answered already comes from its field, so that emptying the field brings it back.
  each("[data-asked]", (field) => {
    const id = field.dataset.asked;
    if (listed.has(id) || !filled(id) || !list.firstElementChild) return;
    const line = list.firstElementChild.cloneNode(true);
    const label = field.querySelector("label, legend");
    line.dataset.ask = id;
    line.querySelector(".ask-label").textContent = label ? label.firstChild.textContent : id;
    line.querySelector("a.ask-label")?.setAttribute("href", `#${id}`);
    line.querySelector(".ask").textContent = field.dataset.question;
    list.append(line);
    listed.set(id, line);
  }, form);
  const asked = Number(panel.querySelector("[data-asked]").textContent);
  const spare = asked - listed.size;
  const bGaps = Number(panel.dataset.bGaps);
  const grade = panel.querySelector("[data-grade]");
  const words = panel.querySelector("[data-grade-words]");
  const count = () => {
    let gaps = 0;
    for (const [id, line] of listed) {
      const done = filled(id);
      const state = line.querySelector(".ask-state");
      line.classList.toggle("done", done);
      state.textContent = done ? state.dataset.done : state.dataset.open;
      if (!done) gaps += 1;
    }
    const letter = gaps === 0 ? "A" : gaps <= bGaps ? "B" : "C";
    panel.querySelector("[data-answered]").textContent = Math.max(0, spare) + listed.size - gaps;
    panel.querySelector("progress").value = asked - gaps;
    if (grade.textContent === letter) return;
    grade.textContent = letter;
    grade.className = `grade grade-${letter}`;
    words.textContent = words.dataset[letter.toLowerCase()];
  };
  form.addEventListener("input", count);
  form.addEventListener("change", count);
  count();
}

/* One more row of a repeating group, without a round trip. */
function grow(group) {
  const rows = group.querySelector(".group-rows");
  const button = group.querySelector("[data-more]");
  button?.addEventListener("click", (event) => {
    const last = rows.lastElementChild;
    if (!last || last.querySelector(".reference, .file, [type=hidden]")) return;
    event.preventDefault();
    const name = group.dataset.group;
    const from = `${name}.${rows.children.length - 1}.`;
    const to = `${name}.${rows.children.length}.`;
    const row = last.cloneNode(true);
    each("*", (node) => {
      for (const { name: key, value } of [...node.attributes]) {
        if (value.includes(from)) node.setAttribute(key, value.replaceAll(from, to));
      }
      if (/checkbox|radio/.test(node.type)) node.checked = false;
      else if (node.matches("input, textarea, select")) node.value = "";
      node.removeAttribute("aria-invalid");
      node.classList.remove("bad");
    }, row);
    each(".fault, .counter", (node) => node.remove(), row);
    row.setAttribute("aria-label", `${row.getAttribute("aria-label").replace(/\d+$/, "")}${rows.children.length + 1}`);
    rows.append(row);
    each("[data-max]", counter, row);
    row.querySelector("input, textarea, select")?.focus();
  });
}

/* j and k walk a list, Enter opens. */
function walk(list) {
  const rows = list.dataset.walk ? [...list.querySelectorAll(list.dataset.walk)] : [...list.children];
  let at = -1;
  each("[data-keys]", (hint) => { hint.hidden = false; });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
    const step = { j: 1, k: -1 }[event.key];
    if (!step || rows.length === 0) return;
    event.preventDefault();
    rows[at]?.classList.remove("walked");
    at = Math.min(rows.length - 1, Math.max(0, at + step));
    rows[at].classList.add("walked");
    (rows[at].querySelector("a.row-title") ?? rows[at].querySelector("a, button"))?.focus();
    rows[at].scrollIntoView({ block: "nearest" });
  });
}

function counter(area) {
  const max = Number(area.dataset.max);
  const line = document.createElement("span");
  line.className = "counter";
  area.after(line);
  const show = () => {
    const length = [...area.value].length;
    line.textContent = `${length} / ${max} ${area.dataset.count}`;
    line.classList.toggle("over", length > max);
  };
  area.addEventListener("input", show);
  show();
}

function copier(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const said = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
    button.setAttribute("aria-live", "polite");
    setTimeout(() => { button.textContent = said; }, 2400);
  });
}

/* Large type at once; the cookie is set only because someone asked. */
function large(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const on = document.documentElement.classList.toggle("large");
    document.cookie = `large=${on ? "1; Max-Age=31536000" : "; Max-Age=0"}; Path=/; SameSite=Lax`;
    form.querySelector("button").setAttribute("aria-pressed", String(on));
    form.elements.large.value = on ? "0" : "1";
  });
}

/* Figures move while someone watches: a small question now and then; when something changed, this very page answers. */
function live() {
  let seen = null;
  const look = async () => {
    if (document.hidden) return;
    const { at } = await (await fetch("/live", { cache: "no-store" })).json();
    if (at === seen) return;
    const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    // What is being read by keyboard is left as it is, and looked at again.
    let all = true;
    each("[data-live]", (part) => {
      const now = fresh.getElementById(part.id);
      if (part.contains(document.activeElement)) all = false;
      else if (now) part.replaceWith(document.adoptNode(now));
    });
    if (all) seen = at;
  };
  // A server that is away is asked again later.
  setInterval(() => look().catch(() => {}), 3000);
}

if (document.querySelector("[data-live]")) live();
each("[data-checkup]", checkup);
each("[data-group]", grow);
each("[data-walk]", walk);
each("[data-max]", counter);
each("[data-copy]", copier);
each("[data-large]", large);
document.querySelector(".faults[tabindex]")?.focus();

/* Signing out takes what is kept for where there is no signal off this device; who would lose a note is asked first. */
each("[data-signout]", (form) => {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.asked || !self.indexedDB) return;
    event.preventDefault();
    const notes = await import(form.dataset.notes);
    const left = await notes.count().catch(() => 0);
    if (left > 0 && !confirm(form.dataset.signout.replace("%n", left))) return;
    await notes.wipe().catch(() => {});
    form.dataset.asked = "yes";
    form.requestSubmit();
  });
});
