// Keeps one page for where there is no signal: the form of 走访速记 as nobody in particular sees it, with its style and scripts.
// Never keeps an answer that was made for a person, and never sends anything: the page does.

const ROOM = "quick";
const here = new URL(self.registration.scope).pathname;
const shell = `${here}/offline`;

async function keep() {
  const answer = await fetch(shell, { credentials: "omit", cache: "no-store" });
  if (!answer.ok) throw new Error(`the form: ${answer.status}`);
  const page = await answer.clone().text();
  const parts = [...page.matchAll(/(?:href|src|data-notes)="(\/static\/[^"?]+\.(?:css|js)\?v=[0-9a-f]+)"/g)].map((found) => found[1]);
  const room = await caches.open(ROOM);
  await Promise.all(parts.map(async (part) => (await room.match(part)) || room.add(part)));
  await room.put(shell, answer);
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
// A page that was read online asks for the form of today.
self.addEventListener("message", (event) => event.waitUntil(keep().catch(() => {})));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const isForm = request.mode === "navigate" && url.pathname === here;
  if (!isForm && !url.pathname.startsWith("/static/")) return;
  const kept = () => caches.open(ROOM).then((room) => room.match(isForm ? shell : request));
  event.respondWith(
    fetch(request).then(
      // A house behind a proxy that does not answer is as far away as one without signal.
      async (answer) => ([502, 503, 504].includes(answer.status) && (await kept())) || answer,
      async () => (await kept()) || Response.error(),
    ),
  );
});
