// Answers that are set rather than pressed: a place on a line, a place in the photo, an order. The field
// that is sent stays empty until somebody has set one; where no script runs, it is typed in.

export function watchMarks(form, signal) {
  for (const slider of form.querySelectorAll("[data-slider]")) watchSlider(slider, signal);
  for (const click of form.querySelectorAll("[data-click]")) watchClick(click, signal);
  for (const rank of form.querySelectorAll("[data-rank]")) watchRank(rank, signal);
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

// A press moves a row by one place, an arrow key does so from either of its buttons; even a press that
// finds no place to move to says that the order is meant.
function watchRank(rank, signal) {
  const field = rank.querySelector("[data-set]");
  const list = rank.querySelector("ol");
  takenOver(field);
  const number = () => {
    for (const [place, row] of [...list.children].entries()) row.value = place + 1;
  };
  const move = (button, by) => {
    const row = button.closest("li");
    if (by < 0) row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    number();
    field.value = [...list.children].map((one) => one.dataset.place).join(" ");
    button.focus();
  };
  const asked = field.value.split(" ").map((place) => list.querySelector(`[data-place="${CSS.escape(place)}"]`));
  if (asked.every(Boolean)) list.append(...asked);
  number();
  for (const button of list.querySelectorAll("button")) {
    button.addEventListener("click", () => move(button, Number(button.dataset.by)), { signal });
    button.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      move(button, by);
    }, { signal });
  }
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
