// How large pictures are: as large as they may be, and so small that nothing has to be scrolled.
// Where even the smallest do not fit, and on any page that goes on, a hint says that there is more.

const SMALLER = 0.97; // times the size before, until everything fits
const LEAST = 0.3; // of the size at which nothing keeps them from being large
const PART_OF_A_PIXEL = 0.5;

// Fits the screen to its window, now and whenever the window changes.
export function keepFitted(signal) {
  const [sheet, more] = ["[data-fit]", "[data-more]"].map((what) => document.querySelector(what));
  const hint = () => { if (more) more.hidden = !hasMoreBelow(); };
  const refit = () => { if (sheet) fit(sheet); hint(); };
  refit();
  for (const name of ["resize", "toggle"]) {
    window.addEventListener(name, refit, { signal, capture: true });
  }
  window.addEventListener("scroll", hint, { signal, passive: true });
}

function fit(sheet) {
  for (let scale = 1; scale > LEAST; scale *= SMALLER) {
    sheet.style.setProperty("--scale", scale);
    if (isWhole(sheet)) return;
  }
}

function isWhole(sheet) {
  const below = parseFloat(getComputedStyle(sheet.querySelector(".action")).bottom);
  const bottom = sheet.getBoundingClientRect().bottom + window.scrollY;
  const pictures = sheet.querySelector(".pictures");
  const isWide = pictures !== null && pictures.scrollWidth > pictures.clientWidth;
  return !isWide && bottom <= window.innerHeight - below + PART_OF_A_PIXEL;
}

// Whether anything to look at, or a button, is below what is in view: the bar of buttons lies over
// the rest of a sheet.
function hasMoreBelow() {
  const lowest = (what) => Math.max(
    ...[...document.querySelectorAll(what)].map((one) => one.getBoundingClientRect().bottom),
  );
  const bar = document.querySelector(".action").getBoundingClientRect();
  return lowest(".sheet > :not(.action, [popover], dialog)") > Math.min(bar.top, window.innerHeight) + 1
    || lowest("button[name=answer]") > window.innerHeight + 1;
}
