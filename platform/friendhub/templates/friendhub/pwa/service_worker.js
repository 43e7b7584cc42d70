// Shows pushes and opens what they lead to. It keeps the page for when there is no connection, and what that page looks
// like; nothing of a friend's is kept.

const CACHE = "quartett-{{ version|escapejs }}";
const SHELL = JSON.parse("{{ shell|escapejs }}");
const OFFLINE = JSON.parse("{{ offline|escapejs }}");

self.addEventListener("install", (event) => {
  // Without cookies: the pages must be those that a stranger gets.
  const requests = SHELL.map((path) => new Request(path, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("quartett-") && name !== CACHE);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    const language = url.pathname.split("/")[1];
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE[language] ?? OFFLINE.en)));
  } else if (SHELL.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(url.pathname)));
  }
});

self.addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(said.title ?? "Quartett", {
    body: said.body, tag: said.tag, lang: said.lang, data: { url: said.url },
    icon: "{{ icon|escapejs }}", badge: "{{ badge|escapejs }}",
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url || "/", self.location.origin);
  if (url.origin === self.location.origin) event.waitUntil(show(url.href));
});

async function show(href) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) {
    try {
      await page.navigate(href);
    } catch {
      // This window cannot be led elsewhere (it is not ours to control, or it is closing): try the next one.
      continue;
    }
    await page.focus();
    return;
  }
  await self.clients.openWindow(href);
}
