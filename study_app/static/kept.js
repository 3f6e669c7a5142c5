// The one answer that the server has not acknowledged yet, kept through reloads and closed laptops.
// There is never a second one: the next screen comes only after the answer is acknowledged.

const name = `lorikeet:${location.pathname}`;
let here = null; // where storage is blocked, the page itself has to remember

export function keep(fields) {
  here = fields;
  try {
    localStorage.setItem(name, JSON.stringify(fields));
  } catch {} // blocked or full
}

export function kept() {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? here;
  } catch {
    return here;
  }
}

export function forget() {
  here = null;
  try {
    localStorage.removeItem(name);
  } catch {}
}

export function storageWorks() {
  try {
    localStorage.setItem("lorikeet:try", "1");
    localStorage.removeItem("lorikeet:try");
    return navigator.cookieEnabled;
  } catch {
    return false;
  }
}
