// When a screen was painted, and how long people were away from it. All times as in
// `performance.now()`, which is the clock of events' time stamps too.

// The time stamp of the second frame after pictures were decoded: the first frame paints them, and
// its picture is on the screen when the second begins. The frame's own time does not depend on how
// late the browser calls us.
export function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  });
}

// Follows whether the page is in front of the person. `stop(time)` gives what happened since.
export function watchAway(onset, signal) {
  let count = 0;
  let total = 0;
  let since = null;
  const look = (time) => {
    const away = document.hidden || !document.hasFocus();
    if (away && since === null) {
      since = time;
      count += 1;
    } else if (!away && since !== null) {
      total += time - since;
      since = null;
    }
  };
  look(onset);
  const changed = (event) => look(event.timeStamp);
  document.addEventListener("visibilitychange", changed, { signal });
  for (const name of ["blur", "focus"]) window.addEventListener(name, changed, { signal });
  return (time) => ({
    away_ms: total + (since === null ? 0 : Math.max(0, time - since)),
    away_count: count,
  });
}

const FRAMES = 30;

// Frames per second of the screen: the median over some frames.
export async function refreshRate() {
  const times = [];
  while (times.length <= FRAMES) times.push(await new Promise(requestAnimationFrame));
  const gaps = times.slice(1).map((time, i) => time - times[i]).sort((a, b) => a - b);
  return 1000 / gaps[gaps.length >> 1];
}
