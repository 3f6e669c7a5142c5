// Signals that a program may answer in a person's stead: an answer that no hand gave, a pointer that
// jumps, letters that nobody typed. They are counted, and nothing else: no text, no key, no path.
// Beside them, whether the browser had translated the page.

import { watchWriting } from "./writing.js";

// What translators leave in a page, none of which is ours.
const TRANSLATED = "html[class*='translated-'], font, [_msttexthash], [data-moz-translations-id]";
const SAME_PX = 2; // browsers round the place of a click, and not that of a movement
let rested = { clientX: NaN, clientY: NaN }; // where the mouse was last, on the screen before too

// `pressed` takes the event that gave the answer and how it was given; `found` gives the fields that
// go along with the answer. Nothing is looked at where the study does not record it.
export function watchSignals(form, signal) {
  if (!("records" in form.dataset)) return { pressed() {}, found: () => ({}) };
  const written = watchWriting(form, signal);
  let moved = false;
  let scripted = 1; // until an event of the browser itself answers
  let still = 0;

  document.addEventListener("pointermove", (event) => {
    if (!event.isTrusted || event.pointerType !== "mouse") return;
    moved = true;
    rested = event;
  }, { signal });
  return {
    pressed(event, input) {
      scripted = Number(!event.isTrusted);
      if (input !== "mouse") return;
      still = Number(!moved && !isWhere(rested, event));
      rested = event;
    },
    // The look at the device answers by itself, as it is meant to.
    found: (ownAccord) => ({
      webdriver: Number(Boolean(navigator.webdriver)),
      scripted: ownAccord ? 0 : scripted,
      still,
      translated: Number(isTranslated()),
      ...written(),
    }),
  };
}

function isTranslated() {
  const { language } = document.querySelector("script[data-language]").dataset;
  return document.documentElement.lang !== language || document.querySelector(TRANSLATED) !== null;
}

function isWhere(a, b) {
  return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) < SAME_PX;
}
