"""The app on the phone: manifest, service worker, the page without a network."""
