// A checkbox ([data-show-password]) that shows what is typed into the passwords of its form. It is
// hidden until this runs; before sending they are passwords again, so that browsers offer to keep them.
for (const choice of document.querySelectorAll("[data-show-password]")) {
  const box = choice.querySelector("input");
  const form = choice.closest("form");
  const fields = form.querySelectorAll("input[type=password]");
  const show = (isShown) => {
    for (const field of fields) field.type = isShown ? "text" : "password";
  };
  box.checked = false;
  box.addEventListener("change", () => show(box.checked));
  form.addEventListener("submit", () => show(false));
  choice.hidden = false;
}
