// A session in one page: shows a screen when its pictures are there, times the answer, keeps it
// until the server has acknowledged it, and puts the next screen in place. Without this script the
// forms still work, without times.

import { check } from "./device.js";
import { watchCard, watchEnlarging } from "./enlarging.js";
import { watchExposure } from "./exposure.js";
import { keepFitted } from "./fitting.js";
import { forget, keep, kept } from "./kept.js";
import { watchMarks } from "./marking.js";
import { fetchAhead, screenReady } from "./pictures.js";
import { claim, giveSigns, holdTab, view } from "./presence.js";
import { listen } from "./responding.js";
import { watchReveals } from "./revealing.js";
import { send } from "./sending.js";
import { watchSignals } from "./signals.js";
import { painted, watchAway } from "./timing.js";

const LOADING_AFTER_MS = 600; // only people for whom they take long are told

// The addresses, and the sentences in the language of the study.
const { here, elsewhere, worker, loading, sending, noConnection, unavailable, noPicture } =
  document.querySelector("script[data-here]").dataset;
const form = () => document.querySelector("form[data-answer]");
const answerButtons = () => [...document.querySelectorAll("form[data-answer] button[name=answer]")];
const token = () => form()?.elements.csrf_token.value;
let claimed;
let screen = new AbortController(); // ends what belongs to the screen that is shown

start();

async function start() {
  navigator.serviceWorker?.register(worker, { scope: "./" }).catch(() => {}); // a comfort only
  // A page from the back/forward cache is stale: the server knows which screen is next.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  setDisabled(answerButtons(), true); // an answer is this page's only if it may give one
  if (!(await holdTab(leave))) return leave();
  claimed = claim(here, token, sayKept);
  claimed.then(() => giveSigns(here, token, leave)); // before, another page may be the known one
  const unsent = kept();
  if (unsent) deliver(unsent);
  else begin();
}

function leave() {
  location.replace(elsewhere);
}

async function begin() {
  document.querySelector("h1")?.focus({ preventScroll: true });
  if (!form()) return;
  screen = new AbortController();
  const { signal } = screen;
  watchMarks(form(), signal); // first: what is set is not written
  const signals = watchSignals(form(), signal);
  document.body.dataset.pictures = "awaited"; // hidden until all of them can appear at once
  const buttons = answerButtons();
  setDisabled(buttons, true);
  keepFitted(signal);
  const patience = setTimeout(() => say(loading), LOADING_AFTER_MS);
  const there = await screenReady().then(() => true, () => false);
  clearTimeout(patience);
  if (!there) return offerAnotherTry(signal);
  say("");
  const onset = await painted(() => { document.body.dataset.pictures = "shown"; });
  watchReveals(form(), onset, signal);
  const exposure = watchExposure(onset, signal);
  const watches = [
    watchAway(onset, signal), exposure.found, watchEnlarging(signal, exposure.look), watchCard(signal),
  ];
  const viewing = (time) => Object.assign({}, ...watches.map((watched) => watched(time)));
  listen({ form: form(), buttons, onset, viewing, signals, signal, answered });
  fetchAhead(form().dataset.coming.split(" ").filter(Boolean));
  await unlocked(exposure);
  if (signal.aborted) return;
  setDisabled(buttons, false);
  check(form(), signal);
}

// Where the study wants it, nobody answers before everything was in view and a least time is over.
async function unlocked(exposure) {
  const dwellMs = document.querySelector("[data-dwell-ms]")?.dataset.dwellMs;
  if (dwellMs === undefined) return;
  const dwelt = new Promise((resolve) => { setTimeout(resolve, Number(dwellMs)); });
  await Promise.all([exposure.whole, dwelt]);
}

function offerAnotherTry(signal) {
  say(noPicture);
  const again = document.querySelector("[data-again]");
  again.hidden = false;
  again.addEventListener("click", () => {
    again.hidden = true;
    screen.abort();
    begin();
  }, { signal });
}

function answered(fields) {
  delete fields.csrf_token; // another page load has another one
  keep(fields);
  deliver(fields);
}

async function deliver(fields) {
  setDisabled(answerButtons(), true);
  const waiting = setTimeout(() => say(sending), LOADING_AFTER_MS);
  await claimed;
  const reply = await send(form().action, { ...fields, view, csrf_token: token() }, (cannotStore) => {
    clearTimeout(waiting);
    if (cannotStore) say(unavailable);
    else sayKept();
  });
  clearTimeout(waiting);
  if (reply.verdict === "elsewhere") return leave(); // still kept, for the tab that goes on
  if (reply.verdict === "refresh") return location.reload();
  forget();
  show(reply.page);
}

function show(page) {
  screen.abort();
  const next = new DOMParser().parseFromString(page, "text/html");
  document.title = next.title;
  document.body.replaceWith(document.adoptNode(next.body));
  window.scrollTo(0, 0);
  begin();
}

function sayKept() {
  if (kept()) say(noConnection);
}

function say(text) {
  const line = document.querySelector("[data-waiting]");
  if (line && line.textContent !== text) line.textContent = text;
}

function setDisabled(buttons, disabled) {
  for (const button of buttons) button.disabled = disabled;
}
