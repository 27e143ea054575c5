// Notes kept on this device until they are sent: a small store that any page may open, and wipe.

const NAME = "hongniang-quick";
const done = (asked) =>
  new Promise((yes, no) => {
    asked.onsuccess = () => yes(asked.result);
    asked.onerror = () => no(asked.error);
  });

let opened;
let wiped = false;
function store(mode) {
  // What was still under way when everything was taken off the device does not make the store anew.
  if (wiped) return Promise.reject(new Error("wiped"));
  opened ??= new Promise((yes, no) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("note", { keyPath: "once" });
      asked.result.createObjectStore("setting");
    };
    asked.onsuccess = () => {
      // Another page that wipes the store is not held up by this one.
      asked.result.onversionchange = () => asked.result.close();
      yes(asked.result);
    };
    asked.onerror = () => no(asked.error);
  });
  return opened.then((base) => base.transaction(["note", "setting"], mode));
}

/* A write is kept once the transaction is complete, not when it is asked for. */
async function write(act) {
  const doing = await store("readwrite");
  const kept = new Promise((yes, no) => {
    doing.oncomplete = yes;
    doing.onerror = doing.onabort = () => no(doing.error);
  });
  act(doing);
  return kept;
}

export const all = async () =>
  (await done((await store("readonly")).objectStore("note").getAll())).sort((a, b) => a.made - b.made);
export const one = async (once) => done((await store("readonly")).objectStore("note").get(once));
export const put = (note) => write((doing) => doing.objectStore("note").put(note));
export const drop = (once) => write((doing) => doing.objectStore("note").delete(once));
export const remember = (who) => write((doing) => doing.objectStore("setting").put(who, "who"));
export const remembered = async () => done((await store("readonly")).objectStore("setting").get("who"));

/* Whether what is kept is shown to nobody until its writer has signed in again: a session that ran out wipes nothing. */
export const lock = (yes) => write((doing) => doing.objectStore("setting").put(yes, "locked"));
export const locked = async () => (await done((await store("readonly")).objectStore("setting").get("locked"))) === true;

/* How many notes this device holds, without making a store where there is none. */
export async function count() {
  if (!indexedDB.databases) return (await all()).length;
  const known = await indexedDB.databases();
  return known.some((base) => base.name === NAME) ? (await all()).length : 0;
}

/* Takes everything of ours off this device. */
export async function wipe() {
  wiped = true;
  if (opened) (await opened).close();
  opened = undefined;
  const gone = indexedDB.deleteDatabase(NAME);
  await new Promise((yes) => {
    gone.onsuccess = gone.onerror = gone.onblocked = yes;
  });
  if (self.caches) await Promise.all((await caches.keys()).map((room) => caches.delete(room)));
  const workers = (await navigator.serviceWorker?.getRegistrations()) || [];
  await Promise.all(workers.map((worker) => worker.unregister()));
}
