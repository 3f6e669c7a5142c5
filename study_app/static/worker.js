// The service worker of a session's pages. It does one thing: where a page cannot be loaded, it
// shows one that says so. Nothing else is cached, and nothing else is answered from here.

const PAGE = new URL("no-connection", self.location);
const CACHE = "lorikeet";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.add(new Request(PAGE, { cache: "reload" }))));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate" || event.request.method !== "GET") return;
  event.respondWith(fetch(event.request).catch(() => caches.match(PAGE)));
});
