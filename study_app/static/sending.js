// Sends an answer until the server says what became of it. Sending it twice does no harm: the
// server knows an answer by its screen and the key of its trial.

import { pause } from "./pauses.js";

const TIMEOUT_MS = 30_000;
const VERDICT = "X-Lorikeet-Answer";

// The server's verdict ("stored", "already", "refused" or "elsewhere") and the page that came with
// it. `onTrouble` is called at each try that failed, with whether the server said that it cannot store
// anything now; "refresh" asks for a fresh page, because it did not take this page's form token.
export async function send(address, fields, onTrouble) {
  for (let tries = 0; ; tries += 1) {
    const reply = await attempt(address, fields);
    if (reply.verdict) return reply;
    onTrouble(reply.unavailable);
    await pause(tries);
    if (reply.unknownPage) return { verdict: "refresh" };
  }
}

async function attempt(address, fields) {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { Prefer: "return=representation" },
      body: new URLSearchParams(fields),
      keepalive: true, // the page may be closed right after the click
      signal: AbortSignal.timeout?.(TIMEOUT_MS),
    });
    const page = await response.text();
    return {
      verdict: response.headers.get(VERDICT),
      page,
      unknownPage: response.status === 400 || response.status === 404,
      unavailable: response.status === 503,
    };
  } catch {
    return {}; // no network, or none that leads to the server
  }
}
