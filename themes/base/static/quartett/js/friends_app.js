// Installs the service worker of the friends' app, which shows pushes; the app works without it.

navigator.serviceWorker?.register("/service-worker.js").catch(() => {
  // A private window, or a browser that forbids it: the pages are the same without.
});
