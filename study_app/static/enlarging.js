// A tap on a picture enlarges it, as Z does for one after the other; and that is counted.

import { episodes } from "./timing.js";

export function watchEnlarging(signal, changed) {
  const dialog = document.querySelector("[data-enlarging]");
  const frames = [...document.querySelectorAll(".judge .pictures .frame")];
  const isAnAnswer = document.querySelector("[data-key=z]") !== null; // in some language
  const enlarged = episodes();
  let now = -1; // the place of the one that is large
  const closeAfterEscape = (event) => { if (now >= 0 && !dialog.open) show(-1, event.timeStamp); };

  const show = (place, time) => {
    if (now >= 0) delete frames[now].dataset.enlarged;
    now = place;
    if (now >= 0) {
      frames[now].dataset.enlarged = "now";
      dialog.querySelector("img")?.remove();
      dialog.prepend(frames[now].querySelector("img").cloneNode());
    }
    if (now >= 0 && !dialog.open) dialog.showModal();
    if (now < 0 && dialog.open) dialog.close();
    enlarged.note(now >= 0, time);
    changed(time);
  };
  for (const [place, frame] of frames.entries()) {
    frame.addEventListener("click", (event) => show(place, event.timeStamp), { signal });
  }
  dialog?.addEventListener("click", (event) => show(-1, event.timeStamp), { signal });
  dialog?.addEventListener("close", closeAfterEscape, { signal });
  document.addEventListener("keydown", (event) => {
    const isPressed = event.key?.toLowerCase() === "z" && !(event.ctrlKey || event.metaKey || event.altKey);
    const isWritten = event.target.closest?.("input[type=text], textarea");
    if (!dialog || !isPressed || event.repeat || isAnAnswer || isWritten) return;
    closeAfterEscape(event); // whose own event comes later, maybe after this key
    show(frames.findIndex((frame, place) => place > now && !frame.closest("[data-later]")), event.timeStamp);
  }, { signal });
  return (time) => (dialog
    ? { enlarged_count: enlarged.count(), enlarged_ms: enlarged.total(time) } : {});
}

// The class card that the decision's screen offers: how often it was opened, and for how long.
export function watchCard(signal) {
  const card = document.querySelector("[data-card]");
  const open = episodes();
  card?.addEventListener("toggle", (event) => {
    open.note(event.newState === "open", event.timeStamp);
  }, { signal });
  return (time) => (card ? { card_opened_count: open.count(), card_opened_ms: open.total(time) } : {});
}
