// On a phone, one question a screen; on a wide screen all of them.

const form = document.querySelector("form[data-attempt]");
const questions = [...form.querySelectorAll("[data-question]")];
const places = [...form.querySelectorAll(".quiz__map [data-go]")];
const map = form.querySelector(".quiz__map");
const steps = form.querySelector("[data-steps]");
const end = form.querySelector("[data-end]");
const place = form.querySelector("[data-place]");
const [back, forward] = steps.querySelectorAll("[data-step]");
const narrow = matchMedia("(max-width: 61.99rem)");
const last = questions.length - 1;
let current = firstShown();

narrow.addEventListener("change", show);
addEventListener("hashchange", () => go(firstShown()));
form.addEventListener("click", (event) => {
  const step = Number(event.target.closest("[data-step]")?.dataset.step ?? 0);
  if (step) go(current + step);
  const to = event.target.closest("[data-go]");
  if (to && narrow.matches) {
    event.preventDefault(); // no entry in the history for each look
    go(Number(to.dataset.go) - 1);
  }
});
show();

function go(index) {
  current = index;
  show();
  if (map.matches(":popover-open")) map.hidePopover();
  questions[current].querySelector("legend").focus({ preventScroll: narrow.matches });
  if (narrow.matches) form.scrollIntoView();
}

// The one that the address names, else the first that isn't answered.
function firstShown() {
  const named = questions.findIndex((question) => `#${question.id}` === location.hash);
  if (named >= 0) return named;
  return Math.max(0, questions.findIndex((question) => !question.querySelector("input:checked")));
}

function show() {
  const single = narrow.matches;
  form.toggleAttribute("data-one", single);
  questions.forEach((question, index) => {
    question.hidden = single && index !== current;
  });
  steps.hidden = !single || last === 0;
  place.hidden = !single;
  place.textContent = place.dataset.text.replace("##", questions.length).replace("#", current + 1);
  back.disabled = current === 0;
  forward.hidden = current === last;
  end.hidden = single && current !== last;
  places.forEach((each, index) => {
    if (single && index === current) each.setAttribute("aria-current", "step");
    else each.removeAttribute("aria-current");
  });
}
