// One stream for each page. It says what changed, never what it says; the page
// asks for the parts it shows. Hidden pages stop listening and catch up later.

import { find } from "./dom.js";

const quiet = 1500; // milliseconds without a connection before the page says so

/**
 * Follows the log from the number the page was drawn at.
 * changed gets {conversations, accounts, reading, written, jobs, bell, moved, now}; lost means that
 * everything has to be looked at again.
 */
export function follow({ changed, lost }) {
  let seq = document.body.dataset.seq;
  let source = null;
  let offline = 0;

  const sayOffline = (is) => {
    clearTimeout(offline);
    const box = find("#offline");
    if (!box) return;
    if (!is) box.hidden = true;
    else offline = setTimeout(() => { box.hidden = false; }, quiet);
  };

  const open = () => {
    if (source) return;
    source = new EventSource(`/ui/events?after=${seq}`);
    source.onopen = () => sayOffline(false);
    source.onmessage = (event) => {
      seq = event.lastEventId || seq;
      const what = JSON.parse(event.data);
      changed(what);
      document.dispatchEvent(new CustomEvent("sellerdesk:changed", { detail: what }));
    };
    source.addEventListener("presence", (event) => {
      document.dispatchEvent(new CustomEvent("sellerdesk:presence", { detail: JSON.parse(event.data) }));
    });
    source.addEventListener("resync", (event) => {
      seq = event.lastEventId || seq;
      lost();
    });
    source.onerror = () => {
      sayOffline(true);
      // A closed source was refused (signed out, or the server is starting):
      // the browser does not try again by itself.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        setTimeout(() => { if (!document.hidden) open(); }, 3000);
      }
    };
  };

  const close = () => {
    source?.close();
    source = null;
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close();
    else open();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => { if (event.persisted) { open(); lost(); } });
  if (!document.hidden) open();
}
