// The contact sheet: filters that live in the address, the large view, keys; and verdicts, where a server takes them.

const { conditions, token } = JSON.parse(document.getElementById("page").textContent);
const form = document.querySelector(".filters");
const large = document.querySelector("dialog");
const status = form.querySelector("[role=status]");
const all = [...document.querySelectorAll(".card")].map((card) => ({
  card,
  place: card.parentElement,
  id: card.dataset.id,
  answers: [...card.querySelectorAll(".answer")].map((answer) => answer.dataset),
  text: [card.dataset.id, card.querySelector("h3").textContent, card.querySelector(".source").textContent,
    ...[...card.querySelectorAll(".answer")].map((answer) => answer.dataset.label)].join("\n").toLowerCase(),
}));
const byId = new Map(all.map((one) => [one.id, one]));
const groups = [...document.querySelectorAll(".group")].map((section) => ({
  section,
  count: section.querySelector("small"),
  members: [...section.querySelectorAll(".card")].map((card) => byId.get(card.dataset.id)),
}));
let shown = all; // what the filters let through, in the order of the page
let walk = all; // the same as it was when the large view was opened: a verdict cuts nobody's way short
let open = null;

// Filters.

const filters = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));

function fits({ card, answers, text }, { bin, ai, kind, phase, verdict, q }, condition) {
  const judged = answers.filter((one) => !condition || one.classifier === condition.classifier);
  const rulings = card.dataset.rulings;
  return judged.some((one) => (!bin || one.bin === bin) && (!ai || one.right === ai))
    && (!kind || card.dataset.kind === kind)
    && (!phase || card.dataset.phase === phase)
    && (!verdict || (verdict === "none" ? !rulings : rulings.split(" ").includes(verdict)))
    && (!q || text.includes(q.trim().toLowerCase()));
}

// What a condition's participants see: its classifier's answer, and its panels in their order. By rules of style,
// which reach thousands of cards, and the large view, at once.
const rules = new CSSStyleSheet();
document.adoptedStyleSheets.push(rules);

function showAs(condition) {
  const has = (name, value) => `[data-${name}="${CSS.escape(value)}"]`;
  const others = condition ? [
    `[data-classifier]:not(${has("classifier", condition.classifier)})`,
    ["[data-explainer]", ...condition.panels.map((panel) => `:not(${has("explainer", panel)})`)].join(""),
  ] : [];
  const orders = condition ? condition.panels.map((panel, at) => `.panel${has("explainer", panel)} { order: ${at + 1}; }`) : [];
  rules.replaceSync([...others.map((one) => `${one} { display: none !important; }`), ...orders].join("\n"));
  const panels = [...all[0].card.querySelectorAll(".panel")].filter((panel) => !others.some((one) => panel.matches(one)));
  const strips = panels.filter((panel) => panel.matches(".strip")).length;
  const across = 1 + panels.length - strips;
  document.body.style.setProperty("--across", across);
  document.body.style.setProperty("--card", `${9 + 4 * Math.min(across + (strips ? .5 : 0), 3)}rem`);
  document.body.toggleAttribute("data-photos-only", !panels.length);
}

let lastCondition = null;

function apply() {
  const chosen = filters();
  const condition = conditions.find((one) => one.name === chosen.condition);
  if (condition !== lastCondition) showAs(condition);
  lastCondition = condition;
  shown = all.filter((one) => fits(one, chosen, condition));
  const visible = new Set(shown);
  for (const one of all) if (one.place.hidden === visible.has(one)) one.place.hidden = !visible.has(one);
  for (const { section, count, members } of groups) {
    const here = members.filter((one) => visible.has(one)).length;
    section.hidden = !here;
    count.textContent = here === members.length ? here : `${here} of ${members.length}`;
  }
  status.replaceChildren(strong(shown.length), ` of ${all.length} stimuli`);
  form.querySelector("[type=reset]").hidden = !Object.keys(chosen).length;
  document.querySelector(".nothing").hidden = shown.length > 0;
}

function strong(text) {
  const element = document.createElement("strong");
  element.textContent = text;
  return element;
}

function writeAddress() {
  const address = new URLSearchParams(filters());
  if (open) address.set("id", open.id);
  const hash = address.toString();
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
}

function readAddress() {
  const address = new URLSearchParams(location.hash.slice(1));
  for (const field of form.elements) if (field.name) field.value = address.get(field.name) ?? "";
  apply();
  const asked = byId.get(address.get("id"));
  if (asked) show(asked);
  else if (large.open) large.close();
}

form.addEventListener("input", () => { apply(); writeAddress(); });
form.querySelector("[type=reset]").addEventListener("click", (event) => {
  event.preventDefault();
  form.reset(); // at once, where the event "reset" comes before the fields are empty
  apply();
  writeAddress();
});
form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", readAddress);

window.addEventListener("beforeprint", () => {
  for (const picture of document.querySelectorAll(".card > .pictures img")) picture.loading = "eager";
});

// The large view.

function show(one) {
  if (!large.open || !walk.includes(one)) walk = shown.includes(one) ? shown : all;
  open = one;
  const view = one.card.cloneNode(true);
  const name = document.createElement("h2");
  name.id = "large-name";
  name.textContent = view.querySelector("h3").textContent;
  view.querySelector("h3").replaceWith(name);
  view.querySelector(".open").remove();
  for (const picture of view.querySelectorAll("img")) picture.loading = "eager";
  large.querySelector(".large").replaceChildren(...view.childNodes);
  large.querySelector(".where").replaceChildren(strong(walk.indexOf(one) + 1), ` of ${walk.length}`);
  for (const button of large.querySelectorAll("[data-step]")) button.disabled = !walk[walk.indexOf(one) + Number(button.dataset.step)];
  for (const gap of large.querySelectorAll("[data-this]")) gap.textContent = one.id;
  desk?.clear();
  document.body.style.overflow = "hidden"; // behind the large view, nothing moves
  if (!large.open) large.showModal();
  large.scrollTop = 0;
  large.focus();
  writeAddress();
}

