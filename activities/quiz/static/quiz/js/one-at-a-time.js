// On a phone, one question a screen; on a wide screen all of them.

const form = document.querySelector("form[data-attempt]");
const questions = [...form.querySelectorAll("[data-question]")];
const steps = form.querySelector("[data-steps]");
const end = form.querySelector("[data-end]");
const [back, forward] = steps.querySelectorAll("[data-step]");
const narrow = matchMedia("(max-width: 40rem)");
let current = firstShown();

narrow.addEventListener("change", show);
addEventListener("hashchange", () => {
  current = firstShown();
  show();
});
steps.addEventListener("click", (event) => {
  const step = Number(event.target.closest("[data-step]")?.dataset.step ?? 0);
  if (!step) return;
  current += step;
  show();
  questions[current].querySelector("legend").focus({ preventScroll: true });
  form.scrollIntoView();
});
show();

// The one that the address names, else the first that isn't answered.
function firstShown() {
  const named = questions.findIndex((question) => `#${question.id}` === location.hash);
  if (named >= 0) return named;
  return Math.max(0, questions.findIndex((question) => !question.querySelector("input:checked")));
}

function show() {
  const last = questions.length - 1;
  questions.forEach((question, index) => {
    question.hidden = narrow.matches && index !== current;
  });
  steps.hidden = !narrow.matches || last === 0;
  back.disabled = current === 0;
  forward.hidden = current === last;
  end.hidden = narrow.matches && current !== last;
}
