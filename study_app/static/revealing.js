// Parts of a step that come later than its page: after a time, or when somebody asks for them. What
// came when goes along with the answer. They keep their place, so that nothing moves when they come.

export function watchReveals(form, onset, signal) {
  const shown = [];
  const reveal = (part, time) => {
    const places = document.querySelectorAll(`[data-later="${part}"]`);
    for (const place of places) {
      delete place.dataset.later;
      place.querySelector(".ask")?.remove();
    }
    shown.push(`${part}:${Math.round(time - onset)}`);
    form.elements.revealed.value = shown.join(" ");
    window.dispatchEvent(new Event("scroll")); // what is in view has changed
    return places[0];
  };
  for (const ask of document.querySelectorAll("[data-ask]")) {
    const { ask: part, afterMs } = ask.dataset;
    if (afterMs === undefined) {
      ask.addEventListener("click", (event) => lead(reveal(part, event.timeStamp)), { signal });
    } else {
      const timer = setTimeout(() => reveal(part, performance.now()), Number(afterMs));
      signal.addEventListener("abort", () => clearTimeout(timer));
    }
  }
}

// Who asked is led to what came, since the button is gone.
function lead(place) {
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
}
