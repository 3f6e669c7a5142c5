// When a screen was painted, and how long people were away from it. All times as in
// `performance.now()`, which is the clock of events' time stamps too.

// Shows what `reveal` reveals in one frame; resolves with the time at which that frame was drawn.
// The message waits until the frame is done, and comes closer to the paint that the browser itself
// reports than the begin of the next frame does, which is late on a busy computer.
export function painted(reveal) {
  return new Promise((resolve) => {
    const drawn = new MessageChannel();
    drawn.port1.onmessage = () => resolve(performance.now());
    requestAnimationFrame(() => {
      reveal();
      drawn.port2.postMessage(null);
    });
  });
}

// Counts how often something was so, and for how long.
export function episodes() {
  let count = 0;
  let total = 0;
  let since = null;
  return {
    note(isSo, time) {
      if (isSo && since === null) {
        since = time;
        count += 1;
      } else if (!isSo && since !== null) {
        total += time - since;
        since = null;
      }
    },
    count: () => count,
    total: (time) => total + (since === null ? 0 : Math.max(0, time - since)),
  };
}

// Follows whether the page is in front of the person. The result gives the fields of the form.
export function watchAway(onset, signal) {
  const away = episodes();
  const look = (time) => away.note(document.hidden || !document.hasFocus(), time);
  look(onset);
  const changed = (event) => look(event.timeStamp);
  document.addEventListener("visibilitychange", changed, { signal });
  for (const name of ["blur", "focus"]) window.addEventListener(name, changed, { signal });
  return (time) => ({ away_ms: away.total(time), away_count: away.count() });
}

const FRAMES = 30;

// Frames per second of the screen: the median over some frames.
export async function refreshRate() {
  const times = [];
  while (times.length <= FRAMES) times.push(await new Promise(requestAnimationFrame));
  const gaps = times.slice(1).map((time, i) => time - times[i]).sort((a, b) => a - b);
  return 1000 / gaps[gaps.length >> 1];
}
