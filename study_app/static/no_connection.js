// Loads the page again as soon as the server can be reached.

import { pause } from "./pauses.js";

for (let tries = 0; ; tries += 1) {
  await pause(tries);
  const response = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (response && response.status < 500) break;
}
location.reload();
