// Answers that are set rather than pressed: a place on a line, a place in the photo. The field that is
// sent stays empty until somebody has set one.

const CENTRE = 50;

export function watchMarks(form, signal) {
  const slider = form.querySelector("[data-slider]");
  const click = form.querySelector("[data-click]");
  if (slider) watchSlider(slider, signal);
  if (click) watchClick(click, signal);
}

function watchSlider(slider, signal) {
  const [field, line, said] = ["[type=hidden]", "[type=range]", "output"].map((what) => slider.querySelector(what));
  const set = () => {
    delete line.dataset.untouched;
    field.value = line.value;
    said.textContent = line.value;
  };
  for (const name of ["input", "change", "click"]) line.addEventListener(name, set, { signal });
}

function watchClick(click, signal) {
  const field = click.querySelector("[type=hidden]");
  const axes = [...click.querySelectorAll("[data-axis]")];
  const frame = document.querySelector(".photo .frame");
  const mark = frame.appendChild(Object.assign(document.createElement("span"), { className: "place", hidden: true }));
  const set = (shares) => {
    field.value = shares.map((share) => share.toFixed(3)).join(" ");
    for (const [place, side] of ["left", "top"].entries()) mark.style[side] = `${100 * shares[place]}%`;
    for (const [place, axis] of axes.entries()) axis.value = Math.round(100 * shares[place]);
    mark.hidden = false;
  };
  frame.addEventListener("click", (event) => {
    event.stopImmediatePropagation(); // a photo to mark is not enlarged
    const box = frame.getBoundingClientRect();
    const share = (at, from, size) => Math.min(1, Math.max(0, (at - from) / size));
    set([share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)]);
  }, { signal, capture: true });
  for (const axis of axes) {
    axis.addEventListener("input", () => set(axes.map((one) => (one.value || CENTRE) / 100)), { signal });
  }
}
