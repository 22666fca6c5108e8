// Keeps the map of the questions, the thin line and the count in step with what is answered.

import { sentenceFor, unansweredIn } from "./unanswered.js";

const form = document.querySelector("form[data-attempt]");
const line = form.querySelector("[data-answered]");
const count = form.querySelector("[data-unanswered]");

form.addEventListener("change", tell);
tell();

function tell() {
  const unanswered = unansweredIn(form);
  const open = new Set(unanswered.map((question) => question.dataset.question));
  for (const place of form.querySelectorAll(".quiz__map [data-go]")) {
    const isAnswered = !open.has(place.dataset.go);
    const mark = place.querySelector("[data-mark]");
    place.toggleAttribute("data-is-answered", isAnswered);
    mark.textContent = ` ${isAnswered ? mark.dataset.textAnswered : mark.dataset.textUnanswered}`;
  }
  line.value = line.max - unanswered.length;
  const sentence = sentenceFor(unanswered.length, count.dataset);
  if (count.textContent.trim() !== sentence) count.textContent = sentence;
}
