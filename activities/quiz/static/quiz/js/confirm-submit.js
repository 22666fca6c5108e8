// Counts what is unanswered and asks once more before the paper is handed in.

const form = document.querySelector("form[data-attempt]");
const dialog = form.querySelector("[data-confirm]");
const count = form.querySelector("[data-unanswered]");

form.addEventListener("change", tell);
form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("data-confirmed")) return;
  event.preventDefault();
  tell();
  if (!dialog.open) dialog.showModal();
});
dialog.querySelector("[data-back]").addEventListener("click", () => dialog.close());
tell();

function tell() {
  const questions = [...form.querySelectorAll("[data-question]")];
  const unanswered = questions.filter((each) => !each.querySelector("input:checked")).length;
  const { textSome, textNone } = count.dataset;
  count.textContent = unanswered ? textSome.replace("#", unanswered) : textNone;
  dialog.querySelector("[data-unanswered-again]").textContent = count.textContent;
}
