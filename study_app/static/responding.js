// Turns clicks and keys into one answer, with its time: from the onset to the event's own stamp.

// The second half of a double click or a double key press is no answer to the screen that came.
const DOUBLE_MS = 400;
let last = { time: -Infinity, what: "" };

// `answered` is called once, with the fields of the form.
export function listen({ form, buttons, onset, viewing, signals, signal, answered }) {
  let pointer = "";
  let pressed = false;

  const note = (event, what, input) => {
    last = { time: event.timeStamp, what };
    pressed = true;
    form.elements.rt_ms.value = Math.max(0, event.timeStamp - onset);
    form.elements.input.value = input;
    signals.pressed(event, input);
    for (const [name, value] of Object.entries(viewing(event.timeStamp))) {
      if (form.elements[name]) form.elements[name].value = value; // which the study records
    }
  };
  const isSecondHalf = (event, what) =>
    event.timeStamp - last.time < DOUBLE_MS && what === last.what;

  form.addEventListener("pointerdown", (event) => { pointer = event.pointerType; }, { signal });
  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      // A click without a pointer comes from Enter or Space on the button, or from a script.
      const kind = event.pointerType || (event.detail === 0 ? "" : pointer || "mouse");
      if (event.detail > 1 && isSecondHalf(event, "click")) return event.preventDefault();
      note(event, event.detail === 0 ? button.dataset.key : "click", modality(kind));
    }, { signal });
  }
  document.addEventListener("keydown", (event) => {
    if (!event.key) return; // browsers that fill in fields send such a keydown
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase(); // those of Yes and No depend on the language
    const button = buttons.find((candidate) => candidate.dataset.key === key);
    const ignored = event.repeat || isSecondHalf(event, key);
    const answers = button || key === "enter";
    if (ignored && answers && event.target.closest("form[data-answer]")) event.preventDefault();
    if (ignored || !button || button.disabled || pressed) return;
    if (key === "enter" && event.target.closest("a, button, textarea")) return; // which it is for itself
    event.preventDefault();
    note(event, key, "keyboard");
    form.requestSubmit(button);
  }, { signal });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (signal.aborted || form.dataset.answer === "given") return;
    form.dataset.answer = "given";
    const { name, value } = event.submitter;
    const found = signals.found(form.elements.screen.value === "check");
    answered({ ...Object.fromEntries(new FormData(form)), ...found, [name]: value });
  }, { signal });
}

function modality(pointer) {
  if (pointer === "") return "keyboard";
  return pointer === "mouse" ? "mouse" : "touch"; // a pen touches
}
