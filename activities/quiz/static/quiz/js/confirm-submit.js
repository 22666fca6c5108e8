// Asks once more before the paper is handed in, and leads back to what is unanswered.

import { sentenceFor, unansweredIn } from "./unanswered.js";

const form = document.querySelector("form[data-attempt]");
const dialog = form.querySelector("[data-confirm]");
const list = dialog.querySelector("[data-unanswered-list]");
const { dataset: texts } = form.querySelector("[data-unanswered]");

form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("data-confirmed")) return;
  event.preventDefault();
  tell();
  if (!dialog.open) dialog.showModal();
});
dialog.querySelector("[data-back]").addEventListener("click", () => dialog.close());
list.addEventListener("click", () => dialog.close());

function tell() {
  const unanswered = unansweredIn(form);
  dialog.querySelector("[data-unanswered-text]").textContent = sentenceFor(unanswered.length, texts);
  list.replaceChildren(...unanswered.map(linkTo));
}

function linkTo(question) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.className = "chip";
  link.href = `#${question.id}`;
  link.dataset.go = question.dataset.question;
  link.textContent = list.dataset.text.replace("#", question.dataset.question);
  item.append(link);
  return item;
}
