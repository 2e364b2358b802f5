// A service worker as apps have them: it hands everything on to the network, or answers some things itself, as its query says.

const answers = new URL(location.href).searchParams.get("answers");

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (answers && new URL(request.url).pathname.endsWith(answers)) {
    event.respondWith(new Response("<!doctype html><title>You are off line</title>", { headers: { "content-type": "text/html" } }));
  } else {
    event.respondWith(fetch(request));
  }
});
