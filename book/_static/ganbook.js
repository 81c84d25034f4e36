// Opened from disk, a page may not read another: search shows titles only.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

addEventListener("load", async () => {
  // Docutils gives references a role that lists may not hold.
  for (const reference of document.querySelectorAll("div.citation"))
    reference.setAttribute("role", "listitem");

  // A formula too wide for its line is scrolled; the keyboard must reach it.
  await window.MathJax?.startup?.promise;
  for (const formula of document.querySelectorAll("mjx-container[display]"))
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
});
