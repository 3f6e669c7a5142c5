// Pictures that are certain: fetched whole, checked, decoded. A name is the beginning of the digest
// of the content, so what arrives is known to be the picture that was meant.

import { pause } from "./pauses.js";

const ATTEMPTS = 3;
const DIGEST = /([0-9a-f]{16})\.jpg$/;
let again = 0; // makes another address for each further try, so that no cache answers it
const ahead = new Map(); // keeps decoded pictures in memory until the screens that need them

export function fetchAhead(addresses) {
  for (const address of ahead.keys()) if (!addresses.includes(address)) ahead.delete(address);
  for (const address of addresses) {
    if (!ahead.has(address)) ahead.set(address, decoded(new Image(), address).catch(() => null));
  }
}

// Resolves when every picture of the screen can be painted at once.
export async function screenReady() {
  const images = [...document.querySelectorAll("main img")];
  await Promise.all(images.map((image) => decoded(image, image.getAttribute("src"))));
}

export async function decoded(image, address) {
  let from = address;
  for (let tries = 0; ; tries += 1) {
    try {
      return await once(image, from);
    } catch (error) {
      if (tries + 1 === ATTEMPTS) throw error;
      await pause(tries);
      again += 1;
      from = `${address.split("?")[0]}?try=${again}`;
    }
  }
}

async function once(image, address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  await checkDigest(address, await response.arrayBuffer());
  if (image.getAttribute("src") !== address) image.src = address;
  await image.decode();
  if (!image.naturalWidth) throw new Error(`${address}: empty`);
  return image;
}

async function checkDigest(address, content) {
  const expected = DIGEST.exec(address.split("?")[0])?.[1];
  if (!expected || !crypto.subtle) return; // only secure pages can compute one
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const found = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!found.startsWith(expected)) throw new Error(`${address}: not whole`);
}
