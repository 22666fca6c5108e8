// Choices ([data-choose-all]) with buttons for all and for none of them, hidden until this runs.
for (const place of document.querySelectorAll("[data-choose-all]")) {
  const boxes = place.querySelectorAll("input[type=checkbox]");
  for (const button of place.querySelectorAll("[data-choose]")) {
    button.addEventListener("click", () => {
      for (const box of boxes) box.checked = button.dataset.choose === "all";
    });
  }
  place.querySelector("[data-choose-buttons]").hidden = false;
}
