// Parts of a step that come later than its page: after a time, or when somebody asks for them. What
// came when goes along with the answer. They keep their place, so that nothing moves when they come.

export function watchReveals(form, onset, signal) {
  const shown = [];
  const reveal = (ask, time) => {
    const part = ask.dataset.ask;
    for (const one of document.querySelectorAll(`[data-later="${part}"]`)) delete one.dataset.later;
    ask.remove();
    shown.push(`${part}:${Math.round(time - onset)}`);
    form.elements.revealed.value = shown.join(" ");
    window.dispatchEvent(new Event("resize")); // what is in view has changed
  };
  for (const ask of document.querySelectorAll("[data-ask]")) {
    if (ask.dataset.afterMs === undefined) {
      ask.addEventListener("click", (event) => reveal(ask, event.timeStamp), { signal });
    } else {
      const timer = setTimeout(() => reveal(ask, performance.now()), Number(ask.dataset.afterMs));
      signal.addEventListener("abort", () => clearTimeout(timer));
    }
  }
}
