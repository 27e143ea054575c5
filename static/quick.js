// 走访速记 where there is no signal: a note is kept on the device first and sent from there, under a UUID of its own, so that it
// is neither lost nor filed twice. Without scripts, or where a browser keeps nothing, the form is sent as any other.

const kept = document.querySelector("[data-kept]");
const able = kept && self.indexedDB && crypto.randomUUID;
const words = kept?.dataset;
const fill = (text, values) => text.replace(/%(name|most|why|n)\b/g, (_, name) => values[name] ?? "");

if (able) {
  const notes = await import(words.notes);
  const form = () => document.querySelector("form[data-quick]");
  const told = self.BroadcastChannel && new BroadcastChannel("hongniang-quick");
  let who = form().dataset.who;
  let locked = false;

  const say = (text) => {
    document.querySelector("[data-kept-state]").textContent = text;
    if (text) document.querySelector("[data-kept]").hidden = false;
  };

  /* What waits, in the order it was written. */
  async function draw() {
    const place = document.querySelector("[data-kept]");
    const all = await notes.all();
    const line = place.querySelector("[data-kept-line]");
    const lines = all.map((note) => {
      const one = line.content.cloneNode(true);
      const of = (name) => note.pairs.find(([key]) => key === name)?.[1] || "";
      const mine = note.who === who && !locked;
      one.querySelector("b").textContent = mine ? `${of("firm_name") || "—"} · ${of("visited_on")}` : words.locked;
      one.querySelector(".meta").textContent = standing(note);
      for (const button of one.querySelectorAll("button")) button.hidden = !mine;
      one.querySelector("[data-edit]").addEventListener("click", () => edit(note.once));
      one.querySelector("[data-drop]").addEventListener("click", () => drop(note.once));
      return one;
    });
    place.querySelector("[data-kept-list]").replaceChildren(...lines);
    place.querySelector("[data-kept-count]").textContent = fill(words.count, { n: all.length });
    place.querySelector("[data-kept-count]").hidden = all.length === 0;
    place.querySelector("[data-kept-send]").hidden = all.length === 0;
    place.hidden = all.length === 0 && !place.querySelector("[data-kept-state]").textContent;
  }

  function standing(note) {
    if (note.who !== who) return words.other;
    if (locked) return words.signin;
    return note.why ? fill(words.refused, note) : words.waits;
  }

  const changed = () => draw().then(() => told?.postMessage("changed"));

  async function drop(once) {
    if (!confirm(words.drop)) return;
    await notes.drop(once);
    await changed();
  }

  /* Puts a note back into the form; it stays on the device until it is sent. */
  async function edit(once) {
    const note = await notes.one(once);
    if (!note) return draw();
    const at = form();
    at.reset();
    for (const [name, value] of note.pairs) {
      const input = at.elements[name];
      if (input && input.type !== "file" && !(value instanceof Blob)) input.value = value;
    }
    mark(at, once);
    at.dataset.files = once;
    at.querySelector("input:not([type=hidden])").focus();
  }

  function mark(at, once) {
    let input = at.querySelector("input[name=once]");
    if (!input) {
      input = document.createElement("input");
      input.type = "hidden";
      input.name = "once";
      at.prepend(input);
    }
    input.value = once;
  }

  function fresh() {
    const at = form();
    at.reset();
    for (const input of at.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    at.querySelectorAll(".fault, .field.choice").forEach((node) => node.remove());
    document.querySelectorAll("main .faults").forEach((node) => node.remove());
    for (const input of at.querySelectorAll("input:not([type=hidden]), textarea")) {
      if (input.name !== "people") input.value = "";
    }
    at.querySelector("input[name=case]")?.remove();
    delete at.dataset.files;
    today(at);
    mark(at, crypto.randomUUID());
  }

  function today(at) {
    const day = at.elements.visited_on;
    const now = new Date();
    const two = (n) => String(n).padStart(2, "0");
    if (day && !day.value) day.value = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  /* A file too large to be taken is left out before anything is sent, and only the file. */
  function weigh(event) {
    const input = event.target;
    if (input.type !== "file") return;
    const most = Number(form().dataset.most);
    const large = [...input.files].find((file) => file.size > most);
    if (!large) return;
    const left = new DataTransfer();
    for (const file of input.files) if (file.size <= most) left.items.add(file);
    input.files = left.files;
    say(fill(words.large, { name: large.name, most: Math.floor(most / 1048576) }));
  }

  async function keep(event) {
    event.preventDefault();
    const at = event.target;
    const pairs = [...new FormData(at)].filter(([, value]) => !(value instanceof File && value.size === 0));
    const once = at.querySelector("input[name=once]")?.value || crypto.randomUUID();
    // Photos of a note that is changed stay with it.
    const before = at.dataset.files === once ? await notes.one(once) : undefined;
    const files = (before?.pairs || []).filter(([, value]) => value instanceof Blob);
    const note = { once, who, made: before?.made || Date.now(), why: "", pairs: [...pairs.filter(([name]) => name !== "once"), ...files, ["once", once]] };
    try {
      await notes.put(note);
    } catch {
      say(words.full);
      return;
    }
    fresh();
    say(words.keptWords);
    await changed();
    await send(once);
  }

  /* One page sends at a time; what another sent meanwhile is gone from the store. */
  const send = (shown) => {
    const job = () => sendAll(shown);
    return navigator.locks ? navigator.locks.request("hongniang-quick", job) : job();
  };

  /* Once the house says that whoever wrote here is not signed in, nothing of a note is shown until they are. */
  async function close(yes) {
    locked = yes;
    await notes.lock(yes);
  }

  async function sendAll(shown) {
    const all = await notes.all();
    if (all.length === 0) return draw();
    // Whoever is signed in now may not be who was when the page was made.
    const me = await present();
    if (me !== undefined) await close(me !== who);
    const waiting = all.filter((note) => note.who === who && (!note.why || note.once === shown));
    if (waiting.length === 0) return draw();
    if (me !== who) {
      say(me === undefined ? words.cut : words.signin);
      document.querySelector("[data-kept-signin]").hidden = me === undefined;
      return draw();
    }
    document.querySelector("[data-kept-signin]").hidden = true;
    for (const { once } of waiting) {
      const note = await notes.one(once);
      if (note && !(await deliver(note, shown))) break;
    }
    await changed();
  }

  /* Whose notes the house takes now; empty where nobody is signed in, undefined where it does not answer. */
  async function present() {
    try {
      const answer = await fetch(form().action, { cache: "no-store" });
      if (answer.status >= 500) return undefined;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // The form kept for where there is no signal knows nobody: then the house did not answer.
      const found = page.querySelector("form[data-quick]");
      return found && found.dataset.who === "" ? undefined : found?.dataset.who || "";
    } catch {
      return undefined;
    }
  }

  /* Sends one note; false where the next one need not be tried. */
  async function deliver(note, shown) {
    const body = new FormData();
    for (const [name, value] of note.pairs) body.append(name, value);
    body.append("do", "save");
    let answer;
    let page;
    try {
      answer = await fetch(form().action, { method: "POST", body });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      say(words.cut);
      return false;
    }
    if (answer.ok) {
      await notes.drop(note.once);
      say(words.sent);
      const link = page.querySelector("main .notice a");
      if (link) document.querySelector("[data-kept-state]").append(" ", document.adoptNode(link));
      return true;
    }
    if (answer.status === 401) await close(true);
    if (answer.status === 401 || answer.status >= 500 || answer.status === 429) {
      say(answer.status === 401 ? words.signin : words.cut);
      return false;
    }
    await refused(note, page, shown);
    return true;
  }

  /* What the house refuses stays here with the reason; the form that was just sent shows what to mend. */
  async function refused(note, page, shown) {
    const faults = [...page.querySelectorAll("main .faults li")].map((line) => line.textContent.replace(/\s+/g, " ").trim());
    const why = faults.join("；") || page.querySelector("main h1")?.textContent.trim() || "";
    await notes.put({ ...note, why });
    say(fill(words.refused, { why }));
    const theirs = page.querySelector("form[data-quick]");
    if (note.once !== shown || !theirs) return;
    const at = form();
    const ours = [...at.querySelectorAll("input:not([type=hidden]), textarea")].some((input) => input.name === "firm_name" && input.value);
    if (ours) return;
    at.replaceChildren(...theirs.childNodes);
    mark(at, note.once);
    at.dataset.files = note.once;
  }

  document.addEventListener("submit", (event) => event.target.matches("form[data-quick]") && keep(event));
  document.addEventListener("change", (event) => event.target.closest("form[data-quick]") && weigh(event));
  document.querySelector("[data-kept-send]").addEventListener("click", () => send());
  self.addEventListener("online", () => send());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  told?.addEventListener("message", draw);

  if (who) {
    await notes.remember(who);
    await close(false);
  } else {
    who = (await notes.remembered()) || "";
    locked = await notes.locked();
  }
  today(form());
  if (!form().querySelector("input[name=once]")) mark(form(), crypto.randomUUID());
  form().dataset.ready = "";
  await draw();
  await send();
  if (form().dataset.who && navigator.serviceWorker) {
    const scope = new URL(form().action).pathname;
    const worker = await navigator.serviceWorker.register("/quick-worker.js", { scope });
    worker.active?.postMessage("keep");
  }
}
