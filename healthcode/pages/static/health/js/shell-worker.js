/* Keeps a page's files, so that it opens without network. The API is never kept: what it
   answers concerns a person, and an old answer would be a wrong one. */

const worker = /** @type {any} */ (self);
const { version, languages, files } = worker.SHELL;
const PAGE = new URL(worker.registration.scope).pathname;
const FAMILY = version.slice(0, version.lastIndexOf("-") + 1);
const SPOKEN = `${PAGE}spoken-language`;
// Outlives the files: a new version of them speaks the language of the old one.
const MEMORY = `language-${FAMILY}`;
const pageIn = (language) => `${PAGE}?lang=${language}`;

async function keep() {
  const cache = await caches.open(version);
  const all = [...files, ...languages.map(pageIn)];
  // Past the browser's own cache: a new shell must not be made of old files.
  await cache.addAll(all.map((address) => new Request(address, { cache: "reload", credentials: "omit" })));
  await worker.skipWaiting();
}

async function tidy() {
  const memory = await caches.open(MEMORY);
  const spoken = await caches.match(SPOKEN);
  if (spoken && !(await memory.match(SPOKEN))) await memory.put(SPOKEN, spoken);
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(FAMILY) && name !== version).map((name) => caches.delete(name)),
  );
  await worker.clients.claim();
}

/* The language last asked for is remembered beside the files: a page without `?lang=`
   is the same page as yesterday. */
async function openPage(request) {
  const cache = await caches.open(version);
  const memory = await caches.open(MEMORY);
  const asked = new URL(request.url).searchParams.get("lang");
  if (languages.includes(asked)) await memory.put(SPOKEN, new Response(asked));
  const spoken = await (await memory.match(SPOKEN))?.text();
  if (spoken) return cache.match(pageIn(spoken));
  try {
    return await fetch(request);
  } catch {
    return cache.match(pageIn("en"));
  }
}

async function openFile(request) {
  const cache = await caches.open(version);
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(keep()));
worker.addEventListener("activate", (event) => event.waitUntil(tidy()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (address.pathname === PAGE) event.respondWith(openPage(request));
  } else if (files.includes(address.pathname)) {
    event.respondWith(openFile(request));
  }
});
