// Installs the service worker of the friends' app, which shows pushes; the app works without it.

navigator.serviceWorker?.register("/service-worker.js").catch(() => {
  // A private window, or a browser that forbids it: the pages are the same without.
});

// Whoever signs out, or changes the password, says which device this is: pushes end here, or everywhere else.
navigator.serviceWorker?.ready.then(async (registration) => {
  const known = await registration.pushManager?.getSubscription();
  if (!known) return;
  for (const field of document.querySelectorAll("[data-this-device]")) field.value = known.endpoint;
});
