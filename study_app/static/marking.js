// Answers that are set rather than pressed: a place on a line, a place in the photo. The field that is
// sent stays empty until somebody has set one; where no script runs, it is typed in.

export function watchMarks(form, signal) {
  for (const slider of form.querySelectorAll("[data-slider]")) watchSlider(slider, signal);
  for (const click of form.querySelectorAll("[data-click]")) watchClick(click, signal);
}

function watchSlider(slider, signal) {
  const [field, line, said] = ["[data-set]", ".line", "output"].map((what) => slider.querySelector(what));
  line.id = takenOver(field); // the label is the line's now
  follow(line, () => {
    field.value = line.value;
    said.textContent = line.value;
  }, signal);
}

function watchClick(click, signal) {
  const field = click.querySelector("[data-set]");
  takenOver(field);
  const axes = [...click.querySelectorAll("[data-axis]")];
  const frame = document.querySelector(".photo .frame");
  const mark = frame.appendChild(Object.assign(document.createElement("span"), { className: "place", hidden: true }));
  const set = (shares) => {
    const isWhole = !axes.some(isUntouched); // one line says nothing of the other
    field.value = isWhole ? shares.map((share) => share.toFixed(3)).join(" ") : "";
    for (const [place, side] of ["left", "top"].entries()) mark.style[side] = `${100 * shares[place]}%`;
    mark.hidden = false;
    mark.classList.toggle("half", !isWhole);
  };
  frame.addEventListener("click", (event) => {
    event.stopImmediatePropagation(); // a photo to mark is not enlarged
    const box = frame.getBoundingClientRect();
    const share = (at, from, size) => Math.min(1, Math.max(0, (at - from) / size));
    const shares = [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
    for (const [place, axis] of axes.entries()) {
      axis.value = Math.round(100 * shares[place]);
      touch(axis);
    }
    set(shares);
  }, { signal, capture: true });
  for (const axis of axes) follow(axis, () => set(axes.map((one) => one.value / 100)), signal);
}

// From now on nobody types in it; the id that it had.
function takenOver(field) {
  const { id } = field;
  field.type = "hidden";
  field.removeAttribute("id");
  return id;
}

const isUntouched = (line) => line.dataset.untouched !== undefined;

function touch(line) {
  delete line.dataset.untouched;
  line.removeAttribute("aria-valuetext");
}

// A press sets a line where it stands too, and so does the space key, for who does not see it.
function follow(line, set, signal) {
  const touched = () => { touch(line); set(); };
  for (const name of ["input", "change", "click"]) line.addEventListener(name, touched, { signal });
  line.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    touched();
  }, { signal });
}