function step(by) {
  const next = walk[walk.indexOf(open) + by];
  if (next) show(next);
}

large.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (event.target === large || button?.matches("[data-close]")) large.close();
  else if (button?.dataset.step) step(Number(button.dataset.step));
});
large.addEventListener("close", () => {
  const last = open;
  open = null;
  document.body.style.overflow = "";
  apply();
  writeAddress();
  last?.card.scrollIntoView({ block: "nearest" });
  last?.card.querySelector(".open").focus({ preventScroll: true });
});
document.querySelector("main").addEventListener("click", (event) => {
  if (event.target.matches(".open")) show(byId.get(event.target.closest(".card").dataset.id));
});

// Keys. On the contact sheet they move the focus; in the large view they turn the page.

const STEPS = { ArrowRight: 1, j: 1, ArrowLeft: -1, k: -1 };
const RULINGS = { v: "veto", d: "debatable" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select")) return;
  const at = byId.get(document.activeElement.closest?.(".card")?.dataset.id);
  const by = STEPS[event.key];
  if (by && large.open) step(by);
  else if (by) (shown[at ? shown.indexOf(at) + by : 0] ?? at)?.card.querySelector(".open").focus();
  else if (event.key === "/" && !large.open) form.elements.q.focus();
  else if (desk && RULINGS[event.key] && (open || at)) {
    if (!open) show(at);
    desk.ask(RULINGS[event.key]);
  } else return;
  event.preventDefault();
});

// Verdicts. Requests go one after the other, so that the last reply is the latest state.

function newDesk() {
  const asked = large.querySelector(".desk form");
  const { reason, reviewer } = asked.elements;
  const problem = large.querySelector(".problem");
  const said = large.querySelector(".desk [role=status]");
  let ruling = null;
  let turn = Promise.resolve();

  function ask(wanted) {
    ruling = wanted;
    for (const button of large.querySelectorAll("[data-rule]")) button.ariaPressed = String(button.dataset.rule === wanted);
    problem.textContent = said.textContent = "";
    asked.hidden = false;
    asked.querySelector("span").textContent = wanted === "veto" ? "Why should it go?" : "Why is it debatable?";
    reviewer.value = localStorage.getItem("lorikeet-reviewer") ?? "";
    reason.focus();
  }

  function clear() {
    asked.hidden = true;
    asked.reset();
    ruling = null;
    for (const button of large.querySelectorAll("[data-rule]")) button.ariaPressed = "false";
    problem.textContent = said.textContent = "";
  }

  function send(path, body) {
    const request = { method: body ? "POST" : "GET", headers: { "X-Review-Token": token } };
    if (body) {
      request.headers["Content-Type"] = "application/json";
      request.body = JSON.stringify(body);
    }
    turn = turn.then(async () => {
      const reply = await fetch(path, request).catch(() => null);
      if (!reply) return "The server does not answer: is `review --serve` still running?";
      const { problem: refused, stimuli } = await reply.json().catch(() => ({ problem: `The server failed (${reply.status}).` }));
      if (stimuli) update(stimuli);
      return refused ?? "";
    });
    return turn;
  }

  function update(stimuli) {
    for (const { card, id } of all) {
      const { rulings, html } = stimuli[id] ?? { rulings: "", html: "" };
      card.dataset.rulings = rulings;
      card.querySelector(".verdicts").innerHTML = html; // written and escaped by our own server
      if (open?.id === id) large.querySelector(".verdicts").innerHTML = html;
    }
    for (const count of document.querySelectorAll("[data-count]")) {
      count.textContent = all.filter(({ card }) => card.dataset.rulings.split(" ").includes(count.dataset.count)).length;
    }
    if (!open) apply();
  }

  async function tell(path, body, done) {
    const id = open.id;
    const refused = await send(path, body);
    if (open?.id !== id) return;
    if (!refused) {
      clear();
      large.focus();
    }
    if (refused) send("/verdicts"); // perhaps another tab was faster
    problem.textContent = refused;
    said.textContent = refused ? "" : done;
  }

  asked.addEventListener("submit", (event) => {
    event.preventDefault();
    localStorage.setItem("lorikeet-reviewer", reviewer.value);
    tell("/verdicts", { stimulus_id: open.id, ruling, reason: reason.value, reviewer: reviewer.value }, "Noted.");
  });
  large.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.rule) ask(button.dataset.rule);
    else if (button?.matches("[data-cancel]")) clear();
    else if (button?.dataset.verdict) {
      button.disabled = true;
      tell("/verdicts/take-back", JSON.parse(button.dataset.verdict), "Taken back.").then(() => { button.disabled = false; });
    }
  });
  large.addEventListener("cancel", (event) => {
    if (asked.hidden) return;
    event.preventDefault(); // Escape leaves the question first
    clear();
    large.focus();
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send("/verdicts"); });
  window.addEventListener("focus", () => send("/verdicts"));
  return { ask, clear };
}

const desk = token ? newDesk() : null;
if (matchMedia("(max-width: 48rem)").matches) form.querySelector("details").open = false;
readAddress();
