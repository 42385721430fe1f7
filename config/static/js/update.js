// Shows the fields that the chosen state, confidence or answer needs. Without it all of them are shown.
"use strict";

const form = document.getElementById("update_form");

function chosen(name) {
  const controls = form.elements[name];
  return controls ? controls.value : "";
}

function show() {
  for (const group of form.querySelectorAll("[data-needed-for]")) {
    const values = group.dataset.neededFor.split(" ");
    const isNeeded = group.dataset.neededBy.split(" ").some((name) => values.includes(chosen(name)));
    group.hidden = !isNeeded && !group.querySelector(".errorlist");
  }
}

form.addEventListener("change", show);
show();
