// Times an answer and sends it: onset is when all pictures are on the screen, the response is the
// time of the click or key itself. Without this script the form still works, without a time.

const KEYS = { y: "y", n: "n", Enter: "enter" };

const form = document.querySelector("form[data-answer]");
if (form) begin(form);

async function begin(form) {
  const buttons = [...form.querySelectorAll("button")];
  const state = { onset: null, sent: false, pointer: "" };
  setDisabled(buttons, true);
  listen(form, buttons, state);
  const tell = sayWhileWaiting(form);
  try {
    await picturesVisible();
  } catch {
    tell("A picture did not arrive. Please reload this page: your answers are safe.");
    return;
  }
  tell("");
  state.onset = performance.now();
  setDisabled(buttons, false);
  document.querySelector("h1")?.focus({ preventScroll: true });
}

// Resolves when every picture of the page is decoded and painted.
async function picturesVisible() {
  await Promise.all([...document.querySelectorAll("main img")].map((image) => image.decode()));
  await nextFrame(); // the frame that paints them has begun ...
  await nextFrame(); // ... and is over
}

function nextFrame() {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

// Says that pictures load, but only to people for whom they take long.
function sayWhileWaiting(form) {
  const line = form.querySelector("[data-waiting]");
  const timer = setTimeout(() => { line.textContent = "Loading pictures…"; }, 600);
  return (text) => {
    clearTimeout(timer);
    line.textContent = text;
  };
}

function listen(form, buttons, state) {
  form.addEventListener("pointerdown", (event) => { state.pointer = event.pointerType; });
  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      // A click without a pointer comes from Enter or Space on the button.
      const pointer = event.pointerType || (event.detail === 0 ? "" : state.pointer || "mouse");
      note(form, state, event.timeStamp, modality(pointer));
    });
  }
  form.addEventListener("submit", (event) => {
    if (state.sent) event.preventDefault();
    state.sent = true;
  });
  document.addEventListener("keydown", (event) => pressed(event, form, buttons, state));
  // A page from the back/forward cache is stale: the server knows which screen is next.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

function pressed(event, form, buttons, state) {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  const button = buttons.find((candidate) => candidate.dataset.key === key);
  if (!key || !button || button.disabled || state.sent) return;
  if (key === "enter" && event.target.closest("a, button")) return; // it presses that one itself
  event.preventDefault();
  note(form, state, event.timeStamp, "keyboard");
  form.requestSubmit(button);
}

function note(form, state, time, input) {
  if (state.sent || state.onset === null) return;
  form.elements.rt_ms.value = Math.max(0, time - state.onset);
  form.elements.input.value = input;
}

function modality(pointer) {
  if (pointer === "") return "keyboard";
  return pointer === "mouse" ? "mouse" : "touch"; // a pen touches
}

function setDisabled(buttons, disabled) {
  for (const button of buttons) button.disabled = disabled;
}
