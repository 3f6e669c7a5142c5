// Reloads a page that says after how many seconds, unless somebody is doing something on it. The
// browser keeps the place on the page.

const { refreshS } = document.querySelector("[data-refresh-s]").dataset;
setInterval(() => { if (!busy()) location.reload(); }, Number(refreshS) * 1000);

function busy() {
  return document.querySelector("details[open] form") || document.activeElement?.matches("input");
}
