// What of the evidence was in view before an answer: how much of each picture, and for how long.
// Looked at where something may have changed it, at points that lie over each picture like a grid.

import { episodes } from "./timing.js";

const POINTS = 6; // along each side of a picture
const MOSTLY = 0.5; // the share that counts as in view, for times
const CHANGES = ["scroll", "resize", "focus", "blur", "visibilitychange", "toggle", "close"];

// `look()` looks again, `whole` resolves when everything was in view, and `found(time)` gives the
// fields of the form.
export function watchExposure(onset, signal) {
  const followed = (what) => [...document.querySelectorAll(`.judge .pictures > ${what}`)].map(follow);
  const [photos, panels] = [".photo", ":is(.heatmap, .neighbours, .text)"].map(followed);
  const figures = [...photos, ...panels];
  let whole;
  const everything = new Promise((resolve) => { whole = resolve; });
  const look = (time = performance.now()) => {
    for (const figure of figures) figure.look(time);
    if (figures.every((figure) => figure.seen() === 1)) whole();
  };
  let asked = false;
  const soon = () => { // once a frame at most
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; if (!signal.aborted) look(); });
  };
  for (const name of CHANGES) window.addEventListener(name, soon, { signal, capture: true });
  for (const name of ["scroll", "resize"]) window.visualViewport?.addEventListener(name, soon, { signal });
  look(onset);
  return { look, whole: everything, found: (time) => (figures.length ? fields(photos, panels, time) : {}) };
}

function fields([photo], panels, time) {
  return {
    photo_seen: photo?.seen() ?? "",
    photo_seen_ms: photo?.time(time) ?? "",
    panels_seen: panels.map((panel) => panel.seen()).join(" "),
    panels_seen_ms: panels.map((panel) => panel.time(time)).join(" "),
    window_w: innerWidth,
    window_h: innerHeight,
    zoom: devicePixelRatio * (window.visualViewport?.scale ?? 1),
  };
}

function follow(figure) {
  const frames = [...figure.querySelectorAll(".frame, .passage")];
  const seen = new Set();
  const mostly = episodes();
  const all = frames.length * POINTS ** 2;
  return {
    look(time) {
      const now = isAway() ? [] : frames.flatMap((frame, place) => pointsInView(frame, place));
      for (const point of now) seen.add(point);
      mostly.note(now.length / all >= MOSTLY, time);
    },
    seen: () => Math.round((1000 * seen.size) / all) / 1000,
    time: (time) => mostly.total(time),
  };
}

const isAway = () => document.hidden || !document.hasFocus();

// The numbers of the points of a frame that are in the window and covered by nothing; all of them
// while its picture is enlarged.
function pointsInView(frame, place) {
  const steps = [...Array(POINTS).keys()].map((step) => (step + 0.5) / POINTS);
  const box = frame.getBoundingClientRect();
  const enlarged = frame.dataset.enlarged === "now";
  return steps.flatMap((x) => steps.map((y) => [box.left + box.width * x, box.top + box.height * y]))
    .flatMap((point, number) =>
      (enlarged || (isInWindow(point) && frame.contains(document.elementFromPoint(...point)))
        ? [place * POINTS ** 2 + number] : []));
}

// Whether a point is in what a pinch leaves of the window.
function isInWindow([x, y]) {
  const view = window.visualViewport;
  if (!view) return true;
  const right = view.offsetLeft + view.width;
  const bottom = view.offsetTop + view.height;
  return x >= view.offsetLeft && x <= right && y >= view.offsetTop && y <= bottom;
}
