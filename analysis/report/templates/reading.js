// How a page is read: sections fold, and the contents tell where one is. Without this script
// everything is open and there.

const wide = matchMedia("(min-width: 72rem)"); // the contents stand beside the page, as in the stylesheet

function button(parts, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.append(...parts);
  made.addEventListener("click", press);
  return made;
}

// Sections fold under their headings.
const folding = [...document.querySelectorAll("section.folds")];
const bodyOf = (section) => section.querySelector(".body");

function fold(section, folded) {
  section.querySelector("h2 button").setAttribute("aria-expanded", String(!folded));
  if (folded) bodyOf(section).setAttribute("hidden", "until-found");
  else bodyOf(section).removeAttribute("hidden");
}

for (const section of folding) {
  const heading = section.querySelector("h2");
  const turn = () => fold(section, !bodyOf(section).hasAttribute("hidden"));
  heading.append(button([...heading.childNodes], turn));
  bodyOf(section).addEventListener("beforematch", () => fold(section, false));
  fold(section, section.hasAttribute("data-folded"));
}

// A link opens what it leads to.
function show(id) {
  const target = id && document.getElementById(id);
  if (!target) return;
  for (let around = target; around; around = around.parentElement) {
    if (around.matches("details")) around.open = true;
    if (folding.includes(around)) fold(around, false);
  }
  target.scrollIntoView();
}

addEventListener("hashchange", () => show(location.hash.slice(1)));
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (link) show(link.hash.slice(1));
});
show(location.hash.slice(1));

// The contents mark the section in view; in a narrow window they are a bar that opens.
function follow(contents) {
  const place = contents.querySelector("summary span");
  const mark = (id) => {
    for (const link of contents.querySelectorAll("a")) {
      const isHere = link.hash === `#${id}`;
      link.setAttribute("aria-current", String(isHere));
      if (isHere) place.textContent = link.textContent;
    }
  };
  const line = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) if (entry.isIntersecting) mark(entry.target.id);
    },
    { rootMargin: "-20% 0px -79% 0px" },
  );
  for (const section of document.querySelectorAll("main > section")) line.observe(section);
  const fit = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
  contents.addEventListener("click", (event) => {
    if (event.target.closest("a")) fit();
  });
  const all = (folded) => () => folding.forEach((section) => fold(section, folded));
  contents.append(button(["Open all"], all(false)), button(["Fold all"], all(true)));
}

document.querySelectorAll(".contents details").forEach(follow);

// On paper all is open, also from browsers whose stylesheets cannot reach into closed details.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("main details:not([open])")];
  for (const details of closed) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of closed) details.open = false;
});
