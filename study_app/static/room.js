// Tells how much room a text field has left once it is nearly full, and by how much it is too full. The
// field takes whatever is pasted: a browser that cuts the rest off says nothing. Eyes see every letter
// counted, ears hear the count once the writing pauses.

const NEARLY_FULL = 0.9;
const PAUSE_MS = 1000;
const numbers = new Intl.NumberFormat(document.documentElement.lang);
let pause;

// Screens come and go under this script, so it listens to all of them.
document.addEventListener("input", ({ target }) => {
  if (target.dataset.most) tell(target);
});

function tell(field) {
  const { most, left, over } = field.dataset;
  const length = [...field.value.trim()].length; // characters, as the server counts them
  const words = length > most ? over : left;
  const said = length < NEARLY_FULL * most ? "" : words.replace("{}", numbers.format(Math.abs(most - length)));
  const [seen, heard] = field.parentElement.querySelectorAll("[data-room]");
  seen.textContent = said;
  seen.classList.toggle("over", length > most);
  clearTimeout(pause);
  pause = setTimeout(() => { heard.textContent = said; }, PAUSE_MS);
}
