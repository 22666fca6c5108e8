// What is still unanswered on the paper, and the sentence for it.

export const unansweredIn = (form) =>
  [...form.querySelectorAll("[data-question]")].filter((each) => !each.querySelector("input:checked"));

export function sentenceFor(count, { textSome, textOne, textNone }) {
  if (!count) return textNone;
  return count === 1 ? textOne : textSome.replace("#", count);
}
