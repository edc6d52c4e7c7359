/** "Leave this page": the page gives up its place in the history, so that "back" does not return to it. */

for (const link of document.querySelectorAll("[data-leave]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.replace("about:blank");
  });
}
