// Says in words, beside a field of days, what the server reads in it. Without it the words come with the page.
"use strict";

const address = document.currentScript.dataset.address;
const waiting = new Map();

async function say(field) {
  const words = document.getElementById(`${field.id}_words`);
  if (!words || words.dataset.of === field.value) {
    return;
  }
  const text = field.value;
  words.dataset.of = text;
  const answer = text ? await fetch(`${address}?${new URLSearchParams({ text, kind: field.dataset.typed })}`) : null;
  const said = answer && answer.ok && !answer.redirected ? await answer.text() : "";
  if (words.dataset.of === text) {
    words.value = said;
  }
}

function soon(event) {
  const field = event.target;
  if (field.dataset && field.dataset.typed) {
    clearTimeout(waiting.get(field));
    waiting.set(field, setTimeout(say, event.type === "input" ? 300 : 0, field));
  }
}

// The admin's calendar writes into a field without a word, and gives it the focus.
for (const kind of ["input", "focusin", "focusout"]) {
  document.addEventListener(kind, soon);
}
