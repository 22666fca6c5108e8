// A list of choices ([data-filter-choices]) with a search above it, hidden until this runs: choices
// that hold every word stay, whatever their marks; those that are ticked always stay.
const folded = (text) =>
  text.toLocaleLowerCase("vi").replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");

for (const place of document.querySelectorAll("[data-filter-choices]")) {
  const search = place.querySelector("input[type=search]");
  const choices = [...place.querySelectorAll(".choice")];
  const filter = () => {
    const words = folded(search.value).split(/\s+/u).filter(Boolean);
    for (const choice of choices) {
      const text = folded(choice.textContent);
      const isKept = choice.querySelector("input").checked || words.every((word) => text.includes(word));
      choice.hidden = !isKept;
    }
  };
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it searches; it doesn't send the form
  });
  search.closest("p").hidden = false;
  filter();
}
