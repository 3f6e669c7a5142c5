// Tells how letters came into the text fields of a form: by keys, pasted or dropped, or in another
// way, such as dictation or a program. Only how many they are is kept.

const PASTED = ["insertFromPaste", "insertFromDrop", "insertFromYank"];
const FIELDS = "textarea, input[type=text]:not([tabindex='-1'])";
let sofar = { form: "", pasted: 0, unkeyed: 0 }; // a form that comes back is the same one

export function watchWriting(form, signal) {
  const name = `${form.elements.screen.value} ${form.elements.trial?.value}`;
  const before = sofar.form === name ? sofar : { pasted: 0, unkeyed: 0 };
  const fields = [...form.querySelectorAll(FIELDS)];
  const counts = fields.map((field) => follow(field, signal));
  return () => {
    const found = counts.map((count) => count());
    const total = (kind) => found.reduce((sum, one) => sum + one[kind], before[kind]);
    const length = fields.reduce((sum, field) => sum + field.value.length, 0);
    sofar = { form: name, pasted: total("pasted"), unkeyed: total("unkeyed") };
    return { pasted_chars: sofar.pasted, unkeyed_chars: Math.min(sofar.unkeyed, length) };
  };
}

function follow(field, signal) {
  let known = field.value.length; // of what is accounted for
  let keyed = false;
  let pasted = 0;
  let unkeyed = 0;

  const added = () => {
    const count = Math.max(0, field.value.length - known);
    known = field.value.length;
    return count;
  };
  const on = (name, react) => field.addEventListener(name, react, { signal });

  // Browsers that fill in fields send a keydown without a key.
  on("keydown", (event) => { keyed = event.isTrusted && Boolean(event.key); });
  for (const name of ["keyup", "blur"]) on(name, () => { keyed = false; });
  on("beforeinput", () => {
    unkeyed += added(); // set without an event
    known -= field.selectionEnd - field.selectionStart; // which is replaced
  });
  on("input", (event) => {
    if (!event.isTrusted) return;
    const count = added();
    if (PASTED.includes(event.inputType)) pasted += count;
    else if (!keyed) unkeyed += count;
  });
  return () => {
    unkeyed += added();
    return { pasted, unkeyed };
  };
}
