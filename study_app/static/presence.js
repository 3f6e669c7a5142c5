// One page at a time: it holds a lock that other tabs of this browser see, tells the server that it
// is the one that answers, and says from time to time that it is still there.

import { pause } from "./pauses.js";

const EVERY_MS = 30_000;
// A page that is reloaded may hold its lock for a moment longer: seconds, on a busy machine.
const PATIENCE_MS = 4_000;

export const view = [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte) => byte.toString(16).padStart(2, "0")).join("");

const lock = (link) => `lorikeet:${link}`;

// Whether no other tab of this browser keeps this link open. `onLost` is called if one takes over.
export function holdTab(onLost) {
  if (!navigator.locks) return true; // the server tells pages apart all the same
  const patience = new AbortController();
  setTimeout(() => patience.abort(), PATIENCE_MS);
  return new Promise((resolve) => {
    let held = false;
    navigator.locks.request(lock(location.pathname), { signal: patience.signal }, () => {
      held = true;
      resolve(true);
      return new Promise(() => {}); // until the page is gone
    }).catch((error) => {
      if (error.name !== "AbortError") resolve(true); // locks are blocked here
      else if (held) onLost();
      else resolve(false);
    });
  });
}

// Ends the hold of the tab that has it.
export async function takeOver(link) {
  await navigator.locks?.request(lock(link), { steal: true }, () => {});
}

// Tells the server that this page answers from now on; resolves when the server has heard it.
export async function claim(address, token, onTrouble) {
  for (let tries = 0; ; tries += 1) {
    const response = await post(address, { csrf_token: token(), view, claim: "1" });
    if (response && response.status < 500) return;
    onTrouble();
    await pause(tries);
  }
}

export function giveSigns(address, token, onLost) {
  const sign = async () => {
    if (document.hidden || !token()) return;
    const response = await post(address, { csrf_token: token(), view });
    if (response?.status === 409) onLost();
  };
  setInterval(sign, EVERY_MS);
  document.addEventListener("visibilitychange", sign);
}

function post(address, fields) {
  return fetch(address, { method: "POST", body: new URLSearchParams(fields) }).catch(() => null);
}
