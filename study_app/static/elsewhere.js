// "Use this tab": takes the study over from the tab that has it.

import { takeOver } from "./presence.js";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-use-here]");
  if (!link) return;
  event.preventDefault();
  await takeOver(link.pathname);
  location.replace(link.href);
});
