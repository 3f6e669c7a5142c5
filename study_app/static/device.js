// The look at the device: says what is wrong, and goes on by itself as soon as nothing is.

import { storageWorks } from "./kept.js";
import { decoded } from "./pictures.js";
import { refreshRate } from "./timing.js";

const AGAIN_MS = 2000;

export async function check(form, signal) {
  const article = document.querySelector("[data-check]");
  if (!article) return;
  fill(form, { ...sizes(), refresh_hz: await refreshRate() });
  const go = form.querySelector("[value=continue]");
  if (!go) return; // a phone, where none is welcome
  go.hidden = true;
  for (;;) {
    const troubles = await findTroubles(article, form);
    if (signal.aborted) return;
    if (!troubles.length) break;
    tell(article, form, troubles);
    await resizedOrLater();
  }
  fill(form, sizes());
  form.requestSubmit(go);
}

async function findTroubles({ dataset }, form) {
  const [picture] = form.dataset.coming.split(" ").filter(Boolean);
  const arrives = !picture || await decoded(new Image(), picture).then(() => true, () => false);
  const fits = innerWidth >= dataset.minWidth && innerHeight >= dataset.minHeight;
  return [!fits && "window", !storageWorks() && "storage", !arrives && "pictures"].filter(Boolean);
}

function tell(article, form, troubles) {
  article.querySelector("[data-checking]").hidden = true;
  form.querySelector("[value=incompatible]").hidden = false;
  for (const line of article.querySelectorAll("[data-trouble]")) {
    line.hidden = !troubles.includes(line.dataset.trouble);
  }
}

function resizedOrLater() {
  return new Promise((resolve) => {
    window.addEventListener("resize", resolve, { once: true });
    setTimeout(resolve, AGAIN_MS);
  });
}

function sizes() {
  return {
    screen_w: screen.width,
    screen_h: screen.height,
    viewport_w: innerWidth,
    viewport_h: innerHeight,
    pixel_ratio: devicePixelRatio,
  };
}

function fill(form, facts) {
  for (const [name, value] of Object.entries(facts)) form.elements[name].value = value;
}
