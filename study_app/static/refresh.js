// Reloads a page that says after how many seconds. The browser keeps the place on it.

const { refreshS } = document.querySelector("[data-refresh-s]").dataset;
setTimeout(() => location.reload(), Number(refreshS) * 1000);
