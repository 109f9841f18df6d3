// The zone of the browser goes to the server in a cookie, because the server
// writes all times: its name, and minutes east of Greenwich.

/** Sets the cookie and loads the page again when it was drawn without it. */
export function tellZone() {
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  const value = encodeURIComponent(`${name}|${-new Date().getTimezoneOffset()}`);
  const known = document.cookie.split("; ").includes(`sellerdesk_zone=${value}`);
  if (known) return;
  document.cookie = `sellerdesk_zone=${value}; path=/; max-age=31536000; samesite=lax`;
  const drawn = document.documentElement.hasAttribute("data-zoned");
  const kept = document.cookie.includes("sellerdesk_zone=");
  if (!drawn && kept && document.body.dataset.place) location.reload();
}
